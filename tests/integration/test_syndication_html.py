"""Every page for frames is HTML without an error, by html5lib's strict parser, whatever the article."""

from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from content_api.content.article import Article
from content_api.content.document import public_fields
from content_api.http.problems import Problem
from content_api.http.request import Request
from content_api.law.law_file import load_entries
from content_api.law.legal_notices import LegalNotices
from content_api.reader_api.article_page import article_page
from content_api.reader_api.settings import ReaderSettings
from gateway.events import event
from syndication.embeds.embed import problem_page
from thoroughness import examples

URL = "https://content.example.org"
NOTICES = LegalNotices(load_entries(), f"{URL}/legal-notices/{{id}}").always("en", on="2025-11-20").notices
REQUEST = Request(event("GET", "/embed/articles/none", route_keys=["GET /embed/articles/{id}"]))
SETTINGS = ReaderSettings(
    {
        "CONTENT_TABLE": "content",
        "CONTENT_BUCKET": "content",
        "PUBLIC_URL": URL,
        "READER_LOCATION": "developer",
        "PUBLISHER_URL": "https://news.example.org/?a=1&b=2",
    }
)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=60)
texts |= st.sampled_from(["</title><b>", "a < b & c &amp; \"d\" 'e'", "-->", "]]>", "&lt;", "&nosuch;", "𝔘", "<h2>"])
markup = st.sampled_from(
    [
        "<b>One</b> <i>two",
        "<p>One<p>Two",
        "<ul><li>One<li>Two</ul>",
        "<table><tr><th>A<td>B</table>",
        "<h4>Four</h4><h2>Two</h2><h3><b>Three</b></h3>",
        '<a href="https://a.example/?b=1&c=2" title="&quot;<h3>">A</a>',
        "<blockquote><p>A</blockquote><hr><pre>\n B</pre>",
        "<dl><dt>A<dd>B</dl><figure><figcaption>C</figure>",
        "<div lang=ru dir=auto>Д</div><br>",
    ]
)
urls = st.sampled_from(["https://a.example/", "https://a.example/a b?c=\"d\"&e=<f>'g'", "https://пример.example/я"])


def fields(required: dict[str, Any], optional: dict[str, Any] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional or {})


sides = {"width": st.integers(1, 9999), "height": st.integers(1, 9999)}
renditions = st.lists(fields({"url": urls, "media_type": st.sampled_from(["image/webp", 'a"b'])}, sides), max_size=3)
pictures = fields({}, {"alt": texts, "caption": texts, "credit": texts, "renditions": renditions})
some_texts = st.lists(texts, min_size=1, max_size=3)
blocks = st.one_of(
    fields({"type": st.just("paragraph"), "html": texts}),
    fields({"type": st.just("html"), "html": markup}),
    fields({"type": st.just("heading"), "level": st.integers(2, 4), "text": texts}),
    fields({"type": st.just("image"), "alt": texts, "renditions": renditions}),
    fields({"type": st.just("audio"), "title": texts | st.none(), "renditions": renditions}),
    fields({"type": st.just("video"), "poster": pictures, "renditions": renditions}),
    fields({"type": st.just("quote"), "html": texts, "attribution": texts | st.none()}),
    fields({"type": st.just("list"), "items": some_texts, "ordered": st.booleans()}),
    fields({"type": st.just("embed"), "url": urls, "title": texts | st.none()}),
    fields({"type": st.just("promotion"), "name": texts, "description": texts | st.none()}),
)
articles = fields(
    {
        "id": st.just("a"),
        "language": st.sampled_from(["en", "ru", "fa", "sr-Cyrl", "ba"]),
        "headline": texts,
        "body": st.lists(blocks, min_size=1, max_size=6),
    },
    {
        "standfirst": texts,
        "url": urls,
        "byline": st.lists(fields({"name": texts}, {"url": urls}), max_size=3),
        "dateline": fields({}, {"place": texts}),
        "published_at": st.datetimes().map(lambda at: f"{at.isoformat()}Z"),
        "lead_image": pictures,
        "images": st.lists(pictures, max_size=2),
        "rights": texts,
        "corrections": st.lists(fields({"at": st.just("2025-11-20T08:00:00Z"), "text": texts}), max_size=2),
    },
)


def check(page: str) -> None:
    """Raises ParseError."""
    html5lib.HTMLParser(strict=True).parse(page)  # pyright: ignore[reportUnknownMemberType] - types are partial


@pytest.mark.sampled
@settings(max_examples=examples(40, 150))
@given(written=articles, is_due=st.booleans())
def test_every_article_makes_a_page_without_an_error(written: dict[str, Any], *, is_due: bool) -> None:
    try:
        article = public_fields(Article.model_validate(written), 1)
    except ValidationError:
        return  # markup of which nothing is left, a recording without a file
    page = article_page(article, NOTICES if is_due else [], public_url=URL)
    check(page)


@given(note=texts, language=st.sampled_from(["en", "uk", "fa", "ba"]))
def test_what_is_shown_in_place_of_an_article_is_without_an_error(note: str, language: str) -> None:
    for code in ("article-withdrawn", "article-not-found", "invalid-parameters", "temporarily-unavailable"):
        problem = Problem(code, note, headers={"content-language": language}, members={"note": note})
        check(problem_page(problem, REQUEST, SETTINGS)["body"])


@pytest.mark.parametrize(
    ("lengths", "beside"), [((1,), False), ((1, 1), True), ((1, 1.9), True), ((3, 1), False), ((1, 1, 1), False)]
)
def test_notices_stand_beside_each_other_where_neither_box_would_be_half_empty(
    an_article: Callable[..., Article], lengths: tuple[float, ...], *, beside: bool
) -> None:
    due = [NOTICES[0] | {"text": "word " * round(100 * length)} for length in lengths]
    page = article_page(public_fields(an_article(), 1), due, public_url=URL)
    check(page)
    assert (' class="beside">' in page) == beside
