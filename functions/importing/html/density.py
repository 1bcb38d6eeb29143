"""Finds the text of a page in another way than trafilatura: it is the element with many long paragraphs and few links.

The measure is Readability's (mozilla/readability, Apache-2.0). A paragraph scores a point for itself, for each comma,
and for its length. It passes the score on to the elements around it.
"""

import re
from collections import defaultdict
from functools import lru_cache

from importing.html.parsing import Element, name_of, names_in
from importing.html.segments import Segment

_UNLIKELY = re.compile(
    r"-ad-|ai2html|banner|breadcrumb|combx|comment|community|cover-wrap|disqus|extra|footer|gdpr|header|legends|menu|related|"
    r"remark|replies|rss|shoutbox|sidebar|skyscraper|social|sponsor|supplemental|ad-break|agegate|pagination|pager|popup|"
    r"newsletter|promo|recommend|most-read|trending",
    re.IGNORECASE,
)
_OF_READERS = re.compile(r"(?:^|[\s_-])comments?(?:$|[\s_-])|disqus", re.IGNORECASE)
_PERHAPS = re.compile(r"and|article|body|column|content|main|shadow", re.IGNORECASE)
_GOOD = re.compile(r"article|body|content|entry|hentry|main|page|post|text|blog|story", re.IGNORECASE)
_BAD = re.compile(
    r"-ad-|hidden|banner|combx|comment|com-|contact|footer|gdpr|masthead|media|meta|outbrain|promo|related|scroll|share|"
    r"shoutbox|sidebar|skyscraper|sponsor|shopping|tags|tool|widget",
    re.IGNORECASE,
)
_STARTS = {"div": 5, "article": 8, "main": 5, "section": 3, "pre": 3, "td": 3, "blockquote": 3}
_BESIDE = frozenset("h1 h2 h3 h4 h5 h6 figcaption li th caption label summary address".split())
_NOT_LIKELY = frozenset("nav aside footer".split())
_ROLES = frozenset("menu menubar complementary navigation alert alertdialog dialog".split())
_COMMAS = re.compile("[,،，、]")
_SHORTEST = 25  # characters of a paragraph that counts
_HIGHEST = 5  # ancestors that get the score of a paragraph
_SHARE = 0.2  # share of the best score, from which on a neighbour of the best element is text too
_MOST = 0.5  # share of a page's words outside of links
_CANDIDATES = 5
_NEAR = 0.75  # share of the best score
_SHARED = 2  # other candidates in the same element as the best
_NAMED = 25  # points for a name that says what the element is


class Density:
    """Scores for the segments of a page. `top` is the element with the text; None if no paragraph counts."""

    def __init__(self, segments: list[Segment]) -> None:
        self._unlikely: dict[Element, bool] = {}
        self._words: defaultdict[Element, int] = defaultdict(int)
        self._linked: defaultdict[Element, int] = defaultdict(int)
        for each in segments:
            for element in (each.element, *each.element.iterancestors()):
                self._words[element] += each.words
                self._linked[element] += each.linked
        scores = self._scores(segments)
        self.top = _top(scores)
        chosen = self._beside(self.top, scores) if self.top is not None else set[Element]()
        self.kept = frozenset(
            each.at
            for each in segments
            if not self.is_unlikely(each.element)
            and any(element in chosen for element in (each.element, *each.element.iterancestors()))
        )

    def links_in(self, element: Element) -> float:
        """The share of an element's words that are in links."""
        return self._linked[element] / max(1, self._words[element])

    def is_unlikely(self, element: Element) -> bool:
        """Whether the name of the element, or of one around it, says that it stands beside a text."""
        known = self._unlikely.get(element)
        if known is None:
            parent = element.getparent()
            is_named = _is_unlikely(element) and not self._holds_most(element)
            known = is_named or (parent is not None and self.is_unlikely(parent))
            self._unlikely[element] = known
        return known

    @staticmethod
    def is_of_readers(element: Element) -> bool:
        """Whether the element is in what the page names as comments of readers."""
        return any(
            _OF_READERS.search(names_in(each)) is not None
            for each in (element, *element.iterancestors())
            if name_of(each) not in {"body", "html"}
        )

    def _holds_most(self, element: Element) -> bool:
        """Whether the element has most of the page's words outside of links. A menu or a sidebar never does; comments
        may.
        """
        page = element.getroottree().getroot()
        own, whole = (self._words[each] - self._linked[each] for each in (element, page))
        return own > _MOST * whole and not self.is_of_readers(element)

    def _scores(self, segments: list[Segment]) -> dict[Element, float]:
        scores: dict[Element, float] = {}
        for each in segments:
            if len(each.text) < _SHORTEST or name_of(each.element) in _BESIDE or self.is_unlikely(each.element):
                continue
            points = 1 + len(_COMMAS.findall(each.text)) + min(len(each.text) // 100, 3)
            element: Element | None = each.element
            if name_of(each.element) in {"p", "pre", "td", "blockquote"}:
                element = each.element.getparent()
            for level in range(_HIGHEST):
                if element is None or name_of(element) == "html":
                    break
                scores.setdefault(element, _STARTS.get(name_of(element), 0) + _weight(element))
                scores[element] += points / (1, 2, 6, 9, 12)[level]
                element = element.getparent()
        return {element: score * (1 - self.links_in(element)) for element, score in scores.items()}

    def _beside(self, top: Element, scores: dict[Element, float]) -> set[Element]:
        """The best element, and its neighbours that are text too."""
        chosen = {top}
        least = max(10, scores[top] * _SHARE)
        parent = top.getparent()
        for each in () if parent is None else parent:
            same = bool(each.get("class")) and each.get("class") == top.get("class")
            bonus = scores[top] * _SHARE if same else 0
            is_text = name_of(each) == "p" and self._words[each] > 15 and self.links_in(each) < 0.25  # noqa: PLR2004 - Readability's own
            if is_text or (each in scores and scores[each] + bonus >= least):
                chosen.add(each)
        return chosen


def _top(scores: dict[Element, float]) -> Element | None:
    """The best element; or one that contains it and two others which are nearly as good; or one above it with a higher
    score.
    """
    if not scores:
        return None
    best = sorted(scores, key=lambda element: scores[element], reverse=True)[:_CANDIDATES]
    top = best[0]
    near = [each for each in best[1:] if scores[each] >= _NEAR * scores[top]]
    for above in top.iterancestors():
        if name_of(above) in {"body", "html"}:
            break
        if above in scores and sum(above in set(each.iterancestors()) for each in near) >= _SHARED:
            return above
    return top


def _is_unlikely(element: Element) -> bool:
    name = name_of(element)
    if name in {"body", "html", "a", "article", "main"}:
        return False
    return _names_what_stands_beside(names_in(element)) or name in _NOT_LIKELY or (element.get("role") or "") in _ROLES


def _weight(element: Element) -> int:
    return _weight_of(element.get("class") or "") + _weight_of(element.get("id") or "")


@lru_cache(maxsize=4096)  # a page has a thousand elements and fifty names
def _names_what_stands_beside(names: str) -> bool:
    return _UNLIKELY.search(names) is not None and _PERHAPS.search(names) is None


@lru_cache(maxsize=4096)
def _weight_of(names: str) -> int:
    return (_NAMED if _GOOD.search(names) else 0) - (_NAMED if _BAD.search(names) else 0)
