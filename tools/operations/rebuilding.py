"""Articles that the table has lost, put back by what S3 has, which is every version of each.

S3 may hold more than was ever current: a writer that lost, or died, leaves a version that nobody refers to. What was
current is told by the copy for readers, which propagation makes of what the table says:

- a withdrawal counts even where no copy tells of it: what is gone never comes back by mistake;
- else the version that the copy is of, by what it says where two have its number;
- where there is no copy, readers never saw the article, and the newest draft that no other version follows is taken.

Whatever is newer than that is named, for somebody to look at: it is in S3 still.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import pair_of
from content_api.names.keys import FRONT, NEWSLETTERS, SECTIONS
from content_api.names.object_keys import VERSIONS, article_of, versions_prefix
from content_api.names.parsing import key_of
from content_api.store.article_copies import Copies
from content_api.store.articles import ArticleStore
from content_api.store.editions import edition_of_version
from content_api.store.revisions import number_item
from content_api.store.versions import Version

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

_MOST_AT_ONCE = 100  # ids that the store looks for
# What versions of articles do not say, and a table restored to a point in time does.
_OWN_KINDS = {FRONT, SECTIONS, NEWSLETTERS}


@dataclass(frozen=True, slots=True)
class Rebuilt:
    article_id: str
    version: int  # 0 where no version can be told to have been current
    newer: int = 0  # versions in S3 that are newer, and were not taken


class Rebuilding:
    def __init__(self, dynamodb: "DynamoDBClient", s3: "S3Client", *, table: str, bucket: str) -> None:
        self._dynamodb = dynamodb
        self._s3 = s3
        self._table = table
        self._bucket = bucket
        self._store = ArticleStore(dynamodb, s3, table=table, bucket=bucket)
        self._copies = Copies(s3, bucket=bucket)
        self._numbered: set[str] = set()

    def lost(self) -> Iterator[str]:
        """Ids of articles that S3 has versions of and the table knows nothing of."""
        for some in batched(self._ids(), _MOST_AT_ONCE, strict=False):
            yield from self._store.unknown(some)

    def rebuild(self, article_id: str, *, at: dt.datetime) -> Rebuilt:
        """Raises what AWS raises, and StoreError where somebody else has an address of it, or has written it."""
        versions = self._versions(article_id)
        current = self._current(article_id, versions)
        if current is None:
            return Rebuilt(article_id, 0, len(versions))
        key, found = current
        language = self._language(found, versions)
        self._number_after_all_others(language, at)
        self._store.put_back(found, key, language, at=at)
        newer = sum(each.version > found.version for each in versions.values())
        return Rebuilt(article_id, found.version, newer)

    def bring_back(self, restored: str) -> int:
        """Fronts, sections and newsletters that the restored table has and this one has not; returns how many."""
        brought = 0
        for page in self._dynamodb.get_paginator("scan").paginate(TableName=restored, ConsistentRead=True):
            for item in page["Items"]:
                if key_of(*pair_of(item)).kind in _OWN_KINDS:
                    brought += self._put_if_absent(item)
        return brought

    def _ids(self) -> Iterator[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=VERSIONS, Delimiter="/")
        for page in pages:
            for each in page.get("CommonPrefixes", []):
                yield article_of(each.get("Prefix", ""))

    def _versions(self, article_id: str) -> dict[str, Version]:
        """All there are, by their keys, oldest first."""
        found: dict[str, Version] = {}
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=versions_prefix(article_id)
        )
        for page in pages:
            for listed in page.get("Contents", []):
                key = listed.get("Key", "")
                found[key] = self._store.recorded(key)
        return found

    def _current(self, article_id: str, versions: dict[str, Version]) -> tuple[str, Version] | None:
        followed = {each.previous for each in versions.values()}
        ends = [(key, each) for key, each in versions.items() if key not in followed]
        withdrawn = [(key, each) for key, each in ends if each.article is None]
        at_version, _ = self._copies.state(article_id)
        if withdrawn and withdrawn[-1][1].version > at_version:
            return withdrawn[-1]
        if not at_version:
            drafts = [(key, each) for key, each in ends if each.status == "draft"]
            return drafts[-1] if drafts else None
        same = [(key, each) for key, each in versions.items() if each.version == at_version]
        if len(same) > 1:
            copied = self._copies.document(article_id)
            same = [(key, each) for key, each in same if self._reads_as(each, versions, copied)]
        return same[0] if len(same) == 1 else None

    def _reads_as(self, found: Version, versions: dict[str, Version], copied: bytes) -> bool:
        """Whether the copy is of this version: a draft that was public before leaves an empty one."""
        if found.status == "draft":
            return copied == b"{}"
        return edition_of_version(found, self._language(found, versions)).document == copied

    def _language(self, found: Version, versions: dict[str, Version]) -> str:
        if found.article:
            return found.article.language
        return next(each.article.language for each in reversed(versions.values()) if each.article)

    def _number_after_all_others(self, language: str, at: dt.datetime) -> None:
        """Where the count of changes is lost, it goes on with the seconds since 1970, above all that were ever counted:
        whoever has read up to any number is told of everything that is put back.
        """
        if language not in self._numbered:
            self._put_if_absent(number_item(language, int(at.timestamp())))
            self._numbered.add(language)

    def _put_if_absent(self, item: Any) -> bool:  # noqa: ANN401 - DynamoDB's typed attributes
        try:
            self._dynamodb.put_item(TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)")
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True
