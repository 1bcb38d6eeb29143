"""What the table says of each picture: one item, whose id is the SHA-256 of the file, so that a file is one picture.

    awaiting_upload → processing → ready
                          ↓  ↑
                        rejected

What is ready stays so: its bytes are those that its id says. What was rejected may be uploaded again: a later release
may read it.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from content_api.aws.attributes import Item, typed
from content_api.names.instants import printed
from content_api.names.keys import media_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

type State = Literal["awaiting_upload", "processing", "ready", "rejected"]

# What nobody uploads is forgotten: the address for it ends within minutes.
_FORGOTTEN_AFTER = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Medium:
    """`about` is what is known of a picture that is ready: its media type and size, its placeholder, its files. Of one
    that was rejected, `reason` and `hint` say why, and what to do.
    """

    id: str
    state: State
    file_name: str
    created_at: str
    by: str
    about: dict[str, Any]
    reason: str = ""
    hint: str = ""


class MediaRecords:
    """Each write may come again, in any order, and the same is true afterwards."""

    def __init__(self, dynamodb: "DynamoDBClient", *, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def find(self, media_id: str) -> Medium | None:
        found = self._dynamodb.get_item(TableName=self._table, Key=typed(media_key(media_id)), ConsistentRead=True)
        return _medium(media_id, found["Item"]) if "Item" in found else None

    def announce(self, media_id: str, file_name: str, *, by: str, at: dt.datetime) -> bool:
        """Somebody is about to upload it. False where it is known already, which is left as it is."""
        item: Item = typed(
            media_key(media_id)
            | {"state": "awaiting_upload", "file_name": file_name, "created_at": printed(at), "by": by}
        )
        item["expires"] = {"N": str(int((at + _FORGOTTEN_AFTER).timestamp()))}
        try:
            self._dynamodb.put_item(TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)")
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def begin(self, media_id: str, *, at: dt.datetime) -> bool:
        """Its file is there, and is being read. False where that was done before."""
        return self._become(media_id, "processing", {}, at=at)

    def finish(self, media_id: str, about: dict[str, Any], *, at: dt.datetime) -> None:
        self._become(media_id, "ready", {"about": json.dumps(about, separators=(",", ":"))}, at=at)

    def reject(self, media_id: str, reason: str, hint: str, *, at: dt.datetime) -> None:
        self._become(media_id, "rejected", {"reason": reason, "hint": hint}, at=at)

    def _become(self, media_id: str, state: State, texts: dict[str, str], *, at: dt.datetime) -> bool:
        """Also where there is no item: a file may have come without being announced. False where it is ready."""
        names = {f"#{name}": name for name in ("state", "file_name", "created_at", "by", "expires", *texts)}
        values = typed({":state": state, ":ready": "ready", ":none": "", ":at": printed(at)})
        values |= typed({f":{name}": text for name, text in texts.items()})
        stated = [
            "#state = :state",
            *(f"#{each} = if_not_exists(#{each}, :none)" for each in ("file_name", "by")),
            "#created_at = if_not_exists(#created_at, :at)",
            *(f"#{name} = :{name}" for name in texts),
        ]
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=typed(media_key(media_id)),
                UpdateExpression=f"SET {', '.join(stated)} REMOVE #expires",
                ConditionExpression="attribute_not_exists(#state) OR #state <> :ready",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _medium(media_id: str, item: Any) -> Medium:  # noqa: ANN401 - typed attributes
    texts: dict[str, str] = {name: value["S"] for name, value in item.items() if "S" in value}
    state: Any = texts["state"]
    is_rejected = state == "rejected"
    return Medium(
        media_id,
        state,
        texts["file_name"],
        texts["created_at"],
        texts["by"],
        json.loads(texts.get("about", "{}")),
        texts.get("reason", "") if is_rejected else "",
        texts.get("hint", "") if is_rejected else "",
    )
