"""Fronts, days, sections and archives of the mirror: pages of cards, and the same as JSON."""

from collections.abc import Iterable
from html import escape
from typing import Any

from content_api.content.cards import shortened
from content_api.names.instants import parsed, sortable
from content_api.names.mirror_paths import (
    archive_path,
    article_path,
    as_json,
    day_path,
    days_path,
    front_path,
    language_of,
    month_of,
    section_path,
    sections_path,
    shelf_of,
)
from mirroring.files import Files, Told, files_of
from mirroring.notices import MirrorNotices
from mirroring.splitting import Fragment
from mirroring.words import MirrorWords

type Card = dict[str, Any]

_LONGEST_STANDFIRST = 160  # characters


def front_files(front: dict[str, Any], notices: MirrorNotices) -> Files:
    """`front` is the front as `reader_api.front` makes it. It has articles of its own language alone."""
    language: str = front["language"]
    words = MirrorWords(language)
    path = front_path(language)
    groups: list[tuple[str, str, list[Card]]] = [
        ("breaking", f"<h2{words.common.mark}>{words.common['breaking']}</h2>", front["breaking"]),
        ("top", "", front["top"]),
        *(("section", f"<h2>{escape(each['title'])}</h2>", each["articles"]) for each in front["sections"]),
    ]
    fragments: list[Fragment] = []
    for kind, heading, cards in groups:
        for at, card in enumerate(cards):
            fragments.append(_card(card, path, before="" if at else heading, kind=kind))
    told = Told(language, path, words.plain("front"), "", {"title": words.plain("front")}, "articles")
    return files_of(told, fragments, notices)


def day_files(shelf: str, day: str, cards: Iterable[Card], notices: MirrorNotices) -> Files:
    """`day` is the number of the day in the month of the shelf; empty for articles without a date."""
    language = language_of(shelf)
    words = MirrorWords(language)
    title = words.common.day(f"{month_of(shelf)}-{day}") if day else words.plain("undated")
    path = day_path(shelf, day)
    told = Told(language, path, title, "", {"title": title}, "articles")
    return files_of(told, (_card(each, path) for each in cards), notices)


def section_files(shelf: str, section: str, title: str, cards: Iterable[Card], notices: MirrorNotices) -> Files:
    """The articles of a section on a shelf. `section` is the value of the section's facet."""
    path = section_path(shelf, section)
    shown = f"{title} · {month_of(shelf)}" if month_of(shelf) else title
    told = Told(language_of(shelf), path, shown, "", {"title": shown}, "articles")
    return files_of(told, (_card(each, path) for each in cards), notices)


def days_files(shelf: str, days: Iterable[str], notices: MirrorNotices) -> Files:
    """The days of a shelf on which something was published."""
    language = language_of(shelf)
    words = MirrorWords(language)
    path = days_path(shelf)
    title = month_of(shelf) or words.plain("undated")
    links = [
        _link(
            path,
            day_path(shelf, day),
            words.common.day(f"{month_of(shelf)}-{day}") if day else words.plain("undated"),
        )
        for day in sorted(days, reverse=True)
    ]
    return files_of(Told(language, path, title, "", {"title": title}, "links"), links, notices)


def archive_files(language: str, shelves: Iterable[str], notices: MirrorNotices) -> Files:
    """The months of a language in which something was published."""
    words, path = MirrorWords(language), archive_path(language)
    links = [
        _link(path, days_path(shelf), month_of(shelf) or words.plain("undated"))
        for shelf in sorted(shelves, reverse=True)
    ]
    title = words.plain("archive")
    return files_of(Told(language, path, title, "", {"title": title}, "links"), links, notices)


def sections_files(language: str, titles: dict[str, str], notices: MirrorNotices) -> Files:
    """The sections of a language: their titles, by the values of their facets."""
    words, path = MirrorWords(language), sections_path(language)
    links = [
        _link(path, section_path(language, section), title)
        for section, title in sorted(titles.items(), key=lambda each: each[1])
    ]
    title = words.plain("sections")
    return files_of(Told(language, path, title, "", {"title": title}, "links"), links, notices)


def newest_files(
    language: str, section: str, title: str, cards: Iterable[Card], shelves: Iterable[str], notices: MirrorNotices
) -> Files:
    """The newest articles of a section, and links to all of its months. `shelves` are those that the section is on."""
    words, path = MirrorWords(language), section_path(language, section)
    months = [
        _link(path, section_path(shelf, section), month_of(shelf) or words.plain("undated"))
        for shelf in sorted(shelves, reverse=True)
    ]
    fragments = [*(_card(each, path) for each in cards), *months]
    return files_of(Told(language, path, title, "", {"title": title}, "articles"), fragments, notices)


def path_of(card: Card) -> str:
    """The path of the article of a card."""
    at = sortable(parsed(card["published_at"])) if card["published_at"] else ""
    return article_path(shelf_of(card["language"], at), card["id"])


def _card(card: Card, path: str, *, before: str = "", kind: str = "") -> Fragment:
    """A card on the page at a path, as a link to its article. `before` is a heading above it."""
    to = relative(path, path_of(card))
    standfirst = shortened(card["standfirst"], _LONGEST_STANDFIRST)
    words = MirrorWords(card["language"]).common
    said = f"<br>{escape(standfirst)}" if standfirst else ""
    at = f" <small>{words.date(card['published_at'])}</small>" if card["published_at"] else ""
    html = f'{before}<p><a href="{escape(to)}">{escape(card["headline"])}</a>{at}{said}</p>'
    members = ("id", "version", "headline", "section", "published_at")
    value = {name: card[name] for name in members} | {
        "standfirst": standfirst,
        "url": to,
        "json": as_json(to),
        **({"under": kind} if kind else {}),
    }
    return Fragment(html, value)


def _link(path: str, to: str, title: str) -> Fragment:
    shown = relative(path, to)
    return Fragment(f'<p><a href="{escape(shown)}">{escape(title)}</a></p>', {"title": title, "url": shown})


def relative(path: str, to: str) -> str:
    """The address of one file of the mirror in another one."""
    folder, name = path.rpartition("/")[0], to.rpartition("/")
    return name[2] if name[0] == folder else "../" * path.count("/") + to
