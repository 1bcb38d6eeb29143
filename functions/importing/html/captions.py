"""Gives blocks the texts beside them: captions, credits, and the name of who said a quote."""

from collections.abc import Iterator
from html import escape

from content_api.content.article import Audio, Block, Embed, Image, Paragraph, Quote, Video
from importing.html.parsing import text_of_markup
from importing.html.valid_blocks import valid_block

LONGEST_TITLE = 500  # characters; of who said a quote, too, where the page marks the name
LONGEST_ATTRIBUTION = 120  # characters of a name that only a dash marks
_DASHES = ("—", "–", "--", "― ")


def credited(held: list[Block], credit: str) -> Iterator[Block]:
    """The blocks, with the credit added to the first picture."""
    rest = credit
    for each in held:
        if rest and isinstance(each, Image) and not each.credit:
            yield each.model_copy(update={"credit": rest})
            rest = ""
        else:
            yield each


def captioned(held: list[Block], caption: str) -> Iterator[Block]:
    """The blocks of a figure, with its caption: given to the first picture without one, to the first quote as the name
    of who said it, or to the first recording or embed as its title, if it has none and the caption is short enough for
    one. If there is none of these, it becomes a paragraph.
    """
    rest = caption
    for each in held:
        if rest and isinstance(each, Image) and not each.caption:
            yield from valid_block(lambda each=each, rest=rest: each.model_copy(update={"caption": rest[:10_000]}))
            rest = ""
        elif rest and isinstance(each, Quote) and not each.attribution and len(rest) <= LONGEST_TITLE:
            yield each.model_copy(update={"attribution": without_dash(rest)})
            rest = ""
        elif (
            rest
            and isinstance(each, Embed | Video | Audio)
            and each.title in {None, rest}
            and len(rest) <= LONGEST_TITLE
        ):
            yield each.model_copy(update={"title": rest})
            rest = ""
        else:
            yield each
    if rest and held:
        yield from valid_block(lambda: Paragraph(html=escape(rest, quote=False)))


def names_who_said_it(line: str) -> bool:
    """Whether the last line of a quote is the name of who said it: short, and after a dash."""
    text = text_of_markup(line)
    return text.startswith(_DASHES) and len(text) <= LONGEST_ATTRIBUTION


def without_dash(attribution: str) -> str | None:
    """Who said a quote, without the dash before the name. None if nothing is left."""
    return attribution.lstrip("—–-― ").strip()[:LONGEST_TITLE] or None
