"""Finds out which segments of a page trafilatura takes for the article.

Before trafilatura reads the page, each segment gets a mark of two characters that pages do not have. The marks in its
result say which segments it kept. The result itself is not used: it breaks sentences at links, and loses tables,
figures and lines.
"""

import re
from collections import Counter
from copy import deepcopy

from trafilatura import extract

from importing.html.elements import INLINE, PICTURES
from importing.html.parsing import Element, name_of
from importing.html.segments import Segment

# Braille patterns. Trafilatura takes them neither for words nor for control characters.
_FIRST = 0x2800
_BASE = 256
# Without `br`: old pages have a whole text between line breaks, and trafilatura reads that fast.
_IN_A_BLOCK = (INLINE | PICTURES) - {"br"}
_MOST_SQUARES = 2000 * 2000  # no paragraph of an article has 2,000 elements
_MARK = re.compile(f"([{chr(_FIRST)}-{chr(_FIRST + _BASE - 1)}])([{chr(_FIRST)}-{chr(_FIRST + _BASE - 1)}])")


def kept_by_trafilatura(root: Element, segments: list[Segment]) -> frozenset[int]:
    """The positions of the segments that trafilatura keeps. Afterwards the tree is as it was. There are none for a page
    that it would read for minutes: its time grows faster than the square of the number of elements in a paragraph
    (10,000 take 4 seconds, 20,000 take 29).
    """
    if _squares(root) > _MOST_SQUARES:
        return frozenset()
    stated = [(element, where, getattr(element, where)) for each in segments for element, where in each.references[:1]]
    for each in segments:
        _mark(each)
    copy = deepcopy(root)
    for element, where, text in stated:
        setattr(element, where, text)
    found = extract(copy, include_comments=False, fast=True) or ""
    return frozenset((ord(high) - _FIRST) * _BASE + ord(low) - _FIRST for high, low in _MARK.findall(found))


def _squares(root: Element) -> int:
    """The square of the number of inline elements in a block, at any depth, added up over all blocks."""
    blocks: dict[Element, Element] = {}
    counted: Counter[Element] = Counter()
    for each in root.iterdescendants():
        around = each.getparent()
        if around is None or name_of(each) not in _IN_A_BLOCK:
            continue
        block = blocks[each] = blocks.get(around, around)
        counted[block] += 1
    return sum(count * count for count in counted.values())


def _mark(segment: Segment) -> None:
    high, low = divmod(segment.at, _BASE)
    sign = chr(_FIRST + high) + chr(_FIRST + low)
    element, where = segment.references[0]
    text = getattr(element, where)
    begins = len(text) - len(text.lstrip())
    setattr(element, where, f"{text[:begins]}{sign}{text[begins:]}")
