"""Reads keys of the table back into their parts. Only writers need it; readers only make keys."""

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
    """The parts of a key. `kind` is one of the kinds in `keys`, such as `keys.ARTICLE`, and empty for a key that this
    API never makes. A member that the kind does not have is empty, or None.
    """

    kind: str
    language: str = ""
    article_id: str = ""
    facet: str = ""
    address: str = ""
    # The number of a change. None for the item that counts changes.
    number: int | None = None

    @property
    def is_on_front(self) -> bool:
        """Whether a write under this key may change the front of the language."""
        return self.kind == FRONT or (self.kind == LIST and self.facet in {ALL, BREAKING})

    @property
    def is_feed(self) -> bool:
        """Whether partners get the list as a feed: that of a whole language, or of a section."""
        return self.kind == LIST and (self.facet == ALL or self.facet.startswith("section#"))


def key_of(partition: str, position: str) -> Key:  # noqa: C901, PLR0911 - one for each kind
    """The parts of a key, from its partition and its sort key."""
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
