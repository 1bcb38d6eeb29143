"""Blocks of a page, without what is laid around an article: warnings, share bars, banners, links to other articles."""

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
from importing.words.instants import instant_of
from importing.words.names import is_byline, names_in
from importing.words.sentences import ends_sentence
from importing.words.warnings import warnings_in

_LONGEST_INVITATION = 300  # characters; a paragraph that begins like one may be longer
_LONGEST_LINK = 12  # words of an item
_TOP = 2  # paragraphs after which nothing is said again: a text may quote its own headline
_LONGEST_LINE = 100  # characters of a line that is a date or a byline
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
        if is_text and at not in clocks and _is_beside(block, text, body[at + 1 :]):
            continue
        paragraphs += isinstance(block, Paragraph) and ends_sentence(text)
        kept.append(block)
    while kept and isinstance(kept[-1], Heading):
        kept.pop()  # it headed what was left out
    return kept


def _is_day_or_byline(text: str, names: set[str]) -> bool:
    """A line that says when or by whom it was written, which the article's own members say."""
    if len(text) > _LONGEST_LINE:
        return False
    return instant_of(text) is not None or (is_byline(text) and names >= set(map(folded, names_in(text))))


def _clocks(body: list[Block], texts: list[str]) -> set[int]:
    """Times on lines of their own that text follows: of a live blog, where a player's clock is alone."""
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
    """A share bar, or a navigation: every item is a piece of furniture."""
    return all(is_furniture(text_of(item)) for item in block.items)


def _is_links(block: List) -> bool:
    return all("<a " in item or len(text_of(item).split()) <= _LONGEST_LINK for item in block.items)
