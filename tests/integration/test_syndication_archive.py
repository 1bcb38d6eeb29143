"""The sitemaps of the archive: every month that has articles, and each page with its translations."""

import datetime as dt
import itertools
import logging
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from content_api.aws import clients
from content_api.content.article import Article
from content_store.siblings import Siblings
from gateway.stack import Stack
from newsroom.loading import load
from simulated_edge.requests import SECRET, ask
from syndication import archive_sitemaps

type Api = Callable[[dict[str, Any]], dict[str, Any]]

NAMES = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9", "xhtml": "http://www.w3.org/1999/xhtml"}
NOW = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)
HERE = "https://content.example.org/sitemaps"
_numbers = itertools.count(1)


@pytest.fixture
def api(syndication: Callable[..., Api], own_stack: Stack) -> Api:
    return syndication(
        READER_LOCATION="edge",
        ORIGIN_SECRET_CURRENT=SECRET,
        CONTENT_TABLE=own_stack.table,
        CONTENT_BUCKET=own_stack.bucket,
    )


@pytest.fixture
def publish(own_stack: Stack, an_article: Callable[..., Article]) -> Callable[..., list[Article]]:
    def published(*fields: dict[str, Any]) -> list[Article]:
        made = [an_article(**({"url": f"https://news.example.org/archive/{next(_numbers)}"} | each)) for each in fields]
        load(made, table=own_stack.table, bucket=own_stack.bucket, at=NOW)
        return made

    return published


def locations(answer: dict[str, Any]) -> list[str]:
    assert answer["statusCode"] == 200, answer["body"]
    return [each.text or "" for each in etree.fromstring(answer["body"].encode()).iterfind(".//map:loc", NAMES)]


def test_the_index_leads_to_every_article_that_has_an_address_and_a_date(
    api: Api, publish: Callable[..., list[Article]]
) -> None:
    times = ["2025-11-20T11:59:59Z", "2025-11-01T00:00:00Z", "2025-10-31T23:59:59.999999Z", "2024-12-31T12:00:00Z"]
    made = publish(*({"language": "hy", "published_at": at} for at in times))
    publish(
        {"language": "hy", "published_at": None},
        {"language": "hy", "url": None, "published_at": "2025-11-02T00:00:00Z"},
        {"language": "hy", "published_at": "2025-11-20T12:00:01Z"},  # not yet
    )
    index = locations(ask(api, "/sitemaps/index.xml"))
    assert index[0] == f"{HERE}/news.xml"
    months = [each.removeprefix(f"{HERE}/hy/") for each in index if each.startswith(f"{HERE}/hy/")]
    assert months == [f"2025-{month:02}.xml" for month in range(11, 0, -1)] + ["2024-12.xml"]
    found: list[str] = []
    for month in months:
        answer = ask(api, f"/sitemaps/hy/{month}")
        found += [] if answer["statusCode"] == 404 else locations(answer)
    assert found == [article.url for article in made]


def test_each_page_names_all_its_translations_and_itself(
    api: Api, own_stack: Stack, publish: Callable[..., list[Article]]
) -> None:
    first, second, third = publish(
        {"language": "ka", "published_at": "2025-09-01T08:00:00Z"},
        {"language": "fa-AF", "published_at": "2025-09-02T08:00:00Z"},
        {"language": "ps", "published_at": "2025-09-03T08:00:00Z"},
    )
    own = own_stack.store()
    named = [{"language": each.language, "id": each.id} for each in (second, third)]
    own.save(Article.model_validate(first.model_dump() | {"translations": named}), expected_version=1, at=NOW)
    Siblings(clients.dynamodb(), table=own_stack.table).link(first.id)

    def alternates(language: str) -> dict[str, str]:
        answer = ask(api, f"/sitemaps/{language}/2025-09.xml")
        links = etree.fromstring(answer["body"].encode()).iterfind(".//xhtml:link", NAMES)
        return {each.get("hreflang", ""): each.get("href", "") for each in links}

    expected = {each.language: each.url for each in (first, second, third)}
    assert alternates("ka") == alternates("fa-AF") == alternates("ps") == expected
    own.withdraw(third.id, expected_version=1, at=NOW)
    assert alternates("ka") == {each.language: each.url for each in (first, second)}


@pytest.mark.parametrize(
    "path",
    ["/sitemaps/en/1901-01.xml", "/sitemaps/en/2025-13.xml", "/sitemaps/en/2025.xml", "/sitemaps/zz/2025-11.xml"],
)
def test_a_sitemap_that_is_not_there_says_where_the_others_are(api: Api, path: str) -> None:
    answer = ask(api, path)
    assert answer["statusCode"] == 404
    assert "/sitemaps/index.xml" in answer["body"]


def test_a_month_with_more_than_a_sitemap_takes_is_told_in_the_log(
    api: Api,
    publish: Callable[..., list[Article]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(archive_sitemaps, "MOST_ENTRIES", 2)
    made = publish(*({"language": "mk", "published_at": f"2025-08-0{day}T08:00:00Z"} for day in (3, 2, 1)))
    with caplog.at_level(logging.ERROR):
        assert locations(ask(api, "/sitemaps/mk/2025-08.xml")) == [article.url for article in made[:2]]
    assert "leaves out articles" in caplog.text


def test_the_notices_come_first_and_a_withdrawal_in_any_language_purges_it(
    api: Api, publish: Callable[..., list[Article]]
) -> None:
    publish({"language": "sq", "published_at": "2025-07-01T08:00:00Z"})
    for path in ("/sitemaps/index.xml", "/sitemaps/sq/2025-07.xml"):
        answer = ask(api, path, "ru")
        assert answer["body"].index("undesirable") < answer["body"].index("<loc>")
        assert answer["headers"]["cache-control"].startswith("private, no-store")
        assert "list:uk:all" in answer["headers"]["x-amz-meta-cache-tags"].split(",")
        assert len(answer["headers"]["x-amz-meta-cache-tags"].split(",")) <= 50
