"""What a record of the table's stream says: pure, and the same however often and in whatever order it comes.

A record is as Lambda has it (DynamoDB Streams API, "Record"): typed attributes, binary ones in base64.
"""

import base64
import json
import zlib
from dataclasses import dataclass
from typing import Any

from content_api.aws.attributes import pair_of
from content_api.names.cache_tags import article_tag, front_tag, list_tag
from content_api.names.keys import ALL, ARTICLE, BREAKING
from content_api.names.parsing import Key, key_of
from content_api.store.article_copies import Copy, nothing_for_readers
from content_api.store.current import NEVER_PUBLIC
from content_api.store.differences import KEPT
from content_api.store.placement import placement_in

type Record = dict[str, Any]
# Typed attributes; binary ones are bytes where the table was read, base64 in a record.
type Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the change feed, as readers get it."""

    language: str
    number: int
    entry: dict[str, Any]


def purged_by(record: Record) -> frozenset[str]:
    """The cache tags of answers that the edge must forget for the write, since they would be wrong for minutes.

    A purge costs money, so that nothing is purged that ends by itself within 30 seconds (lists, fronts, changes), nor
    a 404 of what is new, nor an article that has a new sibling, which ends within 300: what was corrected, and what
    editors put on a front or call breaking news. A withdrawal has a way of its own: `withdrawn_by`.
    """
    key, is_change = written_key(record), record["eventName"] == "MODIFY"
    before, after = _images(record)
    match key.kind:
        case "ARTICLE":
            is_shown = before is not None and after is not None and is_published(before) and is_published(after)
            is_corrected = is_shown and says_something_new(record)
            return frozenset({article_tag(key.article_id)}) if is_corrected else frozenset()
        case "URL":
            led_to = before["id"]["S"] if before else ""
            is_moved = led_to and (after is None or after["id"]["S"] != led_to)
            return frozenset({article_tag(led_to)}) if is_moved else frozenset()
        case "LIST":
            # A card that was only corrected stands where it stood.
            is_told = key.facet == BREAKING and not is_change
            return frozenset({list_tag(key.language, BREAKING)}) if is_told else frozenset()
        case "FRONT":
            return frozenset({front_tag(key.language)})
        case _:
            return frozenset()


def withdrawn_by(record: Record) -> frozenset[str]:
    """The cache tags of every answer that the article stood in, where the write takes it from readers; else none.

    Fronts of other languages that show it state the tag of its own language's list, too.
    """
    key, (before, after) = written_key(record), _images(record)
    if key.kind != "ARTICLE" or before is None or not is_published(before) or (after and is_published(after)):
        return frozenset()
    placed = placement_in(before)
    tags = {article_tag(key.article_id), front_tag(before["language"]["S"])}
    if placed:
        facets = [ALL, *placed.facets, *([BREAKING] if placed.breaking_position else [])]
        tags |= {list_tag(placed.language, facet) for facet in facets}
    return frozenset(tags)


def tombstone_of(record: Record) -> Copy | None:
    """What stands beside the table in the place of what a write takes from readers."""
    _, after = _images(record)
    if after is None:
        return None
    return copy_of(written_key(record).article_id, after) or nothing_for_readers(
        written_key(record).article_id, int(after["version"]["N"]), after["language"]["S"]
    )


def copy_of(article_id: str, item: Item) -> Copy | None:
    """What is to be kept beside the table of an article's item; None for what readers are given nothing of."""
    if _is_unseen(item):
        return None
    packed = item["document"]["B"] if "document" in item else None
    return Copy(
        article_id,
        int(item["version"]["N"]),
        item["status"]["S"],
        item["language"]["S"],
        item["modified"]["S"] if "modified" in item else "",
        None if packed is None else zlib.decompress(base64.b64decode(packed) if isinstance(packed, str) else packed),
        item["document_key"]["S"] if "document_key" in item else "",
    )


def article_changed_by(record: Record) -> str | None:
    """The id of the article whose copy the write may have made old."""
    key = written_key(record)
    return key.article_id if key.kind == ARTICLE and says_something_new(record) else None


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


def is_published(image: Item) -> bool:
    return image["status"]["S"] == "published"


def says_something_new(record: Record) -> bool:
    """Whether the write of an article's item changes more than what stands beside its version: its siblings, the files
    that it came in.
    """
    before, after = _images(record)
    if before is None or after is None:
        return True
    return any(before.get(name) != after.get(name) for name in (before.keys() | after.keys()) - {*KEPT})


def _images(record: Record) -> tuple[Item | None, Item | None]:
    """The item before the write and after it."""
    return record["dynamodb"].get("OldImage"), record["dynamodb"].get("NewImage")


def _is_unseen(image: Item) -> bool:
    """Whether readers are given nothing of the article, nor told that it was there."""
    return image["status"]["S"] == "draft" or NEVER_PUBLIC in image


def written_key(record: Record) -> Key:
    """What the item that was written is of."""
    return key_of(*pair_of(record["dynamodb"]["Keys"]))


def written(record: Record) -> str:
    """The article or the list that was written, for a log. Raises AttributeError, LookupError, TypeError or ValueError
    for a record that cannot be read.
    """
    key = written_key(record)
    return f"{key.kind} {key.article_id or key.language}"


def named(record: Record) -> str:
    """What a log calls the record: what was written, and the id of the event."""
    try:
        return f"{written(record)} ({record['eventID']})"
    except (AttributeError, LookupError, TypeError, ValueError):
        return str(record.get("eventID"))  # what nobody can read has no other name
