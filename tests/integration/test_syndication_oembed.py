"""oEmbed 1.0, as the function for partner sites answers it."""

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from content_api.content.article import Article
from content_store.articles import ArticleStore
from gateway.events import event as gateway_event
from simulated_edge.requests import ROUTE_KEYS, SECRET, ask, body
from thoroughness import examples

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type MakeArticle = Callable[..., Article]

PLACES = ["ru", "ua-occupied", "unknown", "elsewhere"]
EMBED = "https://content.example.org/embed/articles/"
NOTICE = "RFE/RL has been declared"


@pytest.fixture(scope="module")
def api(syndication: Callable[..., Api]) -> Api:
    return syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, PUBLISHER_NAME="Example News")


@pytest.fixture(scope="module")
def article(stack: Any, an_article: MakeArticle, now: dt.datetime) -> Article:
    """With pictures of several sizes, and an address that it had before."""
    renditions = [
        {"url": f"https://pictures.example.org/{width}.webp", "media_type": "image/webp", "width": width, "height": 2}
        for width in (120, 480, 1280)
    ]
    made = an_article(
        headline='Ёлки & "палки" <b>',
        standfirst="A standfirst.",
        byline=[{"name": "Mira Halvorsen", "url": "https://news.example.org/mira"}],
        lead_image={"alt": "A hill", "renditions": renditions},
    )
    addresses = {
        "url": f"https://news.example.org/{made.id}",
        "aliases": (f"https://old.example.org/?id={made.id}",),
    }
    made = made.model_copy(update=addresses)
    stack.store().save(made, expected_version=0, at=now)
    return made


def target(url: str, **parameters: object) -> str:
    more = "".join(f"&{name}={value}" for name, value in parameters.items())
    return f"/v1/oembed?url={quote(url, safe='')}{more}"


@pytest.mark.parametrize("place", PLACES)
def test_the_markup_has_the_notice_wherever_the_partners_server_is(api: Api, article: Article, place: str) -> None:
    answer = ask(api, target(EMBED + article.id), place)
    made = body(answer)
    assert {name: made[name] for name in ("version", "type", "provider_name", "cache_age")} == {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Example News",
        "cache_age": 3600,
    }
    assert (made["title"], made["author_name"]) == ('Ёлки & "палки" <b>', "Mira Halvorsen")
    assert made["author_url"] == "https://news.example.org/mira"
    assert made["provider_url"] == "https://news.example.org"
    assert [each["reason"] for each in made["legal_notices"]] == ["always"]
    fragment = lxml_html.fragment_fromstring(made["html"])
    first, second = fragment.xpath("//*[@data-legal-notice]")
    assert NOTICE in first.text_content()
    assert second.get("lang") == "ru"
    (frame,) = fragment.xpath("//iframe[preceding::*[@data-legal-notice]]")
    assert frame.get("src") == EMBED + article.id
    assert frame.get("title") == 'Ёлки & "палки" <b>'
    assert frame.get("sandbox") == "allow-scripts allow-popups allow-popups-to-escape-sandbox"
    assert fragment.xpath("string(//blockquote/p[last()])") == "A standfirst."
    assert fragment.xpath("//a[preceding::iframe]/@href") == [article.url]
    assert answer["headers"]["content-type"] == "application/json"
    assert answer["headers"]["x-amz-meta-cache-tags"] == f"article:{article.id}"


@pytest.mark.parametrize(
    "written",
    [
        EMBED + "{id}",
        EMBED + "{id}?notice=always",
        "https://CONTENT.example.org/embed/articles/{id}",
        "https://content.example.org/v1/articles/{id}",
        "https://news.example.org/{id}",
        "http://www.news.example.org/{id}/?utm_source=x#top",
        "https://old.example.org/?id={id}",
    ],
)
def test_every_address_that_an_article_has_or_had_is_embedded(api: Api, article: Article, written: str) -> None:
    made = body(ask(api, target(written.format(id=article.id))))
    assert f'src="{EMBED}{article.id}"' in made["html"]


def test_the_page_for_frames_leads_to_its_oembed(api: Api, article: Article) -> None:
    page = lxml_html.document_fromstring(ask(api, f"/embed/articles/{article.id}", "ru")["body"])
    (link,) = page.xpath("//head/link[@rel='alternate'][@type='application/json+oembed']/@href")
    assert f'src="{EMBED}{article.id}"' in body(ask(api, link.removeprefix("https://content.example.org")))["html"]


@pytest.mark.sampled
@settings(max_examples=examples(50, 200))
@given(
    maxwidth=st.none() | st.integers(1, 10_000),
    maxheight=st.none() | st.integers(1, 10_000),
    place=st.sampled_from(PLACES),
)
def test_the_markup_keeps_within_the_bounds(
    api: Api, article: Article, maxwidth: int | None, maxheight: int | None, place: str
) -> None:
    bounds = {name: value for name, value in (("maxwidth", maxwidth), ("maxheight", maxheight)) if value}
    made = body(ask(api, target(EMBED + article.id, **bounds), place))
    assert 0 < made["width"] <= (maxwidth or 640)
    assert 0 < made["height"] <= (maxheight or 10_000)
    outermost = lxml_html.fragment_fromstring(made["html"])
    style = dict(each.split(":") for each in outermost.attrib["style"].split(";"))
    assert style["max-width"] == f"{made['width']}px"
    assert style.get("max-height") == (f"{maxheight}px" if maxheight else None)
    assert style.get("overflow") == ("auto" if maxheight else None)
    assert style["box-sizing"] == "border-box"
    thumbnail = {name for name in made if name.startswith("thumbnail_")}
    assert len(thumbnail) in {0, 3}
    if thumbnail:
        assert made["thumbnail_width"] <= made["width"]
        assert made["thumbnail_height"] <= made["height"]
    else:
        assert made["width"] < 120 or made["height"] < 2
    assert NOTICE in made["html"]


@pytest.mark.parametrize("more", ["format=json", "for=discourse", "dnt=1", "utm_source=x", "callback=alert", "lang=en"])
def test_what_consumers_send_beside_the_specification_is_ignored(api: Api, article: Article, more: str) -> None:
    expected = body(ask(api, target(EMBED + article.id)))
    assert body(ask(api, f"{target(EMBED + article.id)}&{more}")) == expected


def test_the_frame_is_in_the_theme_that_suits_the_partners_page(api: Api, article: Article) -> None:
    plain = body(ask(api, target(EMBED + article.id)))["html"]
    assert body(ask(api, target(EMBED + article.id, theme="auto")))["html"] == plain
    for theme in ("light", "dark"):
        themed = body(ask(api, target(EMBED + article.id, theme=theme)))["html"]
        assert f'src="{EMBED}{article.id}?theme={theme}"' in themed
        assert f"color-scheme:{theme}" in themed
    assert "color-scheme" not in plain
    assert ask(api, target(EMBED + article.id, theme="sepia"))["statusCode"] == 400


def test_the_narrower_it_is_the_higher_it_is(api: Api, article: Article) -> None:
    heights = [body(ask(api, target(EMBED + article.id, maxwidth=width)))["height"] for width in (640, 480, 320, 240)]
    assert heights == sorted(set(heights))


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "invalid-parameters"),
        ("url=", 400, "invalid-parameters"),
        ("url=javascript:alert(1)", 400, "invalid-parameters"),
        ("url=https%3A%2F%2F%5Bnot-an-address", 400, "invalid-parameters"),
        ("url={url}&maxwidth=0", 400, "invalid-parameters"),
        ("url={url}&maxheight=wide", 400, "invalid-parameters"),
        ("url={url}&maxwidth=10001", 400, "invalid-parameters"),
        ("url=https://news.example.org/no-such-page", 404, "address-not-found"),
        ("url=https://content.example.org/embed/articles/no-such-article", 404, "article-not-found"),
        ("url=https://content.example.org/embed/articles/{id}/more", 404, "article-not-found"),
        ("url=https://content.example.org/v1/previews/a.b.c", 401, "resource-not-public"),
        ("url={url}&format=xml", 501, "format-not-spoken"),
        ("url={url}&format=XML", 501, "format-not-spoken"),
    ],
)
def test_refusals_have_the_statuses_of_the_specification(
    api: Api, article: Article, query: str, status: int, code: str
) -> None:
    given_query = query.format(url=quote(EMBED + article.id, safe=""), id=article.id)
    for method in ("GET", "HEAD"):
        answer = ask(api, f"/v1/oembed?{given_query}", "ru", method)
        assert answer["statusCode"] == status
        assert answer["headers"]["content-type"] == "application/problem+json"
        assert ("www-authenticate" in answer["headers"]) == (status == 401)
        if method == "GET":
            assert json.loads(answer["body"])["code"] == code


@pytest.mark.sampled
@settings(max_examples=examples(60, 300))
@given(url=st.text(max_size=60) | st.text(max_size=60).map(lambda rest: f"https://{rest}"))
def test_whatever_is_asked_for_is_found_or_refused(api: Api, url: str) -> None:
    assert ask(api, target(url))["statusCode"] in {400, 401, 404}


def test_what_was_withdrawn_is_no_longer_embedded(
    api: Api, store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    made = an_article(headline="A headline that is no more")
    store.save(made, expected_version=0, at=now)
    store.withdraw(made.id, expected_version=1, at=now)
    answer = ask(api, target(EMBED + made.id))
    assert answer["statusCode"] == 410
    assert json.loads(answer["body"])["recall"] is True
    assert "no more" not in answer["body"]
    draft = an_article(status="draft")
    store.save(draft, expected_version=0, at=now)
    assert ask(api, target(EMBED + draft.id))["statusCode"] == 404


def test_it_is_confirmed_while_nothing_has_changed(api: Api, syndication: Callable[..., Api], article: Article) -> None:
    answer = ask(api, target(EMBED + article.id))
    tag = answer["headers"]["etag"]
    again = ask(api, target(EMBED + article.id), if_none_match=tag)
    assert (again["statusCode"], again["body"]) == (304, "")
    head = ask(api, target(EMBED + article.id), method="HEAD")
    assert (head["headers"], head["body"]) == (answer["headers"], "")
    assert ask(api, target(EMBED + article.id, maxwidth=100), if_none_match=tag)["statusCode"] == 200
    # Made before there was a notice: not what this is now. Nor may `*` or a date say so.
    before = syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, today="2024-02-01")
    old = ask(before, target(EMBED + article.id))
    assert NOTICE not in old["body"]
    assert ask(api, target(EMBED + article.id), if_none_match=old["headers"]["etag"])["statusCode"] == 200
    assert ask(api, target(EMBED + article.id), if_none_match="*")["statusCode"] == 200
    assert "last-modified" not in answer["headers"]


def test_both_styles_of_event_are_answered_alike(api: Api, article: Article) -> None:
    headers = {"x-origin-secret": SECRET, "x-viewer-jurisdiction": "ru"}
    asked = gateway_event("GET", target(EMBED + article.id), headers, route_keys=ROUTE_KEYS)
    local = {"pathParameters": None, "stageVariables": None, "body": ""} | asked
    local["headers"] = {name.title(): value for name, value in asked["headers"].items()}
    assert api(asked) == api(local)
    around = gateway_event("GET", target(EMBED + article.id), {}, route_keys=ROUTE_KEYS)
    assert api(around)["statusCode"] == 403


def test_a_sanitiser_leaves_the_notice_and_the_link(api: Api, article: Article) -> None:
    """nh3's defaults take the frame, every style and every attribute of ours away."""
    left = nh3.clean(body(ask(api, target(EMBED + article.id)))["html"])
    assert "<iframe" not in left
    fragment = lxml_html.fragment_fromstring(left, create_parent="div")
    shown = re.sub(r"\s+", " ", fragment.text_content())
    assert shown.index(NOTICE) < shown.index("нежелательной организацией") < shown.index("Ёлки")
    assert article.url in fragment.xpath("//a/@href")


def test_what_is_wrong_with_an_address_is_said_and_its_scheme_may_be_in_capitals(api: Api, article: Article) -> None:
    address = EMBED + article.id
    capitals = address.replace("https://", "HTTPS://").replace("http://", "HTTP://")
    assert body(ask(api, target(capitals)))["html"] == body(ask(api, target(address)))["html"]
    for url, said in (
        ("javascript:alert(1)", "starts with https:// or http://"),
        ("//content.example.org/a", "starts with https:// or http://"),
        (f"https://content.example.org/{'a' * 2100}", "at most 2048 characters"),
        ("http://[::1", "this is no address"),
    ):
        answer = ask(api, target(url))
        assert answer["statusCode"] == 400
        assert said in answer["body"]
        assert "IPv6" not in answer["body"]
