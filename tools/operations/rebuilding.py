"""Puts back articles that the table has lost, or has older versions of. S3 has every version of each.

`content_store.succession` says which version was current. Newer versions are counted, so that somebody can look at
them: they stay in S3.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched, groupby
from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import pair_of
from content_api.names.keys import FRONT, MEDIA, NEWSLETTERS, SECTIONS
from content_api.names.object_keys import VERSIONS, article_of, number_of
from content_api.names.parsing import key_of
from content_api.names.quotas import BATCH_READS
from content_store.article_copies import Copies
from content_store.articles import ArticleStore
from content_store.succession import Copied, language_of, newest_current, overtaking

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

# These items are not in the versions of articles. A table that was restored to a point in time has them.
_OWN_KINDS = {FRONT, SECTIONS, NEWSLETTERS, MEDIA}


@dataclass(frozen=True, slots=True)
class Rebuilt:
    article_id: str
    version: int  # 0 if no version can be shown to have been current
    newer: int = 0  # newer versions in S3, which were not put back
    is_put_back: bool = False


class Rebuilding:
    def __init__(self, dynamodb: "DynamoDBClient", s3: "S3Client", *, table: str, bucket: str) -> None:
        self._dynamodb = dynamodb
        self._s3 = s3
        self._table = table
        self._bucket = bucket
        self._store = ArticleStore(dynamodb, s3, table=table, bucket=bucket)
        self._copies = Copies(s3, bucket=bucket)

    def behind(self) -> Iterator[str]:
        """The ids of articles that have later versions in S3 than in the table, or that the table does not have."""
        for some in batched(self._newest(), BATCH_READS, strict=False):
            numbers = self._store.records.numbers(article_id for article_id, _ in some)
            yield from (article_id for article_id, newest in some if newest > numbers.get(article_id, 0))

    def rebuild(self, article_id: str, *, at: dt.datetime) -> Rebuilt:
        """Puts an article back. Raises what AWS raises, and StoreError if another article has one of its addresses, or
        if somebody writes it meanwhile.
        """
        current = self._store.records.current(article_id)
        versions = self._store.records.recorded_since(article_id, current.version)
        copied = self._copied(article_id)
        if current.version:
            after = copied if copied.version >= current.version else Copied()
            chosen = overtaking(versions, after, current.version, current.version_key)
        else:
            chosen = newest_current(versions, copied, is_lost=True)
        at_version = chosen[1].version if chosen else current.version
        newer = sum(each.version > at_version for each in versions.values())
        if chosen is None:
            return Rebuilt(article_id, current.version, newer)
        key, found = chosen
        language = current.language or language_of(found, versions)
        self._store.put_back(found, key, language, at=at, over=current)
        return Rebuilt(article_id, found.version, newer, is_put_back=True)

    def bring_back(self, restored: str) -> int:
        """Copies the fronts, sections, newsletters and pictures' items that the restored table has and this one does
        not. Returns how many.
        """
        brought = 0
        for page in self._dynamodb.get_paginator("scan").paginate(TableName=restored, ConsistentRead=True):
            for item in page["Items"]:
                if key_of(*pair_of(item)).kind in _OWN_KINDS:
                    brought += self._put_if_absent(item)
        return brought

    def _newest(self) -> Iterator[tuple[str, int]]:
        """Each article with versions in S3, and the number of the newest version, whether or not it was current."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=VERSIONS)
        keys = (listed.get("Key", "") for page in pages for listed in page.get("Contents", []))
        for article_id, own in groupby(keys, article_of):
            yield article_id, max(map(number_of, own))

    def _copied(self, article_id: str) -> Copied:
        version, status = self._copies.state(article_id)
        return Copied(version, status, self._copies.document(article_id)) if version else Copied()

    def _put_if_absent(self, item: Any) -> bool:  # noqa: ANN401 - DynamoDB's typed attributes
        try:
            self._dynamodb.put_item(TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)")
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True
