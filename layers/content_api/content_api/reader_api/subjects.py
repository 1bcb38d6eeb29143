"""Topics and authors for readers: which lists make up the list of one, and what there is to say of it."""

from __future__ import annotations

import json
import re

from content_api.aws.dynamodb import MOST_ITEMS_AT_ONCE
from content_api.names.keys import facet, subject_key
from content_api.names.subjects import ID_PATTERN
from content_api.reader_api.damage import UNREADABLE, Damaged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.aws.dynamodb import Item, Table
    from content_api.names.subjects import Kind

_ATTRIBUTES = "sk lists entry merged_into"


class Standing:
    """A subject that stands for an id: the one that has the id, or the one into which that was merged. `lists` are the
    facets whose lists make up its list, and `entry` is its JSON for readers.
    """

    __slots__ = ("entry", "id", "lists")

    def __init__(self, item: Item) -> None:
        """Raises Damaged."""
        try:
            self.id: str = item["sk"]["S"]
            self.lists: tuple[str, ...] = tuple(sorted(item["lists"]["SS"]))
            self.entry: str = item["entry"]["S"]
        except UNREADABLE as error:
            raise Damaged("a subject") from error

    def name_in(self, language: str) -> str:
        """Its name in a language, or else the one that editors put first. Raises Damaged."""
        try:
            names: list[dict[str, Any]] = json.loads(self.entry)["names"]
            return next((each["name"] for each in names if each["language"] == language), names[0]["name"])
        except UNREADABLE as error:
            raise Damaged("a subject") from error


def is_id(text: str) -> bool:
    """Whether a text has the form of an id. Names of authors mostly have not: they have capitals and spaces."""
    return re.fullmatch(ID_PATTERN, text) is not None


def standing(table: Table, kind: Kind, ids: tuple[str, ...]) -> dict[str, Standing]:
    """By each id, the subject that stands for it. An id that no subject has is left out. It makes one BatchGetItem, and
    a second one if a subject was merged. Raises StoreUnavailable.
    """
    found = _items(table, kind, ids)
    merged = {each: item["merged_into"]["S"] for each, item in found.items() if "merged_into" in item}
    if merged:
        found |= _items(table, kind, tuple({*merged.values()} - found.keys()))
    survivors = {each: found.get(merged.get(each, each)) for each in ids if each in found}
    return {each: Standing(item) for each, item in survivors.items() if item and "merged_into" not in item}


def lists_of(kind: Kind, subject_id: str, found: dict[str, Standing]) -> tuple[str, ...]:
    """The facets whose lists make up the list of an id. An id that no subject has, still has the list of the articles
    that name it.
    """
    return found[subject_id].lists if subject_id in found else (facet(kind.facet, subject_id),)


def _items(table: Table, kind: Kind, ids: tuple[str, ...]) -> dict[str, Item]:
    keys = [subject_key(kind, each) for each in ids]
    items = table.get_items(keys[:MOST_ITEMS_AT_ONCE], _ATTRIBUTES) if keys else []
    return {item["sk"]["S"]: item for item in items}
