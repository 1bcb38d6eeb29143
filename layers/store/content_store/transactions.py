"""Sends a revision to DynamoDB in one transaction, and says why it was refused.

The same transaction takes the number of the change. So changes appear in the order of their numbers and without a gap,
and a follower who has read up to a number has missed nothing. Writers of one language therefore take turns.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from content_api.aws.attributes import pair_of, typed
from content_api.names.keys import last_change_key, list_partition
from content_api.names.parsing import key_of
from content_store.errors import AddressTaken, PendingEditConflict, StoreBusy, VersionConflict
from content_store.revisions import number_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from content_api.aws.attributes import Item
    from content_store.revisions import Revision, Write

# A turn takes some 20 ms.
_TURNS = 30
_LONGEST_WAIT = 0.5  # seconds


class Transactions:
    def __init__(self, dynamodb: "DynamoDBClient", *, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def commit(self, revision: "Revision") -> None:
        """Makes all writes of the revision, or none. Raises VersionConflict, AddressTaken, and StoreBusy if another
        writer was first at every attempt.
        """
        turns = Retrying(
            retry=retry_if_exception_type(_OthersTurn),
            stop=stop_after_attempt(_TURNS),
            wait=wait_random_exponential(multiplier=0.01, max=_LONGEST_WAIT),
            reraise=True,
        )
        try:
            turns(self._take_turn, revision)
        except _OthersTurn as error:
            raise StoreBusy(revision.article_id) from error

    def last_number(self, language: str) -> int:
        """The number of the last change of a language; 0 if there is none yet."""
        key = typed(last_change_key(language))
        last = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        return int(last.get("number", {}).get("N", "0"))

    def raise_number(self, language: str, number: int) -> None:
        """Makes the changes of a language go on from above `number`, if fewer have been counted. A table that was
        restored from a backup has forgotten some numbers. Followers have read past those, and would miss changes that
        get them again. Callers pass the seconds since 1970, which are more than all changes that were ever counted.
        """
        condition: Any = {
            "ConditionExpression": "attribute_not_exists(pk) OR #number < :number",
            "ExpressionAttributeNames": {"#number": "number"},
            "ExpressionAttributeValues": {":number": {"N": str(number)}},
        }
        with suppress(self._dynamodb.exceptions.ConditionalCheckFailedException):
            self._dynamodb.put_item(TableName=self._table, Item=number_item(language, number), **condition)

    def _newest_listed(self, language: str, name: str) -> "list[Item]":
        """The two newest items of a facet's list. If the list has another article, at least one of the two is of
        another article.
        """
        answer: Any = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": list_partition(language, name)}},
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=2,
        )
        return answer["Items"]

    def _take_turn(self, revision: "Revision") -> None:
        writes = [*revision.writes]
        if revision.change:
            # The number is read first. Nobody can change a list after that without taking the next number, and then
            # this transaction fails.
            language = revision.change.language
            writes += revision.change.writes(self.last_number(language))
            writes += [revision.leaving(each, self._newest_listed(language, each)) for each in revision.left]
        try:
            self._dynamodb.transact_write_items(TransactItems=[self._action(each) for each in writes])
        except self._dynamodb.exceptions.TransactionCanceledException as error:
            reasons: list[Any] = error.response.get("CancellationReasons", [])
            refusal = _refusal(revision, writes, reasons)
            if refusal is None:
                raise
            raise refusal from error

    def _action(self, write: "Write") -> "TransactWriteItemTypeDef":
        named = "Item" if write.action == "Put" else "Key"
        action: Any = {write.action: {"TableName": self._table, named: write.what, **write.condition}}
        return action


class _OthersTurn(Exception):
    """Another writer has taken the number, or is writing one of the items at the moment."""


def _refusal(revision: "Revision", writes: "Sequence[Write]", reasons: list[Any]) -> Exception | None:
    """The error that DynamoDB's reasons (one for each write) mean. None if no condition of ours failed and nobody else
    was writing.
    """
    failed = [
        (write, reason)
        for write, reason in zip(writes, reasons, strict=False)
        if reason.get("Code") == "ConditionalCheckFailed"
    ]
    guarded = {write.guards for write, _ in failed}
    if "version" in guarded:
        return VersionConflict(revision.article_id, revision.expected_version)
    if "edit" in guarded:
        return PendingEditConflict(revision.article_id)
    for write, reason in failed:
        if write.guards == "address":
            holder = reason.get("Item", {}).get("id", {}).get("S", "")
            return AddressTaken(revision.article_id, write.address, holder)
        if write.guards == "holder":
            return AddressTaken(revision.article_id, write.address, key_of(*pair_of(write.what)).article_id)
    if failed or any(reason.get("Code") == "TransactionConflict" for reason in reasons):
        return _OthersTurn()
    return None
