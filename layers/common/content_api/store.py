"""Articles kept: every version in S3, what readers get in DynamoDB.

    StoreError
    ├── ArticleNotFound
    ├── VersionConflict      somebody else wrote a version first
    └── ArticleWithdrawn     what is withdrawn comes back only by being reinstated

A version is written to S3 before the transaction that makes it current. Its key names what is in it, so a writer
that loses, or dies in between, leaves an object that nobody refers to and never touches the winner's.
"""

import datetime as dt
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from content_api.document import compact_json, compressed, digest, public_document
from content_api.keys import article_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutTypeDef
    from mypy_boto3_s3.client import S3Client

    from content_api.article import Article

# An item holds 400 KB at most (DynamoDB's quota); the rest is for the other attributes.
_LARGEST_DOCUMENT_IN_ITEM = 350_000
_ATTEMPTS = 5

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


@dataclass(frozen=True, slots=True)
class Saved:
    version: int
    outcome: Literal["created", "replaced", "unchanged"]


@dataclass(frozen=True, slots=True)
class Current:
    """What the table says of an article: its version, 0 where there is none."""

    version: int = 0
    status: str = ""
    digest: str = ""
    version_key: str = ""


class ArticleStore:
    def __init__(self, dynamodb: "DynamoDBClient", s3: "S3Client", *, table: str, bucket: str) -> None:
        self._dynamodb = dynamodb
        self._s3 = s3
        self._table = table
        self._bucket = bucket

    def current(self, article_id: str) -> Current:
        answer = self._dynamodb.get_item(
            TableName=self._table,
            Key=_typed(article_key(article_id)),
            ConsistentRead=True,
            ProjectionExpression="version, #status, digest, version_key",
            ExpressionAttributeNames={"#status": "status"},
        )
        item: Any = answer.get("Item")
        if item is None:
            return Current()
        return Current(int(item["version"]["N"]), item["status"]["S"], item["digest"]["S"], item["version_key"]["S"])

    def save(self, article: "Article", *, expected_version: int, at: dt.datetime) -> int:
        """Makes the article the version after the expected one, 0 where there must be none yet; returns it.

        Raises VersionConflict where the table is at another version, ArticleWithdrawn, and ArticleTooLarge where
        no reader could get it.
        """
        current = self._current_at(expected_version, article.id)
        if current.status == WITHDRAWN:
            raise ArticleWithdrawn(article.id)
        return self._replace(article, current, at)

    def save_if_changed(self, article: "Article", *, at: dt.datetime) -> Saved:
        """For importers, which may see the same article any number of times: writes only what differs.

        A replacement says when: `updated_at` is set where the article brings none. Raises ArticleWithdrawn.
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
        """Puts a tombstone in the article's place; `note` is public. Returns the tombstone's version.

        Raises ArticleNotFound, and VersionConflict where the table is at another version.
        """
        current = self._current_at(expected_version, article_id)
        if not current.version:
            raise ArticleNotFound(article_id)
        tombstone = {"id": article_id, "withdrawn_at": at.isoformat(timespec="seconds"), "note": note}
        attributes = {"status": WITHDRAWN, "digest": ""}
        return self._write(article_id, current, at, attributes, {"tombstone": tombstone}, compact_json(tombstone))

    def _current_at(self, expected_version: int, article_id: str) -> Current:
        current = self.current(article_id)
        if current.version != expected_version:
            raise VersionConflict(article_id, expected_version)
        return current

    def _replace(self, article: "Article", current: Current, at: dt.datetime) -> int:
        attributes = {"status": article.status, "language": article.language, "digest": digest(article)}
        content = {"article": article.model_dump(mode="json")}
        return self._write(article.id, current, at, attributes, content, public_document(article, current.version + 1))

    def _write(
        self,
        article_id: str,
        current: Current,
        at: dt.datetime,
        attributes: dict[str, str],
        content: dict[str, Any],
        document: bytes,
    ) -> int:
        version = current.version + 1
        record = {
            "id": article_id,
            "version": version,
            "previous": current.version_key or None,
            "recorded_at": at.isoformat(),
            "status": attributes["status"],
            **content,
        }
        version_key = self._put_object(f"articles/{article_id}/{version:06d}", ".json", compact_json(record))
        item = _typed(article_key(article_id) | attributes | {"version_key": version_key})
        item["version"] = {"N": str(version)}
        packed = compressed(document)
        if len(packed) <= _LARGEST_DOCUMENT_IN_ITEM:
            item["document"] = {"B": packed}
        else:
            document_key = self._put_object(f"documents/{article_id}/{version:06d}", ".json.zlib", packed)
            item["document_key"] = {"S": document_key}
        self._transact(article_id, item, current.version)
        return version

    def _put_object(self, stem: str, suffix: str, content: bytes) -> str:
        key = f"{stem}-{sha256(content).hexdigest()[:16]}{suffix}"
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)
        return key

    def _transact(self, article_id: str, item: dict[str, Any], expected_version: int) -> None:
        put: PutTypeDef = {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if expected_version:
            put["ConditionExpression"] = "version = :expected"
            put["ExpressionAttributeValues"] = {":expected": {"N": str(expected_version)}}
        try:
            self._dynamodb.transact_write_items(TransactItems=[{"Put": put}])
        except self._dynamodb.exceptions.TransactionCanceledException as error:
            reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
            if reasons & {"ConditionalCheckFailed", "TransactionConflict"}:
                raise VersionConflict(article_id, expected_version) from error
            raise


def _typed(attributes: dict[str, str]) -> dict[str, Any]:
    return {name: {"S": value} for name, value in attributes.items()}
