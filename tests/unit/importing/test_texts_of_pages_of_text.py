"""Pages of the archive that were saved as text: headline, dateline, encoding and id."""

import json

import pytest

from newsroom.pages import TEXT, TITLE, one, page, refusals, texts


def test_a_stray_byte_or_a_nul_costs_itself() -> None:
    content = "\n\n".join([TITLE, *TEXT]).encode()
    assert texts(one(content.replace(b"spring", b"spr\xe9ing\x00")))[1].endswith("spréing.")


def test_french_in_latin_1_is_read_however_many_accents_a_line_has() -> None:
    text = "La société déjà réélue a présenté l'été à l'école."
    assert texts(one(f"L'école\n\n{text}".encode("latin-1"), language="fr")) == [text]


def test_a_day_and_a_place_over_short_paragraphs_are_no_standfirst() -> None:
    article = one(f"{TITLE}\n\n4 March 2018, Venn\n\nIt rained.\n\nNobody minded.", language="en")
    assert (article.standfirst, str(article.published_at)[:10]) == (None, "2018-03-04")
    assert texts(article) == ["It rained.", "Nobody minded."]


def test_half_spaces_stay_in_words() -> None:
    assert texts(one("تیتر یک خبر\n\nمن می\u200cروم\u200c و باز می\u200cگردم.", language="fa")) == [
        "من می\u200cروم و باز می\u200cگردم."
    ]


TOP = ["Радио долины", "Передачи", "2.3.2024", "Старая мельница продана деревне", "4 марта 2018"]

RUSSIAN = "Старую мельницу на реке продали во вторник деревне, которая просила об этом девятнадцать лет, сообщил совет."


def test_of_a_page_of_text_the_headline_stands_under_the_masthead_and_its_day_below() -> None:
    article = one("\n\n".join([*TOP, RUSSIAN, RUSSIAN.replace("вторник", "среду")]), language="ru")
    assert article.headline == "Старая мельница продана деревне"
    assert str(article.published_at).startswith("2018-03-04")


@pytest.mark.parametrize(
    "first",
    [
        "date 2024-02-03 Ссылки для упрощенного доступа",
        "Перейти к содержанию | 3.2.2024",
        "Эта страница сайта больше не обновляется.",
    ],
)
def test_a_skip_link_with_a_date_or_a_notice_of_the_site_is_no_headline(first: str) -> None:
    parts = [first, "Старая мельница продана деревне", RUSSIAN, RUSSIAN.replace("вторник", "среду")]
    article = one("\n\n".join(parts), language="ru")
    assert article.headline == "Старая мельница продана деревне"


def test_datelines_have_their_signs_and_days_are_no_agencies() -> None:
    article = one(f"{TITLE}\n\nVENN, Norland; March 4, 2018 (RFE/RL) -- {TEXT[0]}\n\n{TEXT[1]}")
    assert article.dateline
    assert (article.dateline.place, str(article.dateline.date)) == ("VENN, Norland", "2018-03-04")
    other = one(f"{TITLE}\n\nVENN (Aug. 13) -- {TEXT[0]}\n\n{TEXT[1]}")
    assert other.dateline is None or other.dateline.agency is None


def test_two_articles_of_one_title_are_two() -> None:
    first, second = (one(f"In Brief\n\n{a}\n\n{b}", language="en") for a, b in (TEXT[:2], TEXT[2:]))
    assert first.id != second.id
    stated = [
        {"id": "en-a", "language": "en", "headline": each, "body": [{"type": "paragraph", "html": "x"}]}
        for each in "AB"
    ]
    assert any('"B"' in each and '"A"' in each for each in refusals(json.dumps(stated)))
    paths = ["/Ab", "/aB", "/a/b", "/a-b", "/?p=12", "/p/12"]
    made = [page(head=f"<link rel=canonical href='https://venn.example{path}'>").id for path in paths]
    assert len(set(made)) == len(paths)
