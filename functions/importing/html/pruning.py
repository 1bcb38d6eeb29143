"""A page's tree without what is no article: the text that was not selected, and the pictures that belong to it."""

from importing.html.elements import MEDIA
from importing.html.parsing import Element, name_of
from importing.html.segments import Segment

_CAPTIONS = frozenset({"figcaption", "figure"})
_HIGHEST = 12  # ancestors of a picture that are asked what it belongs to


def prune(root: Element, segments: list[Segment], kept: frozenset[int]) -> None:
    """Takes the other segments' text away, and media whose surroundings went with it; captions go with their media."""
    counts: dict[Element, list[int]] = {}
    for each in segments:
        if _in_figure(each.element):
            continue
        for element in (each.element, *each.element.iterancestors()):
            count = counts.setdefault(element, [0, 0])
            count[each.at in kept] += 1
    spans = _spans(segments, kept)
    for element in list(root.iter(*MEDIA)):
        if not any(name_of(each) in MEDIA for each in element.iterancestors()) and not _belongs(element, counts, spans):
            element.drop_tree()
    for each in segments:
        if each.at in kept or _in_figure(each.element):
            continue
        for element, where in each.references:
            setattr(element, where, " ")


def _in_figure(element: Element) -> bool:
    return name_of(element) in _CAPTIONS or any(name_of(each) in _CAPTIONS for each in element.iterancestors())


def _spans(segments: list[Segment], kept: frozenset[int]) -> frozenset[Element]:
    """The elements that hold the first and the last segment of the article, and all between."""
    if not kept:
        return frozenset()
    first = {segments[min(kept)].element, *segments[min(kept)].element.iterancestors()}
    last = segments[max(kept)].element
    return frozenset(first & {last, *last.iterancestors()})


def _belongs(element: Element, counts: dict[Element, list[int]], spans: frozenset[Element]) -> bool:
    """The nearest element around it that has any text says whether it is the article's."""
    for each in [element, *element.iterancestors()][:_HIGHEST]:
        if each in counts:
            dropped, kept = counts[each]
            if each in spans:
                return kept > 0 and not (each is element and dropped > kept)
            return kept >= dropped and kept > 0
        if each in spans:
            return True
    return False
