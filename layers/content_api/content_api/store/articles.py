"""Articles kept: every version in S3, what readers get in DynamoDB.

    StoreError
    ├── ArticleNotFound
    ├── VersionConflict      somebody else wrote a version first
    ├── VersionNotFound
    ├── ArticleWithdrawn     what is withdrawn comes back only by being reinstated
    ├── NotWithdrawn         only what is withdrawn can be reinstated
    ├── NotADraft            only a draft can be given a time at which it is published
    ├── AddressTaken         another article is found at that address
    ├── LanguageFixed        an article stays in its language
    ├── EditedSince          a file does not replace what editors made of the one before it
    ├── LiesAhead            a file publishes nothing before its time
    └── StoreBusy            too many writers at once; nothing was written

A version is written to S3 before the transaction that makes it current. Its key names what is in it, so a writer
that loses, or dies in between, leaves an object that nobody refers to and never touches the winner's. Each version
names the one before it, so the history of an article is a walk from what the table says is current.

One transaction writes all that an article is in the table: its item, its addresses, its cards on lists, and the change
that readers may see, under the next number of its language. The number is taken in the same transaction, so changes
appear in the order of their numbers and without a gap: who has read up to one has missed nothing, whoever writes.
"""

import datetime as dt
import json
import logging
from dataclasses import asdict, dataclass
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import BotoCoreError, ClientError
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from content_api.aws.failures import Tellable, described
from content_api.content import cards
from content_api.content.article import Article
from content_api.content.document import compact_json, compressed, digest, public_document, public_fields
from content_api.content.front import Front
from content_api.names.keys import (
    NEWSLETTERS,
    SECTIONS,
    article_key,
    change_key,
    draft_key,
    facet,
    front_key,
    last_change_key,
    url_key,
)
from content_api.store.article_copies import Copies, Copy, CopyContended
from content_api.store.front_copies import FrontCopies
from content_api.store.placement import Placement, addresses, placement, placement_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef
    from mypy_boto3_s3.client import S3Client


# An item holds 400 KB at most (DynamoDB's quota); the rest is for the other attributes.
_LARGEST_DOCUMENT_IN_ITEM = 350_000
_ATTEMPTS = 5
_MOST_IN_A_BATCH = 25  # items that BatchWriteItem takes
# Writers of one language take turns at its number: a turn is some 20 ms.
_TURNS = 30
_LONGEST_WAIT = 0.5  # seconds

# What lies further ahead than clocks differ is meant to.
_CLOCKS_DIFFER = dt.timedelta(minutes=5)

CHANGES_KEPT = dt.timedelta(days=90)
# DynamoDB deletes what has expired "within a few days", and a cursor may be used until the last moment.
_CHANGES_DELETED_AFTER = CHANGES_KEPT + dt.timedelta(days=7)

WITHDRAWN = "withdrawn"

logger = logging.getLogger(__name__)


class StoreError(Tellable):
    pass


class ArticleNotFound(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(f"there is no article {article_id}")


class VersionConflict(StoreError):
    def __init__(self, article_id: str, expected: int) -> None:
        super().__init__(
            f"{article_id} is no longer at version {expected}: read it again and make the change on what it is now"
        )


class VersionNotFound(StoreError):
    def __init__(self, article_id: str, version: int) -> None:
        super().__init__(f"{article_id} has no version {version}: its history lists those there are")


class ArticleWithdrawn(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(f"{article_id} was withdrawn: reinstate it before writing to it")


class NotWithdrawn(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(f"{article_id} is not withdrawn: there is nothing to reinstate")


class NotADraft(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(f"{article_id} is no draft: only a draft waits for its time")


class AddressTaken(StoreError):
    def __init__(self, article_id: str, address: str, holder: str) -> None:
        super().__init__(f"{article_id} cannot have the address {address}: the article {holder} is found there")
        self.holder = holder


class LanguageFixed(StoreError):
    def __init__(self, article_id: str, language: str) -> None:
        super().__init__(f"{article_id} is in the language {language}: for another, make another article")


class EditedSince(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(
            f"an editor has changed {article_id}, and no file replaces that: patch it, or put the whole of it"
        )


class LiesAhead(StoreError):
    def __init__(self, article_id: str, published_at: dt.datetime) -> None:
        super().__init__(
            f"{article_id} has the date {published_at.isoformat()}, which lies ahead: import it as a draft, "
            "and schedule it"
        )


class StoreBusy(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(f"{article_id} was not written: too many writers at once. Try again")


@dataclass(frozen=True, slots=True)
class Source:
    """The file that an article comes from. `order` sorts files as they were handed in; no two have the same."""

    file: str
    order: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who made a version and why, as its record keeps it: `by` is an IAM principal or the part of this API that acts;
    `reason` is the editors' own and never public.
    """

    by: str
    action: str = "save"
    reason: str | None = None
    source: Source | None = None


NOBODY = Attribution("nobody")
# The acts by which editors say what an article says.
_EDITS = frozenset({"create", "replace", "patch", "restore", "save"})


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of an article from a file; `superseded` by that of a later file."""

    version: int
    outcome: Literal["created", "replaced", "unchanged", "superseded"]


@dataclass(frozen=True, slots=True)
class Current:
    """What the table says of an article: its version, 0 where there is none, and the lists it is on."""

    version: int = 0
    status: str = ""
    digest: str = ""
    version_key: str = ""
    language: str = ""
    placement: Placement | None = None
    publish_at: dt.datetime | None = None
    # The order of the latest file that it came in, and whether editors have changed what it says since.
    taken_in: str = ""
    is_edited: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it is kept: `article` is None for a tombstone."""

    id: str
    version: int
    status: str
    recorded_at: str
    by: str
    action: str
    reason: str | None
    publish_at: dt.datetime | None
    article: Article | None
    tombstone: dict[str, Any] | None
    previous: str | None
    source: Source | None = None


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
    publish_at: dt.datetime | None = None
    headline: str = ""


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
                "version, #status, digest, version_key, #language, #position, facets, breaking_position, publish_at, "
                "taken_in, is_edited"
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
            publish_at=dt.datetime.fromisoformat(item["publish_at"]["S"]) if "publish_at" in item else None,
            taken_in=item["taken_in"]["S"] if "taken_in" in item else "",
            is_edited="is_edited" in item,
        )

    def latest(self, article_id: str) -> Version:
        """Raises ArticleNotFound."""
        current = self.current(article_id)
        if not current.version:
            raise ArticleNotFound(article_id)
        return self.recorded(current.version_key)

    def history(self, article_id: str) -> "Iterator[Version]":
        """Every version that was ever current, newest first, each read when it is asked for. Raises ArticleNotFound."""
        found = self.latest(article_id)
        yield found
        while found.previous:
            found = self.recorded(found.previous)
            yield found

    def version(self, article_id: str, number: int) -> Version:
        """Raises ArticleNotFound and VersionNotFound."""
        for found in self.history(article_id):
            if found.version == number:
                return found
            if found.version < number:
                break
        raise VersionNotFound(article_id, number)

    def recorded(self, version_key: str) -> Version:
        """Raises what S3 raises where it is not there."""
        record = json.loads(self._s3.get_object(Bucket=self._bucket, Key=version_key)["Body"].read())
        publish_at = record.get("publish_at")
        return Version(
            id=record["id"],
            version=record["version"],
            status=record["status"],
            recorded_at=record["recorded_at"],
            by=record.get("by", NOBODY.by),
            action=record.get("action", NOBODY.action),
            reason=record.get("reason"),
            publish_at=dt.datetime.fromisoformat(publish_at) if publish_at else None,
            article=Article.model_validate(record["article"]) if "article" in record else None,
            tombstone=record.get("tombstone"),
            previous=record["previous"],
            source=Source(**record["source"]) if "source" in record else None,
        )

    def save(
        self, article: Article, *, expected_version: int, at: dt.datetime, attribution: Attribution = NOBODY
    ) -> int:
        """Makes the article the version after the expected one, 0 where there must be none yet; returns it. A draft
        that waits for its time goes on waiting.

        Raises VersionConflict where the table is at another version, ArticleWithdrawn, AddressTaken, LanguageFixed,
        StoreBusy, and ArticleTooLarge where no reader could get it.
        """
        current = self._current_at(expected_version, article.id)
        if current.status == WITHDRAWN:
            raise ArticleWithdrawn(article.id)
        publish_at = current.publish_at if article.status == "draft" else None
        return self._replace(article, current, at, attribution, publish_at)

    def schedule(
        self,
        article_id: str,
        publish_at: dt.datetime | None,
        *,
        expected_version: int,
        at: dt.datetime,
        attribution: Attribution = NOBODY,
    ) -> int:
        """Notes when a draft is to be published, or that it no longer is. Raises as `save` does, and NotADraft."""
        current = self._current_at(expected_version, article_id)
        if not current.version:
            raise ArticleNotFound(article_id)
        article = self.recorded(current.version_key).article
        if article is None or current.status != "draft":
            raise NotADraft(article_id)
        return self._replace(article, current, at, attribution, publish_at)

    def reinstate(
        self, article_id: str, *, expected_version: int, at: dt.datetime, attribution: Attribution = NOBODY
    ) -> int:
        """Brings back what the article was before it was withdrawn, on every list. Raises as `save` does, and
        NotWithdrawn.
        """
        current = self._current_at(expected_version, article_id)
        if not current.version:
            raise ArticleNotFound(article_id)
        if current.status != WITHDRAWN:
            raise NotWithdrawn(article_id)
        article = next(found.article for found in self.history(article_id) if found.article)
        return self._replace(article, current, at, attribution)

    def take_in(self, article: Article, source: Source, *, by: str, at: dt.datetime) -> TakenIn:
        """For importers: the end is the same whatever the order in which files come, and however often.

        The latest file counts. What is in it does not change what editors decided: a draft stays one and goes on
        waiting for its time, and what they wrote stays. A replacement says when: `updated_at` is set where the article
        brings none. Raises as `save` does, and EditedSince and LiesAhead.
        """
        if article.status == "published" and article.published_at and article.published_at > at + _CLOCKS_DIFFER:
            raise LiesAhead(article.id, article.published_at)
        again = Retrying(
            retry=retry_if_exception_type(VersionConflict), stop=stop_after_attempt(_ATTEMPTS), reraise=True
        )
        return again(self._take_in, article, source, by, at)

    def _take_in(self, article: Article, source: Source, by: str, at: dt.datetime) -> TakenIn:
        current = self.current(article.id)
        attribution = Attribution(by, "import", source=source)
        if not current.version:
            return TakenIn(self._replace(article, current, at, attribution), "created")
        if source.order <= current.taken_in:
            return TakenIn(current.version, "unchanged" if source.order == current.taken_in else "superseded")
        before = self.recorded(current.version_key).article
        if before is None:
            raise ArticleWithdrawn(article.id)
        decided: dict[str, Any] = {name: getattr(before, name) for name in ("status", "breaking_until")}
        decided["published_at"] = article.published_at or before.published_at
        decided["corrections"] = article.corrections or before.corrections
        changed = article.model_copy(update=decided)
        if digest(changed) == current.digest:
            self._note(source, article.id, current)
            return TakenIn(current.version, "unchanged")
        if current.is_edited:
            raise EditedSince(article.id)
        if article.updated_at is None:
            changed = changed.model_copy(update={"updated_at": at})
        return TakenIn(self._replace(changed, current, at, attribution, current.publish_at), "replaced")

    def _note(self, source: Source, article_id: str, current: Current) -> None:
        """That a file came which says the same: one that was handed in before it is no news."""
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_typed(article_key(article_id)),
                UpdateExpression="SET taken_in = :order",
                ConditionExpression="version = :version",
                ExpressionAttributeValues={":order": {"S": source.order}, ":version": {"N": str(current.version)}},
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            raise VersionConflict(article_id, current.version) from error

    def withdraw(
        self,
        article_id: str,
        *,
        expected_version: int,
        at: dt.datetime,
        note: str | None = None,
        attribution: Attribution = NOBODY,
    ) -> int:
        """Puts a tombstone in the article's place and takes it off every list; `note` is public. Returns the
        tombstone's version. Before that, the copies that stand in where DynamoDB gives nothing are without it too.

        Raises ArticleNotFound, ArticleWithdrawn, StoreBusy, and VersionConflict where the table is at another version.
        """
        current = self._current_at(expected_version, article_id)
        if not current.version:
            raise ArticleNotFound(article_id)
        if current.status == WITHDRAWN:
            raise ArticleWithdrawn(article_id)
        tombstone = {"id": article_id, "withdrawn_at": at.isoformat(timespec="seconds"), "note": note}
        revision = _withdrawal(current.version + 1, current.language, tombstone)
        self._write(article_id, current, revision, _attributed(attribution) | {"tombstone": tombstone}, at)
        self._withdraw_copies(article_id, revision)
        return revision.version

    def _withdraw_copies(self, article_id: str, revision: _Revision) -> None:
        """What goes wrong here, propagation does within seconds."""
        tombstone = Copy(article_id, revision.version, revision.status, revision.language, "", revision.document, "")
        try:
            Copies(self._s3, bucket=self._bucket).keep(tombstone)
            FrontCopies(self._s3, bucket=self._bucket).take_off(revision.language, article_id)
        except (ClientError, BotoCoreError, CopyContended) as error:
            logger.warning("copies of a withdrawn article are left to propagation: %s", described(error))

    def front(self, language: str) -> tuple[int, Front | None]:
        """The version of what editors chose, 0 where they have not."""
        key = _typed(front_key(language))
        item: Any = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        if item is None:
            return 0, None
        return int(item["version"]["N"]), Front.model_validate_json(item["front"]["S"])

    def unknown(self, ids: "Iterable[str]") -> list[str]:
        """Those ids, of at most 100, that are no article's."""
        asked = dict.fromkeys(ids)
        keys: Any = [_typed(article_key(each)) for each in asked]
        left: Any = {self._table: {"Keys": keys, "ConsistentRead": True, "ProjectionExpression": "pk"}} if keys else {}
        found: set[str] = set()
        while left:
            answer = self._dynamodb.batch_get_item(RequestItems=left)
            found |= {str(item["pk"].get("S")) for item in answer["Responses"][self._table]}
            left = answer.get("UnprocessedKeys")
        return [each for each in asked if article_key(each)["pk"] not in found]

    def drafts(self, language: str, *, after: str = "", limit: int = 50) -> list[dict[str, Any]]:
        """The drafts of a language by id: `id`, `headline`, `version`, and `publish_at` where one waits for it."""
        partition = draft_key(language, "")["pk"]
        answer = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk > :after",
            ExpressionAttributeValues={":pk": {"S": partition}, ":after": {"S": after or " "}},
            ConsistentRead=True,
            Limit=limit,
        )
        found: Any = answer["Items"]
        return [json.loads(item["entry"]["S"]) for item in found]

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

    def put_back(self, found: Version, version_key: str, language: str, *, at: dt.datetime) -> None:
        """Puts an article that the table has lost back at a version, off every list that it is not on, and tells those
        who keep articles of it. Raises VersionConflict where the table has it after all, AddressTaken and StoreBusy.
        """
        revision = self._revision_of(found, language)
        before = found
        while before.article is None and before.previous:
            before = self.recorded(before.previous)
        if revision.placement and found.article:
            self._catalogue(found.article)
        item = self._item(found.id, revision, version_key, keeps=True) | self._handed_in(found)
        lost = Current(placement=placement(before.article) if before.article else None)
        self._transact(found.id, item, lost, revision, at)

    def _handed_in(self, found: Version) -> dict[str, Any]:
        """What its versions say of the latest file that it came in, and of what editors wrote since."""
        is_edited = False
        while not found.source and found.previous:
            is_edited = is_edited or found.action in _EDITS
            found = self.recorded(found.previous)
        if found.source:
            taken_in: dict[str, Any] = {"taken_in": {"S": found.source.order}}
            return taken_in | ({"is_edited": {"BOOL": True}} if is_edited else {})
        return {"is_edited": {"BOOL": True}} if is_edited or found.action in _EDITS else {}

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
            if revision.placement:
                self._catalogue(article)
            content = _attributed(NOBODY) | {"article": article.model_dump(mode="json")}
            item = self._stored(article.id, Current(), revision, content, at)
            waiting += [item, *self._addressed(article.id, revision)]
            waiting += [*_cards(revision), *_drafts(article.id, revision)]
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

    def _replace(
        self,
        article: Article,
        current: Current,
        at: dt.datetime,
        attribution: Attribution,
        publish_at: dt.datetime | None = None,
    ) -> int:
        if current.language and current.language != article.language:
            raise LanguageFixed(article.id, current.language)
        revision = self._revision(article, current, at, publish_at)
        if revision.placement:
            self._catalogue(article)
        content: dict[str, Any] = {"article": article.model_dump(mode="json")}
        if publish_at:
            content["publish_at"] = publish_at.isoformat()
        self._write(article.id, current, revision, _attributed(attribution) | content, at)
        return revision.version

    def _revision(
        self, article: Article, current: Current, at: dt.datetime, publish_at: dt.datetime | None = None
    ) -> _Revision:
        """The next version of an article."""
        version = current.version + 1
        fields = public_fields(article, version)
        link = {name: fields[name] for name in ("language", "id", "url", "headline")}
        attributes: dict[str, Any] = {
            "digest": {"S": digest(article)},
            "modified": {"S": format_datetime(at.astimezone(dt.UTC), usegmt=True)},
            "link": {"S": cards.as_json(link)},
        }
        if publish_at:
            attributes["publish_at"] = {"S": publish_at.isoformat()}
        if article.translations:
            attributes["translations"] = {"S": " ".join(each.id for each in article.translations)}
        placed = placement(article)
        return _Revision(
            version,
            article.status,
            article.language,
            attributes,
            public_document(fields),
            placed,
            cards.packed(cards.as_json(cards.card(fields))),
            tuple(addresses(article)) if placed else (),
            publish_at,
            article.headline,
        )

    def _write(
        self, article_id: str, current: Current, revision: _Revision, content: dict[str, Any], at: dt.datetime
    ) -> None:
        item = self._stored(article_id, current, revision, content, at)
        source: dict[str, str] | None = content.get("source")
        if order := source["order"] if source else current.taken_in:
            item["taken_in"] = {"S": order}
        if source is None and (current.is_edited or content["action"] in _EDITS):
            item["is_edited"] = {"BOOL": True}
        self._transact(article_id, item, current, revision, at)

    def _stored(
        self, article_id: str, current: Current, revision: _Revision, content: dict[str, Any], at: dt.datetime
    ) -> dict[str, Any]:
        """The article's item, its version put into S3."""
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
        return self._item(article_id, revision, version_key, keeps=True)

    def _item(self, article_id: str, revision: _Revision, version_key: str, *, keeps: bool) -> dict[str, Any]:
        """The article's item; what is too large for one is put into S3 where it `keeps` that."""
        named = {"status": revision.status, "language": revision.language, "version_key": version_key}
        item = _typed(article_key(article_id) | named) | revision.attributes
        item["version"] = {"N": str(revision.version)}
        if revision.placement:
            item |= revision.placement.attributes() | {"card": {"B": revision.card}}
        packed = compressed(revision.document)
        if len(packed) <= _LARGEST_DOCUMENT_IN_ITEM:
            item["document"] = {"B": packed}
        else:
            key = _object_key(f"documents/{article_id}/{revision.version:06d}", ".json.zlib", packed)
            item["document_key"] = {"S": key}
            if keeps:
                self._s3.put_object(Bucket=self._bucket, Key=key, Body=packed)
        return item

    def items_of(self, found: Version, version_key: str, language: str, *, keeps: bool = False) -> list[dict[str, Any]]:
        """Every item that the table should hold of an article at this version, its own first; `keeps` puts what is too
        large for one into S3.
        """
        revision = self._revision_of(found, language)
        item = self._item(found.id, revision, version_key, keeps=keeps)
        return [item, *self._addressed(found.id, revision), *_cards(revision), *_drafts(found.id, revision)]

    def document_of(self, found: Version, language: str) -> bytes:
        """What readers get of an article at this version."""
        return self._revision_of(found, language).document

    def _revision_of(self, found: Version, language: str) -> _Revision:
        if found.article is None:
            return _withdrawal(found.version, language, found.tombstone or {})
        at = dt.datetime.fromisoformat(found.recorded_at)
        return self._revision(found.article, Current(version=found.version - 1), at, found.publish_at)

    def _addressed(self, article_id: str, revision: _Revision) -> list[dict[str, Any]]:
        return [_typed(url_key(address) | {"id": article_id, "address": address}) for address in revision.addresses]

    def _put_object(self, stem: str, suffix: str, content: bytes) -> str:
        key = _object_key(stem, suffix, content)
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)
        return key

    def _catalogue(self, article: Article) -> None:
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
        """At most 71 writes, by the model's limits, of the 100 that a transaction takes."""
        unclaimed = {
            "ConditionExpression": "attribute_not_exists(pk) OR id = :id",
            "ExpressionAttributeValues": {":id": {"S": article_id}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        writes = [self._put(item, _condition(current.version))]
        writes += [self._put(address, unclaimed) for address in self._addressed(article_id, revision)]
        placed = [*_cards(revision), *_drafts(article_id, revision)]
        before = current.placement.keys() if current.placement else set[tuple[str, str]]()
        if current.status == "draft":
            before.add(_pair(draft_key(current.language, article_id)))
        after = {(item["pk"]["S"], item["sk"]["S"]) for item in placed}
        for pk, sk in sorted(before - after):
            writes.append({"Delete": {"TableName": self._table, "Key": _typed({"pk": pk, "sk": sk})}})
        writes += [self._put(each) for each in placed]
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


def _object_key(stem: str, suffix: str, content: bytes) -> str:
    return f"{stem}-{sha256(content).hexdigest()[:16]}{suffix}"


def _withdrawal(version: int, language: str, tombstone: dict[str, Any]) -> _Revision:
    return _Revision(
        version=version,
        status=WITHDRAWN,
        language=language,
        attributes={"digest": {"S": ""}},
        document=compact_json(tombstone),
    )


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


def _drafts(article_id: str, revision: _Revision) -> list[dict[str, Any]]:
    """A draft's entry on the editors' list of its language."""
    if revision.status != "draft":
        return []
    entry: dict[str, Any] = {"id": article_id, "version": revision.version, "headline": revision.headline}
    if revision.publish_at:
        entry["publish_at"] = revision.publish_at.isoformat()
    return [_typed(draft_key(revision.language, article_id) | {"entry": compact_json(entry).decode()})]


def _pair(key: dict[str, str]) -> tuple[str, str]:
    return key["pk"], key["sk"]


def _attributed(attribution: Attribution) -> dict[str, Any]:
    stated: dict[str, Any] = {"by": attribution.by, "action": attribution.action, "reason": attribution.reason}
    return stated | ({"source": asdict(attribution.source)} if attribution.source else {})


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
