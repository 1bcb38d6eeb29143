"""What the index of a shard says of articles, by what the table says of them now."""

import json
import zlib
from collections.abc import Iterable
from typing import Any

from content_api.aws.dynamodb import MOST_ITEMS_AT_ONCE, Table
from content_api.aws.objects import Bucket
from content_api.names.keys import article_key
from content_api.names.object_keys import shard_of
from content_search.entries import Entry, entry_of
from content_store.placement import placement_in

_ATTRIBUTES = "pk version status language position facets document document_key"


def indexed(
    table: Table, documents: Bucket, language: str, shard: str, articles: list[str]
) -> tuple[list[Entry], list[str]]:
    """The entries of those articles that readers find in the shard, and the ids of the others. Raises
    StoreUnavailable.
    """
    entries = [_entry(item, documents) for item in _items(table, articles) if _shard(item) == (language, shard)]
    found = {entry.id for entry in entries}
    return entries, [each for each in articles if each not in found]


def _items(table: Table, articles: list[str]) -> Iterable[Any]:
    for at in range(0, len(articles), MOST_ITEMS_AT_ONCE):
        yield from table.get_items([article_key(each) for each in articles[at : at + MOST_ITEMS_AT_ONCE]], _ATTRIBUTES)


def _shard(item: Any) -> tuple[str, str] | None:  # noqa: ANN401 - typed attributes
    placed = placement_in(item)
    if placed is None or item["status"]["S"] != "published":
        return None
    return placed.language, shard_of(placed.position)


def _entry(item: Any, documents: Bucket) -> Entry:  # noqa: ANN401 - as above
    packed = item["document"]["B"] if "document" in item else documents.read(item["document_key"]["S"])
    placed = placement_in(item)
    return entry_of(json.loads(zlib.decompress(packed)), placed.facets if placed else frozenset())
