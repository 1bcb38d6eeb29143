"""The promises, as properties over everything a request may say about its reader."""

import datetime as dt
import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.integration.built_index import BuiltIndex

from content_api.content.article import Article
from content_api.law.places import jurisdiction_of_place
from content_store.articles import ArticleStore
from gateway import template
from gateway.events import event, names_of_saved, saved
from gateway.stack import Stack
from thoroughness import examples

type Api = Callable[[dict[str, Any]], dict[str, Any]]

SECRET = "current-secret-of-the-edge-0123456789abcdef"
ROUTES = ["GET /v1/articles/{id}", "HEAD /v1/articles/{id}"]
FUNCTIONS = template.functions_for_readers(template.load())
TEXT = "The text, which nobody may miss."

header_values = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=40)
countries = st.sampled_from(["RU", "UA", "US", "KZ", "ru", "XX", "T1", "", "RU,US"]) | header_values
regions = (
    st.sampled_from(["43", "40", "14", "09", "9", "23", "65", "46", "30", "UA-43", "", "Крим", "99"]) | header_values
)
jurisdictions = st.sampled_from(["ru", "ua-occupied", "unknown", "elsewhere", "", "elsewhere,ru"]) | header_values
other_headers = st.dictionaries(
    st.sampled_from(
        [
            "X-Forwarded-For",
            "CF-IPCountry",
            "X-Real-IP",
            "Via",
            "Forwarded",
            "Accept-Language",
            "CloudFront-Viewer-City",
        ]
        + ["X-Viewer-Country", "X-Original-Jurisdiction", "Cookie", "Origin", "Range", "If-Modified-Since"]
    ),
    header_values | st.sampled_from(["198.51.100.1", "for=198.51.100.1", "elsewhere", "US"]),
)
queries = st.sampled_from(["", "?notice=always", "?notice=always&notice=always"]) | st.dictionaries(
    st.sampled_from(["notice", "fields", "legal_notices", "jurisdiction"]), st.text(max_size=10), max_size=2
).map(lambda query: "?" + "&".join(f"{name}={quote(value)}" for name, value in query.items()))


@pytest.fixture(scope="module")
def article(stack: Stack, an_article: Callable[..., Article], now: dt.datetime) -> Article:
    made = an_article()
    stack.store().save(made, expected_version=0, at=now)
    return made


def _place(country: str, region: str) -> str:
    return jurisdiction_of_place(country, region, in_zone="" if region.strip() else None)


def carries_the_notice(response: dict[str, Any]) -> bool:
    notices = json.loads(response["body"])["legal_notices"]
    return any(each["id"] == "ru-undesirable-organization" and each["must_display"] for each in notices)


@pytest.mark.sampled
@settings(max_examples=examples(60, 300))
@given(method=st.sampled_from(["GET", "HEAD"]), country=countries, region=regions, query=queries, others=other_headers)
def test_no_reader_in_the_zone_or_of_unknown_place_gets_content_without_the_notice(
    reading: Callable[..., Api],
    article: Article,
    method: str,
    country: str,
    region: str,
    query: str,
    others: dict[str, str],
) -> None:
    api = reading(READER_LOCATION="developer")
    headers = others | {"CloudFront-Viewer-Country": country, "CloudFront-Viewer-Country-Region": region}
    response = api(event(method, f"/v1/articles/{article.id}{query}", headers, route_keys=ROUTES))
    due = _place(country, region) != "elsewhere"
    if TEXT in response["body"]:
        assert carries_the_notice(response) or not due
    if response["statusCode"] == 200 and due:
        assert response["headers"]["cache-control"] == "private, no-store, stale-if-error=0"


@pytest.mark.sampled
@settings(max_examples=examples(60, 300))
@given(stated=jurisdictions, country=countries, region=regions, query=queries, others=other_headers)
def test_through_the_edge_only_the_edges_own_word_removes_the_notice(
    reading: Callable[..., Api],
    article: Article,
    stated: str,
    country: str,
    region: str,
    query: str,
    others: dict[str, str],
) -> None:
    api = reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)
    headers = others | {
        "CloudFront-Viewer-Country": country,
        "CloudFront-Viewer-Country-Region": region,
        "X-Viewer-Jurisdiction": stated,
        "X-Origin-Secret": SECRET,
    }
    response = api(event("GET", f"/v1/articles/{article.id}{query}", headers, route_keys=ROUTES))
    if TEXT in response["body"]:
        assert carries_the_notice(response) or stated == "elsewhere"


@given(presented=header_values, stated=jurisdictions, others=other_headers)
def test_around_the_edge_nobody_gets_content(
    reading: Callable[..., Api], article: Article, presented: str, stated: str, others: dict[str, str]
) -> None:
    api = reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)
    headers = others | {"X-Viewer-Jurisdiction": stated, "X-Origin-Secret": presented}
    response = api(event("GET", f"/v1/articles/{article.id}", headers, route_keys=ROUTES))
    assert response["statusCode"] == 403
    assert TEXT not in response["body"]


@given(
    places=st.lists(st.tuples(countries, regions), min_size=2, max_size=6),
    changed=st.lists(st.booleans(), min_size=6, max_size=6),
)
@pytest.mark.sampled
@settings(max_examples=examples(8, 40))
def test_a_reader_who_travels_never_has_a_copy_without_the_notice_confirmed(
    reading: Callable[..., Api],
    store: ArticleStore,
    an_article: Callable[..., Article],
    now: dt.datetime,
    places: list[tuple[str, str]],
    changed: list[bool],
) -> None:
    """A client that keeps whatever it got and revalidates it at each place, while the article changes."""
    api = reading(READER_LOCATION="developer")
    article = an_article()
    version = store.save(article, expected_version=0, at=now)
    kept: dict[str, Any] = {}
    for (country, region), change in zip(places, changed, strict=False):
        if change:
            version = store.save(
                article.model_copy(update={"headline": f"v{version}"}), expected_version=version, at=now
            )
        headers = {"CloudFront-Viewer-Country": country, "CloudFront-Viewer-Country-Region": region}
        if kept:
            headers["If-None-Match"] = kept["headers"]["etag"]
        response = api(event("GET", f"/v1/articles/{article.id}", headers, route_keys=ROUTES))
        if response["statusCode"] == 200:
            kept = response
        assert json.loads(kept["body"])["version"] == version
        assert carries_the_notice(kept) or _place(country, region) == "elsewhere"


READERS = {
    "X-Forwarded-For": "203.0.113.77",
    "User-Agent": "ReadersOwnBrowser/7.3",
    "CloudFront-Viewer-Country": "RU",
    "CloudFront-Viewer-Country-Region": "ZABAYKALSKY-KRAI",
    "CloudFront-Viewer-Address": "203.0.113.78:4711",
    "Referer": "https://readers-own.example/page",
    "Cookie": "readers=own-cookie",
    "Accept-Language": "readers-own-language",
}


@pytest.mark.parametrize("location", ["developer", "connection", "edge"])
@pytest.mark.parametrize("path", ["/v1/articles/{id}", "/v1/articles/not-there", "/nothing", "/v1/articles/{id}?a=1"])
def test_nothing_about_the_reader_is_logged_printed_or_sent_back(
    reading: Callable[..., Api],
    article: Article,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    location: str,
    path: str,
) -> None:
    secret = {"ORIGIN_SECRET_CURRENT": SECRET} if location == "edge" else {}
    with caplog.at_level(logging.DEBUG):
        api = reading(READER_LOCATION=location, **secret)
        for table in (None, _Failing()):
            api = reading(READER_LOCATION=location, table=table, **secret)
            headers = READERS | {"X-Viewer-Jurisdiction": "ua-occupied", "X-Origin-Secret": SECRET}
            asked = event("GET", path.format(id=article.id), headers, route_keys=ROUTES, source_ip="203.0.113.79")
            response = api(asked)
            printed = capsys.readouterr()
            said = [*response["headers"].values(), caplog.text, printed.out, printed.err]
            if response["statusCode"] >= 400:
                said.append(response["body"])
            for text in said:
                for reader in (*READERS.values(), "203.0.113", "ua-occupied", "ReadersOwn", "ZABAYKALSKY"):
                    assert reader == "RU" or reader not in text


class _Failing:
    def get_item(self, key: dict[str, str], _attributes: str) -> None:
        raise ValueError(f"{key} {READERS}")


@pytest.mark.parametrize("name", names_of_saved())
def test_every_saved_event_is_answered_on_purpose(
    reading: Callable[..., Api],
    syndication: Callable[..., Api],
    searching: Callable[..., Api],
    serving_media: Callable[..., Api],
    an_article: Callable[..., Article],
    name: str,
) -> None:
    asked = saved(name)
    stated: dict[str, Any] = {"READER_LOCATION": "developer"}
    match FUNCTIONS.get(asked["routeKey"]):
        case "SearchingFunction":
            response = searching(bucket=BuiltIndex(an_article()), **stated)(asked)
        case "MediaFunction":
            response = serving_media(**stated)(asked)
        case "SyndicationFunction":
            response = syndication(**stated)(asked)
        case _:
            response = reading(**stated)(asked)
    assert response["statusCode"] < 500 or response["statusCode"] == 501  # oEmbed's answer to XML
