"""Any file that is handed in, made into articles: the one door for what is dropped in S3 and what a command brings."""

import json
from typing import Any, cast

from pydantic import ValidationError

from content_api.article import Article
from importing.encodings import text_of
from importing.page import PageRefused
from importing.text_page import parse_text_page

LARGEST_FILE = 10 * 1024 * 1024  # bytes: a hundred times the longest article of the archive


class FileRefused(Exception):
    """A file that no article can be made of: why, where in it, and what to do."""

    def __init__(self, reason: str, *, place: str = "", hint: str = "") -> None:
        super().__init__(": ".join(part for part in (place, reason) if part) + (f". {hint}" if hint else ""))
        self.reason = reason
        self.place = place
        self.hint = hint


def articles_in(content: bytes, *, name: str, language: str | None = None) -> list[Article]:
    """The articles of a file, one or more. What it is, its content says; `language` (BCP 47) is told from the text
    where it is not given. Raises FileRefused, and nothing else.
    """
    check_size(len(content))
    try:
        text = text_of(content)
        if text.lstrip().startswith(("{", "[")):
            return _json_articles(text, language)
        return [parse_text_page(text, language=language).article]
    except PageRefused as error:
        raise FileRefused(error.reason, place=f"line {error.line}") from error
    except RecursionError as error:
        raise FileRefused(f"{name} is nested too deeply", hint="An article has some ten levels.") from error


def check_size(size: int) -> None:
    """Raises FileRefused."""
    if not size:
        raise FileRefused("the file is empty")
    if size > LARGEST_FILE:
        hint = "Split it, an article a file."
        raise FileRefused(f"{size:,} bytes are more than the {LARGEST_FILE:,} that are read", hint=hint)


def _json_articles(text: str, language: str | None) -> list[Article]:
    """Our own JSON: an article, or a list of them, of which none is taken where one is refused."""
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise FileRefused(f"it begins as JSON and is not: {error}") from error
    is_list = isinstance(parsed, list)
    entries = cast("list[Any]", parsed if is_list else [parsed])
    if not entries:
        raise FileRefused("an empty list", hint="Name an article in it.")
    found: list[Article] = []
    for at, entry in enumerate(entries):
        stated = entry
        if language and isinstance(entry, dict):
            stated = {"language": language} | cast("dict[str, Any]", entry)
        try:
            found.append(Article.model_validate(stated))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, (at, *first["loc"]) if is_list else first["loc"]))
            hint = "The fields are those of GET /v1/openapi.json, without those that a reader is given."
            raise FileRefused(first["msg"], place=where, hint=hint) from error
    return found
