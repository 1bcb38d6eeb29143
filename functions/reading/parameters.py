"""What the parameters of reading take, beside those that all paths share."""

from __future__ import annotations

import re

from content_api.reader_api.parameters import Vocabulary, address, language, name_of, number, one_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.reader_api.parameters import Reader
    from content_api.reader_api.routes import Route

# Patterns are compiled when they are first used: together they would cost every start 2 ms.
CURSOR = r"[A-Za-z0-9_-]{1,1500}"  # base64 of the longest sort key, and some more
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PATHS = r"[a-z_]+(\.[a-z_]+)*(,[a-z_]+(\.[a-z_]+)*)*"

LARGEST_PAGE = 50
_LONGEST_FIELDS = 1000
_HIGHEST_VERSION = 999_999
MOST_FIELDS = 20


def _instant(*, day_ends: bool) -> Reader:
    """An instant as keys have it. A day alone means all of it, in UTC."""

    def read_instant(text: str) -> str:
        import datetime as dt  # noqa: PLC0415 - few ask by date

        from content_api.names.instants import sortable  # noqa: PLC0415 - as above

        message = "takes a day, such as 2026-01-31, or an instant with its offset, such as 2026-01-31T08:00:00Z"
        try:
            given = dt.datetime.fromisoformat(text)
            if re.fullmatch(_DAY, text):
                given = given.replace(tzinfo=dt.UTC)
                given += dt.timedelta(days=1, microseconds=-1) if day_ends else dt.timedelta()
            return sortable(given)
        except (ValueError, OverflowError) as error:
            raise ValueError(message) from error

    return read_instant


def _fields(text: str) -> tuple[str, ...]:
    if len(text) > _LONGEST_FIELDS or not re.fullmatch(_PATHS, text) or text.count(",") >= MOST_FIELDS:
        raise ValueError(f"takes at most {MOST_FIELDS} names and dotted paths: headline,lead_image.renditions.url")
    return tuple(dict.fromkeys(text.split(",")))


def _cursor(text: str) -> str:
    if not re.fullmatch(CURSOR, text):
        raise ValueError("takes what an answer gave as next_cursor, as it is")
    return text


def _together(values: dict[str, Any], route: Route) -> list[tuple[str, str]]:
    """Whether the values go with each other; `fields` becomes the tree of what it names on this path."""
    errors: list[tuple[str, str]] = []
    if "from" in values and "to" in values and values["from"] > values["to"]:
        errors.append(("to", "to is before from"))
    if values.get("format") == "jsonld":
        errors += [(name, f"{name} does not go with format=jsonld") for name in ("body", "fields") if name in values]
    if "fields" in values:
        from reading.selection import tree_of  # noqa: PLC0415 - most ask for all there is

        try:
            values["fields"] = tree_of(values["fields"], route.selects)
        except ValueError as error:
            errors.append(("fields", f"fields {error}"))
    return errors


VOCABULARY = Vocabulary(
    {
        "language": language,
        "section": name_of,
        "tag": name_of,
        "author": name_of,
        "from": _instant(day_ends=False),
        "to": _instant(day_ends=True),
        "order": one_of("-published", "published"),
        "limit": number(1, LARGEST_PAGE),
        "cursor": _cursor,
        "fields": _fields,
        "body": one_of("blocks", "html", "text"),
        "format": one_of("json", "jsonld"),
        "url": address,
        "version": number(1, _HIGHEST_VERSION),
    },
    _together,
)
