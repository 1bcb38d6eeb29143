"""Removes from the blocks of a page what does not belong to the article: warnings, share bars, banners, and links to
other articles.
"""

import re

from content_api.content.article import Author, Block, Heading, List, Paragraph, Quote
from importing.articles.plain import plain, text_of
from importing.words.furniture import (
    could_be_a_heading,
    ends_the_article,
    folded,
    heads_related_links,
    invites,
    is_furniture,
)
from importing.words.instants import instant_of, says_when
from importing.words.names import is_byline, names_in, says_who
from importing.words.sentences import ends_sentence
from importing.words.warnings import warnings_in

_LONGEST_INVITATION = 300  # characters; a paragraph that begins like one may be longer
_LONGEST_LINK = 12  # words of an item
_TOP = 2  # paragraphs in which the headline may be repeated; a later one may quote it
_LONGEST_LINE = 100  # characters of a line that is a date or a byline
_LONGEST_RIGHTS = 200  # characters
_RIGHTS = re.compile(r"(?:(?:copyright|©|\(c\)) ?){1,3}(?:19|20)\d\d\b", re.IGNORECASE)
_TOP_LINES = 4  # lines of such a paragraph
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?", re.IGNORECASE)
_LINK = re.compile(r"<a [^<>]*>")


def cleaned(
    body: list[Block], *, headline: str, standfirst: str | None, byline: tuple[Author, ...] = ()
) -> list[Block]:
    texts = [plain(block) for block in body]
    names = {folded(author.name) for author in byline}
    clocks = _clocks(body, texts)
    warnings = warnings_in(texts)
    said = {folded(headline), folded(standfirst or headline)}
    kept: list[Block] = []
    after_related = False
    paragraphs = 0
    for at, (block, text) in enumerate(zip(body, texts, strict=True)):
        is_text = isinstance(block, Paragraph | Heading | Quote)
        if is_text and ends_the_article(text):
            break
        if after_related and isinstance(block, List) and _is_links(block):
            after_related = False
            continue
        after_related = is_text and heads_related_links(text)
        if at in warnings or after_related or (isinstance(block, List) and _is_bar(block)):
            continue
        if is_text and paragraphs < _TOP and (folded(text) in said or _is_day_or_byline(text, names)):
            continue
        if isinstance(block, Paragraph) and paragraphs < _TOP:
            if (rest := _without_top_lines(block, said, names)) is None:
                continue
            block, text = rest, plain(rest)  # noqa: PLW2901 - the rest of it
        if is_text and at not in clocks and _is_beside(block, text, body[at + 1 : at + 2]):
            continue
        paragraphs += isinstance(block, Paragraph) and ends_sentence(text)
        kept.append(block)
    while kept and (isinstance(kept[-1], Heading) or says_when(plain(kept[-1]))):
        kept.pop()  # the heading of what was left out; when the page was changed
    return kept


def byline_above(body: list[Block]) -> list[str]:
    """The people in a line at the top of the text that says who wrote it, such as `Written by Maja Holt`."""
    tops = [block for block in body if isinstance(block, Paragraph | Heading)][:_TOP]
    lines = [text_of(line) for block in tops for line in _lines_of(block)[:_TOP_LINES]]
    return [name for line in lines if len(line) <= _LONGEST_LINE and says_who(line) for name in names_in(line)]


def without_rights(body: list[Block]) -> tuple[str | None, list[Block]]:
    """The line that says who holds the rights, if the text begins or ends with one, and the text without it."""
    for at in (0, len(body) - 1):
        text = plain(body[at]) if body and isinstance(body[at], Paragraph | Heading) else ""
        if len(body) > 1 and len(text) <= _LONGEST_RIGHTS and _RIGHTS.match(text):
            return text, body[:at] + body[at + 1 :]
    return None, body


def _lines_of(block: Block) -> list[str]:
    return block.html.split("<br>") if isinstance(block, Paragraph) else [plain(block)]


def _without_top_lines(block: Paragraph, said: set[str], names: set[str]) -> Paragraph | None:
    """A paragraph at the top without its first lines that are the headline again, a date or a byline, as pages had
    everything between line breaks before 2000. None if nothing is left.
    """
    lines = _lines_of(block)
    texts = list(map(text_of, lines))
    at = 0
    while at < len(lines) and (folded(texts[at]) in said or _is_day_or_byline(texts[at], names)):
        at += 1
    is_office = len(lines) - at == 1 and len(texts[at]) <= _LONGEST_LINE and not ends_sentence(texts[at])
    if at == len(lines) or (at and is_office and says_who(texts[at - 1])):  # the office of the author, under the name
        return None
    return Paragraph(html="<br>".join(lines[at:]).strip()) if at else block


def _is_day_or_byline(text: str, names: set[str]) -> bool:
    """Whether a line only says when or by whom the text was written. The article has members for that."""
    if len(text) > _LONGEST_LINE:
        return False
    return instant_of(text) is not None or (is_byline(text) and names >= set(map(folded, names_in(text))))


def _clocks(body: list[Block], texts: list[str]) -> set[int]:
    """Times on lines of their own that a text follows, as in a live blog. The time of a player stands alone."""
    found = {
        at
        for at, text in enumerate(texts[:-1])
        if _CLOCK.fullmatch(text)
        and isinstance(body[at + 1], Paragraph | List | Quote)
        and not _CLOCK.fullmatch(texts[at + 1])
    }
    return found if len(found) > 1 else set()


def _is_beside(block: Block, text: str, below: list[Block]) -> bool:
    if isinstance(block, Heading) and could_be_a_heading(text) and below and not isinstance(below[0], Heading):
        return False
    is_link = isinstance(block, Paragraph) and _LINK.match(block.html) is not None and block.html.endswith("</a>")
    if invites(text, is_link=is_link or (isinstance(block, Paragraph) and "<a " in block.html)):
        return len(text) <= _LONGEST_INVITATION
    return is_furniture(text)


def _is_bar(block: List) -> bool:
    """Whether a list is a share bar or a navigation: each of its items is furniture of the page."""
    return all(is_furniture(text_of(item)) for item in block.items)


def _is_links(block: List) -> bool:
    return all("<a " in item or len(text_of(item).split()) <= _LONGEST_LINK for item in block.items)
