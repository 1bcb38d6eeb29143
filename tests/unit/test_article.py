from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from content_api.content.article import Article, Paragraph
from content_api.content.complaints import complaints
from content_api.content.direction import direction
from content_api.content.document import ArticleTooLarge, public_document, public_fields
from content_api.content.language import normalised_language

type MakeArticle = Callable[..., Article]


@pytest.mark.parametrize(
    "fields",
    [
        {"headlin": "x"},
        {"dateline": {"place": "PRAGUE", "town": "x"}},
        {"body": [{"type": "paragraph", "html": "x", "text": "y"}]},
        {"lead_image": {"alternative": "x"}},
    ],
)
def test_unknown_fields_are_errors(an_article: MakeArticle, fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        an_article(**fields)


@pytest.mark.parametrize("sign", ["\0", "\x0b", "\x1f", "\x7f", "\ufffe"])
@pytest.mark.parametrize("field", ["headline", "standfirst", "rights"])
def test_what_no_feed_could_hold_is_refused_by_its_name(an_article: MakeArticle, field: str, sign: str) -> None:
    with pytest.raises(ValidationError, match=rf"{field}\n.*U\+{ord(sign):04X}"):
        an_article(**{field: f"a{sign}b"})
    with pytest.raises(ValidationError, match="control character"):
        an_article(body=[{"type": "paragraph", "html": f"a&#{ord(sign) or 1};b" if ord(sign) < 32 else f"a{sign}b"}])


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "UPPER"},
        {"id": "-a"},
        {"id": "a" * 97},
        {"id": "a b"},
        {"language": "xx"},
        {"language": "english please"},
        {"headline": " "},
        {"body": []},
        {"body": [{"type": "poem", "html": "x"}]},
        {"published_at": "2025-11-20T08:00:00"},
        {"published_at": 1_763_625_600},
        {"published_at": "1763625600"},
        {"dateline": {"date": 0}},
        {"dateline": {"date": "86400"}},
        {"tags": ["x"] * 16},
        {"byline": [{"name": "x"}] * 6},
        {"aliases": ["https://news.example.org/"] * 21},
        {"url": "javascript:alert(1)"},
        {"url": "news"},
    ],
)
def test_what_could_not_be_served_is_refused(an_article: MakeArticle, fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        an_article(**fields)


MARKUP = st.lists(
    st.sampled_from(
        [
            "<script>",
            "</script>",
            "<b>",
            "</b>",
            "<a href=javascript:x>",
            "<a href='https://a.example'>",
            "</a>",
            "<img src=x",
        ]
        + [" onerror=alert(1)>", "<svg/onload=x>", "text", "&lt;", "&", "<", ">", '"', "<style>", "<!--", "-->", "<p>"]
    ),
    min_size=1,
).map("".join)


@given(MARKUP)
def test_sanitised_markup_runs_nothing_and_stays_as_it_is(markup: str) -> None:
    try:
        clean = Paragraph(html=f"text{markup}").html
    except ValidationError:
        return
    assert not any(tag in clean for tag in ("<script", "<img", "<svg", "<style", "<p"))
    assert 'href="javascript' not in clean
    assert Paragraph(html=clean).html == clean


def test_markup_that_is_nothing_once_sanitised_is_refused() -> None:
    with pytest.raises(ValidationError):
        Paragraph(html="<script>alert(1)</script>")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("en", "ltr"), ("ru", "ltr"), ("fa", "rtl"), ("ps", "rtl"), ("ckb", "rtl"), ("crh", "ltr"), ("az-Arab", "rtl")],
)
def test_direction_follows_the_script_of_the_language(tag: str, expected: str) -> None:
    assert direction(tag) == expected


@pytest.mark.parametrize(("written", "usual"), [("EN", "en"), ("sr-latn", "sr-Latn"), ("zh-hans-cn", "zh-Hans-CN")])
def test_language_tags_take_their_usual_case(written: str, usual: str) -> None:
    assert normalised_language(written) == usual


def test_the_public_document_has_every_field_and_its_version(an_article: MakeArticle) -> None:
    document = public_document(public_fields(an_article(id="an-article", headline="«Ёлка» & co"), 7)).decode()
    assert document.startswith('{"id":"an-article","version":7,"status":"published","type":"article","language":"en",')
    assert '"direction":"ltr"' in document
    assert '"headline":"«Ёлка» & co"' in document


def test_an_article_no_answer_could_hold_is_refused_with_what_to_do(an_article: MakeArticle) -> None:
    body = [{"type": "paragraph", "html": "x" * 45_000}] * 90
    with pytest.raises(ArticleTooLarge, match="Split it in parts"):
        public_document(public_fields(an_article(body=body), 1))


NO_NUMBERS_OR_TRUTHS: dict[str, list[Any]] = {
    "width": [10**40, 1_000_001, 0, -1, 1.5, float("inf"), float("nan"), True, "640", "1e2", [], {}],
    "height": [10**40, 0, True, "640"],
    "duration_seconds": [10**40, 10_000_001, -1, 0.5, float("inf"), True, "60"],
    "level": [10**40, 1, 5, 2.5, True, "2"],
    "ordered": [0, 1, "yes", "true", 2.0, None],
    "tracks": [0, 1, "yes", "true"],
}


@pytest.mark.parametrize(
    ("member", "value"), [(member, value) for member, values in NO_NUMBERS_OR_TRUTHS.items() for value in values]
)
def test_a_number_or_a_truth_is_bounded_and_never_made_of_something_else(member: str, value: object) -> None:
    rendition = {"url": "https://a.example/b", "media_type": "video/mp4"}
    blocks: dict[str, dict[str, Any]] = {
        "width": {"type": "image", "renditions": [rendition | {"width": value}]},
        "height": {"type": "image", "renditions": [rendition | {"height": value}]},
        "duration_seconds": {"type": "video", "renditions": [rendition], "duration_seconds": value},
        "level": {"type": "heading", "text": "A", "level": value},
        "ordered": {"type": "list", "items": ["A"], "ordered": value},
        "tracks": {"type": "embed", "url": "https://a.example/b", "tracks": value},
    }
    with pytest.raises(ValidationError) as raised:
        Article.model_validate({"id": "en-a", "language": "en", "headline": "A", "body": [blocks[member]]})
    assert any(each["field"].endswith(member) for each in complaints(raised.value))
