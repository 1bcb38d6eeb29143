"""Compares an item of the table with the item that should be there. Pure."""

import zlib
from dataclasses import dataclass
from typing import Any

from content_api.aws.attributes import Item, pair_of
from content_api.content import cards
from content_api.names.keys import EMPTY
from content_store.desk_cards import DESK_CARD

# Attributes of an article's item that are not compared, since they do not come from its version alone: the latest file,
# whether editors wrote since, its siblings, and who wrote last.
KEPT = ("taken_in", "is_edited", "siblings", "by", "action")
_DOCUMENT = ("document", "document_key")


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: the article or language that it concerns, what it is, and whether it was put right."""

    id: str
    detail: str
    is_repaired: bool = False


def difference(expected: Item, there: Item | None, *, has_document: bool = True) -> str | None:
    """Says how an item differs from the expected one. None if they agree. `has_document` is False if the document of an
    article's item is not the expected one.
    """
    name = " ".join(pair_of(expected))
    if there is None:
        return f"{name} is missing"
    if "address" in expected and there.get("id") != expected["id"]:
        holder = there.get("id", {}).get("S", "nothing")
        return f"{name} leads to {holder}: where that one names it too, change the address of one of them"
    # A withdrawn article has the one that it had before.
    unexpected = {DESK_CARD} - expected.keys()
    names = (expected.keys() | there.keys()) - {*KEPT, *_DOCUMENT, *unexpected}
    wrong = [each for each in sorted(names) if _value(expected, each) != _value(there, each)]
    wrong += [] if has_document else ["document"]
    return f"{name} has another {', '.join(wrong)}" if wrong else None


def entry_difference(entry: Item, there: Item | None) -> str | None:
    """Says what is wrong with an entry of the catalogue. Its words are not compared: they may be another article's."""
    if there is None or "entry" not in there:
        return f"{' '.join(pair_of(entry))} is missing"
    return f"{' '.join(pair_of(entry))} says that no article is in it" if EMPTY in there else None


def _value(item: Item, name: str) -> object:
    """The value in a form that can be compared: zlib's versions compress differently, and sets have no order."""
    value: Any = item.get(name)
    try:
        if value and name == "card":
            return cards.unpacked([value["B"]])
        return sorted(value["SS"]) if value and name == "facets" else value
    except (KeyError, zlib.error) as error:
        return repr(error)
