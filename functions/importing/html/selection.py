"""Which segments of a page are its article: two extractors are asked, and where they disagree, evidence decides."""

import re
from collections import Counter, defaultdict
from typing import NamedTuple

from importing.html.density import Density
from importing.html.extraction import kept_by_trafilatura
from importing.html.parsing import Element, name_of
from importing.html.segments import Segment

_WORD = re.compile(r"\w+")
_FEWEST_WORDS = 8  # of a segment that tells anything by its words
_MOST_LINKED = 0.3  # of a paragraph's words
_ALIKE = 0.6  # of what stands in the same kind of element is kept: then its neighbours are as well
_ALIKE_ELSEWHERE = 0.5  # likewise, in a box of the same name
_LEAST_AGREED = 0.5  # of the words that are kept must stand in what the page itself states, or it is of something else
_CELLS = frozenset({"td", "th"})
_PARAGRAPHS = frozenset("p li blockquote pre h2 h3 h4 h5 td div dd dt article section span".split())


class _Kind(NamedTuple):
    """What a page's author sees as one kind: an element's name and class, and the class of the box it stands in."""

    name: str
    own: str | None
    box: str | None


def selected(root: Element, segments: list[Segment], *, stated: str) -> frozenset[int]:
    """The positions of the segments that are the article; `stated` is the text that the page states in JSON-LD."""
    first = kept_by_trafilatura(root, segments)
    density = Density(segments)
    kept = set(first) or set(density.kept)
    kept -= _menus(segments, kept, density)
    kept |= _alike(segments, kept, density)
    return frozenset(_as_stated(segments, kept, stated))


def _alike(segments: list[Segment], kept: set[int], density: Density) -> set[int]:
    """What one extractor left out of elements that the rest of the text stands in: where the other takes it, or where
    the page names its boxes, so that a second box of one name is the text's second half.
    """
    shares = _shares(segments, kept)
    found: set[int] = set()
    for each in segments:
        kind = _kind(each.element)
        is_text = each.words >= _FEWEST_WORDS and each.linked <= _MOST_LINKED * each.words
        if each.at in kept or not is_text or name_of(each.element) not in _PARAGRAPHS:
            continue
        if each.at in density.kept:
            is_alike = shares[kind] >= _ALIKE
        else:
            is_alike = (
                kind.box is not None and shares[kind] >= _ALIKE_ELSEWHERE and not density.is_unlikely(each.element)
            )
        if is_alike:
            found.add(each.at)
    return found


def _shares(segments: list[Segment], kept: set[int]) -> defaultdict["_Kind", float]:
    """By kind of element, the share of its words that are kept."""
    words: Counter[_Kind] = Counter()
    kept_words: Counter[_Kind] = Counter()
    for each in segments:
        kind = _kind(each.element)
        words[kind] += each.words
        kept_words[kind] += each.words if each.at in kept else 0
    return defaultdict(float, {kind: kept_words[kind] / max(1, words[kind]) for kind in words})


def _kind(element: Element) -> "_Kind":
    parent = element.getparent()
    box = None if parent is None else parent.get("class")
    return _Kind(name_of(element), element.get("class"), box)


def _menus(segments: list[Segment], kept: set[int], density: Density) -> set[int]:
    """What is all links in a cell of a table, where the other extractor sees no text: the menu of a page laid out so.
    In other elements the rule cost more than it gave (-.033 on readability's pages, +.0003 on the benchmark's).
    """
    links = (at for at in kept if at not in density.kept and segments[at].linked >= segments[at].words)
    return {at for at in links if name_of(segments[at].element) in _CELLS}


def _as_stated(segments: list[Segment], kept: set[int], stated: str) -> set[int]:
    """With what the page's own statement of its text has as well, where it is a statement of this text."""
    if not stated:
        return kept
    shingles = set(_shingles(stated))
    agreed = {each.at: _agreed(each.text, shingles) for each in segments if each.words >= _FEWEST_WORDS}
    words = sum(segments[at].words for at in kept if at in agreed)
    said = sum(segments[at].words for at in kept if agreed.get(at, 0) > _LEAST_AGREED)
    if not words or said < _LEAST_AGREED * words:
        return kept
    return kept | {at for at, share in agreed.items() if share > _ALIKE}


def _agreed(text: str, shingles: set[tuple[str, ...]]) -> float:
    own = _shingles(text)
    return sum(each in shingles for each in own) / max(1, len(own))


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return list(zip(words, words[1:], words[2:], strict=False))
