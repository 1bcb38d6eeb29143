"""What stands on a page around its article: navigation, share bars, players, legal warnings. None of it is body text.

The wordings are data (`furniture.json`). A legal warning is told from a report about one by its voice: it speaks of
penalties, of what readers do, and of *our* content, all at once; its opening and its link count only beside that,
or word for word.
"""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from content_api.law.legal_notices import load_entries

_QUOTES = str.maketrans("“”„‟«»‘’‚`´", '""""""\'\'\'\'\'')
_LONGEST_LINK = 120  # characters
_LONGEST_OPENING = 300


def folded(text: str) -> str:
    """A text as it is compared: no case, one kind of quote, dash and space."""
    return re.sub(r"\s+", " ", text.translate(_QUOTES).replace("ё", "е").casefold()).strip()


@cache
def _data() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("furniture.json").read_text(encoding="utf-8"))


@cache
def _any_of(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in _data()[name]))


@cache
def _lines() -> frozenset[str]:
    return frozenset(folded(line) for line in _data()["lines"])


def is_furniture(text: str) -> bool:
    line = folded(text)
    return line in _lines() or bool(_any_of("patterns").fullmatch(line))


def heads_related_links(text: str) -> bool:
    """A line such as `SEE ALSO:`, after which other articles' headlines stand."""
    return folded(text).rstrip(" :") in _data()["headers"]


def belongs_to_a_player(text: str) -> bool:
    """A line that stands under the title of a recording, which a page of text has lost."""
    return folded(text) in _data()["players"]


def stands_for_a_portrait(text: str) -> bool:
    """A line in the place of an author's portrait; the author's name comes next."""
    return bool(_any_of("portraits").fullmatch(folded(text)))


def ends_the_article(text: str) -> bool:
    """A line after which the page has other articles, whole."""
    return folded(text) in _data()["ends"]


def opens_promotion(text: str) -> bool:
    return bool(_any_of("promotions").match(folded(text)))


def warnings_in(texts: list[str]) -> dict[int, str]:
    """The texts that are parts of a legal warning, by position, with the id of the notice they are a wording of."""
    found: dict[int, str] = {}
    for notice_id, wording in _data()["warnings"].items():
        known = _known_wordings(notice_id)
        threats = wording["threats"]
        sure = {at for at, text in enumerate(texts) if folded(text) in known or _threatens(text, threats)}
        for at in sorted(sure):
            for beside, patterns, longest in (
                (at - 1, wording["openings"], _LONGEST_OPENING),
                (at + 1, wording["links"], _LONGEST_LINK),
            ):
                if 0 <= beside < len(texts) and _says(texts[beside], patterns, longest):
                    found[beside] = notice_id
            found[at] = notice_id
    return found


@cache
def _known_wordings(notice_id: str) -> frozenset[str]:
    """Every paragraph of the notice's texts, and each whole text, but not the bare link."""
    known: set[str] = set()
    for entry in load_entries():
        if entry["id"] == notice_id:
            for wording in entry["texts"].values():
                paragraphs = wording["text"].split("\n\n")
                known |= {folded(" ".join(paragraphs)), *map(folded, paragraphs[:-1])}
    return frozenset(known)


def _threatens(stated: str, groups: Iterable[list[str]]) -> bool:
    text = folded(stated)
    return all(any(re.search(folded_pattern, text) for folded_pattern in group) for group in groups) and bool(
        re.search(r"росси|russia|росі|окупован|оккупирован", text)
    )


def _says(stated: str, patterns: list[str], longest: int) -> bool:
    text = folded(stated)
    return len(text) <= longest and any(re.match(pattern, text) for pattern in patterns)
