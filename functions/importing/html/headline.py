"""A page's headline: what its parts agree on, since the first `h1` is often the name of the site."""

import re

from importing.html.parsing import Element, name_of, names_in, text_of_element

_SITE = re.compile(r" [|–—·•»:-]{1,3} | ?\| ?")
_MASTHEAD = re.compile(r"logo|masthead|site-?(?:name|title)|brand|navbar", re.IGNORECASE)
_FEWEST_LETTERS = 8  # that two titles must share for one to be part of the other
_BESIDE = frozenset({"nav", "aside", "footer"})


def headline_of(root: Element, *, stated: str, titles: list[str], site: str) -> str:
    """`stated` is JSON-LD's; `titles` are Open Graph's and the like, the surest first; `site` is the name of the
    site.
    """
    heads = [text_of_element(each) for each in root.iter("title")][:1]
    named = [_without_site(each, site) for each in [*titles, *heads]]
    headings = [(each, text_of_element(each)) for each in root.iter("h1", "h2") if not _stands_beside(each)]
    firsts = [text for each, text in headings if name_of(each) == "h1" and not _is_masthead(each, text, site)]
    told = [stated] if stated and not _same(stated, site) else []
    agreed = [text for _, text in headings if any(_agree(text, each) for each in [*told, *named])]
    if not told and not titles and len(within := _within_articles(headings)) == 1:
        return within[0]
    others = [text_of_element(each) for each in root.iter("h1", "h2", "h3", "h4")]
    return next((each for each in [*told, *agreed[:1], *named[: len(titles)], *firsts, *named, *others] if each), "")


def _within_articles(headings: list[tuple[Element, str]]) -> list[str]:
    """The `h1` of the page's `article`, which goes before one outside where nothing else tells."""
    firsts = [each for each, text in headings if name_of(each) == "h1" and text]
    inside = [each for each in firsts if any(name_of(above) == "article" for above in each.iterancestors())]
    return [text_of_element(each) for each in inside] if len(inside) < len(firsts) else []


def _without_site(title: str, site: str) -> str:
    """`The headline | The Herald`: the longest part that is not the site's name."""
    parts = [part.strip() for part in _SITE.split(title) if part.strip()]
    if len(parts) < 2 or not site:  # noqa: PLR2004 - nothing to take off
        return title if len(parts) < 2 or "|" not in title else max(parts, key=len)  # noqa: PLR2004 - as above
    ends = [part for part in (parts[0], parts[-1]) if _same(part, site)]
    if not ends:
        return title
    at = title.find(ends[0]) if ends[0] == parts[0] else title.rfind(ends[0])
    rest = title[len(ends[0]) :] if at == 0 else title[:at]
    return rest.strip(" |–—·•»:-") or title


def _agree(text: str, title: str) -> bool:
    one, other = _letters(text), _letters(title)
    return len(one) >= _FEWEST_LETTERS and (one == other or (len(one) > len(other) / 2 and one in other))


def _is_masthead(element: Element, text: str, site: str) -> bool:
    if _same(text, site):
        return True
    above = [element, *element.iterancestors()]
    links = [each.get("href") or "" for each in element.iter("a")]
    return any(_MASTHEAD.search(names_in(each)) for each in above[:3]) or "/" in links


def _stands_beside(element: Element) -> bool:
    return any(name_of(each) in _BESIDE for each in element.iterancestors())


def _same(text: str, other: str) -> bool:
    return bool(other) and _letters(text) == _letters(other)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
