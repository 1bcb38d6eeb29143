"""Checks that the table agrees with the versions in S3: items, lists, addresses, changes and copies. Can put right what
does not agree.

It reads the whole table a page at a time, while others write. It looks at each difference twice, so that a write in
between is not reported. It writes only if the article is still at the version that it looked at.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import Item, pair_of, typed, typed_key
from content_api.names.keys import (
    ARTICLE,
    EMPTY,
    last_change_key,
    list_partition,
)
from content_api.names.object_keys import versions_prefix
from content_api.names.parsing import Key as Named
from content_api.names.parsing import key_of
from content_api.store.catalogue import emptying, facet_of_entry
from content_api.store.change_feed import change_findings
from content_api.store.differences import Finding
from content_api.store.examination import UNREADABLE, Examination
from content_api.store.front_choices import FrontChoices
from content_api.store.items import Items
from content_api.store.mending import Mending, delete_of
from content_api.store.revisions import at_version
from content_api.store.siblings import Siblings, difference

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

    from content_api.store.articles import ArticleStore
    from content_api.store.current import Current

type Key = tuple[str, str]
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
        self._fronts = FrontChoices(dynamodb, table=table)
        self._dynamodb = dynamodb
        self._s3 = s3
        self._table = table
        self._bucket = bucket
        self._items = Items(dynamodb, table=table)
        self._siblings = Siblings(dynamodb, table=table)
        self._examination = Examination(store.records, self._items, s3, bucket=bucket)
        self._mending = Mending(store, self._items, self._examination, s3, bucket=bucket)

    def articles(self, *, after: Key | None, limit: int) -> tuple[list[str], Key | None]:
        """The ids of articles of any status, in no order, and the cursor of the next page."""
        items, cursor = self._scanned(after, limit)
        return [each.article_id for each in (key_of(*pair_of(item)) for item in items) if each.kind == ARTICLE], cursor

    def page(self, *, after: Key | None, limit: int, repair: bool, part: Part = WHOLE) -> Page:
        items, cursor = self._scanned(after, limit, part)
        findings: list[Finding] = []
        for item in items:
            findings += self._findings(item, repair=repair)
        return Page(len(items), list(dict.fromkeys(findings)), cursor)

    def _scanned(self, after: Key | None, limit: int, part: Part = WHOLE) -> tuple[list[Item], Key | None]:
        start: Any = {"ExclusiveStartKey": typed_key(after)} if after else {}
        segment, segments = part
        if segments > 1:
            start |= {"Segment": segment, "TotalSegments": segments}
        answer = self._dynamodb.scan(
            TableName=self._table,
            Limit=limit,
            ConsistentRead=True,
            ProjectionExpression="pk, sk, #id",
            ExpressionAttributeNames={"#id": "id"},
            **start,
        )
        last = answer.get("LastEvaluatedKey")
        found: Any = answer["Items"]
        return found, pair_of(last) if last else None

    def _findings(self, item: Item, *, repair: bool) -> list[Finding]:
        pair = pair_of(item)
        named = key_of(*pair)
        found: list[Finding] = []
        match named.kind:
            case "ARTICLE":
                found = self._article(named.article_id, repair=repair)
                found += self._siblings_of(named.article_id, repair=repair)
            case "NAMED":
                found = self._siblings_of(named.article_id, repair=repair)
            case "URL":
                found = self._owned(pair, named, item.get("id", {}).get("S", ""), repair=repair)
            case "LIST" | "DRAFTS":
                found = self._owned(pair, named, named.article_id, repair=repair)
            case "CHANGE" if named.number is None:
                found = change_findings(self._records, self._items, named.language)
            case "SECTIONS" | "NEWSLETTERS":
                found = self._entry(pair, named.language, repair=repair)
            case "FRONT":
                found = self._front(named.language)
            case _:
                pass
        return found

    def _article(self, article_id: str, *, repair: bool) -> list[Finding]:
        before = self._examination.of(article_id)
        if not before.complaints:
            return []
        # Only what is found twice is reported: a write may have come in between.
        examined = self._examination.of(article_id)
        complaints = [each for each in examined.complaints if each in before.complaints]
        is_repaired = bool(complaints) and repair and self._mending.mend(article_id, examined)
        return [Finding(article_id, each, is_repaired) for each in complaints]

    def _siblings_of(self, article_id: str, *, repair: bool) -> list[Finding]:
        """Checks that the article and its translations show each other. An article that was written in the last minute
        is left out: its translations are still being linked.
        """
        nodes = self._siblings.around(article_id)
        complaints = difference(nodes).complaints(article_id)
        if not complaints or any(self._examination.is_young(each.version_key) for each in nodes.values()):
            return []
        if repair:
            self._siblings.link(article_id)
        return [Finding(article_id, each, repair) for each in complaints]

    def _owned(self, pair: Key, named: Named, owner: str, *, repair: bool) -> list[Finding]:
        """Finds a card, an address or a draft's entry that its article does not have."""
        try:
            current = self._records.current(owner)
        except UNREADABLE:
            return []  # `_article` reports it
        if _is_owned(pair, named, current) or self._items.at(pair) is None:
            return []
        if not current.version and self._has_versions(owner):
            is_back = repair and self._mending.put_back(owner)
            return [Finding(owner, "the table has lost it, and S3 has its versions: rebuild puts it back", is_back)]
        if self._records.current(owner).version != current.version:
            return []  # somebody wrote in between
        is_repaired = repair and self._items.commit(delete_of(pair, owner, current.version))
        return [Finding(owner, f"{' '.join(pair)} should not be there", is_repaired)]

    def _has_versions(self, article_id: str) -> bool:
        prefix = versions_prefix(article_id)
        return bool(self._s3.list_objects_v2(Bucket=self._bucket, Prefix=prefix, MaxKeys=1).get("KeyCount"))

    def _entry(self, pair: Key, language: str, *, repair: bool) -> list[Finding]:
        """Finds an entry of the catalogue whose list has no article. The entry is emptied only if the language has the
        same number of changes as before, so that no article came in meanwhile.
        """
        counted = (self._items.at(pair_of(typed(last_change_key(language)))) or {}).get("number", {}).get("N", "0")
        name = facet_of_entry(*pair)
        there = self._items.at(pair)
        if there is None or EMPTY in there or self._items.newest(list_partition(language, name), 1):
            return []
        still = {"Key": typed(last_change_key(language)), **at_version(int(counted), attribute="number")}
        emptied = {"Key": typed_key(pair), **emptying(language, name)}
        is_repaired = repair and self._items.commit([("ConditionCheck", still), ("Update", emptied)])
        return [Finding(language, f"{' '.join(pair)} has no article", is_repaired)]

    def _front(self, language: str) -> list[Finding]:
        """Finds articles on a front that the table does not have. Nothing is written: the choice is the editors'. A
        withdrawn article is no finding, since every front leaves it out by itself.
        """
        try:
            _, front = self._fronts.chosen(language)
        except UNREADABLE:
            return [Finding(language, "what editors chose for the front cannot be read: save the front again")]
        named = [*front.top, *(each for section in front.sections for each in section.articles)] if front else []
        return [
            Finding(language, f"the front names {each}, which the table does not have: choose another, or rebuild")
            for each in self._records.unknown(named)
        ]


def _is_owned(pair: Key, named: Named, current: "Current") -> bool:
    match named.kind:
        case "URL":
            return current.version > 0
        case "DRAFTS":
            return current.status == "draft" and current.language == named.language
        case _:
            return current.placement is not None and pair in set(current.placement.keys())
