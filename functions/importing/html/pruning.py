"""Removes from the tree of a page what is not the article: the texts that were not selected, and pictures that do not
belong to it.
"""

from collections import defaultdict

from importing.html.elements import MEDIA
from importing.html.parsing import Element, name_of
from importing.html.segments import Segment

_HIGHEST = 12  # ancestors of a picture that are checked for what it belongs to
_MOST_LINKED = 0.5  # share of links among a figure's words outside its caption; a list of other articles has more


def prune(root: Element, segments: list[Segment], kept: frozenset[int]) -> None:
    """Removes the text of the other segments, and media whose surroundings are removed. All parts of a figure stay or
    go together.
    """
    held = _held_by_figures(segments, kept)
    counts: dict[Element, list[int]] = {}
    for each in segments:
        if each.at in held:
            continue
        for element in (each.element, *each.element.iterancestors()):
            count = counts.setdefault(element, [0, 0])
            count[each.at in kept] += 1
    # Texts are removed first, since removing an element moves the text after it to another element.
    for each in segments:
        if each.at not in kept and each.at not in held:
            for element, where in each.references:
                setattr(element, where, " ")
    spans = _spans(segments, kept)
    for element in list(root.iter(*MEDIA)):
        if not any(name_of(each) in MEDIA for each in element.iterancestors()) and not _belongs(element, counts, spans):
            element.drop_tree()
    shown = {
        element
        for each in segments
        if each.at in kept or each.at in held
        for element in (each.element, *(one for one, _ in each.references))
    }
    _drop_empty(root, shown | set(root.iter("script", *MEDIA)))


def _drop_empty(root: Element, shown: set[Element]) -> None:
    """Removes elements in which nothing is shown. Otherwise, later steps would walk the whole page for a short
    article.
    """
    alive: set[Element] = {root}
    for each in shown:
        element: Element | None = each
        while element is not None and element not in alive:
            alive.add(element)
            element = element.getparent()
    for element in [each for above in alive for each in above if each not in alive]:
        above = element.getparent()
        # Line breaks stay: two of them end a paragraph, also in a `font` or the like.
        if above is not None and above not in shown and name_of(element) != "br":
            element.drop_tree()


def _held_by_figures(segments: list[Segment], kept: frozenset[int]) -> frozenset[int]:
    """The segments in figures, except figures that list other articles."""
    figures: defaultdict[Element, list[Segment]] = defaultdict(list)
    captions: set[int] = set()
    for each in segments:
        around = [each.element, *each.element.iterancestors()]
        figure = next((element for element in around if name_of(element) == "figure"), None)
        if figure is not None:
            figures[figure].append(each)
            if any(name_of(element) == "figcaption" for element in around):
                captions.add(each.at)
    held: set[int] = set()
    for figure, within in figures.items():
        beside = [each for each in within if each.at not in captions]
        linked = sum(each.linked for each in beside)
        is_list = linked > _MOST_LINKED * sum(each.words for each in beside) or _is_teaser(figure, within)
        if not is_list or any(each.at in kept for each in within):
            held |= {each.at for each in within}
    return frozenset(held)


def _is_teaser(figure: Element, within: list[Segment]) -> bool:
    """Whether a figure is an item of a list with a picture and a link: another article."""
    linked = all(each.linked >= each.words for each in within)
    return linked and any(name_of(each) == "li" for each in figure.iterancestors())


def _spans(segments: list[Segment], kept: frozenset[int]) -> frozenset[Element]:
    """The elements that contain the first and the last segment of the article, and so everything between them."""
    if not kept:
        return frozenset()
    first = {segments[min(kept)].element, *segments[min(kept)].element.iterancestors()}
    last = segments[max(kept)].element
    return frozenset(first & {last, *last.iterancestors()})


def _belongs(element: Element, counts: dict[Element, list[int]], spans: frozenset[Element]) -> bool:
    """Whether media belong to the article. The nearest element around them that has any text decides."""
    for each in [element, *element.iterancestors()][:_HIGHEST]:
        if each in counts:
            dropped, kept = counts[each]
            if each in spans:
                return kept > 0 and not (each is element and dropped > kept)
            return kept >= dropped and kept > 0
        if each in spans:
            return True
    return False
