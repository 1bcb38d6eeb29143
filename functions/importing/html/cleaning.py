"""Blocks of a page, without what is laid around an article: warnings, share bars, banners, links to other articles."""

import re

from content_api.content.article import Block, Heading, List, Paragraph, Quote
from importing.articles.plain import plain, text_of
from importing.words.furniture import (
    could_be_a_heading,
    ends_the_article,
    folded,
    heads_related_links,
    invites,
    is_furniture,
    warnings_in,
)
from importing.words.sentences import ends_sentence

_LONGEST_INVITATION = 300  # characters; a paragraph that begins like one may be longer
_LONGEST_LINK = 12  # words of an item
_TOP = 2  # paragraphs after which nothing is said again: a text may quote its own headline
_LINK = re.compile(r"<a [^<>]*>")


def cleaned(body: list[Block], *, headline: str, standfirst: str | None) -> list[Block]:
    texts = [plain(block) for block in body]
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
        if is_text and paragraphs < _TOP and folded(text) in said:
            continue
        if is_text and _is_beside(block, text, body[at + 1 :]):
            continue
        paragraphs += isinstance(block, Paragraph) and ends_sentence(text)
        kept.append(block)
    while kept and isinstance(kept[-1], Heading):
        kept.pop()  # it headed what was left out
    return kept


def _is_beside(block: Block, text: str, below: list[Block]) -> bool:
    if isinstance(block, Heading) and could_be_a_heading(text) and below and isinstance(below[0], Paragraph | List):
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
