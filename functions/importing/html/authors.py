"""The authors that a page names."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from content_api.content.article import MAXIMUM_BYLINES, Author
from importing.html.json_ld import Json, listed, object_of, text_in
from importing.html.parsing import Element, around, names_in, text_of_element, text_of_markup
from importing.html.stated import Statements, microdata
from importing.words.names import begins_as_byline, is_byline, says_who
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
_LONGEST = 150  # characters of a byline
_MOST = 4000  # elements that are searched for a byline


def authors_of(
    root: Element, stated: Json, known: dict[str, Json], statements: Statements, site: str
) -> tuple[Author, ...]:
    """The authors, from the first source that names any. `known` are the objects that JSON-LD refers to. `site` is the
    name of the site, which is no author.
    """
    sources = (
        _stated(stated, known),
        statements.of(*_META),
        _in_microdata(root),
        [text_of_element(each) for each in root.iter("a", "link") if "author" in (each.get("rel") or "").split()],
        _in_names(root),
        _in_lines(root),
    )
    for source in sources:
        if found := authors(source, site=site):
            return found
    return ()


def authors(names: Any, *, site: str = "") -> tuple[Author, ...]:  # noqa: ANN401 - a list, or an iterator
    """The authors in lines that may name several each. A name that occurs twice is one author."""
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
        return  # the name has no printable character


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
    """The first short element whose class or id says that it is a byline, and which has only names of people."""
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


def _in_lines(root: Element) -> list[str]:
    """The only line on the page that says who wrote it: `Written by Maja Holt`. With several, other articles have
    theirs too.
    """
    found: set[str] = set()
    for count, element in enumerate(root.iter("span", "div", "p", "td", "i", "em", "b", "strong", "small", "font")):
        if count > _MOST:
            break
        if begins_as_byline((element.text or "")[:_LONGEST].lstrip()) and not any(
            _BESIDE.search(names_in(each)) for each in around(element)
        ):
            text = text_of_element(element)
            if len(text) <= _LONGEST and says_who(text):
                found.add(text)
    return list(found) if len(found) == 1 else []
