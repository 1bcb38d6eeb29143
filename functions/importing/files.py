"""Any file that is handed in, made into articles: the one door for what is dropped in S3 and what a command brings."""

import datetime as dt
import json
import re
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import ValidationError

from content_api.content.addresses import NotAnAddress
from content_api.content.article import Article
from importing.encodings import text_of
from importing.feeds.items import article_of, entries_of
from importing.html.html_page import parse_html_page
from importing.identifier import article_id, article_id_of_address
from importing.refused import FileRefused
from importing.text.text_page import parse_text_page
from importing.text.units import PageRefused

LARGEST_FILE = 10 * 1024 * 1024  # bytes: a hundred times the longest article of the archive
_PACKED = {
    b"PK\x03\x04": "a zip archive, or a document of an office program",
    b"\x1f\x8b": "compressed with gzip",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"%PDF": "a PDF",
}
_FEED = re.compile(
    r"\s*(?:<\?xml[^>]*\?>|<!--.*?-->|<\?[^>]*\?>|<!DOCTYPE\s+(?!html)[^>]*>|\s)*<(?:rss|feed|rdf:RDF)\b", re.DOTALL
)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*\?>|<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|body|article|main)\b", re.DOTALL | re.IGNORECASE
)
_MOST_NAMED = 10  # things that are wrong with an article
_START = 4096  # characters that tell what a file is


@dataclass
class Found:
    """What a file holds. Of several articles in one file, each is taken or refused by itself."""

    articles: list[Article] = field(default_factory=list[Article])
    refused: list[FileRefused] = field(default_factory=list[FileRefused])


def articles_in(content: bytes, *, language: str | None = None) -> Found:
    """The articles of a file. What it is, its content says; `language` (BCP 47) is told from the text where it is not
    given. `refused` is empty or says why, never both empty; nothing is raised.
    """
    try:
        check_size(len(content))
        _check_kind(content)
        return _read(text_of(content), language)
    except FileRefused as error:
        return Found(refused=[error])
    except PageRefused as error:
        return Found(refused=[FileRefused(error.reason, place=f"line {error.line}")])
    except RecursionError:
        return Found(refused=[FileRefused("the file is nested too deeply", hint="An article has some ten levels.")])


def check_size(size: int) -> None:
    """Raises FileRefused."""
    if not size:
        raise FileRefused("the file is empty")
    if size > LARGEST_FILE:
        hint = "Split it, an article a file."
        raise FileRefused(f"{size:,} bytes are more than the {LARGEST_FILE:,} that are read", hint=hint)


def _check_kind(content: bytes) -> None:
    for start, kind in _PACKED.items():
        if content.startswith(start):
            raise FileRefused(f"this is {kind}", hint="Hand in the files in it: JSON, HTML, RSS, Atom or plain text.")


def _read(text: str, language: str | None) -> Found:
    start = text[:_START].lstrip("\ufeff")
    if start.lstrip().startswith(("{", "[")):
        return _json_articles(text, language)
    if "\0" in text:
        raise FileRefused("a NUL stands in it: this is no text")
    if _FEED.match(start):
        return _feed_articles(text, language)
    if _HTML.match(start):
        return Found([parse_html_page(text, language=language)])
    return Found([parse_text_page(text, language=language).article])


def _feed_articles(text: str, language: str | None) -> Found:
    stated, entries = entries_of(text)
    found = Found()
    for at, entry in enumerate(entries, start=1):
        try:
            found.articles.append(article_of(entry, language=language or stated))
        except FileRefused as error:
            place = ": ".join(part for part in (f"item {at}", error.place) if part)
            found.refused.append(FileRefused(error.reason, place=place, hint=error.hint))
    return found


def _json_articles(text: str, language: str | None) -> Found:
    """Our own JSON: an article, or a list of them."""
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise FileRefused(f"it begins as JSON and is not: {error}") from error
    is_list = isinstance(parsed, list)
    entries = cast("list[Any]", parsed if is_list else [parsed])
    if not entries:
        raise FileRefused("an empty list", hint="Name an article in it.")
    found = Found()
    for at, entry in enumerate(entries):
        stated = _identified(cast("dict[str, Any]", entry), language) if isinstance(entry, dict) else entry
        try:
            found.articles.append(Article.model_validate(stated))
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_input=False)[:_MOST_NAMED]
            reason = "; ".join(f"{'.'.join(map(str, each['loc'])) or 'article'}: {each['msg']}" for each in wrong)
            hint = "The fields are those of GET /v1/openapi.json, without those that a reader is given."
            found.refused.append(FileRefused(reason, place=f"article {at + 1}" if is_list else "", hint=hint))
    return found


def _identified(entry: dict[str, Any], language: str | None) -> dict[str, Any]:
    """With the language that is given where the entry states none, and the id that is due to one without."""
    stated = ({"language": language} if language else {}) | entry
    if "id" in stated:
        return stated
    try:
        if stated.get("url"):
            identifier = article_id_of_address(stated["language"], stated["url"])
        else:
            at = stated.get("published_at")
            date = dt.datetime.fromisoformat(at).date() if at else None
            identifier = article_id(stated["language"], date, stated["headline"])
    except (AttributeError, KeyError, TypeError, ValueError, NotAnAddress):
        return stated  # the model says what is wrong
    return stated | {"id": identifier}
