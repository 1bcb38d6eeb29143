"""Lists that several values name: any of them, put together in the order of time, with one cursor."""

import datetime as dt
import itertools
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from content_api.content.article import Article
from content_api.reader_api import pages as reading_pages
from content_store.articles import ArticleStore
from gateway.events import saved
from gateway.stack import Stack
from newsroom.loading import load
from simulated_edge.requests import SECRET, ask, body

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type MakeArticle = Callable[..., Article]
type Query = list[tuple[str, str]]

NOW = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)
LANGUAGES = ("oc", "br", "co")
SOUND = {
    "type": "audio",
    "duration_seconds": 61,
    "renditions": [{"url": "https://media.example.org/a.mp3", "media_type": "audio/mpeg"}],
}


@pytest.fixture(scope="module")
def api(reading: Callable[..., Api]) -> Api:
    return reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)


@pytest.fixture(scope="module")
def published(stack: Stack) -> list[Article]:
    """36 articles in three languages, newest first. Two of each language have the same time."""

    def made(number: int) -> Article:
        at = NOW - dt.timedelta(hours=number - number % 2)
        return Article.model_validate(
            {
                "id": f"several-{number:02}",
                "language": LANGUAGES[number % 7 % 3],
                "type": ("article", "article", "video", "audio")[number % 4],
                "headline": f"Number {number}",
                "section": ("Arts", "Arts, Culture", None)[number % 3],
                "tags": [tag for tag, of in (("a", 2), ("b", 3), ("a,b", 5), ("rare", 11)) if number % of == 0],
                "byline": [{"name": f"Writer {number % 5}"}],
                "dateline": {"place": "Lviv"} if number % 2 else None,
                "published_at": at,
                "updated_at": NOW + dt.timedelta(minutes=number) if number % 6 == 0 else None,
                "body": [{"type": "paragraph", "html": "Text."}, SOUND],
            }
        )

    articles = sorted((made(number) for number in range(36)), key=lambda it: (it.published_at, it.id), reverse=True)
    load(articles, table=stack.table, bucket=stack.bucket, at=NOW)
    return articles


def has(**wanted: tuple[str, ...]) -> Callable[[Article], bool]:
    def fits(article: Article) -> bool:
        said = {
            "language": {article.language},
            "type": {article.type},
            "section": {article.section},
            "tag": set(article.tags),
            "author": {author.name for author in article.byline},
        }
        return all(said[name] & set(values) for name, values in wanted.items())

    return fits


def target(query: Query) -> str:
    return f"/v1/articles?{urlencode(query)}"


def walked(api: Api, query: Query) -> list[dict[str, Any]]:
    """All pages from the first to the last."""
    found = [body(ask(api, target(query)))]
    while cursor := found[-1]["next_cursor"]:
        found.append(body(ask(api, target([*query, ("cursor", cursor)]))))
    return found


def ids(pages: list[dict[str, Any]]) -> list[str]:
    return [card["id"] for page in pages for card in page["articles"]]


def asked(**wanted: tuple[str, ...]) -> Query:
    return [(name, value) for name, values in wanted.items() for value in values]


WANTED: list[dict[str, tuple[str, ...]]] = [
    {"language": LANGUAGES},
    {"language": LANGUAGES[:2], "tag": ("a", "b")},
    {"language": LANGUAGES, "type": ("video", "audio"), "section": ("Arts", "Arts, Culture")},
    {"language": ("oc",), "author": ("Writer 1", "Writer 2", "Writer 3"), "tag": ("rare", "b")},
    {"language": ("oc",), "tag": ("a,b",)},
    {"language": LANGUAGES, "type": ("article",)},
    # More lists than are put together: those of whole languages are read instead.
    {"language": LANGUAGES, "author": tuple(f"Writer {number}" for number in range(1, 12))},
]


@pytest.mark.parametrize("wanted", WANTED, ids=str)
@pytest.mark.parametrize("limit", ["2", "7", "50"])
def test_any_of_the_values_fits_and_each_article_comes_once_in_order(
    api: Api, published: list[Article], wanted: dict[str, tuple[str, ...]], limit: str
) -> None:
    expected = [article.id for article in published if has(**wanted)(article)]
    assert expected
    query = [*asked(**wanted), ("limit", limit)]
    assert ids(walked(api, query)) == expected
    assert ids(walked(api, [*query, ("order", "published")])) == expected[::-1]


@pytest.mark.parametrize("order", ["-published", "published"])
@pytest.mark.parametrize("wanted", [WANTED[0], WANTED[3]], ids=str)
def test_previous_pages_are_those_that_came_before(
    api: Api, published: list[Article], wanted: dict[str, tuple[str, ...]], order: str
) -> None:
    query = [*asked(**wanted), ("limit", "3"), ("order", order)]
    pages = walked(api, query)
    assert published
    assert pages[0]["prev_cursor"] is None
    at, back = pages[-1], [pages[-1]]
    while cursor := at["prev_cursor"]:
        response = ask(api, target([*query, ("cursor", cursor)]))
        at = body(response)
        assert ('rel="prev"' in response["headers"].get("link", "")) == bool(at["prev_cursor"])
        back.insert(0, at)
    assert [page["articles"] for page in back if page["articles"]] == [page["articles"] for page in pages]
    # And onwards again from the first page that the way back led to.
    onwards = [at]
    while cursor := onwards[-1]["next_cursor"]:
        onwards.append(body(ask(api, target([*query, ("cursor", cursor)]))))
    assert ids(onwards) == ids(pages)


def test_what_few_fit_is_found_with_few_queries_in_each_direction(
    api: Api, published: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that end early, and empty ones, lead on and back without losing or repeating anything."""
    monkeypatch.setattr(reading_pages, "_LOOKED_AT_AT_ONCE", 2)
    monkeypatch.setattr(reading_pages, "_MORE_QUERIES", 0)
    query = [*asked(language=LANGUAGES, tag=("rare",)), ("order", "-updated"), ("limit", "2")]
    expected = ["several-00", "several-11", "several-22", "several-33"]
    assert {article.id for article in published if "rare" in article.tags} == {*expected}
    forwards = walked(api, query)
    assert ids(forwards) == expected
    assert any(not page["articles"] for page in forwards)
    back = [forwards[-1]]
    while cursor := back[-1]["prev_cursor"]:
        back.append(body(ask(api, target([*query, ("cursor", cursor)]))))
    assert ids(back[::-1]) == expected
    onwards = [back[-1]]
    while cursor := onwards[-1]["next_cursor"]:
        onwards.append(body(ask(api, target([*query, ("cursor", cursor)]))))
    assert ids(onwards) == expected


def test_lists_by_update_begin_with_what_was_updated_last(api: Api, published: list[Article]) -> None:
    def updated(article: Article) -> tuple[Any, str]:
        return article.updated_at or article.published_at, article.id

    expected = [article.id for article in sorted(published, key=updated, reverse=True)]
    query = [*asked(language=LANGUAGES), ("limit", "5")]
    assert ids(walked(api, [*query, ("order", "-updated")])) == expected
    assert ids(walked(api, [*query, ("order", "updated")])) == expected[::-1]
    since = [*query, ("order", "updated"), ("updated_since", "2025-11-20T12:00:00Z"), ("tag", "a"), ("tag", "b")]
    assert ids(walked(api, since)) == [f"several-{number:02}" for number in (0, 6, 12, 18, 24, 30)]


def test_an_update_moves_an_article_and_leaves_no_card_behind(
    api: Api, store: ArticleStore, language: str, an_article: MakeArticle
) -> None:
    first, second = (an_article(language=language) for _ in range(2))
    for article in (first, second):
        store.save(article, expected_version=0, at=NOW)
    query: Query = [("language", language), ("order", "-updated"), ("limit", "1")]
    assert ids(walked(api, query)) == [second.id, first.id]
    store.save(first.model_copy(update={"updated_at": NOW}), expected_version=1, at=NOW)
    assert ids(walked(api, query)) == [first.id, second.id]
    store.withdraw(first.id, expected_version=2, at=NOW)
    assert ids(walked(api, query)) == [second.id]


def test_ids_bring_those_articles_in_their_order_and_leave_out_what_readers_cannot_have(
    api: Api, store: ArticleStore, published: list[Article], an_article: MakeArticle
) -> None:
    draft, gone = an_article(language="oc", status="draft"), an_article(language="oc")
    for article in (draft, gone):
        store.save(article, expected_version=0, at=NOW)
    store.withdraw(gone.id, expected_version=1, at=NOW)
    wanted = [published[9].id, draft.id, published[3].id, "no-such", gone.id, published[20].id]
    response = ask(api, target([("language", "oc,br,co"), ("ids", ",".join(wanted))]))
    page = body(response)
    assert ids([page]) == [published[9].id, published[3].id, published[20].id]
    assert (page["next_cursor"], page["prev_cursor"]) == (None, None)
    assert response["headers"]["x-amz-meta-cache-tags"] == ",".join(f"article:{each}" for each in wanted)
    repeated = ask(api, target([*asked(language=LANGUAGES), *(("ids", each) for each in wanted)]))
    assert body(repeated) == page
    only = body(ask(api, target([("language", published[3].language), ("ids", ",".join(wanted)), ("fields", "id")])))
    assert {"id": published[3].id} in only["articles"]
    assert len(only["articles"]) < 3


@pytest.mark.usefixtures("published")
def test_a_card_has_what_a_list_needs(api: Api) -> None:
    shown = {card["id"]: card for page in walked(api, asked(language=LANGUAGES)) for card in page["articles"]}
    card = shown["several-15"]
    assert (card["tags"], card["place"], card["type"]) == (["b", "a,b"], "Lviv", "audio")
    assert card["recording"] == {
        "type": "audio",
        "duration_seconds": 61,
        "url": "https://media.example.org/a.mp3",
        "bytes": None,
        "media_type": "audio/mpeg",
    }
    assert shown["several-00"]["place"] is None


def test_a_comma_is_a_part_of_a_name_as_the_gateway_and_sam_local_send_it(api: Api, published: list[Article]) -> None:
    """Both join the values of a repeated parameter with commas, and both send the query string as it came."""
    in_oc = [article for article in published if article.language == "oc"]
    with_both = {article.id for article in in_oc if "a,b" in article.tags}
    with_any = {article.id for article in in_oc if {"a", "b"} & set(article.tags)}
    assert with_both
    assert with_both != with_any
    for query, joined, expected in (
        ("language=oc&limit=50&tag=a,b", "a,b", with_both),
        ("language=oc&limit=50&tag=a%2Cb", "a,b", with_both),
        ("language=oc&limit=50&tag=a&tag=b", "a,b", with_any),
        ("tag=b&language=oc&tag=a&limit=50", "b,a", with_any),
    ):
        event = saved("list_articles_in_persian")
        event["headers"] |= {"x-origin-secret": SECRET, "x-viewer-jurisdiction": "elsewhere"}
        event["rawQueryString"] = query
        event["queryStringParameters"] = {"language": "oc", "limit": "50", "tag": joined}
        assert set(ids([json.loads(api(event)["body"])])) == expected


def test_one_order_of_values_makes_no_other_list_and_cursors_hold_in_both(api: Api, published: list[Article]) -> None:
    first, second = ([*asked(language=LANGUAGES[::step], tag=("a", "b")), ("limit", "4")] for step in (1, -1))
    assert published
    page, turned = body(ask(api, target(first))), body(ask(api, target(second)))
    assert page["articles"] == turned["articles"]
    assert page["next_cursor"] == turned["next_cursor"]


def test_the_most_lists_together_take_few_queries_and_have_few_cache_tags(
    api: Api, published: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    from content_api.aws.dynamodb import Table  # noqa: PLC0415 - only this test counts

    counted = itertools.count(1)
    query = Table.query
    asked_for: list[int] = []

    def counting(self: Table, partition: str, **given: Any) -> Any:
        asked_for.append(next(counted))
        return query(self, partition, **given)

    monkeypatch.setattr(Table, "query", counting)
    wanted = {"language": LANGUAGES, "author": tuple(f"Writer {number}" for number in range(10))}
    response = ask(api, target(asked(**wanted)))
    assert len(body(response)["articles"]) == 20
    assert published
    assert len(asked_for) <= 33
    assert len(response["headers"]["x-amz-meta-cache-tags"].split(",")) == 30
