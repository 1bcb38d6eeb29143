"""Who makes which file of a picture. A maker has an item in the table, so that nobody else makes the same meanwhile."""

import datetime as dt
from typing import TYPE_CHECKING

from content_api.aws.attributes import Item, typed
from content_api.names.keys import making_key
from content_api.names.media import Rendition

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

# Longer than the function may take that makes files (template.yaml, MediaFunction). After that its process has ended.
_LONGEST = dt.timedelta(seconds=30)
# The item of a maker that ended early is forgotten after this.
_FORGOTTEN_AFTER = dt.timedelta(days=1)


class Makers:
    """The formats of one width of one crop are made together, and so have one maker."""

    def __init__(self, dynamodb: "DynamoDBClient", *, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def begin(self, media_id: str, rendition: Rendition, *, at: dt.datetime) -> bool:
        """Whether the caller is the maker now. False if there is another, who began within the last 30 seconds."""
        item: Item = typed(making_key(media_id, rendition.crop.name, rendition.width))
        item["until"] = {"N": str((at + _LONGEST).timestamp())}
        item["expires"] = {"N": str(int((at + _FORGOTTEN_AFTER).timestamp()))}
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression="attribute_not_exists(pk) OR #until < :now",
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues={":now": {"N": str(at.timestamp())}},
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def end(self, media_id: str, rendition: Rendition) -> None:
        key = typed(making_key(media_id, rendition.crop.name, rendition.width))
        self._dynamodb.delete_item(TableName=self._table, Key=key)
