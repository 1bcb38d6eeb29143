"""Reads keys of the table back into their parts. Only writers need it; readers only make keys."""

from __future__ import annotations

from dataclasses import dataclass

from content_api.names.feed_addresses import has_hub
from content_api.names.keys import (
    ALL,
    ARTICLE,
    BREAKING,
    CHANGE,
    FRONT,
    LAST_CHANGE,
    LAST_POST,
    LIST,
    LOG,
    MAKING,
    MEDIA,
    NAMED,
    NEWSLETTERS,
    POSTS,
    SECTIONS,
    URL,
    USED,
)
from content_api.names.media import is_media_id
from content_api.names.subjects import KINDS, kind_in

_WITHOUT_REST = {SECTIONS, NEWSLETTERS, *(kind.partition for kind in KINDS)}


@dataclass(frozen=True, slots=True)
class Key:
    """The parts of a key. `kind` is one of the kinds in `keys`, such as `keys.ARTICLE`, or the partition of a kind of
    subjects (`subjects`), and empty for a key that this API never makes. A member that the kind does not have is empty,
    or None.
    """

    kind: str
    language: str = ""
    article_id: str = ""
    facet: str = ""
    address: str = ""
    media_id: str = ""
    subject_id: str = ""
    # The number of a change. None for the item that counts changes.
    number: int | None = None

    @property
    def is_on_front(self) -> bool:
        """Whether a write under this key may change the front of the language."""
        return self.kind == FRONT or (self.kind == LIST and self.facet in {ALL, BREAKING})

    @property
    def is_feed(self) -> bool:
        """Whether partners get the list as a feed that names a hub."""
        return self.kind == LIST and has_hub(self.facet)


def key_of(partition: str, position: str) -> Key:  # noqa: C901, PLR0911, PLR0912 - one for each kind
    """The parts of a key, from its partition and its sort key."""
    kind, _, rest = partition.partition("#")
    match kind:
        case _ if not rest and kind not in _WITHOUT_REST:
            return Key("")
        case _ if kind_in(kind):
            return Key("") if rest else Key(kind, subject_id=position)
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
        case "DRAFTS" | "EDITS":
            return Key(kind, language=rest, article_id=position)
        case "MEDIA" if position == MEDIA and is_media_id(rest):
            return Key(MEDIA, media_id=rest)
        case "MAKING":
            return Key(MAKING, media_id=rest)
        case "USED":
            return Key(USED, media_id=rest, article_id=position)
        case "LOG":
            return Key(LOG)
        case "POSTS" if position == LAST_POST:
            return Key(POSTS, article_id=rest)
        case "POSTS" if position.isascii() and position.isdigit():
            return Key(POSTS, article_id=rest, number=int(position))
        case "NAMED" if position == NAMED:
            return Key(NAMED, article_id=rest)
        case "SECTIONS" | "NEWSLETTERS" if not rest:
            return Key(kind, language=position.partition("#")[0])
        case _:
            return Key("")
