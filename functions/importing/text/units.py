"""Splits a page of text into units. A unit is what a reader of the page would call a line, with the number of its first
line.
"""

import re
import unicodedata
from dataclasses import dataclass
from statistics import median

from importing.refused import FileRefused
from importing.words.sentences import ends_or_pauses


class PageRefused(FileRefused):
    """The page cannot become an article. Nothing of it was imported."""

    def __init__(self, reason: str, line: int, *, hint: str = "") -> None:
        """`line` counts from 1 in the page as it was handed in."""
        super().__init__(reason, place=f"line {line}", hint=hint or _HINT)
        self.line = line


@dataclass(frozen=True, slots=True)
class Unit:
    line: int
    text: str


_HINT = "Correct this line, or hand in the article's text alone: a headline, then its paragraphs."
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
# Joiners join letters inside a word in Persian and languages of India. At either end of a word they have no meaning.
_JOINERS = "\u200c\u200d"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_NEW_LINE = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
_FEWEST_WORDS_CONTINUED = 3  # shorter lines, such as "please wait", do not continue the line before
_WRAPPED = range(40, 101)  # characters of a line in a text with hard line breaks


def units(text: str) -> list[Unit]:
    """The units of the page, cleaned: white space is a single space, invisible and control characters are removed, and
    lines of a text with hard line breaks are joined.
    """
    found: list[Unit] = []
    block: list[Unit] = []
    for number, line in enumerate(_NEW_LINE.split(text), start=1):
        clean = " ".join(_words(_CONTROL.sub("", unicodedata.normalize("NFC", line)).translate(_INVISIBLE)))
        if clean:
            block.append(Unit(number, clean))
        elif block:
            found += _joined(block)
            block = []
    return found + _joined(block)


def _words(line: str) -> list[str]:
    """The words of a line. A joiner that joins nothing is removed."""
    stripped = (word.strip(_JOINERS) for word in line.split())
    return [word for word in stripped if word]


def _joined(block: list[Unit]) -> list[Unit]:
    """The units in lines without a blank line between them. Each line is a unit, unless the text has hard line
    breaks.
    """
    if _is_wrapped(block):
        return [Unit(block[0].line, " ".join(unit.text for unit in block))]
    joined: list[list[Unit]] = []
    for unit in block:
        is_continued = unit.text[0].islower() and len(unit.text.split()) >= _FEWEST_WORDS_CONTINUED
        if joined and is_continued and not ends_or_pauses(joined[-1][-1].text):
            joined[-1].append(unit)
        else:
            joined.append([unit])
    return [Unit(lines[0].line, " ".join(unit.text for unit in lines)) for lines in joined]


def _is_wrapped(block: list[Unit]) -> bool:
    lengths = [len(unit.text) for unit in block[:-1]]
    if not lengths or any(length not in _WRAPPED for length in lengths) or len(block[-1].text) > _WRAPPED.stop:
        return False
    if len({unit.text for unit in block}) < len(block):
        return False
    ended = sum(ends_or_pauses(unit.text) for unit in block[:-1])
    return ended * 2 < len(lengths) + 1 and min(lengths) > median(lengths) * 0.7
