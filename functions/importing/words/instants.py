"""Reads times and dates as pages and feeds write them: ISO 8601, RFC 5322, and words, with the months of the languages
in `datelines`.
"""

import datetime as dt
import re
from email.utils import parsedate_to_datetime

from importing.words.datelines import date_of_line

_LONGEST = 80  # characters of a date
_YEARS = range(1949, 2101)
_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d{1,9})?)? ?"
    r"(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.ASCII,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z)?)?", re.ASCII)
_SECONDS = re.compile(r"\d{9,10}(?:\d{3})?", re.ASCII)
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::\d{2})? ?([ap])?\.?m?\b", re.ASCII | re.IGNORECASE)
_SAID = re.compile(
    r"(?:(?:first |last )?(?:published|posted|updated|created|date)(?: (?:on|at))?|опубликовано|обновлено|"
    r"опубліковано|оновлено|последнее обновление|stand|zuletzt aktualisiert|mis à jour(?: le)?|publié le|"
    r"actualizado(?: el)?) ?:? ?",
    re.IGNORECASE,
)
_LEAP = re.compile(r"(:\d\d):60\b", re.ASCII)  # a leap second (RFC 5322, section 3.3), which datetime does not have
_WEEKDAY = re.compile(r"[^\W\d]{2,12}(?:day|ник|а|г|ье|ок|ця|ер|да)?\.?, ?")
_ZONE = re.compile(r" ?\(?\b(?:GMT|UTC|[A-Z]{1,2}[SD]?T|MSK|МСК)\b\)? ?$")
_ZONE_FIRST = re.compile(r"\(?(?:GMT|UTC|[A-Z]{1,2}[SD]?T|MSK|МСК)\)?[ ,]+")
_BETWEEN = re.compile(r" ?(?:[|•·,–—-]|\bat\b|\bв\b|\bо\b) ?$")
_NOON = 12


def instant_of(stated: object) -> dt.datetime | None:
    """The time. None for a text that is none, or a year outside 1949 to 2100. A time without a zone is in UTC, and a
    date alone is the beginning of the day.
    """
    text = " ".join(str(stated).split()) if isinstance(stated, str | int) else ""
    if not text or len(text) > _LONGEST:
        return None
    found = _numeric(text) or _of_mail(text) or _in_words(text)
    try:
        return found if found is not None and found.astimezone(dt.UTC).year in _YEARS else None
    except OverflowError:
        return None


def says_when(line: str) -> bool:
    """Whether a line says when the page was changed, and nothing else: `Last updated (Wednesday, 06 April 2005)`."""
    said = _SAID.match(line) if len(line) <= _LONGEST else None
    return said is not None and instant_of(line[said.end() :].strip(" ()[]")) is not None


def _numeric(text: str) -> dt.datetime | None:
    if _SECONDS.fullmatch(text):
        return dt.datetime.fromtimestamp(int(text[:10] if len(text) > 10 else text), dt.UTC)  # noqa: PLR2004 - milliseconds
    match = _ISO.fullmatch(text)
    compact = None if match else _COMPACT.fullmatch(text)
    parts = match.groups() if match else compact.groups() if compact else None
    if parts is None:
        return None
    year, month, day, hour, minute, second = (int(each or 0) for each in parts[:6])
    try:
        return dt.datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_zone(parts[6]))
    except ValueError:
        return None


def _zone(stated: str | None) -> dt.timezone:
    if not stated or stated[0] not in "+-":
        return dt.UTC
    digits = stated[1:].replace(":", "").ljust(4, "0")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-offset if stated[0] == "-" else offset)


def _of_mail(text: str) -> dt.datetime | None:
    try:
        found = parsedate_to_datetime(_LEAP.sub(r"\1:59", text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _in_words(text: str) -> dt.datetime | None:
    """`Wednesday, July 10, 2019, 1:18 p.m.`; `10 июля 2019, 13:18`; `10.07.2019 13:18`."""
    rest = _SAID.sub("", text, count=1) if _SAID.match(text) else text
    rest = _ZONE.sub("", rest)
    clock = _CLOCK.search(rest) if ":" in rest else None
    hour = minute = 0
    if clock is not None:
        hour, minute = int(clock[1]), int(clock[2])
        if clock[3] and hour <= _NOON:
            hour = hour % _NOON + (_NOON if clock[3].lower() == "p" else 0)
        before, after = rest[: clock.start()], rest[clock.end() :].strip(" ,|.")
        rest = _BETWEEN.sub("", before).strip() or _ZONE_FIRST.sub("", after)
    weekday = _WEEKDAY.match(rest)
    date = date_of_line(rest) or (date_of_line(rest[weekday.end() :]) if weekday else None)
    try:
        return dt.datetime.combine(date, dt.time(hour, minute), dt.UTC) if date else None
    except ValueError:
        return None
