"""Pending edits: changes of published articles that no reader sees until they are published.

A published article has at most one. What it says is in S3, under a key of its own for each time that it was saved, for
ever. An item of the table says which of them counts. Readers, and all that the table's stream feeds, know nothing of
either: the item is of a kind that no effect has anything for, and takes no number of the changes.

A pending edit has no version. It is told apart by the version that it was made on, and by a digest of what was saved.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import typed
from content_api.content.article import Article
from content_api.content.document import compact_json
from content_api.content.values import AS_KEPT
from content_api.names.instants import printed
from content_api.names.keys import article_key, edit_key, edits_partition
from content_api.names.object_keys import edit_digest, edit_object_key
from content_store.errors import PendingEditConflict
from content_store.revisions import Write, at_version

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

# DynamoDB answers that a condition failed, or that another transaction was writing the item.
_OVERTAKEN = {"ConditionalCheckFailed", "TransactionConflict"}


@dataclass(frozen=True, slots=True)
class PendingEdit:
    """`base` is the version that the edit was made on. `previous` is the key of what was saved before it."""

    article: Article
    base: int
    by: str
    saved_at: str
    key: str
    previous: str | None = None

    @property
    def digest(self) -> str:
        return edit_digest(self.key)


class PendingEdits:
    def __init__(self, dynamodb: "DynamoDBClient", s3: "S3Client", *, table: str, bucket: str) -> None:
        self._dynamodb = dynamodb
        self._s3 = s3
        self._table = table
        self._bucket = bucket

    def of(self, article_id: str, language: str) -> PendingEdit | None:
        """The pending edit of an article. None if there is none."""
        key = typed(edit_key(language, article_id))
        item: Any = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return self.saved(item["object"]["S"]) if item else None

    def saved(self, key: str) -> PendingEdit:
        """What was saved under that key. Raises ClientError (NoSuchKey) if it is not there."""
        kept = json.loads(self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read())
        article = Article.model_validate(kept["article"], context=AS_KEPT)
        return PendingEdit(article, kept["base"], kept["by"], kept["saved_at"], key, kept["previous"])

    def save(self, article: Article, *, base: int, before: PendingEdit | None, by: str, at: dt.datetime) -> PendingEdit:
        """Saves the edit in the place of the one before; None if there is none yet. An edit that begins, or changes its
        base, needs the article at that version. Raises PendingEditConflict.
        """
        previous = before.key if before else None
        saved_at = printed(at)
        content = compact_json(
            {
                "id": article.id,
                "base": base,
                "by": by,
                "saved_at": saved_at,
                "previous": previous,
                "article": article.model_dump(mode="json"),
            }
        )
        key = edit_object_key(article.id, base, content)
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)
        made = PendingEdit(article, base, by, saved_at, key, previous)
        condition: dict[str, Any] = _still(before) if before else {"ConditionExpression": "attribute_not_exists(pk)"}
        actions: list[Any] = [{"Put": {"TableName": self._table, "Item": _item(made), **condition}}]
        if before is None or before.base != base:
            check = {"TableName": self._table, "Key": typed(article_key(article.id)), **at_version(base)}
            actions.append({"ConditionCheck": check})
        try:
            self._dynamodb.transact_write_items(TransactItems=actions)
        except self._dynamodb.exceptions.TransactionCanceledException as error:
            reasons: list[Any] = error.response.get("CancellationReasons", [])
            if any(each.get("Code") in _OVERTAKEN for each in reasons):
                raise PendingEditConflict(article.id) from error
            raise
        return made

    def discard(self, edit: PendingEdit) -> None:
        """The article has no pending edit any more. What was saved stays in S3. Raises PendingEditConflict."""
        key = typed(edit_key(edit.article.language, edit.article.id))
        try:
            self._dynamodb.delete_item(TableName=self._table, Key=key, **_still(edit))
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            raise PendingEditConflict(edit.article.id) from error

    def listed(self, language: str, *, after: str = "", limit: int = 50) -> list[dict[str, Any]]:
        """The pending edits of a language, sorted by id: `id`, `headline`, `on_version`, `by` and `saved_at`."""
        answer: Any = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk > :after",
            ExpressionAttributeValues={":pk": {"S": edits_partition(language)}, ":after": {"S": after or " "}},
            ConsistentRead=True,
            Limit=limit,
        )
        return [json.loads(item["entry"]["S"]) for item in answer["Items"]]


def closing(edit: PendingEdit) -> Write:
    """The write that ends a pending edit, in the transaction that publishes it: it is refused if the edit was saved
    again meanwhile.
    """
    return Write("Delete", typed(edit_key(edit.article.language, edit.article.id)), _still(edit), "edit")


def _item(edit: PendingEdit) -> dict[str, Any]:
    entry = {
        "id": edit.article.id,
        "headline": edit.article.headline,
        "on_version": edit.base,
        "by": edit.by,
        "saved_at": edit.saved_at,
    }
    key = edit_key(edit.article.language, edit.article.id)
    return typed(key | {"object": edit.key, "entry": compact_json(entry).decode()})


def _still(edit: PendingEdit) -> dict[str, Any]:
    """The condition (of DynamoDB's writes) that this edit is the one that counts."""
    return {
        "ConditionExpression": "#object = :object",
        "ExpressionAttributeNames": {"#object": "object"},
        "ExpressionAttributeValues": {":object": {"S": edit.key}},
    }
