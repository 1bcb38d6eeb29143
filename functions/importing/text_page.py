"""A page of the archive, as it was taken down as text, made into an article."""

import datetime as dt
import html
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydantic import ValidationError

from content_api.article import Article, Author, Block, Dateline, Heading, Image, List, Paragraph, Picture, Promotion
from importing.dateline import date_of_line, dateline_of, start_of_inner_dateline
from importing.furniture import folded, heads_related_links, is_furniture, opens_promotion, warnings_in
from importing.headings import could_be_heading
from importing.identifier import article_id
from importing.lead import split_caption
from importing.page import PageRefused, Unit, decoded, units
from importing.page_language import language_of

__all__ = ["ImportedPage", "PageRefused", "decoded", "parse_text_page"]

_LONGEST_HEADLINE = 250  # characters; a paragraph is longer
_LONGEST_STANDFIRST_LINE = 300
_LONGEST_NAME = 100
_NAME = r"[^\W\d_a-zа-яёіїєґ][\w.'’-]*"
_BYLINE = re.compile(
    rf"(?:By|Автор[ыиі]?:?)\s+({_NAME}(?:(?:,? (?:and|и|та|і) |, | (?:(?:de|van|von|der|la|al|ibn) )*){_NAME})+)"
)
_BULLET = re.compile(r"[•·‣▪◦]\s*|\*\s+")
_RIGHTS = re.compile(r"(?:copyright\b|©|\(c\)).{0,400}", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…]['\"”»’)\]]*$")
_QUOTED = re.compile(r"[\"“«]([^\"“”«»]{3,80}?)[.,]?[\"”»]")


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """The article, and the ids of the legal notices that the page carried and that its text leaves out."""

    article: Article
    legal_notices: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    """What has been found so far."""

    lead_image: Picture | None = None
    standfirst: str | None = None
    byline: tuple[Author, ...] = ()
    dateline: Dateline | None = None
    date: dt.date | None = None
    rights: str | None = None
    body: list[Block] = field(default_factory=list[Block])


def parse_text_page(text: str, *, language: str | None = None, published_on: dt.date | None = None) -> ImportedPage:
    """The article on a page.

    `language` (BCP 47) is told from the text where it is not given. `published_on` stands in where the page brings no
    date of its own; where neither does, the article has no `published_at`. Raises PageRefused.
    """
    found = units(text)
    warnings = warnings_in(found)
    kept = [unit for at, unit in enumerate(found) if at not in warnings and not is_furniture(unit)]
    kept = _without_related_links(kept)
    if not kept:
        lines = len(text.splitlines()) or 1
        raise PageRefused("nothing here but navigation: a page needs a headline and a text", lines)
    language = language or _language_of(kept)
    headline, rest = kept[0], kept[1:]
    _check_headline(headline)
    draft = _Draft()
    rest = [unit for unit in rest if not _is_beside_the_text(unit, headline, draft)]
    with _refusing(headline):
        rest = _read_lead(rest, draft)
    _read_body(rest, draft)
    if not any(isinstance(block, Paragraph | List) for block in draft.body):
        raise PageRefused("a headline, and no text under it", headline.line)
    with _refusing(headline):
        article = _article(headline, language, published_on, draft)
    return ImportedPage(article, tuple(sorted(set(warnings.values()))))


def _language_of(kept: list[Unit]) -> str:
    language = language_of("\n".join(unit.text for unit in kept))
    if language is None:
        raise PageRefused("cannot tell the language of the text: give it, as a tag such as en or ru", kept[0].line)
    return language


def _check_headline(unit: Unit) -> None:
    if len(unit.text) > _LONGEST_HEADLINE:
        raise PageRefused("this looks like a paragraph, and a headline should stand before it", unit.line)
    if opens_promotion(unit) or dateline_of(unit.text) or not any(letter.isalpha() for letter in unit.text):
        raise PageRefused("a headline should stand here, before the text", unit.line)


def _without_related_links(kept: list[Unit]) -> list[Unit]:
    """Leaves out a line such as `SEE ALSO:` with the headline after it."""
    left: list[Unit] = []
    skipping = False
    for unit in kept:
        if heads_related_links(unit):
            skipping = True
        elif skipping and could_be_heading(unit.text):
            skipping = False
        else:
            skipping = False
            left.append(unit)
    return left


def _is_beside_the_text(unit: Unit, headline: Unit, draft: _Draft) -> bool:
    """Takes what may stand anywhere around a text: the headline again, a date, a byline, whose rights."""
    if folded(unit.text) == folded(headline.text):
        return True
    if date := date_of_line(unit.text):
        draft.date = draft.date or date
        return True
    if not draft.byline and (byline := _BYLINE.fullmatch(unit.text)):
        names = re.split(r",? (?:and|и|та|і) |, ", byline[1])
        draft.byline = tuple(Author(name=name) for name in names[:5])
        return True
    if _RIGHTS.fullmatch(unit.text):
        draft.rights = unit.text
        return True
    return False


def _read_lead(rest: list[Unit], draft: _Draft) -> list[Unit]:
    """Takes caption, credit, standfirst and dateline from the top; returns the units of the body.

    Where a dateline opens a text, all above it is lead. Where there is none, only a caption and a line that is no
    sentence are: what reads like a paragraph is one.
    """
    start = _first_with_dateline(rest)
    lead, body = (rest[:start], rest[start:]) if start is not None else (rest, [])
    if start is not None:
        body = [_without_dateline(rest[start], draft), *rest[start + 1 :]]
    lead = _read_picture(lead, draft)
    if not lead:
        return body
    first = lead[0]
    is_lead = start is not None or (
        len(lead) > 1 and len(first.text) <= _LONGEST_STANDFIRST_LINE and not _SENTENCE_END.search(first.text)
    )
    if is_lead and draft.standfirst is None and not opens_promotion(first) and not _starts_promotion(lead, 0):
        draft.standfirst = first.text
        lead = lead[1:]
    return lead + body


def _first_with_dateline(rest: list[Unit]) -> int | None:
    """The first unit that a dateline opens, or stands in after a caption; not beyond the first few."""
    for at, unit in enumerate(rest[:6]):
        if dateline_of(unit.text) or start_of_inner_dateline(unit.text) is not None:
            return at
    return None


def _without_dateline(unit: Unit, draft: _Draft) -> Unit:
    inner = start_of_inner_dateline(unit.text) or 0
    if inner:
        caption = unit.text[:inner].strip()
        draft.lead_image = split_caption(caption).picture or Picture(caption=caption)
    opening = dateline_of(unit.text[inner:])
    if opening is None:
        return unit
    draft.dateline = opening.dateline
    return Unit(unit.line, opening.text)


def _read_picture(lead: list[Unit], draft: _Draft) -> list[Unit]:
    if not lead:
        return lead
    first = lead[0]
    split = split_caption(first.text)
    again = 1
    while again < len(lead) and folded(lead[again].text) == folded(first.text):
        again += 1
    if split.picture is not None:
        draft.lead_image = split.picture
        draft.standfirst = split.rest or None
        return lead[again:]
    if again > 1 and not _starts_promotion(lead, 0):
        draft.lead_image = Picture(caption=first.text)
        return lead[again:]
    return lead


def _read_body(rest: list[Unit], draft: _Draft) -> None:
    at = 0
    promoted: set[str] = set()
    while at < len(rest):
        with _refusing(rest[at]):
            at += _read_block(rest, at, promoted, draft)


def _read_block(rest: list[Unit], at: int, promoted: set[str], draft: _Draft) -> int:
    """Adds the block that starts here; returns how many units it takes."""
    if width := _starts_promotion(rest, at):
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
    after = next((unit for unit in rest[at + 1 :] if not could_be_heading(unit.text)), None)
    if could_be_heading(text) and after is not None and not opens_promotion(after) and not _BULLET.match(after.text):
        return Heading(text=text)
    return Paragraph(html=_escaped(text))


def _starts_promotion(rest: list[Unit], at: int) -> int:
    """How many units from here on are one promotion: its name, once or more, and the invitation. 0 where none is."""
    end = at
    while end < len(rest) and _could_be_name(rest[end]) and folded(rest[end].text) == folded(rest[at].text):
        end += 1
    if end < len(rest) and opens_promotion(rest[end]):
        return end - at + 1
    return 0


def _could_be_name(unit: Unit) -> bool:
    return len(unit.text) <= _LONGEST_NAME and not _SENTENCE_END.search(unit.text) and not opens_promotion(unit)


def _add_promotion(found: list[Unit], promoted: set[str], draft: _Draft) -> None:
    """One block, however often the promotion is printed."""
    description = found[-1].text
    quoted = _QUOTED.search(description)
    name = found[0].text if len(found) > 1 else (quoted[1] if quoted else "")
    if folded(description) in promoted:
        return
    promoted |= {folded(name), folded(description)}
    draft.body.append(Promotion(name=name or description[:_LONGEST_NAME], description=description))


def _bullets(rest: list[Unit], at: int) -> int:
    end = at
    while end < len(rest) and _BULLET.match(rest[end].text):
        end += 1
    return end - at


def _repeated(rest: list[Unit], at: int) -> int:
    """A line printed twice is a picture's caption, which pages hold once for the eye and once for its description."""
    end = at
    while end < len(rest) and folded(rest[end].text) == folded(rest[at].text):
        end += 1
    return end - at if end - at > 1 and len(rest[at].text) <= _LONGEST_STANDFIRST_LINE else 0


def _article(headline: Unit, language: str, published_on: dt.date | None, draft: _Draft) -> Article:
    date = (draft.dateline.date if draft.dateline else None) or draft.date or published_on
    return Article(
        id=article_id(language, date, headline.text),
        language=language,
        headline=headline.text,
        standfirst=draft.standfirst,
        byline=draft.byline,
        dateline=draft.dateline,
        published_at=dt.datetime.combine(date, dt.time(), dt.UTC) if date else None,
        lead_image=draft.lead_image,
        rights=draft.rights,
        body=tuple(draft.body),
    )


@contextmanager
def _refusing(unit: Unit) -> Generator[None]:
    """What the article's model does not take is refused with the line that it stands on."""
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PageRefused(f"{where}: {first['msg']}", unit.line) from error


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)
