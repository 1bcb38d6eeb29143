"""The choice of editors for the front of each language. It is one item, which is always replaced whole."""

from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import Item, typed
from content_api.content.front import Front
from content_api.names.keys import front_key
from content_store.errors import VersionConflict
from content_store.revisions import at_version

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class FrontChoices:
    def __init__(self, dynamodb: "DynamoDBClient", *, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def chosen(self, language: str) -> tuple[int, Front | None]:
        """The editors' choice and its version; 0 and None if they have made none."""
        key = typed(front_key(language))
        item: Any = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        if item is None:
            return 0, None
        return int(item["version"]["N"]), Front.model_validate_json(item["front"]["S"])

    def choose(self, front: Front, *, expected_version: int, by: Item | None = None) -> int:
        """Replaces the choice if it is at the expected version, 0 for none yet. `by` says who did it, as `done_by` has
        it. Returns the new version. Raises VersionConflict.
        """
        item = typed(front_key(front.language) | {"front": front.model_dump_json()}) | (by or {})
        item["version"] = {"N": str(expected_version + 1)}
        try:
            self._dynamodb.put_item(TableName=self._table, Item=item, **at_version(expected_version))
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            raise VersionConflict(f"the front of {front.language}", expected_version) from error
        return expected_version + 1
