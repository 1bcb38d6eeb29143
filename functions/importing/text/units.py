"""A page of text as units: what a reader of the page would call a line, with the number of the line it starts on."""

import re
import unicodedata
from dataclasses import dataclass
from statistics import median

from importing.words.sentences import ends_or_pauses


class PageRefused(Exception):
    """A page that no article can be made of; nothing of it has been imported."""

    def __init__(self, reason: str, line: int) -> None:
        """`line` counts from 1 in the page as it was handed in."""
        super().__init__(f"line {line}: {reason}")
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Unit:
    line: int
    text: str


_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u2060\ufeff"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_FEWEST_WORDS_CONTINUED = 3  # "please wait" continues nothing
_WRAPPED = range(40, 101)  # characters of a line in text that was wrapped by hand


def units(text: str) -> list[Unit]:
    """The page's units, cleaned: one kind of space, nothing invisible, hard-wrapped lines joined.

    Raises PageRefused where there are control characters, which no text has.
    """
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise PageRefused(f"a control character (U+{ord(control[0]):04X}): this is no page of text", line)
    found: list[Unit] = []
    block: list[Unit] = []
    for number, line in enumerate(re.split(r"\r\n|[\n\r\f\v\x85\u2028\u2029]", text), start=1):
        clean = " ".join(unicodedata.normalize("NFC", line).translate(_INVISIBLE).split())
        if clean:
            block.append(Unit(number, clean))
        elif block:
            found += _joined(block)
            block = []
    return found + _joined(block)


def _joined(block: list[Unit]) -> list[Unit]:
    """Lines without a blank one between them: each stands for itself, unless the text was wrapped."""
    if _is_wrapped(block):
        return [Unit(block[0].line, " ".join(unit.text for unit in block))]
    joined: list[Unit] = []
    for unit in block:
        is_continued = unit.text[0].islower() and len(unit.text.split()) >= _FEWEST_WORDS_CONTINUED
        if joined and is_continued and not ends_or_pauses(joined[-1].text):
            joined[-1] = Unit(joined[-1].line, f"{joined[-1].text} {unit.text}")
        else:
            joined.append(unit)
    return joined


def _is_wrapped(block: list[Unit]) -> bool:
    lengths = [len(unit.text) for unit in block[:-1]]
    if not lengths or any(length not in _WRAPPED for length in lengths) or len(block[-1].text) > _WRAPPED.stop:
        return False
    if len({unit.text for unit in block}) < len(block):
        return False
    ended = sum(ends_or_pauses(unit.text) for unit in block[:-1])
    return ended * 2 < len(lengths) + 1 and min(lengths) > median(lengths) * 0.7
