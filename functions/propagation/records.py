"""What a record of the table's stream says: pure, and the same however often and in whatever order it comes.

A record is as Lambda has it (DynamoDB Streams API, "Record"): typed attributes, binary ones in base64.
"""

import base64
import json
import zlib
from dataclasses import dataclass
from typing import Any

from content_api.names.cache_tags import article_tag, list_tag
from content_api.names.keys import ALL, BREAKING, LAST_CHANGE, NEWSLETTERS, SECTIONS
from content_api.store.article_copies import Copy, nothing_for_readers

type Record = dict[str, Any]

_NAMED = {SECTIONS: "sections", NEWSLETTERS: "newsletters"}
_DRAFT = "draft"
_ON_FRONTS = {ALL, BREAKING}


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the change feed, as readers get it."""

    language: str
    number: int
    entry: dict[str, Any]


def tags_of(record: Record) -> frozenset[str]:
    """The cache tags of all answers that the write may have changed; none where only editors see it."""
    kind, _, rest = _key(record)[0].partition("#")
    match kind:
        case "ARTICLE":
            images = [record["dynamodb"].get(name) for name in ("OldImage", "NewImage")]
            seen = any(image and image["status"]["S"] != _DRAFT for image in images)
            return frozenset({article_tag(rest)}) if seen else frozenset()
        case "URL":
            images = [record["dynamodb"].get(name) for name in ("OldImage", "NewImage")]
            return frozenset(article_tag(image["id"]["S"]) for image in images if image)
        case "LIST":
            language, _, facet = rest.partition("#")
            return frozenset({list_tag(language, facet)})
        case "CHANGE":
            # What DynamoDB deletes is older than any cursor.
            return frozenset({f"changes:{rest}"}) if record["eventName"] != "REMOVE" else frozenset()
        case "FRONT":
            return frozenset({f"front:{rest}"})
        case _:
            return frozenset({_NAMED[kind]}) if kind in _NAMED else frozenset()


def copy_of(record: Record) -> Copy | None:
    """What is to be kept beside the table; None for what no reader was ever given. A draft that was withdrawn before
    leaves an empty copy in its tombstone's place.
    """
    image: Record | None = record["dynamodb"].get("NewImage")
    kind, _, article_id = _key(record)[0].partition("#")
    if kind != "ARTICLE" or image is None:
        return None
    if image["status"]["S"] == _DRAFT:
        before: Record | None = record["dynamodb"].get("OldImage")
        if before is None or before["status"]["S"] == _DRAFT:
            return None
        return nothing_for_readers(article_id, int(image["version"]["N"]), image["language"]["S"])
    return Copy(
        article_id,
        int(image["version"]["N"]),
        image["status"]["S"],
        image["language"]["S"],
        image["modified"]["S"] if "modified" in image else "",
        zlib.decompress(base64.b64decode(image["document"]["B"])) if "document" in image else None,
        image["document_key"]["S"] if "document_key" in image else "",
    )


def front_changed_by(record: Record) -> str | None:
    """The language whose front the write may have changed: by what editors chose, or by any article that is listed."""
    kind, _, rest = _key(record)[0].partition("#")
    language, _, facet = rest.partition("#")
    return language if kind == "FRONT" or (kind == "LIST" and facet in _ON_FRONTS) else None


def change_of(record: Record) -> Change | None:
    image: Record | None = record["dynamodb"].get("NewImage")
    pk, sk = _key(record)
    kind, _, language = pk.partition("#")
    if kind != "CHANGE" or sk == LAST_CHANGE or image is None:
        return None
    return Change(language, int(sk), json.loads(image["entry"]["S"]))


def feed_list_of(record: Record) -> tuple[str, str] | None:
    """Language and facet of the list that the write changed, where that list is a feed too."""
    kind, _, rest = _key(record)[0].partition("#")
    language, _, facet = rest.partition("#")
    is_feed = kind == "LIST" and (facet == ALL or facet.startswith("section#"))
    return (language, facet) if is_feed else None


def _key(record: Record) -> tuple[str, str]:
    keys = record["dynamodb"]["Keys"]
    return keys["pk"]["S"], keys["sk"]["S"]
