"""The words on pages for readers, in each language that the publisher publishes in."""

import datetime as dt
import json
import re
import unicodedata
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from content_api.content import words as module
from content_api.content.language import script_of
from content_api.content.words import FALLBACK, Words, languages, persian
from content_api.http.problems import PROBLEMS, Problem
from content_api.reader_api.problem_text import problem_text, title_of
from contract.languages import TAGS

STATED: dict[str, Any] = json.loads(Path(module.__file__).with_name("words.json").read_text(encoding="utf-8"))
DATES: dict[str, Any] = json.loads(Path(module.__file__).with_name("dates.json").read_text(encoding="utf-8"))
SITE = "https://news.example.org/"


def test_each_of_the_publishers_languages_has_every_word() -> None:
    assert sorted(STATED) == sorted(TAGS)
    assert languages() == {tag: stated["reviewed"] for tag, stated in STATED.items()}
    for tag, stated in STATED.items():
        assert list(stated["words"]) == list(STATED[FALLBACK]["words"]), tag
        assert stated["script"] == script_of(tag) or tag == "crh", tag
        for name, said in stated["words"].items():
            assert said == unicodedata.normalize("NFC", said.strip()) != "", (tag, name)
            assert said.count("{site}") == (name in {"read_at", "latest"}), (tag, name)


def test_words_are_in_the_script_of_their_language() -> None:
    names = {"Latn": "LATIN", "Cyrl": "CYRILLIC", "Arab": "ARABIC", "Armn": "ARMENIAN", "Geor": "GEORGIAN"}
    for tag, stated in STATED.items():
        for name, said in stated["words"].items():
            letters = [each for each in said.replace("{site}", "") if each.isalpha() and each not in "ʻʼ"]
            foreign = [each for each in letters if not unicodedata.name(each).startswith(names[stated["script"]])]
            assert foreign == [], (tag, name)


def test_no_language_says_what_another_one_says() -> None:
    """Nobody forgot to translate: only languages so close that they share words agree in a whole sentence."""
    close = [{"bs", "sr-ME"}, {"fa", "fa-AF"}]
    for name in ("not_found_text", "withdrawn_text", "translation", "explanation"):
        said: dict[str, str] = {}
        for tag, stated in STATED.items():
            other = said.setdefault(stated["words"][name], tag)
            assert other == tag or {other, tag} in close, (name, other, tag)


@pytest.mark.parametrize("tag", TAGS)
def test_dates_are_those_of_cldr(tag: str) -> None:
    """Babel, which has CLDR from another packager than Node.js, names the month as the dates do. It has only the
    Gregorian calendar, and nothing of some languages.
    """
    if DATES[tag].get("calendar") == "persian":
        assert DATES[tag]["digits"] == "۰۱۲۳۴۵۶۷۸۹"
        assert re.findall("[0-9]", Words(tag).day("2026-11-26")) == []
        return
    assert "digits" not in DATES[tag]
    for month in range(1, 13):
        shown = Words(tag).day(f"2222-{month:02}-17")
        assert "2222" in shown
        assert "17" in shown
        if tag in {"ba", "crh"}:  # Babel's CLDR has no months of theirs
            continue
        known = Locale.parse(tag, sep="-").months["format"]["wide"][month]
        assert known.casefold() in shown.casefold(), (shown, known)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-03-20", (1403, 1, 1)),  # the years that the Iranian calendar's office published begin on these days
        ("2025-03-20", (1403, 12, 30)),
        ("2025-03-21", (1404, 1, 1)),
        ("2026-03-21", (1405, 1, 1)),
        ("2026-11-26", (1405, 9, 5)),
        ("1979-02-11", (1357, 11, 22)),
    ],
)
def test_persian_days_are_those_of_the_calendar(day: str, expected: tuple[int, int, int]) -> None:
    assert persian(*map(int, day.split("-"))) == expected


@given(st.dates(dt.date(1800, 1, 1), dt.date(2255, 1, 1)))
def test_the_persian_calendar_misses_no_day_and_has_none_twice(day: dt.date) -> None:
    here, next_one = (persian(each.year, each.month, each.day) for each in (day, day + dt.timedelta(1)))
    year, month, number = here
    assert 1 <= month <= 12
    assert next_one in {
        (year, month, number + 1),
        (year, month + 1, 1),
        (year + 1, 1, 1),
    }
    assert number <= (31 if month < 7 else 30)


@pytest.mark.parametrize("language", ["pl", "en-GB", "sr-Latn", "ru-RU", "uz-Cyrl", "zh-Hant"])
def test_other_languages_have_words_of_a_related_one_or_english_marked_as_such(language: str) -> None:
    words = Words(language)
    assert words.language in STATED
    if words.language.partition("-")[0] != language.partition("-")[0]:
        assert (words.language, words.mark) == (FALLBACK, ' lang="en" dir="ltr"')
        assert words.day("2026-11-26") == "2026-11-26"


# What only programs are told of. A reader is told of a page and of an address.
_OF_PROGRAMS = re.compile(
    r"parameter|json|http|cursor|header|path|status|code|error|request|\bid\b|\bAPI\b|GET|\b[45]\d\d\b|/v1/",
    re.IGNORECASE,
)


@pytest.mark.parametrize("code", PROBLEMS)
def test_readers_are_told_nothing_of_programs_and_where_to_go_on(code: str) -> None:
    detail = "GET /v1/x takes a parameter: cursor"
    problem = Problem(code, detail, members={"note": "A note."})
    for tag in TAGS:
        words = Words(tag)
        shown = problem_text(problem, words, SITE)
        if PROBLEMS[code][0] == 400:  # whoever wrote the address learns in small print what is wrong with it
            shown = re.sub("<small>.*</small>", "", shown)
        text = unescape(re.sub("<[^>]*>", " ", shown))
        assert not _OF_PROGRAMS.search(text), (tag, text)
        assert words["latest"].partition("{site}")[0] in shown
        assert f'href="{SITE}"' in shown
        assert f"<h1>{title_of(problem, words)}</h1>" in shown
        assert ("A note." in text) == (code == "article-withdrawn")
