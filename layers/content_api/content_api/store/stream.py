"""What a record of the table's stream says: pure, and the same however often and in whatever order it comes.

A record is as Lambda has it (DynamoDB Streams API, "Record"): typed attributes, binary ones in base64.
"""

import base64
import json
import zlib
from dataclasses import dataclass
from typing import Any

from content_api.aws.attributes import pair_of
from content_api.names.cache_tags import CATALOGUE_TAGS, article_tag, changes_tag, front_tag, list_tag
from content_api.names.parsing import Key, key_of
from content_api.store.article_copies import Copy, nothing_for_readers
from content_api.store.current import NEVER_PUBLIC

type Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the change feed, as readers get it."""

    language: str
    number: int
    entry: dict[str, Any]


def tags_of(record: Record) -> frozenset[str]:  # noqa: PLR0911 - one for each kind
    """The cache tags of all answers that the write may have changed; none where only editors see it."""
    key, images = written_key(record), [record["dynamodb"].get(name) for name in ("OldImage", "NewImage")]
    match key.kind:
        case "ARTICLE":
            seen = any(image and not _is_unseen(image) for image in images)
            return frozenset({article_tag(key.article_id)}) if seen else frozenset()
        case "URL":
            return frozenset(article_tag(image["id"]["S"]) for image in images if image)
        case "LIST":
            return frozenset({list_tag(key.language, key.facet)})
        case "CHANGE":
            # What DynamoDB deletes is older than any cursor.
            return frozenset({changes_tag(key.language)}) if record["eventName"] != "REMOVE" else frozenset()
        case "FRONT":
            return frozenset({front_tag(key.language)})
        case "SECTIONS" | "NEWSLETTERS":
            return frozenset({CATALOGUE_TAGS[key.kind]})
        case _:
            return frozenset()


def copy_of(record: Record) -> Copy | None:
    """What is to be kept beside the table; None for what no reader was ever given. A draft that was withdrawn before
    leaves an empty copy in its tombstone's place.
    """
    image: Record | None = record["dynamodb"].get("NewImage")
    key = written_key(record)
    if key.kind != "ARTICLE" or image is None:
        return None
    if _is_unseen(image):
        before: Record | None = record["dynamodb"].get("OldImage")
        if before is None or _is_unseen(before):
            return None
        return nothing_for_readers(key.article_id, int(image["version"]["N"]), image["language"]["S"])
    return Copy(
        key.article_id,
        int(image["version"]["N"]),
        image["status"]["S"],
        image["language"]["S"],
        image["modified"]["S"] if "modified" in image else "",
        zlib.decompress(base64.b64decode(image["document"]["B"])) if "document" in image else None,
        image["document_key"]["S"] if "document_key" in image else "",
    )


def front_changed_by(record: Record) -> str | None:
    """The language whose front the write may have changed: by what editors chose, or by any article that is listed."""
    key = written_key(record)
    return key.language if key.is_on_front else None


def change_of(record: Record) -> Change | None:
    image: Record | None = record["dynamodb"].get("NewImage")
    key = written_key(record)
    if key.kind != "CHANGE" or key.number is None or image is None:
        return None
    return Change(key.language, key.number, json.loads(image["entry"]["S"]))


def feed_list_of(record: Record) -> tuple[str, str] | None:
    """Language and facet of the list that the write changed, where that list is a feed too."""
    key = written_key(record)
    return (key.language, key.facet) if key.is_feed else None


def _is_unseen(image: Record) -> bool:
    """Whether readers are given nothing of the article, nor told that it was there."""
    return image["status"]["S"] == "draft" or NEVER_PUBLIC in image


def written_key(record: Record) -> Key:
    """What the item that was written is of."""
    return key_of(*pair_of(record["dynamodb"]["Keys"]))
