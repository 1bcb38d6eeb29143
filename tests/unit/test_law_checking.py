"""What is wrong with the law's file is said, since nobody would see that a rule of it does nothing."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from content_api.law.law_file import load_entries, load_law
from content_api.law.legal_notices import LegalNotice
from law.__main__ import check_recognition, edge_function

LAW: Any = load_law()


def changed(path: str, value: object) -> Callable[[Any], None]:
    """Changes the first notice: `texts.en.link` is a member of a member of a member. None takes it out."""
    *before, last = path.split(".")

    def change(law: Any) -> None:
        at = law["notices"][0]
        for name in before:
            at = at[name]
        if value is None:
            del at[last]
        else:
            at[last] = value

    return change


def of_jurisdiction(name: str, **members: object) -> Callable[[Any], None]:
    def change(law: Any) -> None:
        law["jurisdictions"].setdefault(name, {"title": {"en": "A place"}}).update(members)

    return change


def twice(law: Any) -> None:
    law["notices"].append(law["notices"][0])


WRONG: list[tuple[Callable[[Any], None], str]] = [
    (changed("placement", "after_content"), 'has the placement "after_content"'),
    (changed("must_display", value=False), "Every notice that is due is shown"),
    (changed("effective_untill", "2026-01-01"), "has effective_untill, which nothing reads"),
    (changed("effective_until", "2024-01-01"), "ends on 2024-01-01, before it begins"),
    (changed("effective_until", "2024-1-1"), "has the date 2024-1-1"),
    (changed("effective_from", "20240202"), "has the date 20240202"),
    (changed("history", [{"date": "in May", "event": "A decree"}]), "has the date in May"),
    (changed("history", [{"day": "2024-01-01", "event": "A decree"}]), "has an event that lacks date"),
    (changed("title.en", None), "has no title in English"),
    (changed("title.uk", " "), "has no words in its title in uk"),
    (changed("texts.en", None), "has no texts in English"),
    (changed("texts.ru", None), "has the second language ru, and no texts in it"),
    (changed("texts.ru.paragraphs", []), "has no words in a paragraph in ru"),
    (changed("texts.ru.text", "Words"), "has text in ru, made from the paragraphs"),
    (changed("texts.ru.reviewed", None), "has texts in ru of which one lacks reviewed"),
    (changed("texts.en.link", "Read more"), "put the words that lead to its page in brackets, once"),
    (changed("texts.en.link", "[a] or [b]"), "put the words that lead to its page in brackets, once"),
    (changed("texts.Русский", {"reviewed": True, "paragraphs": ["Words"]}), "which is no tag of a language"),
    (changed("id", "a notice"), "needs an id of letters"),
    (changed("version", "1"), "has version of the wrong kind"),
    (changed("where_location_is_unknown", "yes"), "has where_location_is_unknown of the wrong kind"),
    (changed("restricted_actions", ["Share it"]), "restricts 'Share it'"),
    (changed("jurisdictions", ["by"]), "is for by, which is none of the jurisdictions"),
    (changed("recognition.links", None), "has a recognition that lacks links"),
    (changed("explanation.en.rule", ["A rule"]), "has an explanation in en that has rule, which nothing reads"),
    (twice, "Two notices have the id"),
    (of_jurisdiction("unknown", countries=["BY"]), "which have a meaning of their own"),
    (of_jurisdiction("nowhere"), "has neither countries nor regions"),
    (of_jurisdiction("by", countries=["RU"]), "The country RU is in two jurisdictions, ru and by"),
    (of_jurisdiction("chechnya", regions={"RU": {"CE": ["chechnya"]}}), "and all of RU is in ru"),
    (of_jurisdiction("by", regions={"BY": {"brest": []}}), "has the region BY-brest"),
    (of_jurisdiction("ru", networks_of=["ua-occupied"]), "which counts for jurisdictions with regions alone"),
    (of_jurisdiction("ua-occupied", networks_of=["by"]), "has networks_of by, which is none of the jurisdictions"),
    (of_jurisdiction("ru", title={"ru": "Россия"}), "has no title in English"),
]


@pytest.mark.parametrize(("change", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_is_wrong_is_said_with_the_name_of_the_file(
    tmp_path: Path, change: Callable[[Any], None], said: str
) -> None:
    law = deepcopy(LAW)
    change(law)
    path = tmp_path / "law.json"
    path.write_text(json.dumps(law), encoding="utf-8")
    with pytest.raises(ValueError, match=path.name) as refused:
        load_law(str(path))
    assert said in str(refused.value)


def test_notes_for_people_are_no_members(tmp_path: Path) -> None:
    law = deepcopy(LAW)
    law["notices"][0] |= {"source": "A decree", "effective_from_why": "The day of the decision"}
    path = tmp_path / "law.json"
    path.write_text(json.dumps(law), encoding="utf-8")
    assert load_law(str(path))["notices"] == law["notices"]


def test_a_notice_that_no_file_holds_is_checked_too() -> None:
    entry: Any = deepcopy(load_entries()[0]) | {"placement": "after_content"}
    with pytest.raises(ValueError, match="after_content"):
        LegalNotice(entry)


@pytest.mark.parametrize("member", ["subject", "openings", "links", "threats"])
def test_what_is_no_regular_expression_is_said(member: str) -> None:
    law = deepcopy(LAW)
    law["notices"][0]["recognition"][member] = [["(share"]] if member == "threats" else ["(share"]
    with pytest.raises(ValueError, match="which is no regular expression"):
        check_recognition(law)


def test_a_law_with_more_regions_than_the_edge_function_can_hold_is_refused() -> None:
    law = deepcopy(LAW)
    law["regions_elsewhere"]["UA"] |= {f"{number:03}": [] for number in range(100, 900)}
    with pytest.raises(ValueError, match="CloudFront takes 10,240"):
        edge_function(law)
