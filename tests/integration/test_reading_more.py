"""Addresses, fronts, representations, translations, catalogues, the contract: what else apps ask for."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from content_api.content.article import Article
from content_api.content.front import Front
from content_api.http.problems import PROBLEMS
from content_api.reader_api.routes import Deprecation, Route
from content_api.reader_api.surface import Surface
from content_store.articles import ArticleStore
from content_store.errors import VersionConflict
from gateway.reader_api import reader_api
from gateway.server import LambdaContext
from gateway.stack import Stack
from newsroom.loading import load
from reading.parameters import VOCABULARY
from reading.routes import ROUTES
from simulated_edge.requests import SECRET, ask, body, pages

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type MakeArticle = Callable[..., Article]

NOW = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def api(reading: Callable[..., Api]) -> Api:
    return reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)


# ---------------------------------------------------------------------------------------------------- addresses


@pytest.fixture
def addressed(store: ArticleStore, an_article: MakeArticle) -> Article:
    made = an_article(aliases=["https://old.example.org/story.asp?id=7"])
    made = made.model_copy(update={"url": f"https://www.news.example.org/a/{made.id}.html"})
    made = made.model_copy(update={"aliases": (f"https://old.example.org/story.asp?id={made.id}",)})
    store.save(made, expected_version=0, at=NOW)
    return made


@pytest.mark.parametrize(
    "written",
    [
        "https://www.news.example.org/a/{id}.html",
        "http://news.example.org/a/{id}.html",
        "HTTPS://WWW.News.Example.ORG:443/a/{id}.html/",
        "https://news.example.org/a/{id}.html/amp",
        "https://news.example.org/amp/a/{id}.html?amp=1",
        "https://news.example.org/a/{id}.html?utm_source=x&utm_medium=y&fbclid=z#comments",
        "https://old.example.org/story.asp?id={id}",
        "https://old.example.org/story.asp?utm_campaign=x&id={id}",
    ],
)
def test_an_article_is_found_at_its_addresses_however_they_are_written(
    api: Api, addressed: Article, written: str
) -> None:
    response = ask(api, f"/v1/resolve?url={quote(written.format(id=addressed.id), safe='')}")
    assert response["statusCode"] == 308
    assert response["headers"]["location"] == f"/v1/articles/{addressed.id}"
    assert response["headers"]["x-amz-meta-cache-tags"] == f"article:{addressed.id}"


def test_a_former_address_still_leads_to_the_article(api: Api, store: ArticleStore, addressed: Article) -> None:
    moved = addressed.model_copy(update={"url": f"https://news.example.org/moved/{addressed.id}", "aliases": ()})
    store.save(moved, expected_version=1, at=NOW)
    for url in (addressed.url, addressed.aliases[0], moved.url):
        assert ask(api, f"/v1/resolve?url={quote(url or '', safe='')}")["statusCode"] == 308


def test_whoever_passes_content_on_is_led_on_with_the_notice(api: Api, addressed: Article) -> None:
    response = ask(api, f"/v1/resolve?notice=always&url={quote(addressed.url or '', safe='')}")
    assert response["headers"]["location"] == f"/v1/articles/{addressed.id}?notice=always"


def test_an_address_never_leads_out_of_the_api(api: Api) -> None:
    for url in (
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/v1/articles/a",
        "https://evil.example/a%0d%0aLocation:%20x",
    ):
        response = ask(api, f"/v1/resolve?url={quote(url, safe='')}")
        assert response["statusCode"] in {400, 404}
        assert "location" not in response["headers"]
        assert "evil" not in response["body"]


def test_a_withdrawn_article_is_gone_from_its_addresses_and_a_draft_was_never_there(
    api: Api, store: ArticleStore, addressed: Article, an_article: MakeArticle
) -> None:
    target = f"/v1/resolve?url={quote(addressed.url or '', safe='')}"
    store.withdraw(addressed.id, expected_version=1, at=NOW, note="It was wrong.")
    response = ask(api, target)
    assert (response["statusCode"], json.loads(response["body"])["note"]) == (410, "It was wrong.")
    draft = an_article(status="draft", url="https://news.example.org/a/not-yet")
    store.save(draft, expected_version=0, at=NOW)
    assert ask(api, f"/v1/resolve?url={quote(draft.url or '', safe='')}")["statusCode"] == 404
    unpublished = addressed.model_copy(
        update={"id": f"{addressed.id}-b", "url": "https://news.example.org/a/b", "aliases": ()}
    )
    store.save(unpublished, expected_version=0, at=NOW)
    store.save(unpublished.model_copy(update={"status": "draft"}), expected_version=1, at=NOW)
    assert ask(api, f"/v1/resolve?url={quote('https://news.example.org/a/b', safe='')}")["statusCode"] == 404


@pytest.mark.parametrize("url", ["", "not an address", "ftp://news.example.org/a", "https://", "https://" + "a" * 3000])
def test_what_is_no_address_is_refused(api: Api, url: str) -> None:
    response = ask(api, f"/v1/resolve?url={quote(url, safe='')}")
    (error,) = json.loads(response["body"])["errors"]
    assert (response["statusCode"], error["parameter"]) == (400, "url")


# ------------------------------------------------------------------------------------------------------- fronts


def test_without_a_choice_the_front_is_the_newest_by_section(
    api: Api, stack: Stack, language: str, an_article: MakeArticle
) -> None:
    sections = ["Culture", "Science"]
    written = [
        an_article(language=language, section=sections[number % 2], published_at=NOW - dt.timedelta(hours=number))
        for number in range(14)
    ]
    breaking = an_article(language=language, published_at=NOW, breaking_until=NOW + dt.timedelta(hours=1))
    load([*written, breaking], table=stack.table, bucket=stack.bucket, at=NOW)
    front = body(ask(api, f"/v1/fronts/{language}", place="ru"))
    assert front["legal_notices"]
    assert front["language"] == language
    assert [card["id"] for card in front["breaking"]] == [breaking.id]
    assert len(front["top"]) == 8
    shown = {card["id"] for card in front["top"]}
    assert [section["title"] for section in front["sections"]] == ["Science", "Culture"]
    assert not shown & {card["id"] for section in front["sections"] for card in section["articles"]}


def test_what_editors_chose_stands_and_what_is_withdrawn_falls_out(
    api: Api, stack: Stack, store: ArticleStore, language: str, an_article: MakeArticle
) -> None:
    one, two, three, draft = (an_article(language=language, status=status) for status in ["published"] * 3 + ["draft"])
    for article in (one, two, three, draft):
        store.save(article, expected_version=0, at=NOW)
    section = {"title": "Read This", "articles": [three.id, "not-there", draft.id]}
    chosen = Front.model_validate({"language": language, "top": [two.id, one.id], "sections": [section]})
    assert stack.fronts().choose(chosen, expected_version=0) == 1
    front = body(ask(api, f"/v1/fronts/{language}"))
    assert [card["id"] for card in front["top"]] == [two.id, one.id]
    assert [(each["title"], [card["id"] for card in each["articles"]]) for each in front["sections"]] == [
        ("Read This", [three.id])
    ]
    store.save(two.model_copy(update={"headline": "Corrected"}), expected_version=1, at=NOW)
    store.withdraw(one.id, expected_version=1, at=NOW)
    front = body(ask(api, f"/v1/fronts/{language}"))
    assert [(card["id"], card["headline"]) for card in front["top"]] == [(two.id, "Corrected")]
    with pytest.raises(VersionConflict):
        stack.fronts().choose(chosen, expected_version=0)
    assert stack.fronts().choose(chosen, expected_version=1) == 2


def test_a_front_names_no_more_than_one_read_brings() -> None:
    with pytest.raises(ValueError, match="at most 100"):
        Front.model_validate({"language": "en", "top": [f"a-{number}" for number in range(101)]})


@pytest.mark.parametrize("path", ["english", "e", "en_US", "%D1%8F", "en-", "zu"])
def test_a_front_is_of_a_language_that_is_published_in(api: Api, path: str) -> None:
    response = ask(api, f"/v1/fronts/{path}")
    assert (response["statusCode"], json.loads(response["body"])["code"]) == (404, "language-not-found")


def test_a_language_published_in_without_articles_has_an_empty_front(api: Api) -> None:
    front = body(ask(api, "/v1/fronts/tk"))
    assert (front["language"], front["top"], front["breaking"], front["sections"]) == ("tk", [], [], [])


def test_sections_go_on_by_cursor_whatever_their_names_are(
    api: Api, store: ArticleStore, an_article: MakeArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["Art", "Art/Life", "Why?", "Ää", "ნ" * 300, "z"]
    for name in names:
        store.save(an_article(language="eo", section=name), expected_version=0, at=NOW)
    whole = body(ask(api, "/v1/sections?language=eo"))
    assert (whole["next_cursor"], {each["name"] for each in whole["sections"]}) == (None, set(names))
    monkeypatch.setattr("reading.catalogue.PAGE", 2)
    found = [each for page in pages(api, "/v1/sections?language=eo") for each in page["sections"]]
    assert found == whole["sections"]
    first = ask(api, "/v1/sections?language=eo")
    cursor = body(first)["next_cursor"]
    assert first["headers"]["link"] == f'</v1/sections?language=eo&cursor={cursor}>; rel="next"'
    for other in ("/v1/sections?language=en", "/v1/newsletters?language=eo", "/v1/sections?notice=always"):
        assert ask(api, f"{other}&cursor={cursor}")["statusCode"] == 400


# ---------------------------------------------------------------------------------------------- representations


@pytest.fixture
def whole(store: ArticleStore, an_article: MakeArticle) -> Article:
    article = an_article(
        body=[
            {
                "type": "paragraph",
                "html": 'The <em>text</em> &amp; <a href="https://example.org" title="a > b">a link</a>.',
            },
            {"type": "heading", "text": "A < B"},
            {"type": "list", "items": ["one", "<b>two</b>"]},
        ]
    )
    store.save(article, expected_version=0, at=NOW)
    return article


def test_a_body_in_one_piece_as_html_or_as_text(api: Api, whole: Article) -> None:
    path = f"/v1/articles/{whole.id}"
    html = body(ask(api, f"{path}?body=html"))
    assert "body" not in html
    assert html["html"].startswith("<p>The <em>text</em> &amp; ")
    assert "<h2>A &lt; B</h2><ul><li>one</li><li><b>two</b></li></ul>" in html["html"]
    text = body(ask(api, f"{path}?body=text", place="ru"))
    assert text["text"] == "The text & a link.\n\nA < B\n\n– one\n– two"
    assert text["legal_notices"]
    assert body(ask(api, f"{path}?body=blocks"))["body"] == body(ask(api, path))["body"]


def test_each_representation_has_an_entity_tag_of_its_own(api: Api, whole: Article) -> None:
    path = f"/v1/articles/{whole.id}"
    queries = ["", "?body=html", "?body=text", "?fields=headline", "?fields=id"]
    tags = {query: ask(api, path + query)["headers"]["etag"] for query in queries}
    assert len(set(tags.values())) == len(queries)
    for query, tag in tags.items():
        assert ask(api, path + query, if_none_match=tag)["statusCode"] == 304
        assert ask(api, path + query, place="ru", if_none_match=tag)["statusCode"] == 200


def test_fields_choose_and_the_notices_come_whatever_they_say(api: Api, whole: Article) -> None:
    path = f"/v1/articles/{whole.id}"
    chosen = body(ask(api, f"{path}?fields=headline,body.text,body.type", place="ru"))
    assert chosen.keys() == {"legal_notices", "headline", "body"}
    assert chosen["body"][0] == {"type": "paragraph"}
    assert chosen["body"][1] == {"type": "heading", "text": "A < B"}
    assert body(ask(api, f"{path}?fields=body.text,body"))["body"] == body(ask(api, path))["body"]
    every = body(ask(api, f"{path}?fields=body,html,text"))
    assert every.keys() == {"legal_notices", "body", "html", "text"}


@pytest.mark.parametrize("query", ["fields=legal_notices", "fields=headlines", "body=pdf"])
def test_what_cannot_be_chosen_is_refused(api: Api, whole: Article, query: str) -> None:
    assert ask(api, f"/v1/articles/{whole.id}?{query}")["statusCode"] == 400


def test_translations_come_as_they_are_now(api: Api, store: ArticleStore, an_article: MakeArticle) -> None:
    russian, draft = an_article(language="ru", headline="Первый"), an_article(language="uk", status="draft")
    russian = russian.model_copy(update={"url": f"https://news.example.org/ru/{russian.id}"})
    english = an_article(
        translations=[
            {"language": "uk", "id": draft.id},
            {"language": "ru", "id": russian.id},
            {"language": "fa", "id": "not-there"},
        ]
    )
    for article in (russian, draft, english):
        store.save(article, expected_version=0, at=NOW)
    path = f"/v1/articles/{english.id}"
    first = ask(api, path)
    link = {"language": "ru", "id": russian.id, "url": russian.url, "headline": "Первый"}
    assert body(first)["translations"] == [link]
    assert f"article:{russian.id}" in first["headers"]["x-amz-meta-cache-tags"].split(",")
    assert "last-modified" not in first["headers"]
    store.save(russian.model_copy(update={"headline": "Второй"}), expected_version=1, at=NOW)
    second = ask(api, path, if_none_match=first["headers"]["etag"])
    assert body(second)["translations"] == [link | {"headline": "Второй"}]
    store.withdraw(russian.id, expected_version=2, at=NOW)
    assert body(ask(api, path, if_none_match=second["headers"]["etag"]))["translations"] == []


def test_last_modified_is_stated_and_believed_only_where_no_notice_is_due(api: Api, whole: Article) -> None:
    path = f"/v1/articles/{whole.id}"
    date = "Thu, 20 Nov 2025 12:00:00 GMT"
    assert ask(api, path)["headers"]["last-modified"] == date
    assert ask(api, path, if_modified_since=date)["statusCode"] == 304
    assert ask(api, path, if_modified_since="Thursday, 20-Nov-25 12:00:01 GMT")["statusCode"] == 304
    for earlier in ("Thu, 20 Nov 2025 11:59:59 GMT", "yesterday", "Thu, 99 Nov 2025 12:00:00 GMT"):
        assert ask(api, path, if_modified_since=earlier)["statusCode"] == 200
    assert ask(api, path, if_none_match='"another"', if_modified_since=date)["statusCode"] == 200
    for place in ("ru", "ua-occupied", "unknown"):
        due = ask(api, path, place=place, if_modified_since=date)
        assert due["statusCode"] == 200
        assert "last-modified" not in due["headers"]
        assert ask(api, path, place=place, if_none_match="*")["statusCode"] == 200
    assert ask(api, path, if_none_match="*")["statusCode"] == 304


# --------------------------------------------------------------------------------------------------- catalogues


def test_languages_are_named_in_themselves_with_their_direction(api: Api) -> None:
    languages = {each["language"]: each for each in body(ask(api, "/v1/languages"))["languages"]}
    assert len(languages) == 27
    assert languages["uk"] == {
        "language": "uk", "name": "українська", "english_name": "Ukrainian", "direction": "ltr", "script": "Cyrl",
    }  # fmt: skip
    assert {tag for tag, each in languages.items() if each["direction"] == "rtl"} == {"fa", "fa-AF", "ps"}
    assert languages["sr-ME"]["script"] == "Latn"


def test_sections_and_newsletters_are_those_that_articles_named(
    api: Api, store: ArticleStore, language: str, an_article: MakeArticle
) -> None:
    offer = {"type": "promotion", "name": "The Letter", "description": "Weekly.", "url": "https://example.org/letter"}
    podcast = offer | {"kind": "podcast", "name": "The Podcast"}
    text = {"type": "paragraph", "html": "Text."}
    for section, blocks in [("Наука", [text, offer]), ("наука", [text]), ("Art", [podcast])]:
        store.save(an_article(language=language, section=section, body=blocks), expected_version=0, at=NOW)
    draft = an_article(language=language, section="Secret", status="draft")
    store.save(draft, expected_version=0, at=NOW)
    sections = body(ask(api, f"/v1/sections?language={language}"))["sections"]
    assert [each["name"].casefold() for each in sections] == ["art", "наука"]
    newsletters = body(ask(api, f"/v1/newsletters?language={language}", place="ru"))
    assert newsletters["legal_notices"]
    assert newsletters["newsletters"] == [
        {"language": language, "name": "The Letter", "description": "Weekly.", "url": "https://example.org/letter"}
    ]
    everywhere = body(ask(api, "/v1/newsletters"))["newsletters"]
    assert newsletters["newsletters"][0] in everywhere


def test_sections_go_on_by_their_cursor_until_there_is_none(
    api: Api, store: ArticleStore, language: str, an_article: MakeArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reading.catalogue.PAGE", 2)
    names = [f"{'ქ' * 300} {number}" for number in range(5)]
    for name in names:
        store.save(an_article(language=language, section=name), expected_version=0, at=NOW)
    path = f"/v1/sections?language={language}"
    found: list[str] = []
    answer = ask(api, path)
    while cursor := body(answer)["next_cursor"]:
        found += [each["name"] for each in body(answer)["sections"]]
        assert answer["headers"]["link"].endswith('; rel="next"')
        answer = ask(api, f"{path}&cursor={cursor}")
    found += [each["name"] for each in body(answer)["sections"]]
    assert found == names
    assert ask(api, "/v1/newsletters?cursor=abc")["statusCode"] == 400


# ------------------------------------------------------------------------------------- the contract and its end


def test_every_problem_leads_to_its_place_on_the_page(api: Api) -> None:
    page = ask(api, "/v1/docs")
    assert "default-src 'none'" in page["headers"]["content-security-policy"]
    for code in PROBLEMS:
        assert f'<h3 id="{code}">' in page["body"]
    assert ask(api, "/v1/docs", if_none_match=page["headers"]["etag"])["statusCode"] == 304


def test_the_page_brings_nothing_from_another_host(api: Api) -> None:
    text = ask(api, "/v1/docs")["body"]
    for reference in ("src=", "<script", "<link", "@import", "url("):
        assert reference not in text


def test_what_will_go_says_so_on_every_answer() -> None:
    deprecation = Deprecation(since=1_760_000_000, sunset="Wed, 01 Jul 2026 00:00:00 GMT")
    old = Route("/v1/languages", "reading.catalogue.get_languages", "language", deprecation=deprecation)
    at_the_edge = {"READER_LOCATION": "edge", "ORIGIN_SECRET_CURRENT": SECRET}
    deprecated = reader_api(Surface((*ROUTES, old), VOCABULARY), at_the_edge)
    answer = ask(lambda event: dict(deprecated.lambda_handler(event, LambdaContext())), "/v1/languages")
    assert answer["headers"]["deprecation"] == "@1760000000"
    assert answer["headers"]["sunset"] == "Wed, 01 Jul 2026 00:00:00 GMT"
    assert answer["headers"]["link"] == '</v1/docs#deprecations>; rel="deprecation"; type="text/html"'
    exposed = answer["headers"]["access-control-expose-headers"].split(", ")
    assert {"ETag", "Link", "Deprecation", "Sunset", "Last-Modified", "Location", "Retry-After"} <= set(exposed)
