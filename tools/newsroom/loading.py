"""Fills an empty store with many articles, for developers, tests and benchmarks. It writes the items of the store's own
revisions, but without transactions, since nobody else writes.
"""

import datetime as dt
from itertools import batched
from typing import TYPE_CHECKING, Any

from content_api.aws import clients
from content_api.aws.attributes import pair_of
from content_api.names.quotas import BATCH_WRITES
from content_store.current import Current
from content_store.revisions import number_item, replacement
from content_store.versions import NOBODY, Versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from content_api.aws.attributes import Item
    from content_api.content.article import Article


def load(articles: "Iterable[Article]", *, table: str, bucket: str, at: dt.datetime) -> None:
    dynamodb, versions = clients.dynamodb(), Versions(clients.s3(), bucket=bucket)
    for some in batched(_items(articles, versions, at), BATCH_WRITES, strict=False):
        left: Any = {table: [{"PutRequest": {"Item": item}} for item in some]}
        while left:
            left = dynamodb.batch_write_item(RequestItems=left).get("UnprocessedItems")


def _items(articles: "Iterable[Article]", versions: Versions, at: dt.datetime) -> "Iterator[Item]":
    last: dict[str, int] = {}
    catalogued: dict[tuple[str, str], Item] = {}
    for article in articles:
        revision = replacement(article, Current(), at=at, attribution=NOBODY)
        versions.keep(revision.objects)
        entries = {pair_of(item): item for item in revision.edition.entries}
        catalogued |= entries
        yield from (write.what for write in revision.writes if pair_of(write.what) not in entries)
        if revision.change:
            last[article.language] = number = last.get(article.language, 0) + 1
            yield revision.change.item(number)
    yield from catalogued.values()
    yield from (number_item(language, number) for language, number in last.items())
