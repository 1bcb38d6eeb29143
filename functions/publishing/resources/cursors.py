"""A cursor is the key at which a page ended, as text. The next page begins after it. It belongs to one question:
DynamoDB refuses a key of another part of the table, and a page that began elsewhere would leave out what is in between.
"""

import base64
import json
from hashlib import sha256

from content_api.names.quotas import PARTITION_KEY_BYTES, SORT_KEY_BYTES
from publishing.acts import Invalid

_CHECK = 6  # bytes


def cursor_of(question: str, key: tuple[str, str]) -> str:
    """`question` is a text that is the same for all pages of an answer, and for no others."""
    content = json.dumps(key, ensure_ascii=False).encode()
    # A key has at most 3,072 bytes, so a cursor has at most 4,120 characters.
    return base64.urlsafe_b64encode(_check(question, content) + content).decode().rstrip("=")


def key_in(question: str, cursor: str) -> tuple[str, str] | None:
    """The key in a cursor. None for an empty cursor, which is the beginning. Raises Invalid if no answer to the
    question can have given the cursor.
    """
    if not cursor:
        return None
    try:
        decoded = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        content = decoded[_CHECK:]
        match json.loads(content):
            case [str(pk), str(sk)] if _fits(pk, PARTITION_KEY_BYTES) and _fits(sk, SORT_KEY_BYTES):
                if cursor == cursor_of(question, (pk, sk)):
                    return pk, sk
                detail = "is of another question, or was altered: begin without one, or ask what it was given for"
                raise Invalid([{"field": "cursor", "detail": detail}])
            case _:
                pass
    except (ValueError, RecursionError):
        pass
    raise Invalid([{"field": "cursor", "detail": "is not a cursor that this API gave: begin without one"}])


def _check(question: str, content: bytes) -> bytes:
    """It finds accidents. It is no secret: whoever has these permissions may read the whole table anyway."""
    return sha256(question.encode() + b"\0" + content).digest()[:_CHECK]


def _fits(key: str, limit: int) -> bool:
    """Whether the text can be a key in DynamoDB. DynamoDB takes any character, and names in Persian have some that are
    invisible.
    """
    return 0 < len(key.encode()) <= limit
