"""Mends headings and tables for screen readers."""

from __future__ import annotations

import re

_HEADING = re.compile(r"<(/?)h([2-4])\b")
_HEADS_NOTHING = re.compile(r"<th((?: [^<>]*)?)>\s*</th>")


def accessible(markup: str) -> str:
    """The markup of a page below its h1. A heading is at most one level deeper than the one before it, since listeners
    move from heading to heading; the page's own h1 is the first. An empty header cell becomes a plain cell.
    """
    level = 1
    opened: list[int] = []  # imported markup may have a heading inside another

    def moved(found: re.Match[str]) -> str:
        nonlocal level
        if not found[1]:
            level = min(int(found[2]), level + 1)
            opened.append(level)
        return f"<{found[1]}h{opened.pop() if found[1] and opened else level}"

    return _HEADS_NOTHING.sub(r"<td\1></td>", _HEADING.sub(moved, markup))
