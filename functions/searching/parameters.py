"""The parameters of search."""

from __future__ import annotations

import re

from content_api.names.instants import parsed
from content_api.reader_api.parameters import Vocabulary, language, name_of, number, one_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.reader_api.parameters import Reader
    from content_api.reader_api.routes import Route

LONGEST_QUESTION = 300  # characters
LARGEST_PAGE = 50  # an answer has a cache tag for each article, and may have 50 (`quotas.CACHE_TAGS`)
FACETS = ("section", "tag", "year")
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_LAST_SECOND = 86_399  # of a day in UTC, which has no leap seconds here
CURSOR = r"[0-9a-f]{1,5}\.[0-9a-f]{16}"


def _second(*, day_ends: bool) -> Reader:
    """Reads a time as seconds since 1970. A day without a time means all of that day, in UTC."""

    def read_second(text: str) -> int:
        try:
            if not re.fullmatch(_DAY, text):
                return int(parsed(text).timestamp())
            midnight = parsed(f"{text}T00:00:00Z")
            return int(midnight.timestamp()) + (_LAST_SECOND if day_ends else 0)
        except ValueError as error:
            raise ValueError(
                "takes a day, such as 2026-01-31, or an instant with its offset, such as 2026-01-31T08:00:00Z"
            ) from error

    return read_second


def _question(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_QUESTION:
        raise ValueError(f'takes 1 to {LONGEST_QUESTION} characters: words, "phrases" and -words')
    return text


def _facets(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.split(",")))
    if not set(names) <= set(FACETS):
        raise ValueError(f"takes {', '.join(FACETS)}, one or several, separated by commas")
    return names


def _cursor(text: str) -> str:
    if not re.fullmatch(CURSOR, text):
        raise ValueError("takes what an answer gave as next_cursor, as it is")
    return text


def _together(values: dict[str, Any], _route: Route) -> list[tuple[str, str]]:
    if "from" in values and "to" in values and values["from"] > values["to"]:
        return [("to", "to is before from")]
    return []


VOCABULARY = Vocabulary(
    {
        "language": language,
        "q": _question,
        "section": name_of,
        "tag": name_of,
        "author": name_of,
        "type": one_of("article", "video", "audio", "gallery", "live"),
        "from": _second(day_ends=False),
        "to": _second(day_ends=True),
        "order": one_of("relevance", "-published"),
        "facets": _facets,
        "limit": number(1, LARGEST_PAGE),
        "cursor": _cursor,
    },
    _together,
)
