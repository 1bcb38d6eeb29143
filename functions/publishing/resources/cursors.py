"""Cursors: the key at which a page of the table ended, as a text to continue from."""

import base64
import json

from content_api.names.quotas import PARTITION_KEY_BYTES, SORT_KEY_BYTES
from publishing.acts import Invalid


def cursor_of(key: tuple[str, str]) -> str:
    # A key has 3,072 bytes at most, so a cursor has at most 4,112 characters.
    return base64.urlsafe_b64encode(json.dumps(key, ensure_ascii=False).encode()).decode().rstrip("=")


def key_in(cursor: str) -> tuple[str, str] | None:
    """None for the beginning. Raises Invalid."""
    if not cursor:
        return None
    try:
        match json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))):
            case [str(pk), str(sk)] if _fits(pk, PARTITION_KEY_BYTES) and _fits(sk, SORT_KEY_BYTES):
                return pk, sk
            case _:
                pass
    except (ValueError, RecursionError):
        pass
    raise Invalid([{"field": "cursor", "detail": "is not a cursor that this API gave: begin without one"}])


def _fits(key: str, limit: int) -> bool:
    """Whether a key can be DynamoDB's, which takes any character: names in Persian have some that show nothing."""
    return 0 < len(key.encode()) <= limit
