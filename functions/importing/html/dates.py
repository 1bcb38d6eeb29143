"""When a page says that it was published and changed. A date that cannot be read is skipped, and the next one is
tried.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from importing.html.json_ld import Json, text_in
from importing.html.parsing import Element, around, found_in, name_of, names_in, text_of_element
from importing.html.stated import Statements, microdata, value_of
from importing.words.instants import instant_of

_PUBLISHED = (
    "article:published_time og:article:published_time article:published og:published_time datepublished "
    "publishdate publish-date publish_date publication_date publicationdate publication-date pubdate pub_date "
    "published parsely-pub-date sailthru.date article.published dc.date dc.date.issued dc.date.created "
    "dcterms.date dcterms.created dcterms.issued dcterms.available date date.created article:created "
    "article:create_date originalpublicationdate citation_date citation_publication_date "
    "cxenseparse:recs:publishtime cxenseparse:publishtime displaydate bt:pubdate rnews:datepublished ptime time "
    "datecreated".split()
)
_CHANGED = (
    "article:modified_time og:updated_time og:article:modified_time datemodified article.updated lastmod "
    "last-modified dcterms.modified dc.date.modified date.updated".split()
)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:date|time|published|pubdate|timestamp|posted|dateline|publish)|(?:create|post|news|article)date\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"comment|related|sidebar|footer|recommend|teaser|card|widget|latest|updated|modified", re.IGNORECASE
)
_IN_ADDRESS = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?=[/-]|$)", re.ASCII)
_IN_RDFA = frozenset(
    {"dc:date", "dc:created", "dcterms:date", "dcterms:created", "dcterms:issued", "schema:datepublished"}
)
_LONGEST = 80  # characters of a date
_MOST = 4000  # elements that are searched for a date


def published(root: Element, stated: Json, statements: Statements, url: str | None) -> dt.datetime | None:
    return _first_instant(_published(root, stated, statements, url))


def changed(root: Element, stated: Json, statements: Statements) -> dt.datetime | None:
    return _first_instant(
        [
            text_in(stated.get("dateModified")),
            *statements.of(*_CHANGED),
            *map(value_of, microdata(root, "dateModified")),
        ]
    )


def _published(root: Element, stated: Json, statements: Statements, url: str | None) -> Iterator[str]:
    yield text_in(stated.get("datePublished"))
    yield text_in(stated.get("uploadDate"))
    yield from statements.of(*_PUBLISHED)
    yield from map(value_of, microdata(root, "datePublished"))
    yield text_in(stated.get("dateCreated"))
    yield from map(value_of, microdata(root, "dateCreated"))
    for element in found_in(root, "//*[@property and @content]"):  # RDFa, as Drupal writes it
        if _IN_RDFA & set((element.get("property") or "").lower().split()) and not _stands_beside(element):
            yield element.get("content") or ""
    for element in root.iter("time", "abbr"):
        if not _stands_beside(element):
            yield element.get("datetime") or (element.get("title") or "" if name_of(element) == "abbr" else "")
            yield text_of_element(element)
    yield from _in_names(root)
    for found in _IN_ADDRESS.finditer((url or "")[:2048]):
        yield "-".join(found.groups())


def _in_names(root: Element) -> Iterator[str]:
    """The text of short elements whose class or id says that they are a date."""
    for count, element in enumerate(root.iter("span", "div", "p", "li", "dd", "td", "small", "em", "i", "b")):
        if count > _MOST:
            return
        if len(element) <= 3 and _NAMED.search(names_in(element)) and not _stands_beside(element):  # noqa: PLR2004 - a date is no box
            text = text_of_element(element)
            if len(text) <= _LONGEST:
                yield text


def _stands_beside(element: Element) -> bool:
    return any(
        _BESIDE.search(names_in(each)) or name_of(each) in {"aside", "footer", "nav"} for each in around(element)
    )


def _first_instant(stated: Iterable[str]) -> dt.datetime | None:
    return next((found for each in stated if each and (found := instant_of(each)) is not None), None)
