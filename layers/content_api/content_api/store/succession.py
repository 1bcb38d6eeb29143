"""Which version of an article is the newest that was ever current, by what S3 has and the copy for readers. Pure.

S3 may hold more than was ever current: a writer that lost, or died before its transaction, leaves a version that nobody
refers to. A version was current if another version names it as the one before it, or if the copy for readers is of it:
writers and propagation take both from the table. A withdrawal counts without any proof: what is gone never comes back
by mistake.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from content_api.store.current import WITHDRAWN
from content_api.store.editions import edition_of_version
from content_api.store.versions import Version

type Recorded = Mapping[str, Version]


@dataclass(frozen=True, slots=True)
class Copied:
    """What the copy for readers says; version 0 where there is none."""

    version: int = 0
    status: str = ""
    document: bytes = b""


def newest_current(versions: Recorded, copied: Copied, *, is_lost: bool) -> tuple[str, Version] | None:
    """The key and the record of it; None where none can be told. `versions` are by their keys, oldest first.

    Where the table has lost an article of which readers have no copy (`is_lost`), the newest draft that no other
    version follows is taken, too.
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
    """The key of the version that the copy is of: by its number, and where two have that, by what it says."""
    same = [key for key, each in versions.items() if each.version == copied.version]
    if len(same) > 1:
        same = [key for key in same if _reads_as(versions[key], versions, copied.document)]
    return same[0] if len(same) == 1 else None


def overtaking(versions: Recorded, copied: Copied, number: int, key: str) -> tuple[str, Version] | None:
    """The version that was current after the table's, which has this number and key; None where there is none.

    At the number that the table has, only a tombstone that readers get counts: another article's text of the same
    number is older than the table, which was written after it was restored.
    """
    found = newest_current(versions, copied, is_lost=False)
    if found is None or found[0] == key or found[1].version < number:
        return None
    is_shown_tombstone = found[1].article is None and copied.status == WITHDRAWN
    return found if found[1].version > number or is_shown_tombstone else None


def language_of(found: Version, versions: Recorded) -> str:
    """Of a version; a tombstone does not say it, and those before it do. Empty where none does."""
    said = (each.article.language for each in (found, *reversed(list(versions.values()))) if each.article)
    return next(said, "")


def _reads_as(found: Version, versions: Recorded, copied: bytes) -> bool:
    """A draft that was public before leaves an empty copy."""
    if found.status == "draft":
        return copied == b"{}"
    return edition_of_version(found, language_of(found, versions)).document == copied
