"""Which segments of a page are its article: two extractors are asked, and where they disagree, evidence decides."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from importing.html.density import Density
from importing.html.extraction import kept_by_trafilatura
from importing.html.parsing import Element, name_of, names_in
from importing.html.segments import Segment
from importing.words.sentences import ends_sentence

_WORD = re.compile(r"\w+")
_FEWEST_WORDS = 8  # of a segment that tells anything by its words
_MOST_LINKED = 0.3  # of a paragraph's words
_ALIKE = 0.6  # of what stands in the same kind of element is kept: then its neighbours are as well
_ALIKE_ELSEWHERE = 0.5  # likewise, in a box of the same name
_LEAST_AGREED = 0.5  # of the words that are kept must stand in what the page itself states, or it is of something else
_CELLS = frozenset({"td", "th"})
_LEAST_LINKED = 0.8  # of the words of a paragraph that is a link
_MOSTLY_AGREED = 0.7  # of the words that one extractor takes are the other's too: then they speak of one text
_LONGEST_STRAY = 60  # words in one place that one extractor alone takes
_SMALL_PIECE = 0.3  # of the second's words that are no links
_MOST_BESIDE = 0.5  # of what is kept: where more would be left out, it is the article, such as a list of links
_WITHIN = frozenset("p h2 h3 h4 h5 li td th dt dd".split())
_APART = frozenset("figure figcaption aside".split())
_NAMED_APART = re.compile(
    r"caption|credit|byline|author|share|social|promo|related|recirc|newsletter|ad-|advert|teaser|signup|bio|meta|date|time",
    re.IGNORECASE,
)
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
    if _finds_far_more(segments, density, first):
        kept |= density.kept
    beside = _beside(segments, kept, density)
    if _words(segments, beside) <= _MOST_BESIDE * _words(segments, kept):
        kept -= beside
    kept |= _alike(segments, kept, density)
    kept |= _between(segments, kept, density)
    kept |= _of_quotations(segments, kept)
    return frozenset(_as_stated(segments, kept, stated))


def _finds_far_more(segments: list[Segment], density: Density, first: frozenset[int]) -> bool:
    """Whether the second sees a text of which the first has but a piece, such as its summary, or nothing. A list of
    links is no text.
    """
    own = _words(segments, density.kept)
    linked = sum(segments[at].linked for at in density.kept)
    return linked <= _MOST_LINKED * own and _words(segments, first) < _SMALL_PIECE * (own - linked)


def _words(segments: list[Segment], chosen: Iterable[int]) -> int:
    return sum(segments[at].words for at in chosen)


def _beside(segments: list[Segment], kept: set[int], density: Density) -> set[int]:
    """What the first took that is no text: readers' comments, menus, links to other articles, and what the second does
    not see where both agree on the rest.
    """
    unseen = [at for at in sorted(kept) if at not in density.kept]
    beside = {at for at in unseen if density.is_of_readers(segments[at].element)}
    beside |= {at for at in kept if _is_menu(segments[at]) or _is_link_to_another(segments[at])}
    agreed = _words(segments, kept & density.kept)
    if agreed >= _MOSTLY_AGREED * _words(segments, kept):
        for run in _runs(sorted(kept), density.kept):
            if _words(segments, run) <= _LONGEST_STRAY:
                beside.update(run)
    return beside


def _runs(kept: list[int], seen: frozenset[int]) -> list[list[int]]:
    """What of `kept` is not in `seen`, in runs between what is."""
    runs: list[list[int]] = [[]]
    for at in kept:
        if at in seen:
            runs.append([])
        else:
            runs[-1].append(at)
    return runs


def _is_menu(segment: Segment) -> bool:
    """Links and nothing else in a cell of a table: the menu of a page laid out so. In other elements the rule cost more
    than it gave (-.033 on readability's pages, +.0003 on the benchmark's).
    """
    is_linked = segment.linked >= segment.words and name_of(segment.element) in _CELLS
    return is_linked and sum(1 for _ in segment.element.iter("a")) > 1


def _is_link_to_another(segment: Segment) -> bool:
    """A paragraph that is a link, and no sentence: `READ MORE: The bridge opens after nine years`."""
    is_link = segment.linked >= _LEAST_LINKED * segment.words and segment.words >= _FEWEST_WORDS
    return is_link and name_of(segment.element) == "p" and not ends_sentence(segment.text)


def _between(segments: list[Segment], kept: set[int], density: Density) -> set[int]:
    """Paragraphs, headings, items and cells that the second sees within what is kept."""
    if not kept:
        return set()
    return {
        each.at
        for each in segments[min(kept) : max(kept)]
        if each.at in density.kept
        and name_of(each.element) in _WITHIN
        and each.linked <= _MOST_LINKED * each.words
        and not any(_stands_apart(element) for element in [each.element, *each.element.iterancestors()][:3])
    }


def _of_quotations(segments: list[Segment], kept: set[int]) -> set[int]:
    """The rest of a quotation that is kept: a rule in it, or who said it."""
    held: defaultdict[Element, list[int]] = defaultdict(list)
    for each in segments:
        quotation = next(
            (one for one in (each.element, *each.element.iterancestors()) if name_of(one) == "blockquote"), None
        )
        if quotation is not None:
            held[quotation].append(each.at)
    return {at for each in held.values() if not kept.isdisjoint(each) for at in each}


def _stands_apart(element: Element) -> bool:
    return name_of(element) in _APART or _NAMED_APART.search(names_in(element)) is not None


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
