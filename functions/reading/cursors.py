"""Opaque cursors. A cursor has a place in a list and the time at which it was given. It belongs to one query.

A cursor is no secret. Its checksum only finds accidents: anybody who reads this code can make one. So its content is
checked like any other parameter. The place must have the form of a place, and the time must not be in the future.
"""

from __future__ import annotations

import re
from binascii import Error, a2b_base64, b2a_base64
from hashlib import sha256

from content_api.names.quotas import SORT_KEY_BYTES
from content_api.reader_api.pages import MARKS
from content_api.reader_api.parameters import bad_parameters

LIFETIME = 24 * 60 * 60  # seconds for which the cursor of a list is valid
_HOUR = 60 * 60  # the time is rounded down to the hour, so that the same answer has the same cursor for a while
_CHECK = 6  # bytes
_CONTENT = r"([0-9a-f]{1,8}) (.+)"  # hours since 1970, place


class NoCursor(ValueError):
    """No answer to this query can have given this cursor, or it is too old. The message says which."""


def cursor_for(query: str, place: str, now: float) -> str:
    """A cursor for a place (a sort key) in the answers to `query`, which is a text that identifies the query."""
    content = f"{int(now) // _HOUR:x} {place}".encode()
    return b2a_base64(_check(query, content) + content, newline=False).rstrip(b"=").translate(_TO_URL).decode()


def read(query: str, cursor: str, places: str, now: float) -> tuple[str, int]:
    """The place, which matches the pattern `places`, and the time at which the cursor was given (seconds since 1970).
    Raises NoCursor if the cursor was altered, belongs to another query, or cannot have come from an answer.
    """
    try:
        decoded = a2b_base64(cursor.encode().translate(_FROM_URL) + b"=" * (-len(cursor) % 4), strict_mode=True)
        content = decoded[_CHECK:]
        if decoded[:_CHECK] != _check(query, content):
            raise NoCursor("was given for another query, or altered: begin again without it")
        said = re.fullmatch(_CONTENT, content.decode())
    except (Error, UnicodeError) as error:
        raise NoCursor("is no cursor of ours: begin again without it") from error
    given = int(said[1], 16) * _HOUR if said else 0
    if said is None or given > now or not re.fullmatch(places, said[2]):
        raise NoCursor("is no cursor of ours: begin again without it")
    return said[2], given


def place_in_list(query: str, cursor: str, places: str, now: float, *, lowest: str, highest: str) -> str:
    """The place in a list, between two sort keys. Marks before it (`MARKS`) say how to go on from there. Raises
    BadParameters if `read` raises NoCursor, and if the cursor is more than a day old.
    """
    try:
        place, given = read(query, cursor, places, now)
        if now - given > LIFETIME + _HOUR:
            raise NoCursor("is more than a day old: begin again without it")  # noqa: TRY301 - told as the others are
        if not lowest <= place.lstrip(MARKS) <= highest or len(place.encode()) > SORT_KEY_BYTES:
            raise NoCursor("is no cursor of ours: begin again without it")  # noqa: TRY301 - as above
    except NoCursor as error:
        raise bad_parameters(("cursor", f"cursor {error}")) from error
    return place


def _check(query: str, content: bytes) -> bytes:
    return sha256(query.encode() + b"\0" + content).digest()[:_CHECK]


_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")
