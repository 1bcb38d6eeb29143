"""Cursors: the key at which a page of the table ended, as a text to continue from."""

import base64
import json

from publishing.acts import Invalid


def cursor_of(key: tuple[str, str]) -> str:
    # A key has 3,072 bytes at most, so a cursor has at most 4,112 characters.
    return base64.urlsafe_b64encode(json.dumps(key, ensure_ascii=False).encode()).decode().rstrip("=")


def key_in(cursor: str) -> tuple[str, str] | None:
    """None for the beginning. Raises Invalid."""
    if not cursor:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        found = None
    match found:
        case [str(pk), str(sk)] if pk and sk and (pk + sk).isprintable():
            return pk, sk
        case _:
            raise Invalid([{"field": "cursor", "detail": "is not a cursor that this API gave: begin without one"}])
