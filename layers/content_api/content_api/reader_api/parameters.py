"""Reads query parameters. One answer names every parameter that is wrong.

A parameter takes one value, unless the route says that it takes several. One value that is given twice is refused,
since to choose would be a guess. Only `notice` may be repeated always: a server that passes on a reader's request may
add its own.

Several values are given by repeating the parameter: `tag=a&tag=b`. They are read from the query string itself, since
API Gateway joins them with commas, and a name may have a comma in it: `tag=a,b` is one tag. Where no value can have a
comma, as with ids, types and languages, a comma separates values too.
"""

from __future__ import annotations

import re

from content_api.http.problems import BadParameters
from content_api.names.keys import LONGEST_NAME, fits_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from content_api.http.request import Request
    from content_api.reader_api.routes import Route

    # Takes the text, gives the value; raises ValueError, whose message says what the parameter takes.
    type Reader = Callable[[str], Any]
    # Likewise for several values, in their order.
    type ReaderOfSeveral = Callable[[list[str]], tuple[Any, ...]]
    # Looks at all values of a route together, may change them, and gives what is at fault: name and detail.
    type Check = Callable[[dict[str, Any], Route], list[tuple[str, str]]]

# Compiled when it is first used: patterns cost every start.
LANGUAGE = r"[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?"  # BCP 47, as articles have it

LONGEST_VALUE = 500  # characters, of a section, a tag or a name
_LONGEST_URL = 2048
_REQUIRED = {
    "language": "one BCP 47 tag, such as en; GET /v1/languages lists them",
    "url": "the address of an article, percent-encoded",
    "q": "what to search for",
    "since": "a day, such as 2026-01-31, or an instant with its offset",
}


class Vocabulary:
    """The parameters that a function's paths take, by name."""

    __slots__ = ("check", "readers", "readers_of_several")

    def __init__(
        self,
        readers: dict[str, Reader],
        check: Check = lambda _values, _route: [],
        *,
        several: dict[str, ReaderOfSeveral] | None = None,
    ) -> None:
        """`several` reads the parameters for which a route takes several values."""
        self.readers = {"notice": notice, **readers}
        self.readers_of_several = several or {}
        self.check = check

    def read(self, request: Request, route: Route) -> dict[str, Any]:
        """The values of the given parameters. Raises BadParameters where a parameter is unknown to the route,
        required and missing, given twice, or has a value that it does not take.
        """
        query = request.query
        if not query and not route.required:
            return {}
        errors: list[tuple[str, str]] = []
        values: dict[str, Any] = {}
        for name, text in query.items():
            if name not in route.parameters:
                if not route.ignores_unknown:
                    known = f"this path knows only {', '.join(route.parameters)}"
                    errors.append((name[:100], f"unknown parameter {name[:100]!r}: {known}"))
                continue
            if "\ufffd" in text and not request.is_utf8():
                errors.append((name, f"{name} is not in UTF-8: percent-encode the bytes of UTF-8, as in caf%C3%A9"))
                continue
            is_several = name in route.several
            if name in request.repeated and not is_several and name != "notice":
                errors.append((name, f"{name} is given more than once, and takes one value"))
                continue
            try:
                values[name] = (
                    self.readers_of_several[name](request.values(name)) if is_several else self.readers[name](text)
                )
            except ValueError as error:
                errors.append((name, f"{name} {error}"))
        errors += [(name, f"{name} is required: {_REQUIRED[name]}") for name in route.required if name not in query]
        errors += self.check(values, route)
        if errors:
            raise bad_parameters(*errors)
        return values


def bad_parameters(*errors: tuple[str, str]) -> BadParameters:
    """Each error is a pair: the parameter's name, and what is wrong with it."""
    return BadParameters([{"parameter": name, "detail": detail} for name, detail in errors])


def one_of(*choices: str) -> Reader:
    def read_choice(text: str) -> str:
        if text not in choices:
            raise ValueError(f"takes one of {', '.join(choices)}")
        return text

    return read_choice


def several(reader: Reader, most: int, *, by_commas: bool = False) -> ReaderOfSeveral:
    """Reads several values, each once. `by_commas` says that a comma separates values, too."""

    def read_several(texts: list[str]) -> tuple[Any, ...]:
        given = ",".join(texts).split(",") if by_commas else texts
        if len(given) > most:
            raise ValueError(f"takes at most {most} values, and was given {len(given)}")
        return tuple(dict.fromkeys(map(reader, given)))

    return read_several


def number(lowest: int, highest: int) -> Reader:
    def read_number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 6 or not lowest <= int(text) <= highest:  # noqa: PLR2004 - digits
            raise ValueError(f"takes a number from {lowest} to {highest}")
        return int(text)

    return read_number


def notice(text: str) -> str:
    """`always`; where it is repeated, API Gateway joins the values with commas."""
    if set(text.split(",")) != {"always"}:
        raise ValueError("takes the one value always")
    return text


def language(text: str) -> str:
    """In the usual case (RFC 5646, section 2.1.1)."""
    if not re.fullmatch(LANGUAGE, text):
        raise ValueError("takes one BCP 47 tag, such as en or sr-Latn; GET /v1/languages lists them")
    first, *rest = text.split("-")
    return "-".join([first.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])  # noqa: PLR2004 - a script


def name_of(text: str) -> str:
    """Of a section, a tag or an author."""
    if not text.strip() or len(text) > LONGEST_VALUE or re.search("[\ud800-\udfff]", text):
        raise ValueError(f"takes a name of 1 to {LONGEST_VALUE} characters, as cards and articles have it")
    if not fits_keys(text):
        raise ValueError(f"takes a name of at most {LONGEST_NAME:,} bytes (UTF-8), as cards and articles have it")
    return text


def address(text: str) -> str:
    """The address in the form in which the store keeps addresses, so that two spellings of one address are equal."""
    if len(text) > _LONGEST_URL:
        raise ValueError(f"takes an address of at most {_LONGEST_URL} characters")
    from content_api.content.addresses import NotAnAddress, comparable  # noqa: PLC0415 - for few paths

    try:
        return comparable(text)
    except NotAnAddress as error:
        raise ValueError(f"takes an article's address, percent-encoded: {error}") from error
