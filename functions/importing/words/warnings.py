"""Which texts of a page are parts of a legal warning. The publisher's pages print the notice as we do.

A legal warning is told from a report about one by its voice: it speaks of penalties, of what readers do, and of *our*
content, all at once; its opening and its link count only beside that, or word for word. The patterns are data: the
law's file has them under `recognition`, for each notice. A notice without any is recognised word for word, and its link
beside it.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from content_api.law.law_file import load_entries
from importing.words.furniture import folded

if TYPE_CHECKING:
    from content_api.law.law_file import Entry

_LONGEST_LINK = 120  # characters
_LONGEST_OPENING = 300


@dataclass(frozen=True, slots=True)
class _Notice:
    """`words` are its paragraphs and its whole texts, folded, but not the bare link. `groups` are patterns of which a
    warning has one of each; none, where it is recognised by its words alone.
    """

    id: str
    words: frozenset[str]
    groups: tuple[re.Pattern[str], ...]
    opening: re.Pattern[str] | None
    link: re.Pattern[str] | None


def warnings_in(texts: list[str]) -> dict[int, str]:
    """The texts that are parts of a legal warning, by position, with the id of the notice they are a wording of."""
    found: dict[int, str] = {}
    for notice in _notices():
        sure = {at for at, text in enumerate(texts) if folded(text) in notice.words or _threatens(text, notice.groups)}
        for at in sorted(sure):
            for beside, pattern, longest in (
                (at - 1, notice.opening, _LONGEST_OPENING),
                (at + 1, notice.link, _LONGEST_LINK),
            ):
                if 0 <= beside < len(texts) and _says(texts[beside], pattern, longest):
                    found[beside] = notice.id
            found[at] = notice.id
    return found


@cache
def _notices() -> tuple[_Notice, ...]:
    return tuple(map(_notice, load_entries()))


def _notice(entry: "Entry") -> _Notice:
    words: set[str] = set()
    own_links: list[str] = []
    for wording in entry["texts"].values():
        words |= {folded(wording["text"].replace("\n\n", " ")), *map(folded, wording["paragraphs"])}
        own_links += [re.escape(folded(wording["text"].split("\n\n")[-1]))] if wording.get("link") else []
    known = entry.get("recognition")
    links = [*own_links, *(known["links"] if known else ())]
    groups = [known["subject"], *known["threats"]] if known else []
    return _Notice(
        entry["id"],
        frozenset(words),
        tuple(_any_of(group) for group in groups),
        _any_of(known["openings"]) if known else None,
        _any_of(links) if links else None,
    )


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _threatens(stated: str, groups: tuple[re.Pattern[str], ...]) -> bool:
    text = folded(stated)
    return bool(groups) and all(group.search(text) for group in groups)


def _says(stated: str, pattern: re.Pattern[str] | None, longest: int) -> bool:
    text = folded(stated)
    return pattern is not None and len(text) <= longest and pattern.match(text) is not None
