"""The parameters of the reading function, besides those of all paths."""

from __future__ import annotations

import re

from content_api.names.subjects import ID_PATTERN
from content_api.reader_api.parameters import Vocabulary, address, language, name_of, number, one_of, several
from reading.languages import ALL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.reader_api.parameters import Reader
    from content_api.reader_api.routes import Route

# Patterns are compiled when they are first used: together they would cost every start 2 ms.
CURSOR = r"[A-Za-z0-9_-]{1,1500}"  # the longest sort key in base64, and a little more
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PATHS = r"[a-z_]+(\.[a-z_]+)*(,[a-z_]+(\.[a-z_]+)*)*"

LARGEST_PAGE = 50
_LONGEST_FIELDS = 1000
_HIGHEST_VERSION = 999_999
MOST_FIELDS = 20
MOST_IDS = 50  # an answer has a cache tag for each, and may have 50 (`quotas.CACHE_TAGS`)
MOST_VALUES = 30
# Lists of the topics that a request names, or of its authors. A filter expression has 4 KB at most (`quotas.
# EXPRESSION_BYTES`), and 29 bytes for each list.
MOST_SUBJECT_LISTS = 40
TYPES = ("article", "video", "audio", "gallery", "live")
_BESIDE_IDS = {"ids", "language", "fields", "notice"}
# The parameters that name facets, usually the narrowest first.
FACETS = ("author", "topic", "show", "tag", "section", "type")


def _instant(*, day_ends: bool) -> Reader:
    """Reads a time in the form of keys. A day without a time means all of that day, in UTC."""

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


def _language_or_all(text: str) -> str:
    return text if text == ALL else language(text)


def _id(text: str) -> str:
    if not re.fullmatch(ID_PATTERN, text):
        raise ValueError("takes the ids of articles, separated by commas: en-2025-10-14-the-librarians-who-lend-seeds")
    return text


def _ids_of(plural: str) -> Reader:
    def read(text: str) -> str:
        if not re.fullmatch(ID_PATTERN, text):
            raise ValueError(f"takes the ids of {plural}, separated by commas; GET /v1/{plural} lists them")
        return text

    return read


def _fit_lists(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Checks the parameters of a list of articles."""
    if "ids" in values:
        return [(name, f"{name} does not go with ids") for name in values if name not in _BESIDE_IDS]
    errors: list[tuple[str, str]] = []
    if values.get("order", "").endswith("updated"):
        errors += [(name, f"{name} does not go with order by update") for name in ("from", "to") if name in values]
        return errors
    if "updated_since" in values:
        errors.append(("updated_since", "updated_since goes with order=updated or order=-updated"))
    return errors


def _together(values: dict[str, Any], route: Route) -> list[tuple[str, str]]:
    """Checks that the values fit together. Replaces `fields` by the tree of the members that it names on this path."""
    errors = _fit_lists(values) if "ids" in route.several else []
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
        "from": _instant(day_ends=False),
        "to": _instant(day_ends=True),
        "order": one_of("-published", "published", "-updated", "updated"),
        "updated_since": _instant(day_ends=False),
        "limit": number(1, LARGEST_PAGE),
        "cursor": _cursor,
        "fields": _fields,
        "body": one_of("blocks", "html", "text"),
        "save": one_of("accepted"),
        "format": one_of("json", "jsonld"),
        "url": address,
        "version": number(1, _HIGHEST_VERSION),
        "after": number(0, _HIGHEST_VERSION),
    },
    _together,
    several={
        "language": several(_language_or_all, MOST_VALUES, by_commas=True),
        "ids": several(_id, MOST_IDS, by_commas=True),
        "type": several(one_of(*TYPES), len(TYPES), by_commas=True),
        "topic": several(_ids_of("topics"), MOST_VALUES, by_commas=True),
        "show": several(_ids_of("shows"), MOST_VALUES, by_commas=True),
        "section": several(name_of, MOST_VALUES),
        "tag": several(name_of, MOST_VALUES),
        "author": several(name_of, MOST_VALUES),
    },
)
