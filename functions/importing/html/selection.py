"""Decides which segments of a page are its article. It asks two extractors: trafilatura, and our own, which looks at
the density of text. Where they disagree, the rules below decide.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from importing.html.density import Density
from importing.html.extraction import kept_by_trafilatura
from importing.html.parsing import Element, name_of, names_in
from importing.html.segments import Segment
from importing.html.statement import with_what_is_stated
from importing.words.sentences import ends_sentence

_FEWEST_WORDS = 8  # a shorter segment says too little to be judged by its words
_MOST_LINKED = 0.3  # the share of linked words in a paragraph of text
_ALIKE = 0.6  # if this share of the words in a kind of element is kept, the rest of them are kept too
_ALIKE_ELSEWHERE = 0.5  # the same for a kind whose boxes have a class
_CELLS = frozenset({"td", "th"})
_LISTS = frozenset({"ul", "ol", "dl"})
_FEWEST_ITEMS = 3
_LEAST_LINKED = 0.8  # the share of linked words in a paragraph that is a link
_LONGEST_TITLE = 22  # words of a link to another article
_MOST_LINKS_OF_A_TEXT = 2
_MOSTLY_AGREED = 0.7  # if this share of the words is kept by both extractors, they found the same text
_LONGEST_STRAY = 60  # words of a passage that only trafilatura kept, and that is left out
_SMALL_PIECE = 0.3  # with less than this share of our words, trafilatura has only a piece of the text
_MOST_LINKED_AROUND = 0.08  # likewise, where that piece is within our text: with more links, the piece is the article
_MOST_BESIDE = 0.5  # the share that may be left out; if it were more, that is the article, such as a list of links
_WITHIN = frozenset("p h2 h3 h4 h5 li td th dt dd".split())
_APART = frozenset("figure figcaption aside".split())
_NAMED_APART = re.compile(
    r"caption|credit|byline|author|share|social|promo|related|recirc|newsletter|ad-|advert|teaser|signup|bio|meta|date|time",
    re.IGNORECASE,
)
_PARAGRAPHS = frozenset("p li blockquote pre h2 h3 h4 h5 td div dd dt article section span".split())


class _Kind(NamedTuple):
    """Elements that are made alike: they have the same name and class, and their boxes (parents) the same class."""

    name: str
    own: str | None
    box: str | None


def selected(root: Element, segments: list[Segment], *, stated: str) -> frozenset[int]:
    """The positions of the segments that are the article. `stated` is the text of the article in the page's JSON-LD."""
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
    kept |= _of_lists(segments, kept, density)
    kept |= _of_quotations(segments, kept)
    kept |= _linked_sentences(segments, kept)
    return frozenset(with_what_is_stated(segments, kept, stated))


def _finds_far_more(segments: list[Segment], density: Density, first: frozenset[int]) -> bool:
    """Whether our extractor found a text of which trafilatura has only a piece, such as the summary, or nothing. A list
    of links is no text.
    """
    own = _words(segments, density.kept)
    linked = sum(segments[at].linked for at in density.kept)
    most = _MOST_LINKED if first.isdisjoint(density.kept) else _MOST_LINKED_AROUND
    return linked <= most * own and _words(segments, first) < _SMALL_PIECE * (own - linked)


def _words(segments: list[Segment], chosen: Iterable[int]) -> int:
    return sum(segments[at].words for at in chosen)


def _beside(segments: list[Segment], kept: set[int], density: Density) -> set[int]:
    """What trafilatura kept although it is not the article: readers' comments, menus and links to other articles. If
    both extractors agree on the rest, also short passages that our own did not keep.
    """
    unseen = [at for at in sorted(kept) if at not in density.kept]
    beside = {at for at in unseen if density.is_of_readers(segments[at].element)}
    beside |= {at for at in kept if _is_menu(segments[at]) or _is_link_to_another(segments[at])}
    beside |= _above(segments, kept)
    agreed = _words(segments, kept & density.kept)
    if agreed >= _MOSTLY_AGREED * _words(segments, kept):
        for run in _runs(sorted(kept), density.kept):
            if _words(segments, run) <= _LONGEST_STRAY:
                beside.update(run)
    return beside


def _runs(kept: list[int], seen: frozenset[int]) -> list[list[int]]:
    """The positions in `kept` that are not in `seen`, in groups that are separated by positions in `seen`."""
    runs: list[list[int]] = [[]]
    for at in kept:
        if at in seen:
            runs.append([])
        else:
            runs[-1].append(at)
    return runs


def _is_menu(segment: Segment) -> bool:
    """Whether a table cell has only links: it is the menu of a page that is laid out with tables. For other elements
    the rule lost more than it gained (-.033 on readability's pages, +.0003 on the benchmark's).
    """
    is_linked = segment.linked >= segment.words and name_of(segment.element) in _CELLS
    return is_linked and sum(1 for _ in segment.element.iter("a")) > 1


def _is_link_to_another(segment: Segment) -> bool:
    """A paragraph that is a link, and no sentence: `READ MORE: The bridge opens after nine years`. A long one is a text
    that leads to notes on it, unless it is several links.
    """
    is_link = segment.linked >= _LEAST_LINKED * segment.words and segment.words >= _FEWEST_WORDS
    if not is_link or name_of(segment.element) != "p" or ends_sentence(segment.text):
        return False
    return not _leads_to_notes(segment)


def _leads_to_notes(segment: Segment) -> bool:
    """Whether a paragraph is too long for the title of another article, and is hardly more than one link: readers'
    notes on it are elsewhere.
    """
    return segment.words > _LONGEST_TITLE and sum(1 for _ in segment.element.iter("a")) <= _MOST_LINKS_OF_A_TEXT


def _above(segments: list[Segment], kept: set[int]) -> set[int]:
    """Menus above the text: several links and nothing else, before the first paragraph."""
    found: set[int] = set()
    for at in sorted(kept):
        each = segments[at]
        if each.words >= _FEWEST_WORDS and each.linked <= _MOST_LINKED * each.words:
            break
        if each.linked >= each.words and sum(1 for _ in each.element.iter("a")) > 1:
            found.add(at)
    return found


def _between(segments: list[Segment], kept: set[int], density: Density) -> set[int]:
    """Paragraphs, headings, items and cells that our extractor keeps, and that are between two kept segments."""
    if not kept:
        return set()
    return {
        each.at
        for each in segments[min(kept) : max(kept)]
        if each.at in density.kept
        and name_of(each.element) in _WITHIN
        and (each.linked <= _MOST_LINKED * each.words or _leads_to_notes(each))
        and not any(_stands_apart(element) for element in [each.element, *each.element.iterancestors()][:3])
    }


def _linked_sentences(segments: list[Segment], kept: set[int]) -> set[int]:
    """Short sentences that are links, in a paragraph of their own between two paragraphs that are kept."""
    return {
        each.at
        for before, each, after in zip(segments, segments[1:], segments[2:], strict=False)
        if before.at in kept
        and after.at in kept
        and each.words < _FEWEST_WORDS
        and name_of(each.element) == name_of(before.element) == name_of(after.element) == "p"
        and each.element.getparent() is before.element.getparent() is after.element.getparent()
        and ends_sentence(each.text)
    }


def _of_lists(segments: list[Segment], kept: set[int], density: Density) -> set[int]:
    """The rest of a list that is kept for the most part, where the second sees it."""
    items: defaultdict[Element, list[int]] = defaultdict(list)
    for each in segments:
        if each.at in density.kept or each.at in kept:
            outermost = [one for one in (each.element, *each.element.iterancestors()) if name_of(one) in _LISTS]
            if outermost:
                items[outermost[-1]].append(each.at)
    return {
        at
        for each in items.values()
        if len(each) >= _FEWEST_ITEMS and 2 * _words(segments, kept.intersection(each)) >= _words(segments, each)
        for at in each
    }


def _of_quotations(segments: list[Segment], kept: set[int]) -> set[int]:
    """All segments of the quotations of which one segment is kept. The others may say who said it."""
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
    """Segments that were left out, although the text is in elements of the same kind. They are added if our extractor
    keeps them, or if their boxes have a class: then a second box of that class is the second half of the text.
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
