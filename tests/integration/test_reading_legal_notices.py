import json
import re
from collections.abc import Callable
from copy import deepcopy
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from content_api.content.words import Words
from content_api.law.law_file import load_entries
from content_api.law.legal_notices import LegalNotices
from gateway import template
from gateway.events import event
from gateway.reader_api import reader_api
from gateway.server import LambdaContext
from reading.legal_notice_page import rendered
from reading.legal_notices import lacking, named
from reading.routes import SURFACE

type Api = Callable[[dict[str, Any]], dict[str, Any]]

ROUTES = [
    route.key
    for route in template.routes(template.load())
    if route.function == "ReadingFunction" and route.key != "$default"
]
SECRET = "current-secret-of-the-edge-0123456789abcdef"
ID = "ru-undesirable-organization"


@pytest.fixture
def api(reading: Callable[..., Api]) -> Api:
    return reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)


def asked(path: str, jurisdiction: str, method: str = "GET") -> dict[str, Any]:
    headers = {"X-Origin-Secret": SECRET, "X-Viewer-Jurisdiction": jurisdiction}
    return event(method, path, headers, route_keys=ROUTES)


@pytest.mark.parametrize(
    ("jurisdiction", "query", "reasons"),
    [
        ("ru", "", ["jurisdiction"]),
        ("ua-occupied", "", ["jurisdiction"]),
        ("unknown", "", ["unknown_location"]),
        ("elsewhere", "", []),
        ("elsewhere", "?notice=always", ["requested"]),
    ],
)
def test_a_reader_may_ask_which_notices_are_due(api: Api, jurisdiction: str, query: str, reasons: list[str]) -> None:
    response = api(asked(f"/v1/legal-notices{query}", jurisdiction))
    assert response["statusCode"] == 200
    assert response["headers"]["cache-control"] == "private, no-store, stale-if-error=0"
    body = json.loads(response["body"])
    assert list(body) == ["legal_notices"]
    assert [each["reason"] for each in body["legal_notices"]] == reasons


@pytest.mark.parametrize(
    ("reader_location", "claim", "said"),
    [("edge", "hiding", "hiding"), ("edge", "absent", "absent"), ("edge", "by me", None)]
    + [("connection", "other", None), ("developer", "other", None)],
)
def test_only_what_the_edge_says_of_a_network_is_said_again(
    reading: Callable[..., Api], reader_location: str, claim: str, said: str | None
) -> None:
    secret = {"ORIGIN_SECRET_CURRENT": SECRET} if reader_location == "edge" else {}
    question = asked("/v1/legal-notices", "elsewhere")
    question["headers"]["x-viewer-network"] = claim
    response = reading(READER_LOCATION=reader_location, **secret)(question)
    assert response["statusCode"] == 200
    assert response["headers"].get("x-viewer-network") == said


@pytest.mark.parametrize(("language", "given"), [("ru", "ru"), ("uk", "uk"), ("uk-UA", "uk"), ("ka", "en")])
def test_in_the_language_asked_for_or_english(api: Api, language: str, given: str) -> None:
    body = json.loads(api(asked(f"/v1/legal-notices?language={language}", "ru"))["body"])
    assert body["legal_notices"][0]["language"] == given


@pytest.mark.parametrize("query", ["language=", "language=russian%21", "language=en,ru", "lang=ru", "notice=never"])
def test_what_it_does_not_take_is_refused(api: Api, query: str) -> None:
    response = api(asked(f"/v1/legal-notices?{query}", "elsewhere"))
    assert response["statusCode"] == 400
    assert json.loads(response["body"])["errors"][0]["parameter"] == query.partition("=")[0]


@pytest.mark.parametrize("jurisdiction", ["ru", "elsewhere"])
def test_one_notice_as_data(api: Api, jurisdiction: str) -> None:
    body = json.loads(api(asked(f"/v1/legal-notices/{ID}", jurisdiction))["body"])
    assert len(body["legal_notices"]) == (jurisdiction == "ru")
    assert body["id"] == ID
    assert body["effective_from"] == "2024-02-02"
    assert {language: wording["reviewed"] for language, wording in body["texts"].items()} == {
        "en": True,
        "ru": False,
        "uk": False,
    }
    assert body["more_information_url"] == f"https://content.example.org/legal-notices/{ID}"


def test_a_notice_that_is_not_there_is_404(api: Api) -> None:
    response = api(asked("/v1/legal-notices/none", "ru"))
    assert (response["statusCode"], json.loads(response["body"])["code"]) == (404, "legal-notice-not-found")


def test_a_reader_of_a_notice_that_is_not_there_is_told_in_each_language_of_the_notices_and_led_on() -> None:
    at_the_edge = {"READER_LOCATION": "edge", "ORIGIN_SECRET_CURRENT": SECRET}
    api = reader_api(SURFACE, at_the_edge | {"PUBLISHER_URL": "https://news.example.org/"})
    response = api.lambda_handler(asked("/legal-notices/none", "ru"), LambdaContext())
    assert response["statusCode"] == 404
    assert response["headers"]["content-type"] == "text/html; charset=utf-8"
    assert response["headers"]["content-language"] == "en, ru, uk"
    assert response["headers"]["cache-control"] == "private, no-store, stale-if-error=0"
    body: str = response["body"]
    sections = body.split("<section ")[1:]
    for language, section in zip(("en", "ru", "uk"), sections, strict=True):
        words = Words(language)
        assert section.startswith(f'lang="{language}" dir="ltr"')
        assert words["not_found"] in section
        assert words["not_found_text"] in section
        assert 'href="https://news.example.org/"' in section
    assert body.count("<h1") == 1
    assert "/v1/" not in read(body).text


class Page(HTMLParser):
    """Fails on tags that do not nest, and collects what a reader would see."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(body: str) -> Page:
    page = Page()
    page.feed(body)
    page.close()
    assert not page.open
    return page


def test_the_link_of_the_notice_leads_to_a_page_with_all_of_it(api: Api) -> None:
    response = api(asked(f"/legal-notices/{ID}", "ru"))
    assert response["statusCode"] == 200
    assert response["headers"]["content-type"] == "text/html; charset=utf-8"
    assert response["headers"]["cache-control"] == "private, no-store, stale-if-error=0"
    page = read(response["body"])
    for wording in load_entries()[0]["texts"].values():
        for paragraph in wording["text"].split("\n\n")[:-1]:
            assert paragraph in page.text
    for said in (
        "February 2, 2024",
        "2 февраля 2024\N{NARROW NO-BREAK SPACE}г.",
        "142",
        "Article 20.33",
        "статья 284.1",
        "IP Geolocation by DB-IP",
        "Who is at risk",
    ):
        assert said in page.text
    languages = [attributes.get("lang") for tag, attributes in page.attributes if tag == "section"]
    assert languages == ["en", "ru", "uk"]


def test_the_page_brings_nothing_from_anywhere_else(api: Api) -> None:
    response = api(asked(f"/legal-notices/{ID}", "elsewhere"))
    assert response["headers"]["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert response["headers"]["referrer-policy"] == "no-referrer"
    tags = {tag for tag, _ in read(response["body"]).attributes}
    assert not tags & {"script", "img", "link", "iframe", "form", "font"}
    assert re.findall(r'href="(https?://[^"]+)', response["body"]) == ["https://db-ip.com"]


def test_head_answers_without_a_body(api: Api) -> None:
    for path in ("/v1/legal-notices", f"/v1/legal-notices/{ID}", f"/legal-notices/{ID}"):
        response = api(asked(path, "ru", "HEAD"))
        assert (response["statusCode"], response["body"]) == (200, "")


def test_a_second_notice_elsewhere_is_added_by_data_alone() -> None:
    law: Any = deepcopy(load_entries()[0]) | {
        "id": "xx-press-law",
        "title": {"en": "The press law of <X>"},
        "jurisdictions": ["xx"],
        "where_location_is_unknown": False,
    }
    law["texts"] = {"en": law["texts"]["en"], "fa": law["texts"]["en"] | {"reviewed": False}}
    del law["explanation"], law["history"]
    at_the_edge = {"READER_LOCATION": "edge", "ORIGIN_SECRET_CURRENT": SECRET}
    api = reader_api(SURFACE, at_the_edge, entries=[*load_entries(), law])

    def due(jurisdiction: str) -> list[str]:
        response = api.lambda_handler(asked("/v1/legal-notices", jurisdiction), LambdaContext())
        return [each["id"] for each in json.loads(response["body"])["legal_notices"]]

    assert (due("xx"), due("ru"), due("unknown"), due("elsewhere")) == (["xx-press-law"], [ID], [ID], [])
    page = api.lambda_handler(asked("/legal-notices/xx-press-law", "elsewhere"), LambdaContext())["body"]
    assert '<h1 id="en-title">The press law of &lt;X&gt;</h1>' in page
    # In Persian, with Persian's calendar and digits; what the law's file has in English alone is marked as English.
    persian = page[page.index('<section id="fa"') :]
    assert 'lang="fa" dir="rtl"' in persian
    assert "۱۳ بهمن ۱۴۰۲" in persian
    assert '<span lang="en" dir="ltr">The press law of &lt;X&gt;</span>' in persian
    assert Words("fa")["meaning"] not in persian  # the law says nothing of it
    assert Words("fa")["dates"] in persian
    lacks = json.loads(
        api.lambda_handler(asked("/v1/legal-notices/xx-press-law", "elsewhere"), LambdaContext())["body"]
    )
    assert "ru" in lacks["languages_lacking"]
    assert not {"en", "fa", "fa-AF"} & set(lacks["languages_lacking"])
    read(page)


def test_every_notice_in_the_data_makes_a_page() -> None:
    notices = LegalNotices(load_entries(), "")
    for entry in load_entries():
        notice = notices.notice(entry["id"])
        assert notice
        read(rendered(notice, named(), lacking(notice)))


def test_the_page_is_whole_in_each_language_that_the_notice_has(api: Api) -> None:
    """A section says everything in its own language: no word of it is marked as another one's, but languages' names."""
    body: str = api(asked(f"/legal-notices/{ID}", "ru"))["body"]
    entry = load_entries()[0]
    assert body.count("<h1") == 1
    for language, section in zip(entry["texts"], body.split("<section ")[1:], strict=True):
        assert re.findall(r'<(?!bdi)\w+ [^>]*lang="[^"]+"', section) == []
        words = Words(language)
        for name in ("meaning", "at_risk", "rules", "dates", "where", "unknown_place", "lacking", "explanation"):
            assert words[name] in section
        assert words.day("2024-02-20") in section
        assert section.count(unescape(entry["title"][language])) == 1
        assert re.findall(r'<bdi lang="([^"]+)"', section) == lacking_of(api)
        others = {word for each in entry.get("history", []) for word in each["event"].split() if word.isalpha()}
        assert language == "en" or not others & set(re.findall("[A-Za-z]{4,}", re.sub("<[^>]*>", "", section)))


def lacking_of(api: Api) -> list[str]:
    found: list[str] = json.loads(api(asked(f"/v1/legal-notices/{ID}", "ru"))["body"])["languages_lacking"]
    assert len(found) == 24
    return found
