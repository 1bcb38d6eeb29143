import json
from collections.abc import Callable
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from content_api.content import cards
from content_api.content.article import Article
from content_api.content.document import public_fields
from newsroom import articles

type MakeArticle = Callable[..., Article]


def test_the_dictionary_is_the_one_that_cards_in_tables_were_written_with() -> None:
    written_with = "09fd7fe417547d0f113ec8f94f0a053540c597f5041bc6bca2b033a8987aa2fe"
    assert sha256(cards._DICTIONARY).hexdigest() == written_with  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the one thing to pin


@given(st.lists(st.text(min_size=1), min_size=1))
def test_what_was_packed_is_unpacked_in_order(texts: list[str]) -> None:
    packed = [cards.packed(json.dumps(text, ensure_ascii=False)) for text in texts if text.isprintable()]
    expected = [text for text in texts if text.isprintable()]
    assert json.loads(f"[{cards.unpacked(packed)}]") == expected


def test_cards_of_every_script_are_small() -> None:
    for article in articles(40):
        text = cards.as_json(cards.card(public_fields(article, 1)))
        assert len(cards.packed(text)) < 600


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
