"""Reads records of the table's stream: which copies, cache tags, changes and fronts a write concerns.

Each answer depends on one record alone, since records may come twice and in any order. A record has the form in which
Lambda gives it (DynamoDB Streams API, "Record"): typed attributes, binary ones in base64.
"""

import base64
import json
import zlib
from dataclasses import dataclass
from typing import Any

from content_api.aws.attributes import pair_of
from content_api.names import keys
from content_api.names.cache_tags import article_tag, front_tag, list_tag, live_tag, media_tag, posts_tag, subject_tag
from content_api.names.media import RECORDED_FILES
from content_api.names.mirror_paths import day_of
from content_api.names.mirror_paths import shelf_of as shelf_of_mirror
from content_api.names.object_keys import shard_of
from content_api.names.parsing import Key, key_of
from content_api.names.subjects import kind_in
from content_store.article_copies import Copy, nothing_for_readers
from content_store.current import NEVER_PUBLIC
from content_store.desk_cards import DESK_CARD
from content_store.differences import KEPT
from content_store.placement import placement_in
from content_store.uses import files_in

type Record = dict[str, Any]
# Typed attributes. Binary ones are bytes in an item that was read from the table, and base64 in a record.
type Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the change feed. `number` is its place in the feed of its language."""

    language: str
    number: int
    entry: dict[str, Any]


def purged_by(record: Record) -> frozenset[str]:  # noqa: PLR0911 - one for each kind
    """The cache tags that the edge must forget because of the write.

    A purge costs money, so only answers that would be wrong for minutes are purged: an article that was corrected or
    lost an address, a front that editors chose, and breaking news. Topics and authors, which seldom change, are purged
    when they are renamed or merged. Lists, fronts and changes end by themselves within 30 seconds. So does the 404 of
    an article that is new. An article with a new translation ends within 300 seconds.
    Withdrawals have a function of their own: `withdrawn_by`.
    """
    key, is_change = written_key(record), record["eventName"] == "MODIFY"
    before, after = _images(record)
    match key.kind:
        case keys.ARTICLE:
            is_shown = before is not None and after is not None and is_published(before) and is_published(after)
            if not (is_shown and says_something_new(record)):
                return frozenset()
            dropped = files_in(before or {}).keys() - files_in(after or {}).keys()
            return frozenset({article_tag(key.article_id), *map(media_tag, dropped)})
        case keys.URL:
            led_to = before["id"]["S"] if before else ""
            is_moved = led_to and (after is None or after["id"]["S"] != led_to)
            return frozenset({article_tag(led_to)}) if is_moved else frozenset()
        case keys.LIST:
            # A card that was only corrected keeps its place on the list.
            is_new_or_gone = key.facet == keys.BREAKING and not is_change
            return frozenset({list_tag(key.language, keys.BREAKING)}) if is_new_or_gone else frozenset()
        case keys.FRONT:
            return frozenset({front_tag(key.language)})
        case keys.POSTS if key.number is not None:
            page = (
                {posts_tag(key.article_id, (key.number - 1) // keys.POSTS_OF_A_PAGE + 1)} if is_change else set[str]()
            )
            return frozenset({live_tag(key.article_id), *page})
        case _ if (subjects := kind_in(key.kind)) and is_change:
            return frozenset({subject_tag(subjects.name, key.subject_id)})
        case _:
            return frozenset()


def withdrawn_by(record: Record) -> frozenset[str]:
    """The cache tags of every answer that had the article, if the write takes it from readers. Otherwise none.

    A front of another language that shows the article also has the tag of the list of the article's own language.
    """
    key, (before, after) = written_key(record), _images(record)
    if key.kind != keys.ARTICLE or before is None or not is_published(before) or (after and is_published(after)):
        return frozenset()
    placed = placement_in(before)
    tags = {article_tag(key.article_id), front_tag(before["language"]["S"])}
    if placed:
        facets = [keys.ALL, keys.UPDATED, *placed.facets, *([keys.BREAKING] if placed.breaking_position else [])]
        tags |= {list_tag(placed.language, facet) for facet in facets}
    tags |= {media_tag(media_id) for media_id in files_in(before)}
    return frozenset(tags)


def recordings_of(record: Record) -> list[tuple[str, str]]:
    """The recordings that the article has or had, each with the id and the name of its file, if the write is of an
    article and they or its state changed.
    """
    before, after = _images(record)
    if written_key(record).kind != keys.ARTICLE:
        return []
    had, has = (_recordings_in(each) for each in (before, after))
    return sorted(had ^ has)


def _recordings_in(item: Item | None) -> set[tuple[str, str]]:
    """The recordings of an article that readers get."""
    if item is None or not is_published(item):
        return set()
    found = {(media_id, name) for media_id, names in files_in(item).items() for name in names}
    return {(media_id, name) for media_id, name in found if name in RECORDED_FILES.values()}


def done_in(record: Record) -> dict[str, Any] | None:
    """What somebody in the newsroom did, for the log: `at`, `by`, `action`, `what` it was done to, and its `id`; of an
    article also its `language`, `version`, `status` and `headline`. None for a write that is nobody's act.
    """
    key, (before, after) = written_key(record), _images(record)
    if after is None or (before and before.get("version") == after.get("version")):
        return None
    if key.kind == keys.EDITS:
        edit = json.loads(after["entry"]["S"])
        about = {
            "id": edit["id"],
            "language": key.language,
            "version": edit["on_version"],
            "headline": edit["headline"],
        }
        return {"at": edit["saved_at"], "by": edit["by"], "action": "save-edit", "what": "edit", **about}
    if "by" not in after or keys.CHANGED not in after:
        return None
    done = {"at": after[keys.CHANGED]["S"].partition("#")[0], "by": after["by"]["S"], "action": after["action"]["S"]}
    return done | about if (about := _about(key, after)) else None


def _about(key: Key, after: Item) -> dict[str, Any] | None:
    """What was written, for the log. None if the log does not have such writes."""
    if key.kind == keys.ARTICLE:
        card = json.loads(after.get(DESK_CARD, {}).get("S", "{}"))
        about = {"language": after["language"]["S"], "version": int(after["version"]["N"])}
        about |= {"status": after["status"]["S"], "headline": card.get("headline", "")}
        return {"what": "article", "id": key.article_id, **about}
    if key.kind == keys.FRONT:
        return {"what": "front", "id": key.language}
    if key.kind == keys.POSTS:
        return {"what": "post", "id": f"{key.article_id}/{key.number}", "version": int(after["version"]["N"])}
    kind = kind_in(key.kind)
    return {"what": kind.name, "id": key.subject_id} if kind else None


def tombstone_of(record: Record) -> Copy | None:
    """The copy that replaces an article which the write takes from readers: a tombstone, or an empty copy for a draft.
    None if the item was deleted.
    """
    _, after = _images(record)
    if after is None:
        return None
    return copy_of(written_key(record).article_id, after) or nothing_for_readers(
        written_key(record).article_id, int(after["version"]["N"]), after["language"]["S"]
    )


def copy_of(article_id: str, item: Item) -> Copy | None:
    """The copy of an article's item that S3 keeps for readers. None if readers get nothing of the article."""
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
    """The id of the article whose copy is out of date after the write. None if no copy is."""
    key = written_key(record)
    return key.article_id if key.kind == keys.ARTICLE and says_something_new(record) else None


def indexed_by(record: Record) -> list[dict[str, str]]:
    """For each shard of the search index in which the write's article stands or stood: the article and the shard, as
    `language/shard`. An article whose date or language changed has two. None for any other write.
    """
    key = written_key(record)
    if key.kind != keys.ARTICLE or not says_something_new(record):
        return []
    placed = [placement_in(image) for image in _images(record) if image is not None and is_published(image)]
    shards = dict.fromkeys(f"{each.language}/{shard_of(each.position)}" for each in placed if each)
    return [{"article": key.article_id, "shard": each} for each in shards]


def mirrored_by(record: Record) -> list[dict[str, Any]]:
    """For each shelf of the mirror on which the write's article stands or stood: the article, the shelf, and which
    lists there have or had it. None for any other write.
    """
    key = written_key(record)
    if key.kind != keys.ARTICLE or not says_something_new(record):
        return []
    shelves: dict[str, dict[str, set[str]]] = {}
    for image in _images(record):
        placed = placement_in(image) if image is not None and is_published(image) else None
        if placed:
            lists = shelves.setdefault(
                shelf_of_mirror(placed.language, placed.position), {"days": set(), "sections": set()}
            )
            lists["days"].add(day_of(placed.position))
            sections = {each.partition("#")[2] for each in placed.facets if each.startswith("section#")}
            lists["sections"] |= sections
    return [
        {"article": key.article_id, "shelf": shelf, **{name: sorted(each) for name, each in lists.items()}}
        for shelf, lists in shelves.items()
    ]


def front_changed_by(record: Record) -> str | None:
    """The language of the front that the write may have changed. A front changes with the choice of its editors, and
    with every article on its lists.
    """
    key = written_key(record)
    return key.language if key.is_on_front else None


def change_of(record: Record) -> Change | None:
    """The change that the write added to the feed of changes. None for any other write."""
    image: Record | None = record["dynamodb"].get("NewImage")
    key = written_key(record)
    if key.kind != keys.CHANGE or key.number is None or image is None:
        return None
    return Change(key.language, key.number, json.loads(image["entry"]["S"]))


def feed_list_of(record: Record) -> tuple[str, str] | None:
    """The language and the facet of the list that the write changed, if partners get that list as a feed."""
    key = written_key(record)
    return (key.language, key.facet) if key.is_feed else None


def is_published(image: Item) -> bool:
    return image["status"]["S"] == "published"


def says_something_new(record: Record) -> bool:
    """Whether the write of an article's item changed more than the attributes that belong to no version, such as its
    siblings.
    """
    before, after = _images(record)
    if before is None or after is None:
        return True
    return any(before.get(name) != after.get(name) for name in (before.keys() | after.keys()) - {*KEPT})


def _images(record: Record) -> tuple[Item | None, Item | None]:
    """The item before the write and after it."""
    return record["dynamodb"].get("OldImage"), record["dynamodb"].get("NewImage")


def _is_unseen(image: Item) -> bool:
    """Whether readers get nothing of the article, not even a tombstone."""
    return image["status"]["S"] == "draft" or NEVER_PUBLIC in image


def written_key(record: Record) -> Key:
    """The key of the item that was written, with its parts."""
    return key_of(*pair_of(record["dynamodb"]["Keys"]))


def written(record: Record) -> str:
    """Names the article or the list that was written, for a log. Raises AttributeError, LookupError, TypeError or
    ValueError for a record that cannot be read.
    """
    key = written_key(record)
    return f"{key.kind} {key.article_id or key.media_id or key.subject_id or key.language}"


def named(record: Record) -> str:
    """Names the record, for a log: what was written, and the id of the event."""
    try:
        return f"{written(record)} ({record['eventID']})"
    except (AttributeError, LookupError, TypeError, ValueError):
        return str(record.get("eventID"))  # a record that cannot be read has no other name
