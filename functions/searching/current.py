"""The index of a language, and what the table says now of the articles that it names."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from content_api.aws.service import StoreUnavailable
from content_api.names.keys import article_key, list_partition
from content_api.reader_api.damage import with_cards
from content_search.shards import Shards

if TYPE_CHECKING:
    from tantivy import Index

    from content_api.aws.dynamodb import Item
    from content_api.aws.objects import Bucket
    from content_api.reader_api.exchange import Exchange

_ATTRIBUTES = "status never_public language card document"


def indexes_of(exchange: Exchange, language: str) -> list[Index]:
    """The shards of a language. None for a language without articles. Raises StoreUnavailable if an index that should
    be there cannot be had.
    """
    try:
        return _shards_in(exchange.bucket, exchange.settings.bucket).of(language)
    except StoreUnavailable:
        if exchange.table.query(list_partition(language), attributes="sk", limit=1)[0]:
            raise
        return []  # nothing to index: S3 does not tell what is missing from what may not be read


@cache
def _shards_in(bucket: Bucket, name: str) -> Shards:
    return Shards(bucket.read, Path(gettempdir()) / "searching" / name, read_soon=bucket.read_soon)


def current(exchange: Exchange, ids: list[str], language: str) -> list[tuple[Item, dict[str, Any]]]:
    """The items and the cards of those articles that readers may have now, in the order of `ids`."""
    items = exchange.table.get_items([article_key(each) for each in ids], _ATTRIBUTES)
    public = [
        item
        for item in items
        if item["status"]["S"] == "published"
        and "never_public" not in item
        and item["language"]["S"] == language
        and "card" in item
    ]
    found = {card["id"]: (item, card) for item, card in with_cards(public)}
    return [found[each] for each in ids if each in found]
