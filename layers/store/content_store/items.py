"""Reads single items of the table, consistently, for the checks of `verify`."""

from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import Item, typed_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class Items:
    def __init__(self, dynamodb: "DynamoDBClient", *, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def at(self, pair: tuple[str, str]) -> Item | None:
        """The item under a partition and a sort key."""
        found: Any = self._dynamodb.get_item(TableName=self._table, Key=typed_key(pair), ConsistentRead=True)
        return found.get("Item")

    def newest(self, partition: str, limit: int) -> list[Item]:
        """The items of a partition, the highest sort key first."""
        found: Any = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=limit,
        )
        return found["Items"]

    def commit(self, actions: list[tuple[str, dict[str, Any]]]) -> bool:
        """Writes all actions in one transaction (DynamoDB's TransactWriteItems); each is a name and its members. False,
        and nothing written, if a condition does not hold.
        """
        named: Any = [{name: {"TableName": self._table, **members}} for name, members in actions]
        try:
            self._dynamodb.transact_write_items(TransactItems=named)
        except self._dynamodb.exceptions.TransactionCanceledException:
            return False
        return True
