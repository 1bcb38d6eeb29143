"""What trafilatura takes for the text of a page, told by segment.

Each segment is marked before trafilatura reads the page, with two signs that no page holds, and the marks that come
back say which segments it kept. Its own markup is not used: it tears sentences at links, and loses tables, figures
and lines.
"""

import re
from copy import deepcopy

from trafilatura import extract

from importing.html.parsing import Element
from importing.html.segments import Segment

# Braille signs, read by its readers and not by machines: trafilatura counts them neither as words nor as controls.
_FIRST = 0x2800
_BASE = 256
_MARK = re.compile(f"([{chr(_FIRST)}-{chr(_FIRST + _BASE - 1)}])([{chr(_FIRST)}-{chr(_FIRST + _BASE - 1)}])")


def kept_by_trafilatura(root: Element, segments: list[Segment]) -> frozenset[int]:
    """The positions of the segments that are text to it; the tree stays as it was."""
    stated = [(element, where, getattr(element, where)) for each in segments for element, where in each.references[:1]]
    for each in segments:
        _mark(each)
    copy = deepcopy(root)
    for element, where, text in stated:
        setattr(element, where, text)
    found = extract(copy, include_comments=False, fast=True) or ""
    return frozenset((ord(high) - _FIRST) * _BASE + ord(low) - _FIRST for high, low in _MARK.findall(found))


def _mark(segment: Segment) -> None:
    high, low = divmod(segment.at, _BASE)
    sign = chr(_FIRST + high) + chr(_FIRST + low)
    element, where = segment.references[0]
    text = getattr(element, where)
    begins = len(text) - len(text.lstrip())
    setattr(element, where, f"{text[:begins]}{sign}{text[begins:]}")
