"""Compares what was selected of a page with the text that the page states of itself, as JSON-LD's `articleBody`."""

import re

from importing.html.segments import Segment

_WORD = re.compile(r"\w+")
_FEWEST_WORDS = 8  # of a segment that tells anything by its words
_LEAST_AGREED = 0.5  # the share of words that are in the text of the JSON-LD; with less, that is another text
_LEAST_ALIKE = 0.6  # of a segment's words stand in the statement: then it is a part of the text
_MOST_FOUND = 0.8  # of what the page states: where more is kept, the rest is what such statements hold beside texts


def with_what_is_stated(segments: list[Segment], kept: set[int], stated: str) -> set[int]:
    """The kept segments, and those that are in the text of the JSON-LD, if that is the text of this article."""
    if not stated:
        return kept
    shingles = set(_shingles(stated))
    agreed = {each.at: _agreed(each.text, shingles) for each in segments if each.words >= _FEWEST_WORDS}
    words = sum(segments[at].words for at in kept if at in agreed)
    said = sum(segments[at].words for at in kept if agreed.get(at, 0) > _LEAST_AGREED)
    if not words or said < _LEAST_AGREED * words:
        return kept
    found = shingles.intersection(each for at in kept for each in _shingles(segments[at].text))
    if len(found) > _MOST_FOUND * len(shingles):
        return kept
    return kept | {at for at, share in agreed.items() if share > _LEAST_ALIKE}


def _agreed(text: str, shingles: set[tuple[str, ...]]) -> float:
    own = _shingles(text)
    return sum(each in shingles for each in own) / max(1, len(own))


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return list(zip(words, words[1:], words[2:], strict=False))
