import json
import zlib
from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_api.content import cards
from content_api.content.article import Article
from content_api.content.document import public_fields
from content_api.content.picturing import with_pictures
from newsroom import articles

type MakeArticle = Callable[..., Article]


def test_the_dictionary_is_the_one_that_cards_in_tables_were_written_with() -> None:
    written_with = "09fd7fe417547d0f113ec8f94f0a053540c597f5041bc6bca2b033a8987aa2fe"
    assert sha256(cards._DICTIONARY).hexdigest() == written_with  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the one thing to pin


@given(st.lists(st.text(min_size=1), min_size=1))
def test_what_was_packed_is_unpacked_in_order(texts: list[str]) -> None:
    expected = [{"headline": text} for text in texts if text.isprintable()]
    packed = [cards.packed(json.dumps(each, ensure_ascii=False)) for each in expected]
    assert json.loads(f"[{cards.unpacked(packed)}]") == expected
    for cut in (packed[0][:-1], b"", b"x") if packed else ():
        with pytest.raises((ValueError, zlib.error)):
            cards.unpacked([*packed, cut])


def test_cards_of_every_script_are_small() -> None:
    """So small that 20 of them, with their keys, are 4 read units of 4 KB."""
    for article in articles(40):
        uploaded = {"media": sha256(article.id.encode()).hexdigest(), "renditions": (), "width": 6000, "height": 4000}
        pictured = with_pictures(article, lambda _, each, uploaded=uploaded: each.model_copy(update=uploaded))
        for shown, most in ((article, 620), (pictured, 760)):
            text = cards.as_json(cards.card(public_fields(shown, 1)))
            assert len(cards.packed(text)) < most


def test_long_texts_are_cut_and_the_largest_renditions_left_out(an_article: MakeArticle) -> None:
    picture = {
        "alt": "word " * 150,
        "caption": "слово " * 150,
        "renditions": [
            {"url": f"https://media.example.org/{width}", "media_type": "image/webp", "width": width, "height": width}
            for width in (4000, 320, 1600, 640, 2400, 1080)
        ],
    }
    fields = public_fields(an_article(standfirst="words " * 300, lead_image=picture), 1)
    shown = cards.card(fields)
    assert shown["standfirst"].endswith("words…")
    assert len(shown["standfirst"]) <= 400
    assert len(shown["lead_image"]["alt"]) <= 300
    assert shown["lead_image"]["caption"].endswith("слово…")
    assert [each["width"] for each in shown["lead_image"]["renditions"]] == [320, 640, 1080, 1600]
    assert len(fields["standfirst"]) > 1000  # the article keeps all


@given(st.text(max_size=50), st.integers(1, 20))
def test_a_shortened_text_is_no_longer_than_it_may_be(text: str, length: int) -> None:
    short = cards.shortened(text, length)
    assert len(short) <= length
    assert short == text or short.endswith("…")


def test_nothing_is_shortened_where_nothing_is() -> None:
    assert cards.shortened(None, 3) is None


def test_a_card_has_all_that_a_list_shows_so_that_no_list_needs_a_second_request(an_article: MakeArticle) -> None:
    file = {"url": "https://media.example.org/a.mp3", "media_type": "audio/mpeg"}
    article = an_article(
        tags=["seeds"],
        topics=["libraries"],
        byline=[{"name": "Mira Halvorsen", "id": "mira-halvorsen"}],
        dateline={"place": "KARLOVAC"},
        body=[{"type": "audio", "duration_seconds": 61, "renditions": [file]}],
    )
    shown = cards.card(public_fields(article, 1))
    assert (shown["tags"], shown["topics"], shown["place"]) == (["seeds"], ["libraries"], "KARLOVAC")
    assert shown["byline"] == [{"name": "Mira Halvorsen", "url": None, "id": "mira-halvorsen"}]
    assert shown["recording"] == {"type": "audio", "duration_seconds": 61, "bytes": None, **file}
