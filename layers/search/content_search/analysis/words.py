"""Finds the words of a text, where they stand in it, and folds them."""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from content_search.analysis.folding import APOSTROPHES, LONGEST_WORD, folding, language_of_letters

# What may stand within a word besides letters and digits: combining marks, and joiners between letters.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u094f\u20d0-\u20f0\ufe20-\ufe2f"
)
_WITHIN = "\u00ad\u200c\u200d\u2060" + re.escape(APOSTROPHES)
_CHARACTER = rf"(?:[^\W_]|[{_MARKS}])"
_WORD = re.compile(rf"[^\W_](?:{_CHARACTER}|[{_WITHIN}](?=[^\W_])|(?<=[oOgG])[{re.escape(APOSTROPHES)}])*")
# Parts of Persian words that are written apart, with a half-space or together: the plural, and the prefix of verbs.
_JOINED_TO_THE_NEXT = {"می", "نمی"}
_JOINED_TO_THE_LAST = {"ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان", "ترین", "تر"}
_MOST_FOLDED = 50_000  # words remembered for each language


class Word(NamedTuple):
    """A folded word and its place in the text, in characters: from `start`, up to `end`."""

    text: str
    start: int
    end: int


def words(text: str, language: str) -> list[Word]:
    """The words of a text in their order. Takes time in proportion to the length of the text."""
    found = _folded(text, language)
    return list(_joined(found, text) if language_of_letters(language) == "fa" else found)


def _folded(text: str, language: str) -> Iterator[Word]:
    fold = _remembered(language)
    for found in _WORD.finditer(text):
        start, end = found.span()
        for at in range(start, end, LONGEST_WORD):  # a row of characters that is no word
            folded = fold(text[at : min(at + LONGEST_WORD, end)])
            # A character that stands for several, such as ⑴, may bring spaces and brackets.
            for each in (folded,) if folded.isalnum() else _WORD.findall(folded):
                yield Word(each[:LONGEST_WORD], at, min(at + LONGEST_WORD, end))


def _joined(found: Iterator[Word], text: str) -> Iterator[Word]:
    """Persian words with the parts that stand apart from them by one space."""
    last: Word | None = None
    for word in found:
        is_near = last is not None and word.start - last.end == 1 and text[last.end] in " \u00a0"
        if last and is_near and (word.text in _JOINED_TO_THE_LAST or last.text in _JOINED_TO_THE_NEXT):
            last = Word((last.text + word.text)[:LONGEST_WORD], last.start, word.end)
            continue
        if last:
            yield last
        last = word
    if last:
        yield last


@cache
def _remembered(language: str) -> Callable[[str], str]:
    return lru_cache(maxsize=_MOST_FOLDED)(folding(language))
