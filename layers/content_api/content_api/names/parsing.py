"""What a name says: keys of the table read back into what they were made of. For writers; readers only make names."""

from __future__ import annotations

from dataclasses import dataclass

from content_api.names.keys import (
    ALL,
    ARTICLE,
    BREAKING,
    CHANGE,
    DRAFTS,
    FRONT,
    LAST_CHANGE,
    LIST,
    NAMED,
    NEWSLETTERS,
    SECTIONS,
    URL,
)


@dataclass(frozen=True, slots=True)
class Key:
    """What an item of the table is of. `kind` is one of `keys.ARTICLE` and its siblings, empty for a key that no part
    of this API makes; the other members are empty, or None, where the kind has none.
    """

    kind: str
    language: str = ""
    article_id: str = ""
    facet: str = ""
    address: str = ""
    # Of a change; None for the count of them.
    number: int | None = None

    @property
    def is_on_front(self) -> bool:
        """Whether what is written there may change what the front of the language shows."""
        return self.kind == FRONT or (self.kind == LIST and self.facet in {ALL, BREAKING})

    @property
    def is_feed(self) -> bool:
        """Whether it is of a list that is a feed too: all of a language, or a section."""
        return self.kind == LIST and (self.facet == ALL or self.facet.startswith("section#"))


def key_of(partition: str, position: str) -> Key:  # noqa: C901, PLR0911 - one for each kind
    """Of a partition and a sort key."""
    kind, _, rest = partition.partition("#")
    match kind:
        case _ if not rest and kind not in {SECTIONS, NEWSLETTERS}:
            return Key("")
        case "ARTICLE" if position == ARTICLE:
            return Key(ARTICLE, article_id=rest)
        case "URL" if position == URL:
            return Key(URL, address=rest)
        case "LIST":
            language, _, facet = rest.partition("#")
            return Key(LIST, language=language, facet=facet, article_id=position.rpartition("#")[2])
        case "CHANGE" if position == LAST_CHANGE:
            return Key(CHANGE, language=rest)
        case "CHANGE" if position.isascii() and position.isdigit():
            return Key(CHANGE, language=rest, number=int(position))
        case "FRONT":
            return Key(FRONT, language=rest)
        case "DRAFTS":
            return Key(DRAFTS, language=rest, article_id=position)
        case "NAMED" if position == NAMED:
            return Key(NAMED, article_id=rest)
        case "SECTIONS" | "NEWSLETTERS" if not rest:
            return Key(kind, language=position.partition("#")[0])
        case _:
            return Key("")
