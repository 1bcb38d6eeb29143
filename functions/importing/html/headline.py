"""The headline of a page: what several parts of the page agree on, since the first `h1` is often the name of the
site.
"""

import re
from collections.abc import Iterator

from importing.html.parsing import Element, name_of, names_in, text_of_element
from importing.words.furniture import is_named_as_a_site
from importing.words.sentences import ends_sentence

_SITE = re.compile(r" [|–—·•»:-]{1,3} | ?\| ?")
_PATH = re.compile(r" ?(?:::|»|\||›|→) ?")  # between the sections of a site and the headline
_MASTHEAD = re.compile(r"logo|masthead|site-?(?:name|title)|brand|navbar", re.IGNORECASE)
_TITLED = re.compile(
    r"(?:^|[\s_-])(?:entry|post|article|news|story|content|page)[_-]?(?:title|heading|headline)(?:$|\s)|"
    r"(?:^|\s)(?:headline|MsoTitle)(?:$|\s)",
    re.IGNORECASE,
)
_HOME = re.compile(r"(?:https?://[^/?#\s]{1,250})?/?", re.IGNORECASE)
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright)[\s©\d,–-]{1,40}([^\W\d][^.,;|©\n]{2,60})", re.IGNORECASE)
_FEWEST_LETTERS = 8  # letters that two titles must share, for one to be a part of the other
_FEWEST_WORDS = 3  # of a line in bold that may be the headline
_LONGEST = 250  # characters of such a line
_MOST = 30  # elements in bold that are looked at
_BESIDE = frozenset({"nav", "aside", "footer"})
_LARGE = re.compile(r"\+[1-9]|[4-7]")  # of the attribute `size` of `font`


def headline_of(root: Element, *, stated: str, titles: list[str], site: str) -> str:
    """The headline. `stated` is that of JSON-LD. `titles` are those of Open Graph and the like, the surest first.
    `site` is the name of the site. Empty if the page names nothing but the site.
    """
    heads = [text_of_element(each) for each in root.iter("title")][:1]
    named = [_without_site(each, site) for each in [*titles, *heads]]
    headings = [(each, text_of_element(each)) for each in root.iter("h1", "h2") if not _stands_beside(each)]
    firsts = [text for each, text in headings if name_of(each) == "h1" and not _is_masthead(each, text, site)]
    told = [stated] if stated and not _same(stated, site) else []
    agreed = [text for _, text in headings if any(_agree(text, each) for each in [*told, *named])]
    if not told and not titles and len(within := _within_articles(headings)) == 1:
        return within[0]
    surest = [*told, *agreed[:1], *named[: len(titles)]]
    if not any(surest) or all(_same(each, site) or is_named_as_a_site(each) for each in surest if each):
        return _of_the_rest(root, surest, firsts, named, site)
    return next(each for each in surest if each)


def _of_the_rest(root: Element, surest: list[str], firsts: list[str], named: list[str], site: str) -> str:
    """The headline where JSON-LD, Open Graph and headings agree on none, or on nothing but the name of the site."""
    titled = list(dict.fromkeys(_titled(root)))
    bold = list(_in_bold(root))
    agreed = [text for text in [*titled, *bold] if any(_agree(text, each) for each in named)]
    others = [text_of_element(each) for each in root.iter("h1", "h2", "h3", "h4") if not _stands_beside(each)]
    found = [*surest, *agreed[:1], *(titled if len(titled) == 1 else ()), *firsts, *named, *others]
    sites = {_letters(each) for each in [site, *_holders_of_rights(root)]} - {""}
    told = [each for each in found if each and not any(_is_of(each, name) for name in sites)]
    if any(not is_named_as_a_site(each) for each in told):
        return next(each for each in told if not is_named_as_a_site(each))
    return next(iter([*bold[:1], *told]), "")


def _titled(root: Element) -> Iterator[str]:
    """The texts of elements whose class says that they are the title of an article."""
    for each in root.iter("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "td"):
        if not _TITLED.search(each.get("class") or "") or _stands_beside(each):
            continue
        text = text_of_element(each)
        if text and len(text) <= _LONGEST:
            yield text


def _in_bold(root: Element) -> Iterator[str]:
    """Lines in bold or in large letters at the beginning of a paragraph or cell, as pages had headlines before 2000."""
    for count, each in enumerate(root.iter("b", "strong", "big", "font")):
        if count >= _MOST:
            return
        text = text_of_element(each)
        is_line = len(text) <= _LONGEST and len(text.split()) >= _FEWEST_WORDS and not ends_sentence(text)
        is_shown = name_of(each) != "font" or _LARGE.fullmatch(each.get("size") or "") is not None
        if is_line and is_shown and not _stands_beside(each) and next(each.iter("a"), None) is None:
            yield text


def _holders_of_rights(root: Element) -> list[str]:
    """Who holds the rights of the page, which is the site: `Copyright 1998 The Valley Courier`."""
    return [each.strip() for each in _RIGHTS.findall(str(root.text_content())[-20_000:])]


def _is_of(text: str, name: str) -> bool:
    """Whether a text is the name of the site, with a word or so more: `The Valley Courier On-Line`."""
    letters = _letters(text)
    return letters == name or (
        len(name) >= _FEWEST_LETTERS and letters.startswith(name) and len(letters) < 2 * len(name)
    )


def _within_articles(headings: list[tuple[Element, str]]) -> list[str]:
    """The `h1` in the page's `article`. It comes before one outside, if nothing else decides."""
    firsts = [each for each, text in headings if name_of(each) == "h1" and text]
    inside = [each for each in firsts if any(name_of(above) == "article" for above in each.iterancestors())]
    return [text_of_element(each) for each in inside] if len(inside) < len(firsts) else []


def _without_site(title: str, site: str) -> str:
    """The title without the name of the site: the longest part of `The headline | The Herald` that is not that name."""
    parts = [part.strip() for part in _SITE.split(title) if part.strip()]
    if len(parts) < 2 or not site:  # noqa: PLR2004 - nothing to take off
        return title if len(parts) < 2 or "|" not in title else max(parts, key=len)  # noqa: PLR2004 - as above
    ends = [part for part in (parts[0], parts[-1]) if _same(part, site)]
    if not ends:
        return title
    at = title.find(ends[0]) if ends[0] == parts[0] else title.rfind(ends[0])
    rest = title[len(ends[0]) :] if at == 0 else title[:at]
    return max(_PATH.split(rest.strip(" |–—·•»:-")), key=len) or title


def _agree(text: str, title: str) -> bool:
    one, other = _letters(text), _letters(title)
    return len(one) >= _FEWEST_LETTERS and (one == other or (len(one) > len(other) / 2 and one in other))


def _is_masthead(element: Element, text: str, site: str) -> bool:
    if _same(text, site):
        return True
    above = [element, *element.iterancestors()]
    links = [(each.get("href") or "").strip() for each in element.iter("a")]
    return any(_MASTHEAD.search(names_in(each)) for each in above[:3]) or any(
        each and _HOME.fullmatch(each) for each in links
    )


def _stands_beside(element: Element) -> bool:
    return any(name_of(each) in _BESIDE for each in element.iterancestors())


def _same(text: str, other: str) -> bool:
    return bool(other) and _letters(text) == _letters(other)


def _letters(text: str) -> str:
    """The letters and digits. The apostrophes of Uzbek and Hawaiian are letters in Unicode; pages mix them with
    quotation marks.
    """
    return "".join(letter for letter in text.casefold() if letter.isalnum() and letter not in "ʻʼ")
