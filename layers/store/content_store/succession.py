"""Finds the newest version of an article that was ever current, from the versions in S3 and the copy for readers. Pure.

S3 also has versions that were never current: a writer that lost, or died before its transaction, leaves one. A version
was current if another version names it as the one before, or if the copy for readers was made of it, since writers and
propagation take both from the table. A withdrawal needs no such proof, so that a withdrawn article never comes back by
mistake.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from content_store.current import WITHDRAWN
from content_store.editions import edition_of_version
from content_store.versions import Version

type Recorded = Mapping[str, Version]


@dataclass(frozen=True, slots=True)
class Copied:
    """The copy for readers; version 0 if there is none."""

    version: int = 0
    status: str = ""
    document: bytes = b""


def newest_current(versions: Recorded, copied: Copied, *, is_lost: bool) -> tuple[str, Version] | None:
    """The key and the record of the newest version that was current. None if none can be shown to be. `versions` are
    ordered from the oldest, by key.

    If the table has lost the article (`is_lost`) and readers have no copy of it, a draft counts too, even if no later
    version names it.
    """
    followed = {each.previous for each in versions.values()}
    shown = of_the_copy(versions, copied)
    known = followed | {shown}
    if is_lost and not copied.version:
        known |= {key for key, each in versions.items() if each.status == "draft"}
    sure = [key for key, each in versions.items() if key in known or each.article is None]
    newest = max(sure, key=lambda key: (versions[key].version, key in known, key), default=None)
    if newest is None or (shown is None and copied.version >= versions[newest].version):
        return None
    return newest, versions[newest]


def of_the_copy(versions: Recorded, copied: Copied) -> str | None:
    """The key of the version that the copy was made of: the one with its number. Of two with that number, the one with
    the copy's document. None if there is none, or if both have it.
    """
    same = [key for key, each in versions.items() if each.version == copied.version]
    if len(same) > 1:
        same = [key for key in same if _reads_as(versions[key], versions, copied.document)]
    return same[0] if len(same) == 1 else None


def overtaking(versions: Recorded, copied: Copied, number: int, key: str) -> tuple[str, Version] | None:
    """The version that was current after the table's, which has this number and key. None if there is none.

    Another version with the table's own number counts only if it is a tombstone that readers get. Any other was written
    before the table was restored from a backup, and the table's after it.
    """
    found = newest_current(versions, copied, is_lost=False)
    if found is None or found[0] == key or found[1].version < number:
        return None
    is_shown_tombstone = found[1].article is None and copied.status == WITHDRAWN
    return found if found[1].version > number or is_shown_tombstone else None


def language_of(found: Version, versions: Recorded) -> str:
    """The language of an article. A tombstone does not say it, so the newest version with an article does. Empty if
    none has one.
    """
    said = (each.article.language for each in (found, *reversed(list(versions.values()))) if each.article)
    return next(said, "")


def _reads_as(found: Version, versions: Recorded, copied: bytes) -> bool:
    """Whether the copy has the document of the version. The copy of a draft that was public before is empty."""
    if found.status == "draft":
        return copied == b"{}"
    return edition_of_version(found, language_of(found, versions)).document == copied
