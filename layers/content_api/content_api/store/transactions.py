"""Handing a revision to DynamoDB in one transaction, and saying why it was refused.

The number of a change is taken in the same transaction, so changes appear in the order of their numbers and without a
gap: who has read up to one has missed nothing, whoever writes. Writers of one language therefore take turns.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from content_api.aws.attributes import pair_of, typed
from content_api.names.keys import last_change_key, list_partition
from content_api.names.parsing import key_of
from content_api.store.errors import AddressTaken, StoreBusy, VersionConflict
from content_api.store.revisions import number_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from content_api.aws.attributes import Item
    from content_api.store.revisions import Revision, Write

# A turn at the number is some 20 ms.
_TURNS = 30
_LONGEST_WAIT = 0.5  # seconds


class Transactions:
    def __init__(self, dynamodb: "DynamoDBClient", *, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def commit(self, revision: "Revision") -> None:
        """All of its writes, or none. Raises VersionConflict, AddressTaken, and StoreBusy where others were always
        first.
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
        """Of the changes of a language, 0 for none yet."""
        key = typed(last_change_key(language))
        last = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        return int(last.get("number", {}).get("N", "0"))

    def raise_number(self, language: str, number: int) -> None:
        """Goes on counting a language's changes above that number, where fewer have been counted: a table that was
        restored has forgotten some, and whoever has read those would not be told of what comes under their numbers.
        Seconds since 1970 are above all that were ever counted.
        """
        condition: Any = {
            "ConditionExpression": "attribute_not_exists(pk) OR #number < :number",
            "ExpressionAttributeNames": {"#number": "number"},
            "ExpressionAttributeValues": {":number": {"N": str(number)}},
        }
        with suppress(self._dynamodb.exceptions.ConditionalCheckFailedException):
            self._dynamodb.put_item(TableName=self._table, Item=number_item(language, number), **condition)

    def _newest_listed(self, language: str, name: str) -> "list[Item]":
        """Two of the list of a facet: one of them is another article's, where there is one."""
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
            # The number is read first: what is looked at after it holds as long as nobody takes the next.
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
    """Another writer has taken the number, or is at one of the items just now."""


def _refusal(revision: "Revision", writes: "Sequence[Write]", reasons: list[Any]) -> Exception | None:
    """What DynamoDB's reasons, one for each write, come to; None where they are none of ours."""
    failed = [
        (write, reason)
        for write, reason in zip(writes, reasons, strict=False)
        if reason.get("Code") == "ConditionalCheckFailed"
    ]
    guarded = {write.guards for write, _ in failed}
    if "version" in guarded:
        return VersionConflict(revision.article_id, revision.expected_version)
    for write, reason in failed:
        if write.guards == "address":
            holder = reason.get("Item", {}).get("id", {}).get("S", "")
            return AddressTaken(revision.article_id, write.address, holder)
        if write.guards == "holder":
            return AddressTaken(revision.article_id, write.address, key_of(*pair_of(write.what)).article_id)
    if failed or any(reason.get("Code") == "TransactionConflict" for reason in reasons):
        return _OthersTurn()
    return None
