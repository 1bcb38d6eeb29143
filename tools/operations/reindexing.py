"""Builds indexes of search anew from the table, one shard after the other, beside those that readers search."""

from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from content_api.aws import clients
from content_api.aws.dynamodb import MOST_ITEMS_AT_ONCE, Table
from content_api.aws.objects import Bucket
from content_api.aws.patience import Patience
from content_api.names.keys import list_partition
from content_api.names.object_keys import SEARCH, shard_of
from content_search.committing import ShardWriter
from content_search.entries import Entry
from indexing.articles import indexed

_LONG = Patience(10)  # seconds for each read
_PAGE = 1_000  # articles of a list


class Reindexing:
    def __init__(self, *, table: str, bucket: str) -> None:
        self._table = Table(table, clients.as_environment(), _LONG)
        self._documents = Bucket(bucket, clients.as_environment(), _LONG)
        self._bucket = bucket

    def shards(self, language: str) -> list[str]:
        """The shards that the language has, or should have. The newest articles are in the first."""
        prefix = f"{SEARCH}{language}/"
        pages = (
            clients.s3().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix, Delimiter="/")
        )
        listed: list[Any] = [each for page in pages for each in page.get("CommonPrefixes", [])]
        there = {each["Prefix"].removeprefix(prefix).rstrip("/") for each in listed}
        return sorted(there | {shard_of(position) for position, _ in self._listed(language)}, reverse=True)

    def rebuild(self, language: str, shard: str) -> int:
        """How many articles the new index has. Raises StoreUnavailable, Outrun, and what S3 raises."""
        with TemporaryDirectory() as folder:
            writer = ShardWriter(clients.s3(), bucket=self._bucket, language=language, shard=shard, folder=Path(folder))
            return writer.rebuild(lambda: self._entries(language, shard))

    def _entries(self, language: str, shard: str) -> Iterator[Entry]:
        ids = (article_id for position, article_id in self._listed(language) if shard_of(position) == shard)
        for some in batched(ids, MOST_ITEMS_AT_ONCE, strict=False):
            yield from indexed(self._table, self._documents, language, shard, list(some))[0]

    def _listed(self, language: str) -> Iterator[tuple[str, str]]:
        """The published articles of a language: the place of each in lists, and its id."""
        after = ""
        while True:
            items, after = self._table.query(list_partition(language), attributes="sk", limit=_PAGE, after=after)
            for item in items:
                position, _, article_id = item["sk"]["S"].rpartition("#")
                yield position, article_id
            if not after:
                return
