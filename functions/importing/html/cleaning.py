"""Blocks of a page, without what is laid around an article: warnings, share bars, banners, links to other articles."""

import html
import re

from content_api.content.article import Block, Dateline, Heading, List, Paragraph, Quote
from importing.words.datelines import dateline_of
from importing.words.furniture import (
    ends_the_article,
    folded,
    heads_related_links,
    is_furniture,
    opens_promotion,
    warnings_in,
)

_LONGEST_PROMOTION = 300  # characters; a paragraph that begins like one may be longer
_LONGEST_LINK_LIST = 12  # words of an item


def cleaned(body: list[Block], *, headline: str, standfirst: str | None) -> list[Block]:
    texts = [plain(block) for block in body]
    warnings = warnings_in(texts)
    said = {folded(headline), folded(standfirst or headline)}
    kept: list[Block] = []
    after_related = False
    for at, (block, stated) in enumerate(zip(body, texts, strict=True)):
        text = isinstance(block, Paragraph | Heading | Quote)
        if text and ends_the_article(stated):
            break
        if after_related and isinstance(block, List) and _is_links(block):
            after_related = False
            continue
        after_related = text and heads_related_links(stated)
        is_beside = at in warnings or (isinstance(block, List) and _is_bar(block))
        if text:
            is_promotion = opens_promotion(stated) and len(stated) <= _LONGEST_PROMOTION
            is_said = not kept and folded(stated) in said
            is_beside = is_beside or after_related or is_furniture(stated) or is_promotion or is_said
        if not is_beside:
            kept.append(block)
    return kept


def without_dateline(body: list[Block]) -> tuple[Dateline | None, list[Block]]:
    """Taken off the first paragraph where it states a date or an agency: a name and a dash alone may open any text."""
    if not body or not isinstance(body[0], Paragraph):
        return None, body
    text = plain(body[0])
    opening = dateline_of(text)
    if opening is None or not (opening.dateline.date or opening.dateline.agency):
        return None, body
    taken = html.escape(text[: len(text) - len(opening.text)], quote=False)
    if not opening.text or not body[0].html.startswith(taken):
        return None, body  # it stands in markup, and stays
    return opening.dateline, [Paragraph(html=body[0].html.removeprefix(taken)), *body[1:]]


def plain(block: Block) -> str:
    """What a reader of the block reads; empty for pictures and the like."""
    if isinstance(block, Heading):
        return block.text
    if isinstance(block, Paragraph | Quote):
        return _text(block.html)
    return " ".join(map(_text, block.items)) if isinstance(block, List) else ""


def _text(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup.replace("<br>", " "))).split())


def _is_bar(block: List) -> bool:
    """A share bar, or a navigation: every item is a piece of furniture."""
    return all(is_furniture(_text(item)) for item in block.items)


def _is_links(block: List) -> bool:
    return all("<a " in item or len(_text(item).split()) <= _LONGEST_LINK_LIST for item in block.items)
