"""What the index knows of an article: its text as words, and what narrows a search."""

from dataclasses import dataclass
from typing import Any

from content_api.content.rendering import body_text
from content_api.names.instants import parsed
from content_api.names.object_keys import UNDATED


@dataclass(frozen=True, slots=True)
class Entry:
    """`published` is in seconds since 1970; 0 for an article without a date. `facets` are as the table has them:
    `section#culture`.
    """

    id: str
    version: int
    published: int
    facets: tuple[str, ...]
    headline: str
    text: str


def entry_of(document: dict[str, Any], facets: frozenset[str]) -> Entry:
    """The entry of a public document (content.document)."""
    at = parsed(document["published_at"]) if document["published_at"] else None
    listed = [each for each in facets if each.partition("#")[0] in {"section", "tag", "author"}]
    year = [f"year#{at.year}"] if at else []
    return Entry(
        document["id"],
        document["version"],
        int(at.timestamp()) if at else 0,
        (*sorted(listed), *year, f"type#{document['type']}"),
        document["headline"],
        "\n".join([document["standfirst"] or "", body_text(document["body"])]),
    )


def newest_first(shards: list[str]) -> list[str]:
    return sorted(shards, key=lambda shard: "" if shard == UNDATED else shard, reverse=True)
