"""Makes an article from a page of the archive that was saved as text."""

import datetime as dt
from dataclasses import dataclass

from content_api.content.article import Article, List, Paragraph, Picture
from importing.articles.identifier import article_id
from importing.articles.plain import plain
from importing.text.body import read_body
from importing.text.draft import Draft, refusing
from importing.text.lead import split_caption
from importing.text.promotions import starts_promotion
from importing.text.surroundings import (
    LONGEST_HEADLINE,
    is_beside_the_text,
    up_to_its_end,
    without_masthead,
    without_players,
    without_portraits,
    without_related_links,
    without_section,
)
from importing.text.units import PageRefused, Unit, units
from importing.words.datelines import dateline_of, start_of_inner_dateline
from importing.words.furniture import could_be_a_heading, folded, invites, is_furniture
from importing.words.languages import language_of
from importing.words.sentences import ends_sentence
from importing.words.warnings import warnings_in

__all__ = ["ImportedPage", "PageRefused", "parse_text_page"]

_LONGEST_STANDFIRST_LINE = 300  # characters
_SHORTEST_PARAGRAPH = 80


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """The article, and the ids of the legal notices that were on the page and are not in the text."""

    article: Article
    legal_notices: tuple[str, ...]


def parse_text_page(text: str, *, language: str | None = None, published_on: dt.date | None = None) -> ImportedPage:
    """The article on a page. If no `language` (BCP 47) is given, it is recognised from the text. `published_on` is used
    if the page has no date; if both are missing, the article has no `published_at`. Raises PageRefused.
    """
    draft = Draft()
    found = units(text)
    warnings = warnings_in([unit.text for unit in found])
    left = [unit for at, unit in enumerate(found) if at not in warnings]
    left = without_players(without_portraits(up_to_its_end(left), draft))
    kept = [unit for at, unit in enumerate(left) if not is_furniture(unit.text) or _heads_a_chapter(left, at)]
    has_navigation = len(kept) < len(left)
    kept = without_masthead(kept, draft)
    kept = without_related_links(without_section(kept, draft, has_navigation=has_navigation))
    if not kept:
        lines = len(text.splitlines()) or 1
        raise PageRefused("nothing here but navigation: a page needs a headline and a text", lines)
    language = language or _language_of(kept)
    headline, rest = kept[0], kept[1:]
    _check_headline(headline)
    rest = [unit for unit in rest if not is_beside_the_text(unit, headline, draft)]
    with refusing(headline):
        rest = _read_lead(rest, draft)
    read_body(rest, draft)
    if not any(isinstance(block, Paragraph | List) for block in draft.body):
        raise PageRefused("a headline, and no text under it", headline.line)
    with refusing(headline):
        article = _article(headline, language, published_on, draft)
    return ImportedPage(article, tuple(sorted(set(warnings.values()))))


def _heads_a_chapter(left: list[Unit], at: int) -> bool:
    """Whether a word of navigation, such as `Search`, is a sub-heading here: it is between two paragraphs."""
    beside = left[at - 1 : at] + left[at + 1 : at + 2]
    is_between = at > 0 and len(beside) == 2  # noqa: PLR2004 - one above, one below
    return (
        could_be_a_heading(left[at].text)
        and is_between
        and all(len(unit.text) >= _SHORTEST_PARAGRAPH and ends_sentence(unit.text) for unit in beside)
    )


def _language_of(kept: list[Unit]) -> str:
    language = language_of("\n".join(unit.text for unit in kept))
    if language is None:
        raise PageRefused("cannot tell the language of the text: give it, as a tag such as en or ru", kept[0].line)
    return language


def _check_headline(unit: Unit) -> None:
    if len(unit.text) > LONGEST_HEADLINE:
        raise PageRefused("this looks like a paragraph, and a headline should stand before it", unit.line)
    if invites(unit.text) or dateline_of(unit.text) or not any(letter.isalpha() for letter in unit.text):
        raise PageRefused("a headline should stand here, before the text", unit.line)


def _read_lead(rest: list[Unit], draft: Draft) -> list[Unit]:
    """Takes caption, credit, standfirst and dateline from the top. Returns the units of the body. If a dateline opens a
    text, everything above it is the lead. Without one, only a caption and a line that is no sentence are the lead,
    since anything like a paragraph is one.
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
        len(lead) > 1 and len(first.text) <= _LONGEST_STANDFIRST_LINE and not ends_sentence(first.text)
    )
    if is_lead and draft.standfirst is None and not invites(first.text) and not starts_promotion(lead, 0):
        draft.standfirst = first.text
        lead = lead[1:]
    return lead + body


def _first_with_dateline(rest: list[Unit]) -> int | None:
    """The first unit with a dateline at its beginning, or after a caption. Only the first few units are searched."""
    for at, unit in enumerate(rest[:6]):
        if dateline_of(unit.text) or start_of_inner_dateline(unit.text) is not None:
            return at
    return None


def _without_dateline(unit: Unit, draft: Draft) -> Unit:
    inner = start_of_inner_dateline(unit.text) or 0
    if inner:
        caption = unit.text[:inner].strip()
        draft.lead_image = split_caption(caption).picture or Picture(caption=caption)
    opening = dateline_of(unit.text[inner:])
    if opening is None:
        return unit
    draft.dateline = opening.dateline
    return Unit(unit.line, opening.text)


def _read_picture(lead: list[Unit], draft: Draft) -> list[Unit]:
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
    if again > 1 and not starts_promotion(lead, 0):
        draft.lead_image = Picture(caption=first.text)
        return lead[again:]
    return lead


def _article(headline: Unit, language: str, published_on: dt.date | None, draft: Draft) -> Article:
    date = (draft.dateline.date if draft.dateline else None) or draft.date or draft.date_above or published_on
    return Article(
        id=article_id(language, date, headline.text, text=" ".join(map(plain, draft.body))),
        language=language,
        headline=headline.text,
        standfirst=draft.standfirst,
        byline=draft.byline,
        dateline=draft.dateline,
        section=draft.section,
        published_at=dt.datetime.combine(date, dt.time(), dt.UTC) if date else None,
        lead_image=draft.lead_image,
        rights=draft.rights,
        body=tuple(draft.body),
    )
