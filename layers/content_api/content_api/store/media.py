"""The item of each picture in the table. Its id is the SHA-256 of the file, so the same file is always the same
picture.

    awaiting_upload → processing → ready
                          ↓  ↑
                        rejected

A picture that is ready stays so, since the id says which bytes it has. If one of its files is lost, it is read again
all the same. A rejected one may be uploaded again: a later release may be able to read it.
"""

import datetime as dt
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from content_api.aws.attributes import Item, typed
from content_api.content.article import Article, Picture
from content_api.content.picturing import with_pictures
from content_api.names.instants import printed
from content_api.names.keys import media_key
from content_api.store.errors import PicturesNotThere

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

type State = Literal["awaiting_upload", "processing", "ready", "rejected"]

_KNOWN = ("width", "height", "placeholder")  # what an upload says of a picture, and an article needs
# An item whose picture nobody uploads expires. The address for the upload is valid for minutes only.
_FORGOTTEN_AFTER = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Medium:
    """`about` is what is known of a picture that is ready: its media type, its size, its placeholder and its files. Of
    a rejected one, `reason` says why, and `hint` says what to do.
    """

    id: str
    state: State
    file_name: str
    created_at: str
    by: str
    about: dict[str, Any]
    reason: str = ""
    hint: str = ""

    @property
    def files(self) -> dict[str, int]:
        """The sizes of its files in bytes, by their names (`names.media`). Raises KeyError, TypeError or ValueError if
        the item is damaged.
        """
        return {str(each["name"]): int(each["bytes"]) for each in self.about["files"]}


class MediaRecords:
    """Every method may be called again, in any order: the item ends the same."""

    def __init__(self, dynamodb: "DynamoDBClient", *, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def find(self, media_id: str) -> Medium | None:
        """The picture, None if the table does not have it. Raises KeyError, TypeError or ValueError if its item is
        damaged.
        """
        found = self._dynamodb.get_item(TableName=self._table, Key=typed(media_key(media_id)), ConsistentRead=True)
        return _medium(media_id, found["Item"]) if "Item" in found else None

    def is_known(self, media_id: str) -> bool:
        """Whether the table has an item of the picture, damaged or not."""
        found = self._dynamodb.get_item(
            TableName=self._table, Key=typed(media_key(media_id)), ConsistentRead=True, ProjectionExpression="pk"
        )
        return "Item" in found

    def start_over(self, media_id: str, file_name: str = "", by: str = "", *, at: dt.datetime) -> None:
        """Puts an item that can be read in the place of a damaged one. What is still readable of the announcement is
        kept; `file_name`, `by` and `at` stand in for what is not.
        """
        key = typed(media_key(media_id))
        there: Any = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        texts = {"file_name": file_name, "by": by, "created_at": printed(at)}
        kept = {name: str(there.get(name, {}).get("S") or text) for name, text in texts.items()}
        self._dynamodb.put_item(TableName=self._table, Item=key | typed(kept | {"state": "processing"}))

    def completed(self, article: Article) -> Article:
        """The article, with the size and the placeholder of each uploaded picture that it names. Raises
        PicturesNotThere if one was never uploaded, or is not ready.
        """
        wrong: list[dict[str, str]] = []
        known: dict[str, dict[str, Any]] = {}

        def complete(field: str, picture: Picture) -> Picture:
            if picture.media is None:
                return picture
            if picture.media not in known:
                found = self.find(picture.media)
                if found is None or found.state != "ready":
                    wrong.append({"field": f"{field}.media", "detail": _not_there(found.state if found else "")})
                    return picture
                known[picture.media] = {name: found.about[name] for name in _KNOWN}
            return picture.model_copy(update=known[picture.media])

        made = with_pictures(article, complete)
        if wrong:
            raise PicturesNotThere(article.id, wrong)
        return made

    def announce(self, media_id: str, file_name: str, *, by: str, at: dt.datetime) -> bool:
        """Notes that somebody is about to upload a picture. False if the picture is known already: its item is left as
        it is, but that it expires later if nobody has uploaded the picture yet.
        """
        expires = {"N": str(int((at + _FORGOTTEN_AFTER).timestamp()))}
        texts = {"state": "awaiting_upload", "file_name": file_name, "created_at": printed(at), "by": by}
        item: Item = typed(media_key(media_id) | texts) | {"expires": expires}
        try:
            self._dynamodb.put_item(TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)")
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            self._expire_later(media_id, expires)
            return False
        return True

    def _expire_later(self, media_id: str, expires: Any) -> None:  # noqa: ANN401 - a typed attribute
        with suppress(self._dynamodb.exceptions.ConditionalCheckFailedException):
            self._dynamodb.update_item(
                TableName=self._table,
                Key=typed(media_key(media_id)),
                UpdateExpression="SET expires = :expires",
                ConditionExpression="expires < :expires",  # it has one only until the picture is uploaded
                ExpressionAttributeValues={":expires": expires},
            )

    def begin(self, media_id: str, *, at: dt.datetime) -> None:
        """Notes that the file is there and is being read. What is ready stays so meanwhile."""
        self._become(media_id, "processing", {}, at=at)

    def finish(self, media_id: str, about: dict[str, Any], *, at: dt.datetime) -> None:
        """Notes which files there are, also of a picture that was ready before and has been read again."""
        self._become(media_id, "ready", {"about": json.dumps(about, separators=(",", ":"))}, at=at)

    def reject(self, media_id: str, reason: str, hint: str, *, at: dt.datetime) -> None:
        self._become(media_id, "rejected", {"reason": reason, "hint": hint}, at=at)

    def _become(self, media_id: str, state: State, texts: dict[str, str], *, at: dt.datetime) -> None:
        """Sets the state, unless the picture is ready and would not be. Creates the item if there is none, since a file
        may come without being announced.
        """
        names = {f"#{name}": name for name in ("state", "file_name", "created_at", "by", "expires", *texts)}
        values = typed({":state": state, ":none": "", ":at": printed(at)})
        values |= typed({f":{name}": text for name, text in texts.items()})
        stated = [
            "#state = :state",
            *(f"#{each} = if_not_exists(#{each}, :none)" for each in ("file_name", "by")),
            "#created_at = if_not_exists(#created_at, :at)",
            *(f"#{name} = :{name}" for name in texts),
        ]
        unless_ready: Any = {"ConditionExpression": "attribute_not_exists(#state) OR #state <> :ready"}
        if state == "ready":
            unless_ready = {}
        else:
            values |= typed({":ready": "ready"})
        with suppress(self._dynamodb.exceptions.ConditionalCheckFailedException):
            self._dynamodb.update_item(
                TableName=self._table,
                Key=typed(media_key(media_id)),
                UpdateExpression=f"SET {', '.join(stated)} REMOVE #expires",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
                **unless_ready,
            )


def _not_there(state: str) -> str:
    if not state:
        return "is no picture that was uploaded: content-api upload FILE uploads one, and prints its id"
    return f"is a picture that is not ready ({state}): GET /v1/editorial/media/{{id}} says more"


def _medium(media_id: str, item: Any) -> Medium:  # noqa: ANN401 - typed attributes
    texts: dict[str, str] = {name: value["S"] for name, value in item.items() if "S" in value}
    state: Any = texts["state"]
    if state not in get_args(State.__value__):
        raise ValueError(state)
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
