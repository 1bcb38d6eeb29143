"""Reads dates and datelines as news pages print them: `PRAGUE, April 3, 2006 (RFE/RL) -- `, `Москва, 3 апреля 2006 --
`.
"""

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from typing import cast

from babel.dates import get_month_names

from content_api.content.article import Dateline

_LONGEST = 200  # characters of a dateline
_FARTHEST = 600  # characters in which a caption before a dateline must end
_LONGEST_LINE = 100  # characters of a line that is only a date
_LAST_SHORT_YEAR = 48  # 48 is 2048, and 49 is 1949
_YEARS = range(1949, 2101)  # begins before the first broadcast
# A name of two months in two languages, such as a short `mar`, is the month of the language that is named first.
_LANGUAGES = "en ru uk de fr es it pl pt ro tr be bg sr ka hy az uz kk".split()
_SAVED = re.compile(
    r"(?:saved|captured|retrieved|archived|accessed|сохранен[оа]?|получено|збережено|gespeichert|abgerufen)"
    r"(?: (?:on|at|am|le))?:? ",
    re.IGNORECASE,
)
_DASH = r"(?:\s?(?:--{1,3}|[–—―])\s?|\s-\s)"
_AGENCY = r"[(\[](?P<agency>[^()\[\]\d]{2,40})[)\]]"
# Hyphens belong to the word. The pattern is possessive, so that the next word cannot begin inside this one.
_CAPITALISED = r"(?:[^\W\d_a-zа-яёіїєґ][\w.'’]{0,40}+(?:-\w[\w.'’]{0,40}+){0,4}+)"
_BETWEEN = r"(?:[ /]|, ?)(?:(?:de|del|el|na|upon|on|di|von|и|на)[ -])?"
_PLACE = rf"(?P<place>{_CAPITALISED}(?:{_BETWEEN}{_CAPITALISED}){{0,5}})"
_NUMERIC = re.compile(
    r"(?P<iso>\d{4}-\d{2}-\d{2})|(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4}|\d{2})(?!\d)"
)
_TIME = r"(?:[,\s]{1,3}\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?(?:gmt|utc|cet|msk|мск))?)?"


@cache
def _months() -> dict[str, int]:
    """The names and abbreviations of months in CLDR, both for use with a day and alone, without dots."""
    months = {"sept": 9}
    for language in _LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                names = cast("dict[int, str]", get_month_names(width, context, language))
                for number, name in names.items():
                    months.setdefault(name.casefold().rstrip("."), number)
    return months


@cache
def _date() -> str:
    month = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    return (
        rf"(?:(?P<month1>{month})\.?\s(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<year1>\d{{4}}))?"
        rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s(?:de\s)?(?P<month2>{month})\.?(?:,?\s(?:de\s)?(?P<year2>\d{{4}}))?)"
        r"(?!\w)(?:\s?(?:года|г\.?|року|р\.?)(?!\w))?"
    )


@cache
def _datelines() -> list[re.Pattern[str]]:
    date, flags = f"(?i:{_date()})", re.UNICODE
    return [
        re.compile(rf"{_PLACE}\s?[,;]\s?{date}\s?,?\s?(?:{_AGENCY})?{_DASH}", flags),
        re.compile(rf"{_PLACE}\s?[,;]\s?{date}\s?,?\s?{_AGENCY}\s?[.:]?\s", flags),
        re.compile(rf"{_PLACE}\s?[,;]\s?{date}\.\s", flags),
        re.compile(rf"{_PLACE}\s?,?\s?{_AGENCY}{_DASH}", flags),
        re.compile(rf"{date}\s?,?\s?(?:{_AGENCY})?{_DASH}", flags),
        re.compile(rf"{_AGENCY}{_DASH}", flags),
        re.compile(rf"{_PLACE}{_DASH}(?=[\"“«'‘]?[A-ZА-ЯЁІЇЄҐ\d])", flags),
    ]


@dataclass(frozen=True, slots=True)
class Opening:
    """The dateline of a paragraph, and the text after it."""

    dateline: Dateline
    text: str


def dateline_of(text: str) -> Opening | None:
    """The dateline at the beginning of a paragraph, and the rest. None if there is none. A date without a year is no
    dateline. A place without a date must be in capitals, since otherwise it could be any subject.
    """
    start = text[:_LONGEST]
    for pattern in _datelines():
        match = pattern.match(start)
        if not match or not text[match.end() :].strip():
            continue
        parts = match.groupdict()
        place, agency, date = parts.get("place"), parts.get("agency"), _date_in(parts)
        names_a_day = bool(parts.get("month1") or parts.get("month2"))
        if (
            not names_a_day
            and (agency is None or place is None)
            and not _is_in_capitals((place or agency or "").partition(",")[0])
        ):
            continue
        dateline = Dateline(place=place, date=date, agency=agency.strip() if agency else None)
        return Opening(dateline, text[match.end() :].strip())
    return None


def start_of_inner_dateline(text: str) -> int | None:
    """The position in a text at which a dateline with a date begins, as after a caption on the same line."""
    pattern = rf"(?<=[)\]] )(?:{_PLACE}\s?[,;]\s?)?(?i:{_date()})\s?,?\s?(?:{_AGENCY})?{_DASH}"
    match = re.search(pattern, text[:_FARTHEST])
    return match.start() if match else None


def date_of_line(text: str) -> dt.date | None:
    """The date of a line that is only a date, with or without a time or a place. 03.04.2006 is the third of April."""
    if len(text) > _LONGEST_LINE:
        return None
    saved = _SAVED.match(text)
    stripped = text[saved.end() if saved else 0 :].strip(" .|[]")
    patterns = _line_patterns()
    place, place_after = patterns["place"].match(stripped), patterns["place after"].search(stripped)
    return (
        _only_date(stripped)
        or (_only_date(stripped[place.end() :]) if place else None)
        or (_only_date(stripped[: place_after.start()]) if place_after else None)
    )


@cache
def _line_patterns() -> dict[str, re.Pattern[str]]:
    said = r"(?:published|last updated|опубликовано|обновлено|опубліковано|оновлено)?:?"
    return {
        "words": re.compile(rf"(?i:{said}\s?{_date()}{_TIME})"),
        "time": re.compile(f"(?i:{_TIME})"),
        "place": re.compile(rf"{_PLACE}\s?[,;]\s?"),
        "place after": re.compile(rf"(?<=\d),\s?{_PLACE}$"),
    }


def _only_date(text: str) -> dt.date | None:
    patterns = _line_patterns()
    if match := patterns["words"].fullmatch(text):
        return _date_in(match.groupdict())
    numeric = _NUMERIC.match(text)
    if numeric is None or patterns["time"].fullmatch(text[numeric.end() :].lstrip("]")) is None:
        return None
    if numeric["iso"]:
        return _date_from(*map(int, numeric["iso"].split("-")))
    year = int(numeric["year"])
    century = 0 if len(numeric["year"]) > 2 else 1900 if year > _LAST_SHORT_YEAR else 2000  # noqa: PLR2004 - digits
    return _date_from(century + year, int(numeric["month"]), int(numeric["day"]))


def _date_in(parts: dict[str, str | None]) -> dt.date | None:
    for form in ("1", "2"):
        month, day, year = (parts.get(f"{name}{form}") for name in ("month", "day", "year"))
        if month and day and year:
            return _date_from(int(year), _months()[month.casefold().rstrip(".")], int(day))
    return None


def _date_from(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def _is_in_capitals(text: str) -> bool:
    return text.upper() == text and sum(letter.isalpha() for letter in text) > 1
