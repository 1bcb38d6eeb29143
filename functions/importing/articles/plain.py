"""The plain text of a block, and the dateline at the beginning of a text."""

import html
import re

from content_api.content.article import Block, Dateline, Heading, Html, List, Paragraph, Quote
from importing.words.datelines import dateline_of

_TAG = re.compile(r"<[^<>]*>")


def without_dateline(body: list[Block]) -> tuple[Dateline | None, list[Block]]:
    """Takes the dateline off the first paragraph, if it states a date or an agency. A name and a dash alone may begin
    any text.
    """
    first = next((at for at, block in enumerate(body) if isinstance(block, Paragraph)), None)
    if first is None or not isinstance(block := body[first], Paragraph):
        return None, body
    text = plain(block)
    opening = dateline_of(text)
    if opening is None or not (opening.dateline.date or opening.dateline.agency):
        return None, body
    taken = html.escape(text[: len(text) - len(opening.text)], quote=False)
    rest = _without(block.html, taken)
    if not opening.text or rest is None:
        return None, body  # a dateline inside markup is left in the text
    return opening.dateline, [*body[:first], Paragraph(html=rest), *body[first + 1 :]]


def plain(block: Block) -> str:
    """The text that a reader of the block reads. Empty for pictures and the like."""
    match block:
        case Heading():
            return block.text
        case Paragraph() | Quote() | Html():
            return text_of(block.html)
        case List():
            return " ".join(map(text_of, block.items))
        case _:
            return ""


def _without(markup: str, taken: str) -> str | None:
    """The markup after a plain text, which may be inside one `<b>` or the like. None if the markup does not begin with
    the text.
    """
    if markup.startswith(taken):
        return markup.removeprefix(taken)
    for tag in ("b", "strong", "em", "i"):
        opened, closed = f"<{tag}>{taken.rstrip()}", f"</{tag}>"
        rest = markup.removeprefix(opened)
        if rest != markup and rest.lstrip().startswith(closed):
            return rest.lstrip().removeprefix(closed).lstrip()
    return None


def text_of(markup: str) -> str:
    """The text of a piece of markup from the article's model."""
    return " ".join(
        html.unescape(_TAG.sub(" " if "<t" in markup or "<p" in markup else "", markup.replace("<br>", " "))).split()
    )
