"""Checks that the table agrees with what S3 has: items, lists, addresses, changes, copies and pictures. Can put right
what does not agree.

It reads the whole table a page at a time, while others write. `item_checks.py` says what is wrong with an item.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import Item, pair_of, typed_key
from content_api.names import keys
from content_api.names.object_keys import VERSIONS, article_of
from content_api.names.parsing import key_of
from content_store.differences import Finding
from content_store.item_checks import LOST, ItemChecks, Key
from content_store.pictures import PREFIXES
from content_store.uses import GONE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

    from content_store.articles import ArticleStore

# The number of a part of the table, from 0, and the number of parts (DynamoDB's Segment and TotalSegments).
type Part = tuple[int, int]
WHOLE: Part = (0, 1)


@dataclass(frozen=True, slots=True)
class Page:
    """`checked` counts items. `cursor` is None after the last page."""

    checked: int
    findings: list[Finding]
    cursor: Key | None


class Verification:
    def __init__(
        self, store: "ArticleStore", dynamodb: "DynamoDBClient", s3: "S3Client", *, table: str, bucket: str
    ) -> None:
        self._records = store.records
        self._dynamodb = dynamodb
        self._s3 = s3
        self._table = table
        self._bucket = bucket
        self._checks = ItemChecks(store, dynamodb, s3, table=table, bucket=bucket)

    def articles(self, *, after: Key | None, limit: int) -> tuple[list[str], Key | None]:
        """The ids of articles of any status, in no order, and the cursor of the next page."""
        items, cursor = self._scanned(after, limit)
        found = [key_of(*pair_of(item)) for item in items]
        return [each.article_id for each in found if each.kind == keys.ARTICLE], cursor

    def page(self, *, after: Key | None, limit: int, repair: bool, part: Part = WHOLE) -> Page:
        """Checks a page of the table. After the end of the table come the articles and the pictures that S3 has, in the
        first part only.
        """
        if after and after[0] == VERSIONS:
            return self._lost(after[1], limit, repair=repair)
        if after and after[0] in PREFIXES:
            return self._lost_pictures(*after, limit, repair=repair)
        items, cursor = self._scanned(after, limit, part)
        findings: list[Finding] = []
        for item in items:
            findings += self._checks.findings(item, repair=repair)
        if cursor is None and part[0] == 0:
            cursor = (VERSIONS, VERSIONS)
        return Page(len(items), list(dict.fromkeys(findings)), cursor)

    def _lost(self, after: str, limit: int, *, repair: bool) -> Page:
        """Articles that S3 has versions of and the table nothing. A version that was never current is no loss: whoever
        was refused, or ended, between S3 and the table leaves one.
        """
        listed = self._s3.list_objects_v2(
            Bucket=self._bucket, Prefix=VERSIONS, Delimiter="/", StartAfter=after, MaxKeys=limit
        )
        ids = [article_of(each.get("Prefix", "")) for each in listed.get("CommonPrefixes", [])]
        findings: list[Finding] = []
        for article_id in self._records.unknown(ids):
            if self._checks.mending.is_lost(article_id) and not self._records.current(article_id).version:
                is_back = repair and self._checks.mending.put_back(article_id)
                findings.append(Finding(article_id, LOST, is_back))
        # What sorts after all keys of the last article: no key has a "0" where they have their slash.
        cursor = (VERSIONS, f"{VERSIONS}{ids[-1]}0") if ids and listed["IsTruncated"] else (PREFIXES[0], PREFIXES[0])
        return Page(len(ids), findings, cursor)

    def _lost_pictures(self, prefix: str, after: str, limit: int, *, repair: bool) -> Page:
        checked, findings, last = self._checks.pictures.lost(prefix, after=after, limit=limit, repair=repair)
        following = [*PREFIXES[PREFIXES.index(prefix) + 1 :], ""][0]
        cursor = (prefix, last) if last else (following, following)
        return Page(checked, findings, cursor if cursor[0] else None)

    def _scanned(self, after: Key | None, limit: int, part: Part = WHOLE) -> tuple[list[Item], Key | None]:
        start: Any = {"ExclusiveStartKey": typed_key(after)} if after else {}
        segment, segments = part
        if segments > 1:
            start |= {"Segment": segment, "TotalSegments": segments}
        answer = self._dynamodb.scan(
            TableName=self._table,
            Limit=limit,
            ConsistentRead=True,
            ProjectionExpression="pk, sk, #id, #gone",
            ExpressionAttributeNames={"#id": "id", "#gone": GONE},
            **start,
        )
        last = answer.get("LastEvaluatedKey")
        found: Any = answer["Items"]
        return found, pair_of(last) if last else None
