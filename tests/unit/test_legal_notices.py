import json
import re
from copy import deepcopy
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_api.law.law_file import load_entries
from content_api.law.legal_notices import LegalNotice, LegalNotices

URL = "https://content.example.org/legal-notices/{id}?a=1&b=2"
TODAY = "2025-11-20"
SAMPLES = sorted((Path(__file__).parents[3] / "shared" / "samples").glob("*.txt"))


@pytest.fixture
def notices() -> LegalNotices:
    return LegalNotices(load_entries(), URL)


def shown(
    notices: LegalNotices, jurisdiction: str, language: str = "en", *, on: str = TODAY, requested: bool = False
) -> list[dict[str, Any]]:
    return json.loads(notices.due(jurisdiction, language, on=on, requested=requested).json)


@pytest.mark.parametrize("jurisdiction", ["ru", "ua-occupied"])
def test_the_notice_is_due_in_its_jurisdictions(notices: LegalNotices, jurisdiction: str) -> None:
    (notice,) = shown(notices, jurisdiction)
    assert notice["id"] == "ru-undesirable-organization"
    assert notice["reason"] == "jurisdiction"
    assert notice["must_display"] is True
    assert notice["placement"] == "before_content"
    assert notice["restricted_actions"] == ["share", "like", "comment", "save", "contact"]
    assert (
        notice["more_information_url"]
        == "https://content.example.org/legal-notices/ru-undesirable-organization?a=1&b=2"
    )


@given(st.text(max_size=40))
def test_whatever_is_no_known_jurisdiction_counts_as_an_unknown_place(jurisdiction: str) -> None:
    (notice,) = shown(LegalNotices(load_entries(), URL), f"x{jurisdiction}")
    assert notice["reason"] == "unknown_location"


def test_none_is_due_elsewhere_unless_the_reader_asks(notices: LegalNotices) -> None:
    assert shown(notices, "elsewhere") == []
    (notice,) = shown(notices, "elsewhere", requested=True)
    assert notice["reason"] == "requested"


def test_asking_for_a_notice_that_is_due_does_not_hide_why_it_is_due(notices: LegalNotices) -> None:
    (notice,) = shown(notices, "ru", requested=True)
    assert notice["reason"] == "jurisdiction"


@pytest.mark.parametrize(("on", "number"), [("2024-02-01", 0), ("2024-02-02", 1), ("2099-12-31", 1)])
def test_the_notice_is_due_from_the_day_of_the_decision(notices: LegalNotices, on: str, number: int) -> None:
    assert len(shown(notices, "ru", on=on)) == number


@pytest.mark.parametrize(("asked", "given_in"), [("en", "en"), ("en-GB", "en"), ("ka", "en"), ("", "en")])
def test_english_stands_in_for_a_language_without_wording(notices: LegalNotices, asked: str, given_in: str) -> None:
    (notice,) = shown(notices, "ru", asked)
    assert notice["language"] == given_in


def test_a_second_notice_is_a_change_of_data_alone() -> None:
    other: Any = deepcopy(load_entries()[0])
    other |= {"id": "xx-press-law", "jurisdictions": ["xx"], "where_location_is_unknown": False}
    notices = LegalNotices([*load_entries(), other], URL)
    assert [each["id"] for each in shown(notices, "xx")] == ["xx-press-law"]
    assert [each["id"] for each in shown(notices, "ru")] == ["ru-undesirable-organization"]
    assert [each["id"] for each in shown(notices, "nowhere")] == ["ru-undesirable-organization"]


def test_markup_says_what_the_text_says_and_links_to_more() -> None:
    for entry in load_entries():
        for wording in entry["texts"].values():
            text = unescape(re.sub("<[^>]+>", "", wording["html"].replace("</p><p>", "\n\n")))
            assert text == wording["text"]
            assert '<a href="{more_information_url}">' in wording["html"]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_the_english_wording_is_the_publishers_verbatim(sample: Path) -> None:
    assert load_entries()[0]["texts"]["en"]["text"] in sample.read_text(encoding="utf-8")


def test_the_link_is_escaped_in_markup(notices: LegalNotices) -> None:
    (notice,) = shown(notices, "ru")
    assert 'href="https://content.example.org/legal-notices/ru-undesirable-organization?a=1&amp;b=2"' in notice["html"]


def test_tags_differ_whenever_the_notices_differ(notices: LegalNotices) -> None:
    tags = {
        notices.due("ru", "en", on=TODAY).tag,
        notices.due("elsewhere", "en", on=TODAY).tag,
        notices.due("unknown", "en", on=TODAY).tag,
        notices.due("elsewhere", "en", on=TODAY, requested=True).tag,
    }
    assert len(tags) == 4


@pytest.mark.parametrize("missing", ["id", "version", "effective_from", "jurisdictions", "restricted_actions", "texts"])
def test_a_notice_that_could_not_be_shown_does_not_load(missing: str) -> None:
    entry: Any = deepcopy(load_entries()[0])
    del entry[missing]
    with pytest.raises(ValueError, match=missing):
        LegalNotice(entry)


def test_a_notice_with_a_date_that_is_none_does_not_load() -> None:
    entry: Any = deepcopy(load_entries()[0]) | {"effective_from": "2024-02-30"}
    with pytest.raises(ValueError, match="2024-02-30"):
        LegalNotice(entry)
