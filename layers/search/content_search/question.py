"""Reads what a reader typed: words, "phrases", -words and -"phrases". Anything else is text, so nothing is an error."""

import re
from dataclasses import dataclass

from content_search.analysis.stemming import stemming
from content_search.analysis.words import words

MOST_WORDS = 24  # that a question may have; each is looked up in every field
_PART = re.compile(r'(?<!\S)(-?)["“„«]([^"“”„«»]*)["”“»]|(\S+)')


@dataclass(frozen=True, slots=True)
class Part:
    """A word, or a phrase of several: as it is written, and as it is stemmed."""

    words: tuple[str, ...]
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """All of `wanted` must be there, and none of `unwanted`."""

    wanted: tuple[Part, ...]
    unwanted: tuple[Part, ...]

    @property
    def is_empty(self) -> bool:
        """Whether no word was typed."""
        return not self.wanted and not self.unwanted


def read(typed: str, language: str) -> Question:
    """The question, of at most MOST_WORDS words. It wants nothing where no word was typed."""
    stem = stemming(language)
    wanted: list[Part] = []
    unwanted: list[Part] = []
    left = MOST_WORDS
    plain: list[str] = []

    def add(text: str, among: list[Part], *, is_phrase: bool) -> None:
        nonlocal left
        found = [word.text for word in words(text, language)][: max(left, 0)]
        left -= len(found)
        groups = [found] if is_phrase else [[each] for each in found]
        among.extend(Part(tuple(group), tuple(map(stem, group))) for group in groups if group)

    def flush() -> None:
        """Words that follow each other are analysed together: Persian ones may belong together."""
        add(" ".join(plain), wanted, is_phrase=False)
        plain.clear()

    for found in _PART.finditer(typed):
        minus, phrase, word = found.groups()
        if word is None:
            flush()
            add(phrase, unwanted if minus else wanted, is_phrase=True)
        elif word.startswith("-") and len(word) > 1:
            flush()
            add(word[1:], unwanted, is_phrase=True)
        else:
            plain.append(word)
    flush()
    return Question(tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted)))
