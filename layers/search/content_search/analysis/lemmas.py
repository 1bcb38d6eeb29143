"""Reads a table of base forms, which tools/lemmas makes from simplemma's. The file is mapped into memory, so opening it
takes no time, however large it is.

    <language>.rules   JSON: {ending: [letters to cut, letters to add]}, which most words of the language follow
    <language>.words   the words that do not: sorted unsigned numbers of 8 bytes, the lowest byte first. The upper 48
                       bits are a hash of the word, the lower 16 the number of its change
    <language>.changes JSON: the changes, as [letters to cut, letters to add]
"""

import json
import mmap
from bisect import bisect_left
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

LONGEST_ENDING = 6  # letters
_HASH_BYTES = 6
_CHANGE_BITS = 16
_SHORTEST = 2  # letters that a rule leaves of a word

type Change = tuple[int, str]  # letters to cut off the end, and what to add


def hashed(word: str) -> int:
    """The upper 48 bits of a word's entry."""
    return int.from_bytes(blake2b(word.encode(), digest_size=_HASH_BYTES).digest()) << _CHANGE_BITS


def changed(word: str, change: Change) -> str:
    cut, added = change
    return word[: len(word) - cut] + added


def by_rule(word: str, rules: dict[str, Change]) -> str:
    """The base form by the rule with the longest ending that the word has. The word itself if no rule fits."""
    length = len(word)
    for taken in range(min(LONGEST_ENDING, length - 1), -1, -1):
        change = rules.get(word[length - taken :])
        if change is not None and length - change[0] >= _SHORTEST:
            return changed(word, change)
    return word


class Lemmas:
    """The base forms of one language."""

    def __init__(self, folder: Path, language: str) -> None:
        self._rules = {ending: _change(it) for ending, it in _json(folder / f"{language}.rules").items()}
        self._changes = [_change(each) for each in _json(folder / f"{language}.changes")]
        with (folder / f"{language}.words").open("rb") as file:
            self._entries = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)).cast("Q")

    def of(self, word: str) -> str:
        """The base form of a folded word. For a word that no table has, such as a name, what most words with its ending
        would become.
        """
        searched = hashed(word)
        at = bisect_left(self._entries, searched)
        if at < len(self._entries) and self._entries[at] >> _CHANGE_BITS == searched >> _CHANGE_BITS:
            return changed(word, self._changes[self._entries[at] & ((1 << _CHANGE_BITS) - 1)])
        return by_rule(word, self._rules)


def tables_folder() -> Path:
    return Path(str(files("content_search"))) / "analysis" / "tables"


def _json(path: Path) -> Any:  # noqa: ANN401 - JSON
    return json.loads(path.read_text(encoding="utf-8"))


def _change(given: tuple[int, str]) -> Change:
    cut, added = given
    return cut, added
