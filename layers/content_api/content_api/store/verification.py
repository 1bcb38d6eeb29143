"""Whether versions in S3, items, lists, addresses, changes and copies agree; and making them, by what S3 has.

The whole table is gone through a page at a time while others write. What is found is looked at twice, so that a write
in between is no finding; and what is put right is put right only if the article is still at the version looked at.
"""

import datetime as dt
import json
import zlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from content_api.aws.clients import error_code
from content_api.content import cards
from content_api.names.keys import LAST_CHANGE, article_key, change_partition
from content_api.names.object_keys import versions_prefix
from content_api.store.article_copies import Copies, Copy, nothing_for_readers
from content_api.store.articles import ArticleStore
from content_api.store.current import Current
from content_api.store.editions import edition_of_version
from content_api.store.versions import Version, Versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

# What a version alone does not tell: how files came in, and whether editors wrote since.
_KEPT = ("taken_in", "is_edited")
_DOCUMENT = ("document", "document_key")
# What reading raises of what is damaged: no JSON, a member missing, of another type, or no article.
_UNREADABLE = (KeyError, TypeError, ValueError)
_OWNED = {"LIST", "DRAFTS", "URL"}
_LATEST_CHANGES = 1000
_PROPAGATION_TAKES = dt.timedelta(minutes=1)

type Item = dict[str, Any]
type Key = tuple[str, str]
# A part of the table and how many there are (DynamoDB's Segment, counted from 0, and TotalSegments).
type Part = tuple[int, int]
WHOLE: Part = (0, 1)


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not agree, and whether it does now."""

    id: str
    detail: str
    is_repaired: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """`cursor` is None when the whole table has been gone through; `checked` counts items."""

    checked: int
    findings: list[Finding]
    cursor: Key | None


class Verification:
    def __init__(
        self,
        store: ArticleStore,
        dynamodb: "DynamoDBClient",
        s3: "S3Client",
        *,
        table: str,
        bucket: str,
    ) -> None:
        self._store = store
        self._dynamodb = dynamodb
        self._s3 = s3
        self._table = table
        self._bucket = bucket
        self._copies = Copies(s3, bucket=bucket)
        self._versions_in_s3 = Versions(s3, bucket=bucket)

    def articles(self, *, after: Key | None, limit: int) -> tuple[list[str], Key | None]:
        """Ids of articles of any status, in no order, and where to go on."""
        items, cursor = self._scanned(after, limit)
        return [key[0].partition("#")[2] for key in map(_key, items) if key[1] == "ARTICLE"], cursor

    def page(self, *, after: Key | None, limit: int, repair: bool, part: Part = WHOLE) -> Page:
        items, cursor = self._scanned(after, limit, part)
        findings: list[Finding] = []
        for item in items:
            pk, sk = _key(item)
            kind, _, rest = pk.partition("#")
            if kind == "ARTICLE":
                findings += self._article(rest, repair=repair)
            elif kind in _OWNED:
                owner = item.get("id", {}).get("S", "") if kind == "URL" else sk.rpartition("#")[2]
                findings += self._owned((pk, sk), owner, repair=repair)
            elif kind == "CHANGE" and sk == LAST_CHANGE:
                findings += self._changes(rest)
        return Page(len(items), list(dict.fromkeys(findings)), cursor)

    def _scanned(self, after: Key | None, limit: int, part: Part = WHOLE) -> tuple[list[Item], Key | None]:
        start: Any = {"ExclusiveStartKey": _typed(after)} if after else {}
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
        return found, _key(last) if last else None

    # ---------------------------------------------------------------------------------------- An article

    def _article(self, article_id: str, *, repair: bool) -> list[Finding]:
        complaints = self._complaints(article_id)
        # A write in between is no finding.
        complaints = [each for each in self._complaints(article_id) if each in complaints] if complaints else []
        is_repaired = bool(complaints) and repair and self._repaired(article_id)
        return [Finding(article_id, each, is_repaired) for each in complaints]

    def _complaints(self, article_id: str) -> list[str]:
        current, found, broken = self._versions(article_id)
        if found is None:
            return broken
        return [*broken, *self._differences(found, current), *self._copy_complaints(found, current)]

    def _versions(self, article_id: str) -> tuple[Current, Version | None, list[str]]:
        """What is current, its record, and what is wrong with the records, from it to the first."""
        try:
            current = self._store.current(article_id)
        except _UNREADABLE:
            return Current(), None, ["its item cannot be read: rebuild it by what S3 has"]
        if not current.version:
            return current, None, []
        latest: Version | None = None
        number, key = current.version, current.version_key
        while key:
            try:
                found = self._store.recorded(key)
            except ClientError as error:
                if error_code(error) not in {"NoSuchKey", "404"}:
                    raise
                return current, latest, [f"version {number} is not in S3, where it should be {key}"]
            except _UNREADABLE:
                return current, latest, [f"{key} cannot be read: S3 keeps what it was as an earlier version of it"]
            if (found.id, found.version) != (article_id, number):
                return current, latest, [f"{key} is not version {number}"]
            latest = latest or found
            number, key = number - 1, found.previous or ""
        broken = [f"the versions before {number + 1} are not named"] if number else []
        return current, latest, broken

    def _differences(self, found: Version, current: Current) -> "Iterator[str]":
        for expected in edition_of_version(found, current.language).items(current.version_key):
            there = self._item(_key(expected))
            if there is None:
                yield f"{' '.join(_key(expected))} is missing"
                continue
            names = (expected.keys() | there.keys()) - {*_KEPT, *_DOCUMENT}
            wrong = [name for name in sorted(names) if _value(expected, name) != _value(there, name)]
            if _key(expected)[1] == "ARTICLE" and (
                self._document(there) != edition_of_version(found, current.language).document
            ):
                wrong.append("document")
            if wrong:
                yield f"{' '.join(_key(expected))} has another {', '.join(wrong)}"

    def _document(self, item: Item) -> bytes | None:
        """None where there is none that can be read."""
        try:
            if "document_key" in item:
                key = item["document_key"]["S"]
                return zlib.decompress(self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read())
            return zlib.decompress(item["document"]["B"])
        except (KeyError, zlib.error):
            return None
        except ClientError as error:
            if error_code(error) not in {"NoSuchKey", "404"}:
                raise
            return None

    def _copy_complaints(self, found: Version, current: Current) -> list[str]:
        """Propagation has some time to make it."""
        if dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(found.recorded_at) < _PROPAGATION_TAKES:
            return []
        there, status = self._copies.state(found.id)
        wrong = f"the copy for readers says something else than version {current.version}"
        if current.status == "draft" or current.never_public:
            return [] if status in {"", "draft"} else [f"the copy for readers is {status}, and the article is a draft"]
        if there != current.version:
            return [f"the copy for readers is at version {there}, not {current.version}"]
        expected = edition_of_version(found, current.language).document
        return [] if (status, self._copies.document(found.id)) == (current.status, expected) else [wrong]

    def _repaired(self, article_id: str) -> bool:
        """False where a record is missing, for which nothing stands in, or where somebody writes."""
        current, found, broken = self._versions(article_id)
        if found is None or broken:
            return False
        edition = edition_of_version(found, current.language)
        self._versions_in_s3.keep(edition.objects())
        own, *others = edition.items(current.version_key)
        there = self._item(_key(own)) or {}
        own |= {name: there[name] for name in _KEPT if name in there}
        at_version: Any = {
            "ConditionExpression": "version = :version",
            "ExpressionAttributeValues": {":version": {"N": str(current.version)}},
        }
        unclaimed: Any = {
            "ConditionExpression": "attribute_not_exists(pk) OR id = :id",
            "ExpressionAttributeValues": {":id": {"S": article_id}},
        }
        puts: list[Any] = [{"Put": {"TableName": self._table, "Item": own, **at_version}}]
        puts += [
            {"Put": {"TableName": self._table, "Item": each, **(unclaimed if "address" in each else {})}}
            for each in others
        ]
        try:
            self._dynamodb.transact_write_items(TransactItems=puts)
        except self._dynamodb.exceptions.TransactionCanceledException:
            return False
        if current.status == "draft" or current.never_public:
            if self._copies.state(article_id)[0]:
                empty = nothing_for_readers(article_id, current.version, current.language)
                self._copies.keep(empty, is_mending=True)
        else:
            document = zlib.decompress(own["document"]["B"]) if "document" in own else None
            key = own["document_key"]["S"] if "document_key" in own else ""
            modified = own["modified"]["S"] if "modified" in own else ""
            copy = Copy(article_id, current.version, current.status, current.language, modified, document, key)
            self._copies.keep(copy, is_mending=True)
        return not self._complaints(article_id)

    # ---------------------------------------------------------------------------------------- What articles own

    def _owned(self, key: Key, owner: str, *, repair: bool) -> list[Finding]:
        """A card, an address or a draft's entry whose article does not know of it."""
        try:
            current = self._store.current(owner)
        except _UNREADABLE:
            return []  # found where the article itself is looked at
        if self._is_owned(key, current) or self._item(key) is None:
            return []
        if not current.version and self._has_versions(owner):
            return [Finding(owner, "the table has lost it, and S3 has its versions: rebuild puts it back")]
        if self._store.current(owner).version != current.version:
            return []  # a write in between is no finding
        is_repaired = repair and self._deleted(key, owner, current.version)
        return [Finding(owner, f"{' '.join(key)} should not be there", is_repaired)]

    def _has_versions(self, article_id: str) -> bool:
        prefix = versions_prefix(article_id)
        return bool(self._s3.list_objects_v2(Bucket=self._bucket, Prefix=prefix, MaxKeys=1).get("KeyCount"))

    def _is_owned(self, key: Key, current: Current) -> bool:
        kind, _, rest = key[0].partition("#")
        if kind == "URL":
            return current.version > 0
        if kind == "DRAFTS":
            return current.status == "draft" and current.language == rest
        return current.placement is not None and key in set(current.placement.keys())

    def _deleted(self, key: Key, owner: str, version: int) -> bool:
        still: Any = {
            "TableName": self._table,
            "Key": _typed(_key_of(article_key(owner))),
            "ConditionExpression": "version = :version" if version else "attribute_not_exists(pk)",
        }
        if version:
            still["ExpressionAttributeValues"] = {":version": {"N": str(version)}}
        delete: Any = {"TableName": self._table, "Key": _typed(key)}
        try:
            self._dynamodb.transact_write_items(TransactItems=[{"ConditionCheck": still}, {"Delete": delete}])
        except self._dynamodb.exceptions.TransactionCanceledException:
            return False
        return True

    # ---------------------------------------------------------------------------------------- Changes

    def _changes(self, language: str) -> list[Finding]:
        """Nothing is repaired here: a number cannot be given twice."""
        found = self._change_findings(language)
        return [each for each in self._change_findings(language) if each in found] if found else []

    def _change_findings(self, language: str) -> list[Finding]:
        """Of the newest thousand: they are without a gap, and the last of each article says what it is now."""
        answer = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": change_partition(language)}},
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=_LATEST_CHANGES,
        )
        items: Any = answer["Items"]
        last = next((int(each["number"]["N"]) for each in items if each["sk"]["S"] == LAST_CHANGE), 0)
        entries = {int(each["sk"]["S"]): json.loads(each["entry"]["S"]) for each in items if "entry" in each}
        numbers = sorted(entries)
        found = [
            Finding(language, f"changes {one + 1} to {other - 1} are missing")
            for one, other in pairwise(numbers)
            if other != one + 1
        ]
        if numbers and numbers[-1] != last:
            found.append(Finding(language, f"the last change is {numbers[-1]}, and {last} have been counted"))
        latest = {entries[number]["id"]: entries[number] for number in numbers}
        for article_id, entry in latest.items():
            try:
                current = self._store.current(article_id)
            except _UNREADABLE:
                continue
            says = ("upsert" if current.placement else "withdraw", current.version)
            if says != (entry["change"], entry["version"]):
                detail = f"the last change says {entry['change']} of version {entry['version']}"
                found.append(Finding(article_id, f"{detail}, and it is at {current.version}"))
        return found

    def _item(self, key: Key) -> Item | None:
        found: Any = self._dynamodb.get_item(TableName=self._table, Key=_typed(key), ConsistentRead=True)
        return found.get("Item")


def _value(item: Item, name: str) -> object:
    """As it reads: zlib's implementations pack in different ways, and sets have no order."""
    value: Any = item.get(name)
    try:
        if value and name == "card":
            return cards.unpacked([value["B"]])
        return sorted(value["SS"]) if value and name == "facets" else value
    except zlib.error as error:
        return repr(error)


def _key(item: Item) -> Key:
    return item["pk"]["S"], item["sk"]["S"]


def _key_of(key: dict[str, str]) -> Key:
    return key["pk"], key["sk"]


def _typed(key: Key) -> Any:  # noqa: ANN401 - DynamoDB's typed attributes
    return {"pk": {"S": key[0]}, "sk": {"S": key[1]}}
