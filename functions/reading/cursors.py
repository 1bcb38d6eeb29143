"""Opaque cursors: where a reader stands in a list, bound to the query and to the time it was given."""

from __future__ import annotations

from binascii import Error, a2b_base64, b2a_base64
from hashlib import sha256

LIFETIME = 24 * 60 * 60  # seconds, of a list's cursor
_HOUR = 60 * 60  # the time is stated to the hour before, so that the same answer has the same cursor for a while
_CHECK = 6  # bytes


class NoCursor(ValueError):
    """What no answer to this query gave, or gave too long ago; the message says which."""


def made(query: str, place: str, now: float) -> str:
    """A cursor for a place (a sort key) in the answers to a query (the text that identifies it)."""
    content = f"{int(now) // _HOUR:x} {place}".encode()
    return b2a_base64(_check(query, content) + content, newline=False).rstrip(b"=").translate(_TO_URL).decode()


def read(query: str, cursor: str) -> tuple[str, int]:
    """The place, and when it was given (seconds since 1970). Raises NoCursor where anything was altered, or it
    belongs to another query.
    """
    try:
        decoded = a2b_base64(cursor.encode().translate(_FROM_URL) + b"=" * (-len(cursor) % 4), strict_mode=True)
        content = decoded[_CHECK:]
        if decoded[:_CHECK] != _check(query, content):
            raise NoCursor("was given for another query, or altered: begin again without it")
        given, _, place = content.decode().partition(" ")
        return place, int(given, 16) * _HOUR
    except (Error, UnicodeDecodeError) as error:
        raise NoCursor("is no cursor of ours: begin again without it") from error


def read_fresh(query: str, cursor: str, now: float) -> str:
    """As `read`, where a cursor of more than a day counts for nothing."""
    place, given = read(query, cursor)
    if now - given > LIFETIME + _HOUR:
        raise NoCursor("is more than a day old: begin again without it")
    return place


def _check(query: str, content: bytes) -> bytes:
    """Against accidents: places are public, and a made-up one reads nothing that is not."""
    return sha256(query.encode() + b"\0" + content).digest()[:_CHECK]


_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")
