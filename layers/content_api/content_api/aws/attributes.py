"""Attributes as DynamoDB's API has them: each value with the name of its type ("AttributeValue" in its reference)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

type Item = dict[str, Any]


def typed(texts: Mapping[str, str]) -> Item:
    """Attributes of type string, from their texts."""
    return {name: {"S": text} for name, text in texts.items()}


def typed_key(pair: tuple[str, str]) -> Item:
    """A partition and a sort key, typed."""
    return typed({"pk": pair[0], "sk": pair[1]})


def pair_of(item: Item) -> tuple[str, str]:
    """The partition and the sort key of a typed item or key."""
    return item["pk"]["S"], item["sk"]["S"]
