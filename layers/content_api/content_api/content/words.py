"""The few words of our own on pages for readers, and dates, in the language of an article.

`words.json` holds the words; `reviewed` says whether somebody who speaks the language has confirmed them. `dates.json`
is made by `python -m contract` from CLDR. Neither is on the way to JSON: both are read when the first page is made.
"""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path

from content_api.content.direction import direction
from content_api.names.instants import uniform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

FALLBACK = "en"
_SCRIPT = 4  # letters (RFC 5646, section 2.1)


class Words:
    """The words and dates for a language. Where it has none the words are English, and marked as such: a voice that
    reads Georgian cannot read English.
    """

    def __init__(self, language: str) -> None:
        """`language` is a BCP 47 tag."""
        spoken = _spoken(language)
        self.language = spoken or FALLBACK
        self.direction = direction(self.language)
        self._words: dict[str, str] = _contents("words.json")[self.language]["words"]
        is_own = spoken and direction(language) == self.direction
        self._dates: dict[str, Any] | None = _contents("dates.json").get(spoken) if is_own else None
        # In HTML, for an element that holds nothing but words of ours.
        self.mark = "" if is_own else f' lang="{self.language}" dir="{self.direction}"'

    def __getitem__(self, name: str) -> str:
        return escape(self._words[name])

    def plain(self, name: str) -> str:
        """The words for what is not HTML."""
        return self._words[name]

    def listed(self, items: Iterable[str]) -> str:
        """Items in a row, with the comma of the language's script. They are markup."""
        return ("، " if self.direction == "rtl" else ", ").join(items)

    def with_link(self, name: str, url: str) -> str:
        """Words around a link, which shows the address's host."""
        host = escape(url.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0])
        link = f'<a href="{escape(url)}" rel="noopener" dir="ltr">{host}</a>'
        return self[name].replace("{site}", link)

    def date(self, instant: str) -> str:
        """An instant of an article's JSON as an HTML time element that shows the day in UTC. Articles written before
        instants had one form may state another offset, whose day is another one.
        """
        at = uniform(instant)
        return f'<time datetime="{at}">{escape(self.day(at[:10]))}</time>'

    def day(self, day: str) -> str:
        """A date, such as 2026-11-25, as the language writes it: CLDR's long form, with the calendar and the digits
        that CLDR has for the language; in ISO 8601 for a language without.
        """
        if self._dates is None:
            return day
        year, month, number = (int(part) for part in day.split("-"))
        if self._dates.get("calendar") == "persian":
            year, month, number = persian(year, month, number)
        shown = self._dates["months"][month - 1].replace("{year}", str(year)).replace("{day}", str(number))
        return shown.translate(str.maketrans("0123456789", self._dates.get("digits", "0123456789")))


def languages() -> dict[str, bool]:
    """The BCP 47 tags that there are words for, and whether somebody who speaks the language has confirmed them."""
    return {tag: about["reviewed"] for tag, about in _contents("words.json").items()}


def persian(year: int, month: int, day: int) -> tuple[int, int, int]:
    """A Gregorian date in the Persian (Solar Hijri) calendar, by the rule of 33 years with 8 leap years, which agrees
    with the observed calendar from 1799 to 2256.
    """
    from datetime import date  # noqa: PLC0415 - uniform() has loaded it

    days = date(year, month, day).toordinal() - _FIRST_OF_FARVARDIN_1
    persian_year = 1 + (33 * days + 3) // 12_053
    into = days - 365 * (persian_year - 1) - (8 * persian_year + 21) // 33
    # Six months have 31 days, the others 30.
    number, rest = divmod(into, 31) if into < 6 * 31 else divmod(into - 6, 30)
    return persian_year, number + 1, rest + 1


_FIRST_OF_FARVARDIN_1 = 226_895  # a day, as date.toordinal counts them


def _spoken(language: str) -> str:
    """The tag whose words a language takes: its own; else another of the same language, in the same script where the
    tag names one. Empty for none.
    """
    known = _contents("words.json")
    if language in known:
        return language
    primary, *rest = language.split("-")
    script = rest[0].title() if rest and len(rest[0]) == _SCRIPT else ""
    related = [tag for tag in known if tag.partition("-")[0] == primary]
    return next((tag for tag in related if not script or known[tag]["script"] == script), "")


@cache
def _contents(name: str) -> dict[str, Any]:
    return json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
