"""Turns the units of an article's text into blocks."""

import html
import re
from itertools import islice

from content_api.content.article import Block, Heading, Image, List, Paragraph, Picture, Promotion
from importing.text.draft import Draft, refusing
from importing.text.headings import could_be_heading
from importing.text.lead import split_caption
from importing.text.promotions import LONGEST_NAME, starts_box, starts_promotion
from importing.text.units import Unit
from importing.words.furniture import folded, invites

_LONGEST_CAPTION = 300  # characters
_FAR = 20  # units after a heading in which a paragraph must follow
_BULLET = re.compile(r"[•·‣▪◦]\s*|\*\s+")
_QUOTED = re.compile(r"[\"“«]([^\"“”«»]{3,80}?)[.,]?[\"”»]")


def read_body(rest: list[Unit], draft: Draft) -> None:
    at = 0
    promoted: set[str] = set()
    while at < len(rest):
        with refusing(rest[at]):
            at += _read_block(rest, at, promoted, draft)


def _read_block(rest: list[Unit], at: int, promoted: set[str], draft: Draft) -> int:
    """Adds the block that starts here. Returns how many units it takes."""
    if width := starts_promotion(rest, at) or starts_box(rest, at):
        _add_promotion(rest[at : at + width], promoted, draft)
    elif folded(rest[at].text) in promoted:
        width = 1
    elif width := _bullets(rest, at):
        items = tuple(_escaped(_BULLET.sub("", unit.text, count=1)) for unit in rest[at : at + width])
        draft.body.append(List(items=items))
    elif width := _repeated(rest, at):
        caption = split_caption(rest[at].text)
        picture = caption.picture if caption.picture and not caption.rest else Picture(caption=rest[at].text)
        draft.body.append(Image(caption=picture.caption, credit=picture.credit))
    else:
        width = 1
        draft.body.append(_block(rest, at))
    return width


def _block(rest: list[Unit], at: int) -> Block:
    text = rest[at].text
    if could_be_heading(text) and _has_text_below(rest, at):
        return Heading(text=text)
    return Paragraph(html=_escaped(text))


def _has_text_below(rest: list[Unit], at: int) -> bool:
    """Whether a paragraph follows, after other sub-headings, and not a promotion, a list or the end."""
    near = (unit.text for unit in islice(rest, at + 1, at + _FAR))
    below = next((text for text in near if not could_be_heading(text)), None)
    return below is not None and not invites(below) and not _BULLET.match(below)


def _add_promotion(found: list[Unit], promoted: set[str], draft: Draft) -> None:
    """Adds one block, even if the promotion is printed several times."""
    description = found[-1].text
    quoted = _QUOTED.search(description)
    name = found[0].text if len(found) > 1 else (quoted[1] if quoted else "")
    if folded(description) in promoted:
        return
    promoted |= {folded(name), folded(description)}
    kind = "newsletter" if invites(found[-1].text) else "other"
    draft.body.append(Promotion(kind=kind, name=name or description[:LONGEST_NAME], description=description))


def _bullets(rest: list[Unit], at: int) -> int:
    end = at
    while end < len(rest) and _BULLET.match(rest[end].text):
        end += 1
    return end - at


def _repeated(rest: list[Unit], at: int) -> int:
    """The units that a picture's caption takes, if one is here. It is printed twice: as text, and as the picture's
    description.
    """
    end = at
    while end < len(rest) and folded(rest[end].text) == folded(rest[at].text):
        end += 1
    return end - at if end - at > 1 and len(rest[at].text) <= _LONGEST_CAPTION else 0


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)
