"""Estimates how high an embed is at a width, from the lengths of its texts, since no browser lays it out here."""

from __future__ import annotations

from math import ceil

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.reader_api.page_notices import Notice

    type Json = dict[str, Any]

# All sizes are in pixels. At least so much of the article is in the frame below the headline and the standfirst.
BEGINNING = 280
_AROUND = 100  # the page's edges, and the link beneath it
_NARROWEST = 120  # a narrower page scrolls sideways, and is not higher
_FRAMED = 68  # the edges of the page and of a notice's box, left and right together
_CHARACTER = 0.56  # the average width of a letter in the widest script (Cyrillic), as a share of the font size


def height_of(article: Json, notices: list[Notice], width: int) -> int:
    """The height of the markup for oEmbed, in pixels, at a width."""
    paragraphs = [each for notice in notices for each in notice["text"].split("\n\n")]
    told = sum(_lines(each, 14, width - _FRAMED) * 21 + 10 for each in paragraphs) + 34 * len(notices)
    headline = _lines(article["headline"], 28, width - 32) * 35
    standfirst = _lines(article["standfirst"] or "", 19, width - 32) * 30
    return told + headline + standfirst + BEGINNING + _AROUND


def _lines(text: str, size: int, width: int) -> int:
    """How many lines a text takes at a width. `size` is that of the font."""
    return ceil(len(text) * size * _CHARACTER / max(width, _NARROWEST))
