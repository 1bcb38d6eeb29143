"""Query parameters: what each takes, and every one at fault in one answer.

API Gateway joins a parameter that is repeated with commas, so two values for what takes one are no value.
"""

from __future__ import annotations

import re

from content_api.problems import BadParameters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from reading.routes import Route

    # Takes the text, gives the value; raises ValueError, whose message says what the parameter takes.
    type Reader = Callable[[str], Any]

# Patterns are compiled when they are first used: together they would cost every start 2 ms.
LANGUAGE = r"[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?"  # BCP 47, as articles have it
CURSOR = r"[A-Za-z0-9_-]{1,600}"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PATHS = r"[a-z_]+(\.[a-z_]+)*(,[a-z_]+(\.[a-z_]+)*)*"

LARGEST_PAGE = 50
_LONGEST_VALUE = 500  # characters, of a section, a tag or a name
_LONGEST_FIELDS = 1000
MOST_FIELDS = 20
_LONGEST_URL = 2048


def read(query: Mapping[str, str], route: Route) -> dict[str, Any]:
    """The values of those given. Raises BadParameters for what the route does not know or lacks, and for what is no
    value of its parameter.
    """
    if not query and not route.required:
        return {}
    errors: list[dict[str, str]] = []
    values: dict[str, Any] = {}
    for name, text in query.items():
        if name not in route.parameters:
            known = f"this path knows only {', '.join(route.parameters)}"
            errors.append(_error(name[:100], f"unknown parameter {name[:100]!r}: {known}"))
            continue
        try:
            values[name] = READERS[name](text)
        except ValueError as error:
            errors.append(_error(name, f"{name} {error}"))
    errors += [_error(name, f"{name} is required: {_REQUIRED[name]}") for name in route.required if name not in query]
    if "from" in values and "to" in values and values["from"] > values["to"]:
        errors.append(_error("to", "to is before from"))
    if "fields" in values:
        from reading.selection import tree_of  # noqa: PLC0415 - most ask for all there is

        try:
            values["fields"] = tree_of(values["fields"], route.selects)
        except ValueError as error:
            errors.append(_error("fields", f"fields {error}"))
    if errors:
        raise BadParameters(errors)
    return values


def _error(parameter: str, detail: str) -> dict[str, str]:
    return {"parameter": parameter, "detail": detail}


def _one_of(*choices: str) -> Reader:
    def read_choice(text: str) -> str:
        if text not in choices:
            raise ValueError(f"takes one of {', '.join(choices)}")
        return text

    return read_choice


def _notice(text: str) -> str:
    """Said twice is said."""
    if set(text.split(",")) != {"always"}:
        raise ValueError("takes the one value always")
    return text


def _language(text: str) -> str:
    """In the usual case (RFC 5646, section 2.1.1)."""
    if not re.fullmatch(LANGUAGE, text):
        raise ValueError("takes one BCP 47 tag, such as en or sr-Latn; GET /v1/languages lists them")
    first, *rest = text.split("-")
    return "-".join([first.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])  # noqa: PLR2004 - a script


def _value(text: str) -> str:
    if not text.strip() or len(text) > _LONGEST_VALUE:
        raise ValueError(f"takes a name of 1 to {_LONGEST_VALUE} characters, as cards and articles have it")
    return text


def _instant(*, day_ends: bool) -> Reader:
    """An instant as keys have it. A day alone means all of it, in UTC."""

    def read_instant(text: str) -> str:
        import datetime as dt  # noqa: PLC0415 - few ask by date

        from content_api.keys import instant  # noqa: PLC0415 - as above

        message = "takes a day, such as 2026-01-31, or an instant with its offset, such as 2026-01-31T08:00:00Z"
        try:
            given = dt.datetime.fromisoformat(text)
            if re.fullmatch(_DAY, text):
                given = given.replace(tzinfo=dt.UTC)
                given += dt.timedelta(days=1, microseconds=-1) if day_ends else dt.timedelta()
            made = instant(given) if given.tzinfo else ""
        except (ValueError, OverflowError) as error:
            raise ValueError(message) from error
        if not made:
            raise ValueError(message)
        return made

    return read_instant


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 3 or not 1 <= int(text) <= LARGEST_PAGE:  # noqa: PLR2004 - digits
        raise ValueError(f"takes a number from 1 to {LARGEST_PAGE}")
    return int(text)


def _fields(text: str) -> tuple[str, ...]:
    if len(text) > _LONGEST_FIELDS or not re.fullmatch(_PATHS, text) or text.count(",") >= MOST_FIELDS:
        raise ValueError(f"takes at most {MOST_FIELDS} names and dotted paths: headline,lead_image.renditions.url")
    return tuple(dict.fromkeys(text.split(",")))


def _cursor(text: str) -> str:
    if not re.fullmatch(CURSOR, text):
        raise ValueError("takes what an answer gave as next_cursor, as it is")
    return text


def _url(text: str) -> str:
    if len(text) > _LONGEST_URL:
        raise ValueError(f"takes an address of at most {_LONGEST_URL} characters")
    from content_api.addresses import NotAnAddress, comparable  # noqa: PLC0415 - for one path alone

    try:
        return comparable(text)
    except NotAnAddress as error:
        raise ValueError(f"takes an article's address, percent-encoded: {error}") from error


READERS: dict[str, Reader] = {
    "notice": _notice,
    "language": _language,
    "section": _value,
    "tag": _value,
    "author": _value,
    "from": _instant(day_ends=False),
    "to": _instant(day_ends=True),
    "order": _one_of("-published", "published"),
    "limit": _limit,
    "cursor": _cursor,
    "fields": _fields,
    "body": _one_of("blocks", "html", "text"),
    "url": _url,
}
_REQUIRED = {
    "language": "one BCP 47 tag, such as en; GET /v1/languages lists them",
    "url": "the address of an article, percent-encoded",
}
