"""Articles kept: every version in S3, what readers get in DynamoDB.

    StoreError
    ├── ArticleNotFound
    ├── VersionConflict      somebody else wrote a version first
    ├── ArticleWithdrawn     what is withdrawn comes back only by being reinstated
    ├── AddressTaken         another article is found at that address
    ├── LanguageFixed        an article stays in its language
    └── StoreBusy            too many writers at once; nothing was written

A version is written to S3 before the transaction that makes it current. Its key names what is in it, so a writer
that loses, or dies in between, leaves an object that nobody refers to and never touches the winner's.

One transaction writes all that an article is in the table: its item, its addresses, its cards on lists, and the change
that readers may see, under the next number of its language. The number is taken in the same transaction, so changes
appear in the order of their numbers and without a gap: who has read up to one has missed nothing, whoever writes.
"""

import datetime as dt
from dataclasses import dataclass
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from content_api import cards
from content_api.document import compact_json, compressed, digest, public_document, public_fields
from content_api.keys import (
    NEWSLETTERS,
    SECTIONS,
    article_key,
    change_key,
    facet,
    front_key,
    last_change_key,
    url_key,
)
from content_api.placement import Placement, addresses, placement, placement_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef
    from mypy_boto3_s3.client import S3Client

    from content_api.article import Article
    from content_api.front import Front

# An item holds 400 KB at most (DynamoDB's quota); the rest is for the other attributes.
_LARGEST_DOCUMENT_IN_ITEM = 350_000
_ATTEMPTS = 5
_MOST_IN_A_BATCH = 25  # items that BatchWriteItem takes
# Writers of one language take turns at its number: a turn is some 20 ms.
_TURNS = 30
_LONGEST_WAIT = 0.5  # seconds

CHANGES_KEPT = dt.timedelta(days=90)
# DynamoDB deletes what has expired "within a few days", and a cursor may be used until the last moment.
_CHANGES_DELETED_AFTER = CHANGES_KEPT + dt.timedelta(days=7)

WITHDRAWN = "withdrawn"


class StoreError(Exception):
    pass


class ArticleNotFound(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(f"there is no article {article_id}")


class VersionConflict(StoreError):
    def __init__(self, article_id: str, expected: int) -> None:
        super().__init__(
            f"{article_id} is no longer at version {expected}: read it again and make the change on what it is now"
        )


class ArticleWithdrawn(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(f"{article_id} was withdrawn: reinstate it before writing to it")


class AddressTaken(StoreError):
    def __init__(self, article_id: str, address: str, holder: str) -> None:
        super().__init__(f"{article_id} cannot have the address {address}: the article {holder} is found there")
        self.holder = holder


class LanguageFixed(StoreError):
    def __init__(self, article_id: str, language: str) -> None:
        super().__init__(f"{article_id} is in the language {language}: for another, make another article")


class StoreBusy(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(f"{article_id} was not written: too many writers at once. Try again")


@dataclass(frozen=True, slots=True)
class Saved:
    version: int
    outcome: Literal["created", "replaced", "unchanged"]


@dataclass(frozen=True, slots=True)
class Current:
    """What the table says of an article: its version, 0 where there is none, and the lists it is on."""

    version: int = 0
    status: str = ""
    digest: str = ""
    version_key: str = ""
    language: str = ""
    placement: Placement | None = None


@dataclass(frozen=True, slots=True)
class _Revision:
    """What the next version of an article puts into the table."""

    version: int
    status: str
    language: str
    attributes: dict[str, Any]
    document: bytes
    placement: Placement | None = None
    card: bytes = b""
    addresses: tuple[str, ...] = ()


class ArticleStore:
    def __init__(self, dynamodb: "DynamoDBClient", s3: "S3Client", *, table: str, bucket: str) -> None:
        self._dynamodb = dynamodb
        self._s3 = s3
        self._table = table
        self._bucket = bucket
        self._catalogued: set[bytes] = set()

    def current(self, article_id: str) -> Current:
        answer = self._dynamodb.get_item(
            TableName=self._table,
            Key=_typed(article_key(article_id)),
            ConsistentRead=True,
            ProjectionExpression=(
                "version, #status, digest, version_key, #language, #position, facets, breaking_position"
            ),
            ExpressionAttributeNames={"#status": "status", "#language": "language", "#position": "position"},
        )
        item: Any = answer.get("Item")
        if item is None:
            return Current()
        return Current(
            version=int(item["version"]["N"]),
            status=item["status"]["S"],
            digest=item["digest"]["S"],
            version_key=item["version_key"]["S"],
            language=item["language"]["S"],
            placement=placement_in(item),
        )

    def save(self, article: "Article", *, expected_version: int, at: dt.datetime) -> int:
        """Makes the article the version after the expected one, 0 where there must be none yet; returns it.

        Raises VersionConflict where the table is at another version, ArticleWithdrawn, AddressTaken, LanguageFixed,
        StoreBusy, and ArticleTooLarge where no reader could get it.
        """
        current = self._current_at(expected_version, article.id)
        if current.status == WITHDRAWN:
            raise ArticleWithdrawn(article.id)
        return self._replace(article, current, at)

    def save_if_changed(self, article: "Article", *, at: dt.datetime) -> Saved:
        """For importers, which may see the same article any number of times: writes only what differs.

        A replacement says when: `updated_at` is set where the article brings none. Raises as `save` does, but for
        VersionConflict, which it answers by looking again.
        """
        attempts_left = _ATTEMPTS
        while True:
            current = self.current(article.id)
            if current.status == WITHDRAWN:
                raise ArticleWithdrawn(article.id)
            if current.digest == digest(article):
                return Saved(current.version, "unchanged")
            changed = article
            if current.version and article.updated_at is None:
                changed = article.model_copy(update={"updated_at": at})
            try:
                version = self._replace(changed, current, at)
            except VersionConflict:
                attempts_left -= 1
                if not attempts_left:
                    raise
            else:
                return Saved(version, "replaced" if current.version else "created")

    def withdraw(self, article_id: str, *, expected_version: int, at: dt.datetime, note: str | None = None) -> int:
        """Puts a tombstone in the article's place and takes it off every list; `note` is public. Returns the
        tombstone's version.

        Raises ArticleNotFound, StoreBusy, and VersionConflict where the table is at another version.
        """
        current = self._current_at(expected_version, article_id)
        if not current.version:
            raise ArticleNotFound(article_id)
        tombstone = {"id": article_id, "withdrawn_at": at.isoformat(timespec="seconds"), "note": note}
        revision = _Revision(
            version=current.version + 1,
            status=WITHDRAWN,
            language=current.language,
            attributes={"digest": {"S": ""}},
            document=compact_json(tombstone),
        )
        self._write(article_id, current, revision, {"tombstone": tombstone}, at)
        return revision.version

    def save_front(self, front: "Front", *, expected_version: int) -> int:
        """What editors chose, in place of the expected version (0 for none yet). Raises VersionConflict."""
        item = _typed(front_key(front.language))
        item |= {"version": {"N": str(expected_version + 1)}, "front": {"S": front.model_dump_json()}}
        condition = _condition(expected_version)
        try:
            self._dynamodb.put_item(TableName=self._table, Item=item, **condition)
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            raise VersionConflict(f"the front of {front.language}", expected_version) from error
        return expected_version + 1

    def _current_at(self, expected_version: int, article_id: str) -> Current:
        current = self.current(article_id)
        if current.version != expected_version:
            raise VersionConflict(article_id, expected_version)
        return current

    def load(self, articles: "Iterable[Article]", *, at: dt.datetime) -> None:
        """Fills an empty store by the hundred, for developers and benchmarks: without the transactions that keep
        writers from each other, with the same items.
        """
        last: dict[str, int] = {}
        waiting: list[dict[str, Any]] = []
        for article in articles:
            revision = self._revision(article, Current(), at)
            item = self._stored(article.id, Current(), revision, {"article": article.model_dump(mode="json")}, at)
            waiting += [item, *self._addressed(article.id, revision), *_cards(revision)]
            if change := _change(article.id, Current(), revision, at):
                last[article.language] = number = last.get(article.language, 0) + 1
                waiting += _numbered(article.language, number, change, at)[1:]
            while len(waiting) >= _MOST_IN_A_BATCH:
                self._put_all(waiting[:_MOST_IN_A_BATCH])
                waiting = waiting[_MOST_IN_A_BATCH:]
        waiting += [_number_taken(language, number) for language, number in last.items()]
        for start in range(0, len(waiting), _MOST_IN_A_BATCH):
            self._put_all(waiting[start : start + _MOST_IN_A_BATCH])

    def _put_all(self, items: list[dict[str, Any]]) -> None:
        left: Any = {self._table: [{"PutRequest": {"Item": item}} for item in items]}
        while left:
            left = self._dynamodb.batch_write_item(RequestItems=left).get("UnprocessedItems")

    def _replace(self, article: "Article", current: Current, at: dt.datetime) -> int:
        if current.language and current.language != article.language:
            raise LanguageFixed(article.id, current.language)
        revision = self._revision(article, current, at)
        self._write(article.id, current, revision, {"article": article.model_dump(mode="json")}, at)
        return revision.version

    def _revision(self, article: "Article", current: Current, at: dt.datetime) -> _Revision:
        """The next version of an article, its section and newsletters noted ahead of it."""
        version = current.version + 1
        fields = public_fields(article, version)
        link = {name: fields[name] for name in ("language", "id", "url", "headline")}
        attributes: dict[str, Any] = {
            "digest": {"S": digest(article)},
            "modified": {"S": format_datetime(at.astimezone(dt.UTC), usegmt=True)},
            "link": {"S": cards.as_json(link)},
        }
        if article.translations:
            attributes["translations"] = {"S": " ".join(each.id for each in article.translations)}
        placed = placement(article)
        if placed:
            self._catalogue(article)
        return _Revision(
            version,
            article.status,
            article.language,
            attributes,
            public_document(fields),
            placed,
            cards.packed(cards.as_json(cards.card(fields))),
            tuple(addresses(article)) if placed else (),
        )

    def _write(
        self, article_id: str, current: Current, revision: _Revision, content: dict[str, Any], at: dt.datetime
    ) -> None:
        item = self._stored(article_id, current, revision, content, at)
        self._transact(article_id, item, current, revision, at)

    def _stored(
        self, article_id: str, current: Current, revision: _Revision, content: dict[str, Any], at: dt.datetime
    ) -> dict[str, Any]:
        """The article's item, its version and what is too large for an item put into S3."""
        record = {
            "id": article_id,
            "version": revision.version,
            "previous": current.version_key or None,
            "recorded_at": at.isoformat(),
            "status": revision.status,
            **content,
        }
        stem = f"{article_id}/{revision.version:06d}"
        version_key = self._put_object(f"articles/{stem}", ".json", compact_json(record))
        named = {"status": revision.status, "language": revision.language, "version_key": version_key}
        item = _typed(article_key(article_id) | named) | revision.attributes
        item["version"] = {"N": str(revision.version)}
        if revision.placement:
            item |= revision.placement.attributes() | {"card": {"B": revision.card}}
        packed = compressed(revision.document)
        if len(packed) <= _LARGEST_DOCUMENT_IN_ITEM:
            item["document"] = {"B": packed}
        else:
            item["document_key"] = {"S": self._put_object(f"documents/{stem}", ".json.zlib", packed)}
        return item

    def _addressed(self, article_id: str, revision: _Revision) -> list[dict[str, Any]]:
        return [_typed(url_key(address) | {"id": article_id, "address": address}) for address in revision.addresses]

    def _put_object(self, stem: str, suffix: str, content: bytes) -> str:
        key = f"{stem}-{sha256(content).hexdigest()[:16]}{suffix}"
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)
        return key

    def _catalogue(self, article: "Article") -> None:
        """Notes the section and the newsletters that an article names, ahead of it: each is a put that changes nothing
        where it is noted already.
        """
        noted: list[tuple[str, dict[str, Any]]] = []
        if article.section:
            noted.append((SECTIONS, {"language": article.language, "name": article.section}))
        for block in article.body:
            if block.type == "promotion" and block.kind == "newsletter":
                offer = {"language": article.language, **block.model_dump(include={"name", "description", "url"})}
                noted.append((NEWSLETTERS, offer))
        for partition, entry in noted:
            text = compact_json(entry)
            if text in self._catalogued:
                continue
            name = facet(article.language, entry["name"])
            item = _typed({"pk": partition, "sk": name, "entry": text.decode()})
            self._dynamodb.put_item(TableName=self._table, Item=item)
            self._catalogued.add(text)

    def _transact(
        self, article_id: str, item: dict[str, Any], current: Current, revision: _Revision, at: dt.datetime
    ) -> None:
        """At most 70 writes, by the model's limits, of the 100 that a transaction takes."""
        unclaimed = {
            "ConditionExpression": "attribute_not_exists(pk) OR id = :id",
            "ExpressionAttributeValues": {":id": {"S": article_id}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        writes = [self._put(item, _condition(current.version))]
        writes += [self._put(address, unclaimed) for address in self._addressed(article_id, revision)]
        before = current.placement.keys() if current.placement else set[tuple[str, str]]()
        after = revision.placement.keys() if revision.placement else set[tuple[str, str]]()
        for pk, sk in sorted(before - after):
            writes.append({"Delete": {"TableName": self._table, "Key": _typed({"pk": pk, "sk": sk})}})
        writes += [self._put(card) for card in _cards(revision)]
        busy = Retrying(
            retry=retry_if_exception_type(_OthersTurn),
            stop=stop_after_attempt(_TURNS),
            wait=wait_random_exponential(multiplier=0.01, max=_LONGEST_WAIT),
            reraise=True,
        )
        try:
            for attempt in busy:
                with attempt:
                    self._commit(article_id, writes, current, revision, at)
        except _OthersTurn as error:
            raise StoreBusy(article_id) from error

    def _commit(
        self,
        article_id: str,
        writes: "list[TransactWriteItemTypeDef]",
        current: Current,
        revision: _Revision,
        at: dt.datetime,
    ) -> None:
        change = _change(article_id, current, revision, at)
        numbered: list[TransactWriteItemTypeDef] = []
        if change:
            number = self._last_number(revision.language)
            taken, entry = _numbered(revision.language, number + 1, change, at)
            numbered = [self._put(taken, _condition(number, attribute="number")), self._put(entry)]
        try:
            self._dynamodb.transact_write_items(TransactItems=[*writes, *numbered])
        except self._dynamodb.exceptions.TransactionCanceledException as error:
            answered: list[Any] = error.response.get("CancellationReasons", [])
            failed = {at: each for at, each in enumerate(answered) if each.get("Code") == "ConditionalCheckFailed"}
            if 0 in failed:
                raise VersionConflict(article_id, current.version) from error
            for taken in range(1, 1 + len(revision.addresses)):
                if taken in failed:
                    holder = failed[taken].get("Item", {}).get("id", {}).get("S", "")
                    raise AddressTaken(article_id, revision.addresses[taken - 1], holder) from error
            if failed or any(each.get("Code") == "TransactionConflict" for each in answered):
                raise _OthersTurn from error
            raise

    def _last_number(self, language: str) -> int:
        key = _typed(last_change_key(language))
        last = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        return int(last.get("number", {}).get("N", "0"))

    def _put(self, item: dict[str, Any], condition: dict[str, Any] | None = None) -> "TransactWriteItemTypeDef":
        put: Any = {"TableName": self._table, "Item": item, **(condition or {})}
        return {"Put": put}


class _OthersTurn(Exception):
    """Another writer has taken the number, or is at one of the items just now."""


def _change(article_id: str, current: Current, revision: _Revision, at: dt.datetime) -> dict[str, Any] | None:
    """What readers who keep articles are told; None where they never saw the article and don't see it now."""
    if revision.placement is None and current.placement is None:
        return None
    return {
        "change": "upsert" if revision.placement else "withdraw",
        "id": article_id,
        "version": revision.version,
        "at": at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    }


def _numbered(language: str, number: int, change: dict[str, Any], at: dt.datetime) -> list[dict[str, Any]]:
    """The taking of a number, and the change under it."""
    entry = _typed(change_key(language, number)) | {
        "entry": {"S": compact_json(change).decode()},
        "at": {"N": str(int(at.timestamp()))},
        "expires": {"N": str(int((at + _CHANGES_DELETED_AFTER).timestamp()))},
    }
    return [_number_taken(language, number), entry]


def _number_taken(language: str, number: int) -> dict[str, Any]:
    return _typed(last_change_key(language)) | {"number": {"N": str(number)}}


def _cards(revision: _Revision) -> list[dict[str, Any]]:
    """The items of the lists that the article is on."""
    if revision.placement is None:
        return []
    facets = {name: value for name, value in revision.placement.attributes().items() if name == "facets"}
    shown = {"card": {"B": revision.card}, **facets}
    return [_typed({"pk": pk, "sk": sk}) | shown for pk, sk in sorted(revision.placement.keys())]


def _condition(expected: int, attribute: str = "version") -> dict[str, Any]:
    """That the item is at this version, or for 0 that there is none."""
    if not expected:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "#expected = :expected",
        "ExpressionAttributeNames": {"#expected": attribute},
        "ExpressionAttributeValues": {":expected": {"N": str(expected)}},
    }


def _typed(attributes: dict[str, str]) -> dict[str, Any]:
    return {name: {"S": value} for name, value in attributes.items()}
