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
from content_api.content.article import Article, Picture, Recording, Video
from content_api.content.picturing import with_pictures
from content_api.content.recordings import with_recordings
from content_api.names.instants import printed
from content_api.names.keys import media_key
from content_api.names.media import CAPTIONS_TYPE, RECORDED_FILES
from content_store.errors import MediaNotThere

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

type Kind = Literal["picture", "audio", "video", "captions"]
type State = Literal["awaiting_upload", "processing", "ready", "rejected"]

_KNOWN = ("width", "height", "placeholder")  # what an upload says of a picture, and an article needs
_NAMED: dict[Kind, str] = {"picture": "picture", "audio": "sound", "video": "video", "captions": "file of captions"}
_A: dict[Kind, str] = {kind: f"a {name}" for kind, name in _NAMED.items()}
_BELONGS: dict[Kind, str] = {
    "picture": "name it in lead_image, images, a block of type image, or a poster",
    "audio": "name it in a block of type audio",
    "video": "name it in a block of type video",
    "captions": "name it in captions of a recording",
}
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
        """The article, with what is known of each uploaded picture and recording that it names. Raises MediaNotThere if
        one was never uploaded, is not ready, or is something else.
        """
        wrong: list[dict[str, str]] = []
        found: dict[str, Medium | None] = {}

        def known(field: str, media_id: str, wanted: Kind) -> dict[str, Any] | None:
            """What is known of the upload. None if it cannot be named here: then `wrong` says why."""
            if media_id not in found:
                found[media_id] = self.find(media_id)
            medium = found[media_id]
            detail = _unfit(medium, wanted)
            if detail or medium is None:
                wrong.append({"field": f"{field}.media", "detail": detail})
                return None
            return medium.about

        def complete(field: str, picture: Picture) -> Picture:
            about = known(field, picture.media, "picture") if picture.media else None
            return picture.model_copy(update={name: about[name] for name in _KNOWN}) if about else picture

        def complete_recording(field: str, recording: Recording) -> Recording:
            for at, each in enumerate(recording.captions):
                known(f"{field}.captions.{at}", each.media, "captions")
            about = (
                known(field, recording.media, "video" if isinstance(recording, Video) else "audio")
                if recording.media
                else None
            )
            if about is None:
                return recording
            members = {"media_type": about["media_type"], "bytes": about["files"][0]["bytes"]}
            if isinstance(recording, Video):
                members |= {"width": about["width"], "height": about["height"]}
            return recording.model_copy(update=members | {"duration_seconds": about["duration_seconds"]})

        made = with_recordings(with_pictures(article, complete), complete_recording)
        if wrong:
            raise MediaNotThere(article.id, wrong)
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


def _kind_of(about: dict[str, Any]) -> Kind:
    media_type: str = about.get("media_type", "image/jpeg")
    if media_type == CAPTIONS_TYPE:
        return "captions"
    if media_type in RECORDED_FILES:
        return "video" if media_type.startswith("video/") else "audio"
    return "picture"


def _unfit(medium: Medium | None, wanted: Kind) -> str:
    """Why this upload cannot be named where `wanted` is expected. Empty if it can be."""
    if medium is None:
        return f"is no {_NAMED[wanted]} that was uploaded: content-api upload FILE uploads one, and prints its id"
    if medium.state != "ready":
        return f"is a file that is not ready ({medium.state}): GET /v1/editorial/media/{{id}} says more"
    kind = _kind_of(medium.about)
    if kind != wanted:
        return f"is {_A[kind]}, and {_A[wanted]} belongs here: {_BELONGS[kind]}"
    return ""


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
