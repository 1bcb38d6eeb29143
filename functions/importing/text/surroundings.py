"""Separates an article from what is around it on its page. Reads from that the authors, the section, the date and the
rights.
"""

import re
from itertools import takewhile

from content_api.content.article import MAXIMUM_BYLINES, Author
from importing.text.draft import Draft
from importing.text.headings import could_be_heading
from importing.text.lead import split_caption
from importing.text.promotions import could_be_name
from importing.text.units import Unit
from importing.words.datelines import date_of_line, dateline_of
from importing.words.furniture import (
    belongs_to_a_player,
    ends_the_article,
    folded,
    heads_related_links,
    invites,
    is_named_as_a_site,
    is_notice_of_a_site,
    stands_for_a_portrait,
)
from importing.words.sentences import ends_sentence

LONGEST_HEADLINE = 250  # characters; a longer text is a paragraph
_MOST_WORDS_OF_A_SECTION = 3
_FEWEST_WORDS_OF_A_HEADLINE = 4
_LONGEST_TOP = 12  # units above the text
_SHORTEST_PARAGRAPH = 120  # characters
_FEWEST_UNDER_A_SECTION = 3  # the name, a headline, a text
_NAME = r"[^\W\d_a-zа-яёіїєґ][\w.'’-]*"
_BYLINE = re.compile(
    rf"(?:By|Автор[ыиі]?:?)\s+({_NAME}(?:(?:,? (?:and|и|та|і) |, | (?:(?:de|van|von|der|la|al|ibn) )*){_NAME})+)"
)
_RIGHTS = re.compile(r"(?:copyright\b|©|\(c\)).{0,400}", re.IGNORECASE)
_SECTION = re.compile(r"[^\W\d][\w &'’/-]*")


def up_to_its_end(left: list[Unit]) -> list[Unit]:
    end = next((at for at, unit in enumerate(left) if ends_the_article(unit.text)), len(left))
    return left[:end]


def without_portraits(left: list[Unit], draft: Draft) -> list[Unit]:
    """Removes the boxes about the authors, and adds the authors to the draft. A box has a portrait, a name, and who
    that is.
    """
    text: list[Unit] = []
    at = 0
    while at < len(left):
        name = left[at + 1].text if at + 1 < len(left) else ""
        if not stands_for_a_portrait(left[at].text):
            text.append(left[at])
            at += 1
        elif not name or not could_be_name(left[at + 1]):
            at += 1
        else:
            draft.byline = (*draft.byline, Author(name=name))[:MAXIMUM_BYLINES]
            at += 2
            while at < len(left) and folded(left[at].text).startswith(folded(name)):
                at += 1
    return text


def without_players(left: list[Unit]) -> list[Unit]:
    """Removes the title of a recording, printed once or more, and the line after it that belongs to a player."""
    text: list[Unit] = []
    for unit in left:
        if belongs_to_a_player(unit.text):
            while len(text) > 1 and could_be_name(text[-1]) and folded(text[-1].text) == folded(text[-2].text):
                title = folded(text[-1].text)
                while text and folded(text[-1].text) == title:
                    text.pop()
        else:
            text.append(unit)
    return text


def without_masthead(kept: list[Unit], draft: Draft) -> list[Unit]:
    """Removes what stands above the headline: the name of the site, its menu, a notice, a date, a place. A date there
    may be the day on which the page was saved, or the article's: a date below the headline decides. A short line alone
    is still taken for a headline, since headlines can be short.
    """
    top = list(takewhile(lambda unit: not _is_paragraph(unit), kept[:_LONGEST_TOP]))
    dates = [at for at, unit in enumerate(top) if date_of_line(unit.text)]
    at = 0
    while at < len(top) and (date_of_line(top[at].text) or _is_notice(top[at])):
        at += 1
    last = next((date for date in dates if at < date < len(top) - 1), None)
    shorts = top[at:last] if last is not None else []
    is_menu = bool(shorts) and all(len(unit.text.split()) <= _MOST_WORDS_OF_A_SECTION for unit in shorts)
    if last is not None and is_menu and _could_be_headline(top[last + 1]):
        is_dated_again = any(date > last for date in dates) or any(map(_has_dated_opening, kept[last + 2 : last + 5]))
        below = kept[last + 2 : last + 3]
        if len(shorts) > 1 or is_dated_again or (shorts and all(map(_is_paragraph, below)) and below):
            at = last + 1
    while at + 1 < len(top) and is_named_as_a_site(top[at].text) and _could_be_headline(top[at + 1]):
        at += 1
    if at >= len(kept) - 1:
        return kept
    for unit in kept[:at]:
        draft.date_above = date_of_line(unit.text) or draft.date_above
    return kept[at:]


def _has_dated_opening(unit: Unit) -> bool:
    opening = dateline_of(unit.text)
    return opening is not None and opening.dateline.date is not None


def _is_paragraph(unit: Unit) -> bool:
    return len(unit.text) > _SHORTEST_PARAGRAPH and ends_sentence(unit.text)


def _is_notice(unit: Unit) -> bool:
    """Whether a unit is a sentence of the site about itself, above everything: `This page is kept in our archive.`"""
    return ends_sentence(unit.text) and is_notice_of_a_site(unit.text)


def without_section(kept: list[Unit], draft: Draft, *, has_navigation: bool) -> list[Unit]:
    """Removes the name of the section, which is between the navigation and the headline: `Afghanistan`. Adds it to the
    draft.
    """
    if not has_navigation or len(kept) < _FEWEST_UNDER_A_SECTION:
        return kept
    section, headline, first = kept[:3]
    is_name = len(section.text.split()) <= _MOST_WORDS_OF_A_SECTION and _SECTION.fullmatch(section.text)
    if not is_name or not _could_be_headline(headline) or folded(headline.text) == folded(first.text):
        return kept
    draft.section = section.text
    return kept[1:]


def _could_be_headline(unit: Unit) -> bool:
    words = unit.text.split()
    return (
        len(words) >= _FEWEST_WORDS_OF_A_HEADLINE
        and len(unit.text) <= LONGEST_HEADLINE
        and not unit.text.endswith((".", "…"))
        and split_caption(unit.text).picture is None
        and not invites(unit.text)
        and dateline_of(unit.text) is None
        and date_of_line(unit.text) is None
        and not _BYLINE.fullmatch(unit.text)
    )


def without_related_links(kept: list[Unit]) -> list[Unit]:
    """Removes a line such as `SEE ALSO:`, with the headline after it."""
    left: list[Unit] = []
    skipping = False
    for unit in kept:
        if heads_related_links(unit.text):
            skipping = True
        elif skipping and could_be_heading(unit.text):
            skipping = False
        else:
            skipping = False
            left.append(unit)
    return left


def is_beside_the_text(unit: Unit, headline: Unit, draft: Draft) -> bool:
    """Whether a unit is not a part of the text: the headline again, a date, a byline, or rights. Adds what it says to
    the draft.
    """
    if folded(unit.text) == folded(headline.text):
        return True
    if (date := date_of_line(unit.text)) and draft.date in {None, date}:
        draft.date = date
        return True
    if not draft.byline and (byline := _BYLINE.fullmatch(unit.text)):
        names = re.split(r",? (?:and|и|та|і) |, ", byline[1])
        draft.byline = tuple(Author(name=name) for name in names[:5])
        return True
    if _RIGHTS.fullmatch(unit.text):
        draft.rights = unit.text
        return True
    return False
