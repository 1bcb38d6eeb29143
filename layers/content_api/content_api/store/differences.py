"""What is wrong with an item of the table, held against what should stand there. Pure."""

import zlib
from dataclasses import dataclass
from typing import Any

from content_api.aws.attributes import Item, pair_of
from content_api.content import cards
from content_api.names.keys import EMPTY

# What a version alone does not tell: how files came in, whether editors wrote since, and who its siblings are.
KEPT = ("taken_in", "is_edited", "siblings")
_DOCUMENT = ("document", "document_key")


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not agree, and whether it does now."""

    id: str
    detail: str
    is_repaired: bool = False


def difference(expected: Item, there: Item | None, *, has_document: bool = True) -> str | None:
    """None where they agree. `has_document` says whether the document of an article's item is the expected one."""
    name = " ".join(pair_of(expected))
    if there is None:
        return f"{name} is missing"
    if "address" in expected and there.get("id") != expected["id"]:
        holder = there.get("id", {}).get("S", "nothing")
        return f"{name} leads to {holder}: where that one names it too, change the address of one of them"
    names = (expected.keys() | there.keys()) - {*KEPT, *_DOCUMENT}
    wrong = [each for each in sorted(names) if _value(expected, each) != _value(there, each)]
    wrong += [] if has_document else ["document"]
    return f"{name} has another {', '.join(wrong)}" if wrong else None


def entry_difference(entry: Item, there: Item | None) -> str | None:
    """Of an entry of the catalogue, whose words may be another article's."""
    if there is None or "entry" not in there:
        return f"{' '.join(pair_of(entry))} is missing"
    return f"{' '.join(pair_of(entry))} says that no article is in it" if EMPTY in there else None


def _value(item: Item, name: str) -> object:
    """As it reads: zlib's implementations pack in different ways, and sets have no order."""
    value: Any = item.get(name)
    try:
        if value and name == "card":
            return cards.unpacked([value["B"]])
        return sorted(value["SS"]) if value and name == "facets" else value
    except (KeyError, zlib.error) as error:
        return repr(error)
