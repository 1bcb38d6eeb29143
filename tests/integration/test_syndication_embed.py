"""The page for frames, and the element that makes them, as the function for partner sites answers them."""

import datetime as dt
import gzip
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from pydantic import ValidationError

import newsroom
from content_api.content.article import Article
from content_api.content.words import Words
from content_api.reader_api.article_page import content_security_policy
from content_store.articles import ArticleStore
from gateway import local
from gateway.events import event as gateway_event
from importing.files import articles_in
from simulated_edge.requests import ROUTE_KEYS, SECRET, ask
from thoroughness import examples

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type Event = Callable[..., dict[str, Any]]
type MakeArticle = Callable[..., Article]

ONE_WINDOW = 14 * 1024  # bytes, less than what TCP sends at once (RFC 6928)
SAMPLES = Path(local.__file__).with_name("samples")
# A page of the archive that stands beside the project where it is developed; a clone of its own has none.
ARCHIVE = sorted((Path(__file__).parents[3] / "shared" / "samples").glob("*.txt"))
NOTICE = 'data-legal-notice="ru-undesirable-organization"'
PLACES = {"ru": True, "ua-occupied": True, "unknown": True, "elsewhere": False}
# Headers that CloudFront, or API Gateway, adds of its own.
ADDED = {
    "date": "Wed, 25 Nov 2026 01:07:08 GMT",
    "content-encoding": "gzip",
    "vary": "Accept-Encoding",
    "apigw-requestid": "JKJaXmPLvHcESHA=",
    "strict-transport-security": "max-age=63072000; includeSubDomains; preload",
    "x-cache": "Miss from cloudfront",
    "via": "1.1 0123456789abcdef0123456789abcdef.cloudfront.net (CloudFront)",
    "x-amz-cf-pop": "PRG50-P1",
    "x-amz-cf-id": "0123456789abcdef0123456789abcdef0123456789abcdef01234567==",
}


def as_api_gateway_sends_it(target: str, place: str = "elsewhere", method: str = "GET", **headers: str) -> Any:
    sent = {"x-origin-secret": SECRET, "x-viewer-jurisdiction": place}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return gateway_event(method, target, sent, route_keys=ROUTE_KEYS)


def as_sam_local_sends_it(target: str, place: str = "elsewhere", method: str = "GET", **headers: str) -> Any:
    """Canonical case, and null where API Gateway leaves a member out."""
    made = as_api_gateway_sends_it(target, place, method, **headers)
    made["headers"] = {name.title(): value for name, value in made["headers"].items()}
    return {"queryStringParameters": None, "pathParameters": None, "stageVariables": None, "body": ""} | made


@pytest.fixture(params=[as_api_gateway_sends_it, as_sam_local_sends_it], ids=["api-gateway", "sam-local"])
def event(request: pytest.FixtureRequest) -> Event:
    return request.param


@pytest.fixture(scope="module")
def api(syndication: Callable[..., Api]) -> Api:
    site = "https://news.example.org/"
    return syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, PUBLISHER_URL=site)


@pytest.fixture
def article(store: ArticleStore, an_article: MakeArticle, now: dt.datetime) -> Article:
    made = an_article(headline="Ёлки & «палки»", url="https://news.example.org/a?b=1&c=2")
    made = made.model_copy(update={"url": f"https://news.example.org/{made.id}?b=1&c=2"})
    store.save(made, expected_version=0, at=now)
    return made


def page_at(api: Api, target: str, place: str = "elsewhere") -> Any:
    answer = ask(api, target, place)
    assert answer["headers"]["content-type"] == "text/html; charset=utf-8"
    return lxml_html.document_fromstring(answer["body"])


@pytest.mark.parametrize("place", PLACES)
def test_the_notice_stands_first_where_it_is_due_and_nothing_there_sends_the_article_on(
    api: Api, event: Event, article: Article, place: str
) -> None:
    answer = api(event(f"/embed/articles/{article.id}", place))
    page = lxml_html.document_fromstring(answer["body"])
    headers = answer["headers"]
    assert answer["statusCode"] == 200
    assert headers["cache-control"] == (
        "private, no-store, stale-if-error=0" if PLACES[place] else "private, no-cache, stale-if-error=0"
    )
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-language"] == "en"
    assert headers["x-amz-meta-cache-tags"] == f"article:{article.id}"
    assert not {"set-cookie", "last-modified", "expires"} & headers.keys()
    assert page.xpath("string(//h1)") == "Ёлки & «палки»"
    shown = page.xpath("//header//*[@data-legal-notice]")
    assert [each.get("lang") for each in shown] == (["en", "ru"] if PLACES[place] else [])
    assert bool(page.xpath("//header[following::main]//*[@role='alert']")) == PLACES[place]
    sent_on = page.xpath("//a[starts-with(@href, 'mailto:')]/@href")
    assert bool(sent_on) == (not PLACES[place])
    if sent_on:
        assert f"body={article.url}" in unquote(sent_on[0])


def test_a_reader_elsewhere_may_ask_for_the_notice(api: Api, article: Article) -> None:
    answer = ask(api, f"/embed/articles/{article.id}?notice=always")
    assert NOTICE in answer["body"]
    assert answer["headers"]["cache-control"] == "private, no-store, stale-if-error=0"


@pytest.mark.parametrize(
    ("language", "notices", "words"),
    [
        ("ru", ["ru"], "Перейти к статье"),
        ("uk", ["uk", "ru"], "Перейти до статті"),
        ("fa", ["en", "ru"], "رفتن به مقاله"),
        ("sr-Cyrl", ["en", "ru"], "Пређи на чланак"),
        ("de", ["en", "ru"], "Skip to the article"),
    ],
)
def test_the_notice_is_in_the_articles_language_with_russian_beside_it(
    api: Api, store: ArticleStore, an_article: MakeArticle, language: str, notices: list[str], words: str
) -> None:
    made = an_article(language=language)
    store.save(made, expected_version=0, at=dt.datetime(2025, 11, 20, tzinfo=dt.UTC))
    page = page_at(api, f"/embed/articles/{made.id}", "ru")
    assert [each.get("lang") for each in page.xpath("//*[@data-legal-notice]")] == notices
    assert page.get("lang") == language
    assert page.get("dir") == ("rtl" if language == "fa" else "ltr")
    (skip,) = page.xpath("//a[@class='skip']")
    assert skip.text == words
    assert skip.get("lang") == ("en" if language == "de" else None)


@pytest.mark.parametrize(
    ("language", "shown"),
    [("fa", "۳۰ آبان ۱۴۰۴"), ("fa-AF", "۳۰ عقرب ۱۴۰۴"), ("ps", "۱۴۰۴ لړم ۳۰"), ("crh", "21 noyabr 2025")],
)
def test_dates_are_as_the_language_writes_them(
    api: Api, store: ArticleStore, an_article: MakeArticle, language: str, shown: str
) -> None:
    made = an_article(language=language, published_at="2025-11-21T23:30:00Z")
    store.save(made, expected_version=0, at=dt.datetime(2025, 11, 22, tzinfo=dt.UTC))
    (time,) = page_at(api, f"/embed/articles/{made.id}").xpath("//p[@class='about']//time")
    assert (time.text, time.get("datetime")) == (shown, "2025-11-21T23:30:00Z")


def test_the_colours_are_those_that_suit_the_partners_page(api: Api, article: Article) -> None:
    def colours(query: str) -> tuple[str | None, str]:
        page = page_at(api, f"/embed/articles/{article.id}{query}")
        return page.get("data-theme"), page.xpath("//meta[@name='color-scheme']")[0].get("content")

    assert colours("") == colours("?theme=auto") == (None, "light dark")
    assert colours("?theme=light") == ("light", "light")
    assert colours("?theme=dark") == ("dark", "dark")
    assert ask(api, f"/embed/articles/{article.id}?theme=sepia")["statusCode"] == 400
    assert page_at(api, "/embed/articles/none?theme=dark").get("data-theme") == "dark"


def test_head_has_the_headers_alone(api: Api, event: Event, article: Article) -> None:
    for place in PLACES:
        got = api(event(f"/embed/articles/{article.id}", place))
        head = api(event(f"/embed/articles/{article.id}", place, "HEAD"))
        assert (head["statusCode"], head["headers"], head["body"]) == (200, got["headers"], "")


def test_a_page_is_confirmed_only_where_it_is_what_this_reader_would_get(
    api: Api, event: Event, store: ArticleStore, article: Article, now: dt.datetime
) -> None:
    target = f"/embed/articles/{article.id}"
    tags = {place: api(event(target, place))["headers"]["etag"] for place in PLACES}
    assert len(set(tags.values())) == 2
    for held in PLACES:
        for place in PLACES:
            answer = api(event(target, place, if_none_match=tags[held]))
            assert answer["statusCode"] == (304 if tags[held] == tags[place] else 200)
            if answer["statusCode"] == 304:
                assert answer["body"] == ""
                assert answer["headers"]["etag"] == tags[place]
                assert "content-security-policy" in answer["headers"]
    # `*` would confirm a copy without the notice, too.
    assert api(event(target, "ru", if_none_match="*"))["statusCode"] == 200
    assert api(event(target, "elsewhere", if_none_match="*"))["statusCode"] == 304
    store.save(article.model_copy(update={"headline": "Other"}), expected_version=1, at=now)
    assert api(event(target, "ru", if_none_match=tags["ru"]))["statusCode"] == 200


@pytest.mark.parametrize(("language", "said"), [("en", "was withdrawn"), ("uk", "відкликано"), ("fa", "پس گرفته شده")])
def test_what_was_withdrawn_is_a_page_that_says_so(
    api: Api, store: ArticleStore, an_article: MakeArticle, now: dt.datetime, language: str, said: str
) -> None:
    made = an_article(language=language, headline="A headline that is no more")
    store.save(made, expected_version=0, at=now)
    store.withdraw(made.id, expected_version=1, at=now, note="It was <b>wrong</b>.")
    for place in PLACES:
        answer = ask(api, f"/embed/articles/{made.id}", place)
        page = lxml_html.document_fromstring(answer["body"])
        assert answer["statusCode"] == 410
        assert said in page.xpath("string(//h1)")
        assert page.get("lang") == language
        assert "It was <b>wrong</b>." in page.xpath("string(//main)")
        assert "no more" not in answer["body"]
        assert answer["headers"]["cache-control"] == "private, no-store, stale-if-error=0"
        assert answer["headers"]["x-amz-meta-cache-tags"] == f"article:{made.id}"
    assert ask(api, f"/embed/articles/{made.id}", method="HEAD")["body"] == ""


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/embed/articles/not-there", 404),
        ("/embed/articles/%3Cscript%3E", 404),
        ("/embed/articles/{id}?utm=%3Cscript%3Ealert(1)%3C/script%3E", 400),
        ("/embed/articles/{id}?%3Cscript%3E=1", 400),
        ("/embed/articles/{id}?notice=never", 400),
        ("/embed/articles/{id}?format=json", 400),
    ],
)
def test_other_problems_are_pages_too(api: Api, event: Event, article: Article, target: str, status: int) -> None:
    answer = api(event(target.format(id=article.id), "ru"))
    page = lxml_html.document_fromstring(answer["body"])
    assert answer["statusCode"] == status
    assert page.xpath("string(//h1)") == "There is no such page"
    assert page.xpath("//main//a/@href") == ["https://news.example.org/"]
    assert bool(page.xpath("//small")) == (status == 400)
    assert "default-src 'none'" in answer["headers"]["content-security-policy"]
    assert len(page.xpath("//script")) == 1
    assert answer["headers"]["cache-control"] == "private, no-store, stale-if-error=0"


@pytest.mark.parametrize(
    ("article_id", "language", "direction"),
    [("fa-af-2026-11-25-a", "fa-AF", "rtl"), ("sr-2026-a", "sr", "ltr"), ("uk", "en", "ltr"), ("x-a", "en", "ltr")],
)
def test_what_is_not_there_is_said_in_the_language_of_the_id(
    api: Api, article_id: str, language: str, direction: str
) -> None:
    page = page_at(api, f"/embed/articles/{article_id}")
    assert (page.get("lang"), page.get("dir")) == (language, direction)
    assert page.xpath("string(//h1)") == Words(language)["not_found"]


def test_a_page_that_breaks_says_so_to_its_reader(
    api: Api, article: Article, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise LookupError(article.headline)

    monkeypatch.setattr("syndication.embeds.embed.notices.due", breaks)
    page = page_at(api, f"/embed/articles/{article.id}")
    assert page.xpath("string(//h1)") == "This page cannot be shown just now"
    assert "LookupError" in caplog.text
    # And where that page breaks as well, it is said in JSON.
    monkeypatch.setattr("syndication.embeds.embed.page_of", breaks)
    answer = ask(api, f"/embed/articles/{article.id}")
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (500, "internal-error")


def test_a_draft_is_no_page(api: Api, store: ArticleStore, an_article: MakeArticle, now: dt.datetime) -> None:
    made = an_article(status="draft")
    store.save(made, expected_version=0, at=now)
    assert ask(api, f"/embed/articles/{made.id}")["statusCode"] == 404


def test_around_the_edge_there_is_no_page(api: Api, article: Article) -> None:
    asked = gateway_event("GET", f"/embed/articles/{article.id}", {}, route_keys=ROUTE_KEYS)
    answer = api(asked)
    assert answer["statusCode"] == 403
    assert "Ёлки" not in answer["body"]


# ---------------------------------------------------------------------------------------------- what it may load

_HASH = r"'sha256-[A-Za-z0-9+/]{43}='"
_SOURCE = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?")
_hosts = st.sampled_from(
    [
        "pictures.example.org",
        "PICTURES.example.org:8443",
        "пример.example",
        "[2001:db8::1]",
        "a.example;script-src *",
        "a.example, b.example",
        "a.example 'unsafe-inline'",
        "user:pass@a.example",
        "a.example%3Bscript-src",
        "a_b.example",
        "xn--e1afmkfd.example",
    ]
) | st.text(min_size=1, max_size=20)
_urls = st.tuples(
    st.sampled_from(["https://", "http://", "HTTPS://", "https:\\\\", "https:/", "ht\ttps://"]),
    _hosts,
    st.sampled_from(["", "/a.webp", "?a", "#a", "\\a", "/a b;c,d'", "/;script-src *"]) | st.text(max_size=20),
).map("".join)


def _with_picture(url: str) -> dict[str, Any] | None:
    rendition = {"url": url, "media_type": "image/webp", "width": 640, "height": 400}
    fields = {"id": "a", "language": "en", "headline": "A", "lead_image": {"alt": "", "renditions": [rendition]}}
    body = [
        {"type": "video", "renditions": [rendition], "poster": {"renditions": [rendition]}},
        {"type": "image", "renditions": [rendition]},
    ]
    try:
        return Article.model_validate(fields | {"body": body}).model_dump(mode="json")
    except ValidationError:
        return None


@pytest.mark.sampled
@settings(max_examples=examples(100, 500))
@given(url=_urls)
def test_no_address_of_an_article_adds_to_the_policy_but_its_own_host(url: str) -> None:
    article = _with_picture(url)
    if article is None:
        return
    directives = [each.split() for each in content_security_policy(article).split(";")]
    names = [name for name, *_ in directives]
    assert names[0] == "default-src"
    assert names[-4:] == ["style-src", "script-src", "base-uri", "form-action"]
    assert names[1:-4] in ([], ["img-src", "media-src"])
    for name, *sources in directives:
        if name in {"img-src", "media-src"}:
            assert len(sources) == 1
            assert _SOURCE.fullmatch(sources[0])
        elif name in {"style-src", "script-src"}:
            assert re.fullmatch(_HASH, " ".join(sources))
        else:
            assert sources == ["'none'"]


def test_the_policy_names_exactly_the_hosts_of_pictures_and_recordings(
    api: Api, store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    def file(host: str, media_type: str = "image/webp") -> dict[str, Any]:
        return {"url": f"https://{host}/a", "media_type": media_type}

    made = an_article(
        url="https://site.example.org/a",
        byline=[{"name": "A", "url": "https://author.example.org/"}],
        lead_image={"renditions": [file("lead.example.org"), file("Lead2.example.org:8443")]},
        images=[{"renditions": [file("gallery.example.org")]}],
        body=[
            {"type": "paragraph", "html": '<a href="https://link.example.org/">A</a>'},
            {"type": "html", "html": '<img src="https://markup.example.org/a.png"><p>A</p>'},
            {"type": "image", "renditions": [file("body.example.org")]},
            {"type": "audio", "renditions": [file("user@audio.example.org", "audio/mpeg")]},
            {
                "type": "video",
                "renditions": [file("video.example.org", "video/mp4")],
                "poster": {"renditions": [file("poster.example.org")]},
            },
            {"type": "embed", "url": "https://tracker.example.org/a"},
        ],
    )
    store.save(made, expected_version=0, at=now)
    policy = ask(api, f"/embed/articles/{made.id}")["headers"]["content-security-policy"]
    hosts = {name: set(sources) for name, *sources in (each.split() for each in policy.split(";"))}
    expected = {f"https://{each}.example.org" for each in "lead gallery body audio video poster".split()}
    assert hosts["img-src"] == hosts["media-src"] == expected | {"https://lead2.example.org:8443"}


def _ids_of_samples(store: ArticleStore, now: dt.datetime) -> Iterator[str]:
    """Those of make run, stories in all languages, and the archive's."""
    archive = [article for path in ARCHIVE for article in articles_in(path.read_bytes()).articles]
    own = [Article.model_validate_json(path.read_bytes()) for path in sorted(SAMPLES.glob("*.json"))]
    stories = newsroom.articles(2 * len(newsroom.LANGUAGES), breaking_until=now)
    for number, made in enumerate([*archive, *own, *stories]):
        copied = made.model_copy(update={"id": f"x-embedded-{number}", "url": None, "aliases": ()})
        store.save(copied, expected_version=0, at=now)
        yield copied.id


def test_a_page_fits_what_tcp_sends_at_once(
    api: Api, store: ArticleStore, now: dt.datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes: list[int] = []
    for article_id in _ids_of_samples(store, now):
        answer = ask(api, f"/embed/articles/{article_id}", "ru")
        assert answer["body"].count(NOTICE) in {1, 2}
        headers = "".join(f"{name}: {value}\r\n" for name, value in (answer["headers"] | ADDED).items())
        sizes.append(len(gzip.compress(answer["body"].encode(), 6)) + len(f"HTTP/1.1 200 OK\r\n{headers}\r\n"))
    with capsys.disabled():
        print(f"\n{len(sizes)} pages, with headers {min(sizes):,} to {max(sizes):,} bytes; the real one {sizes[0]:,}")
    assert max(sizes) < ONE_WINDOW


# ---------------------------------------------------------------------------------------------------- the element


def test_the_element_is_small_and_has_the_notice_in_it(syndication: Callable[..., Api], event: Event) -> None:
    api = syndication(
        READER_LOCATION="edge",
        ORIGIN_SECRET_CURRENT=SECRET,
        PUBLIC_URL="https://embedded-content.publisher-of-news.example.org",
        MORE_INFORMATION_URL="https://embedded-content.publisher-of-news.example.org/legal-notices/{id}",
    )
    answer = api(event("/embed.js"))
    assert len(answer["body"].encode()) < 3328
    assert answer["headers"]["content-type"] == "text/javascript; charset=utf-8"
    assert answer["headers"]["access-control-allow-origin"] == "*"  # or a digest could not be checked
    assert "RFE/RL has been declared" in answer["body"]
    assert "нежелательной организацией" in answer["body"]
    # One script for all: its digest is the same everywhere, and it holds the notice whatever the place.
    for place in PLACES:
        assert api(event("/embed.js", place))["body"] == answer["body"]
    assert api(event("/embed.js", if_none_match=answer["headers"]["etag"]))["statusCode"] == 304
    head = api(event("/embed.js", "ru", "HEAD"))
    assert (head["headers"], head["body"]) == (answer["headers"], "")


def test_the_element_knows_the_notices_of_its_day_alone(syndication: Callable[..., Api]) -> None:
    before = syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, today="2024-02-01")
    assert "RFE/RL" not in ask(before, "/embed.js")["body"]


def test_the_element_takes_no_parameter_but_one(api: Api) -> None:
    answer = ask(api, "/embed.js?v=2")
    assert answer["statusCode"] == 400
    assert json.loads(answer["body"])["errors"][0]["parameter"] == "v"
