"""Who a page says has written it."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from content_api.content.article import MAXIMUM_BYLINES, Author
from importing.html.json_ld import Json, listed, object_of, text_in
from importing.html.parsing import Element, around, names_in, text_of_element, text_of_markup
from importing.html.stated import Statements, microdata
from importing.words.names import is_byline
from importing.words.names import names_in as people_in

_META = (
    "article:author article:author_name og:article:author author byl dc.creator dcterms.creator dc.contributor "
    "parsely-author sailthru.author article.author citation_author cxenseparse:author rnews:author bt:author "
    "authors lp.article:author".split()
)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:byline|by-line|author|authors|autor|writer|contributor)(?:$|[\s_-])", re.IGNORECASE
)
_BESIDE = re.compile(r"comment|related|sidebar|footer|recommend|teaser|widget|bio|avatar|social|share", re.IGNORECASE)
_LONGEST = 150  # characters of an element that is a byline
_MOST = 4000  # elements that are looked at for one


def authors_of(
    root: Element, stated: Json, known: dict[str, Json], statements: Statements, site: str
) -> tuple[Author, ...]:
    """From the first place that names anybody; `known` are the objects that JSON-LD refers to, `site` is nobody's
    name.
    """
    sources = (
        _stated(stated, known),
        statements.of(*_META),
        _in_microdata(root),
        [text_of_element(each) for each in root.iter("a", "link") if "author" in (each.get("rel") or "").split()],
        _in_names(root),
    )
    for source in sources:
        if found := authors(source, site=site):
            return found
    return ()


def authors(names: Any, *, site: str = "") -> tuple[Author, ...]:  # noqa: ANN401 - a list, or an iterator
    """Each line may name several; twice is once."""
    found: dict[str, Author] = {}
    for line in names:
        for name in people_in(text_of_markup(line)) if "://" not in line else ():
            if name.casefold() != site.casefold() and len(found) < MAXIMUM_BYLINES:
                _add(found, name)
    return tuple(found.values())


def _add(found: dict[str, Author], name: str) -> None:
    try:
        found.setdefault(name.casefold(), Author(name=name))
    except ValidationError:
        return  # a name of nothing that can be printed


def _stated(stated: Json, known: dict[str, Json]) -> Iterator[str]:
    for each in listed(stated.get("author")) or listed(stated.get("creator")):
        entry = object_of(each)
        if set(entry) == {"@id"}:
            entry = known.get(str(entry["@id"]), entry)
        if "Organization" in str(entry.get("@type")):
            continue
        for name in listed(entry.get("name")) if entry else [each]:
            yield text_in(name)


def _in_microdata(root: Element) -> Iterator[str]:
    for each in microdata(root, "author"):
        if "organization" in (each.get("itemtype") or "").lower():
            continue
        names = [inner for inner in each.iter() if "name" in (inner.get("itemprop") or "").split()]
        for named in names or [each]:
            text = named.get("content") or text_of_element(named)
            if len(text) <= _LONGEST:
                yield text


def _in_names(root: Element) -> Iterator[str]:
    """The first short element that is named as a byline and names people alone."""
    for count, element in enumerate(
        root.iter("a", "span", "div", "p", "li", "address", "strong", "em", "h3", "h4", "cite")
    ):
        if count > _MOST:
            return
        if not _NAMED.search(names_in(element)) or any(_BESIDE.search(names_in(each)) for each in around(element)):
            continue
        text = text_of_element(element)
        if len(text) <= _LONGEST and is_byline(text):
            yield text
            return
