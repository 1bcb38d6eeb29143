"""What to do about damaged data. An item of the table may lack a member, or have one of another type, after somebody
wrote it by hand. What can be left out is left out; otherwise the reader gets the copy in S3, or is asked to come again.
The log says so at level ERROR, without any content. `content-api verify` finds which item it is.
"""

from __future__ import annotations

import json
import logging
import zlib
from contextlib import suppress

from content_api.aws.service import StoreUnavailable
from content_api.content.cards import MEMBERS, unpacked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from content_api.aws.dynamodb import Item

    type Card = dict[str, Any]

logger = logging.getLogger(__name__)

# Reading a damaged item raises these: it is no JSON, or a member is missing or has another type.
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError, zlib.error)


class Damaged(StoreUnavailable):
    """Something in the table cannot be read. Where nothing stands in for it, the answer is a 503, and the log says
    so.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} in the table cannot be read; content-api verify says which")


def left_out(what: str) -> None:
    """Notes that something damaged was left out of an answer."""
    logger.error("left out: %s cannot be read; content-api verify says which", what)


def cards_of(items: list[Item]) -> list[Card]:
    """The cards in the items of a list, without those that cannot be read."""
    return [card for _, card in with_cards(items)]


def with_cards(items: list[Item]) -> list[tuple[Item, Card]]:
    """The items of a list, each with its card, without those that cannot be read."""
    try:
        cards: list[Card] = json.loads(f"[{unpacked([each['card']['B'] for each in items])}]")
        if all(map(_is_whole, cards)) and len(cards) == len(items):
            return list(zip(items, cards, strict=True))
    except UNREADABLE:
        pass
    return list(_readable(items))


def readable(items: list[Item]) -> list[Item]:
    """The items of a list whose cards can be read."""
    return [item for item, _ in with_cards(items)]


def _readable(items: list[Item]) -> Iterator[tuple[Item, Card]]:
    for item in items:
        card: Any = None
        with suppress(*UNREADABLE):
            card = json.loads(unpacked([item["card"]["B"]]))
        if _is_whole(card):
            yield item, card
        else:
            left_out("a card in the table")


def _is_whole(card: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(card, dict) and all(name in card for name in MEMBERS)
