"""The change feed, over the real table: nothing missed, whoever writes and whenever."""

import datetime as dt
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from content_api.aws import clients
from content_api.content.article import Article
from content_api.names.keys import last_change_key
from content_store.articles import ArticleStore
from content_store.transactions import Transactions
from gateway.stack import Stack
from newsroom.loading import load
from reading import changes
from simulated_edge.requests import SECRET, ask, body

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type MakeArticle = Callable[..., Article]

NOW = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def api(reading: Callable[..., Api]) -> Api:
    return reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)


def feed(api: Api, language: str, cursor: str = "") -> tuple[list[dict[str, Any]], str]:
    """All changes since a cursor, and where the next will be."""
    found: list[dict[str, Any]] = []
    while True:
        page = body(ask(api, f"/v1/changes?language={language}" + (f"&cursor={cursor}" if cursor else "")))
        found += page["changes"]
        cursor = page["next_cursor"]
        if page["is_complete"]:
            return found, cursor


def test_each_change_comes_once_in_order_as_metadata_alone(
    api: Api, store: ArticleStore, language: str, an_article: MakeArticle
) -> None:
    first, second = (an_article(language=language, section="Culture") for _ in range(2))
    store.save(first, expected_version=0, at=NOW)
    store.save(second, expected_version=0, at=NOW)
    store.save(first.model_copy(update={"headline": "Corrected"}), expected_version=1, at=NOW)
    store.withdraw(second.id, expected_version=1, at=NOW)
    found, cursor = feed(api, language)
    kind: dict[str, Any] = {"type": "article", "section": "Culture", "tags": [], "topics": [], "language": language}
    at, read = "2025-11-20T12:00:00Z", "https://content.example.org/v1/articles"
    assert found == [
        {"change": "upsert", "id": first.id, "version": 1, "at": at, **kind, "href": f"{read}/{first.id}?version=1"},
        {"change": "upsert", "id": second.id, "version": 1, "at": at, **kind, "href": f"{read}/{second.id}?version=1"},
        {"change": "upsert", "id": first.id, "version": 2, "at": at, **kind, "href": f"{read}/{first.id}?version=2"},
        {"change": "withdraw", "id": second.id, "version": 2, "at": at, "language": language, "href": None},
    ]
    assert feed(api, language, cursor) == ([], cursor)
    third = an_article(language=language)
    store.save(third, expected_version=0, at=NOW)
    assert [change["id"] for change in feed(api, language, cursor)[0]] == [third.id]


def test_drafts_are_not_told_of_and_what_becomes_one_is_taken_back(
    api: Api, store: ArticleStore, language: str, an_article: MakeArticle
) -> None:
    draft = an_article(language=language, status="draft")
    store.save(draft, expected_version=0, at=NOW)
    store.withdraw(draft.id, expected_version=1, at=NOW)
    unpublished = an_article(language=language)
    store.save(unpublished, expected_version=0, at=NOW)
    store.save(unpublished.model_copy(update={"status": "draft"}), expected_version=1, at=NOW)
    found, _ = feed(api, language)
    assert [(change["change"], change["id"]) for change in found] == [
        ("upsert", unpublished.id),
        ("withdraw", unpublished.id),
    ]


def test_who_begins_now_gets_only_what_comes(
    api: Api, store: ArticleStore, language: str, an_article: MakeArticle
) -> None:
    assert feed(api, language, "now")[0] == []
    store.save(an_article(language=language), expected_version=0, at=NOW)
    found, cursor = feed(api, language, "now")
    assert found == []
    late = an_article(language=language)
    store.save(late, expected_version=0, at=NOW)
    assert [change["id"] for change in feed(api, language, cursor)[0]] == [late.id]


@pytest.mark.parametrize("number", [2, 3, 4])
def test_pages_end_where_the_feed_ends(
    api: Api,
    stack: Stack,
    language: str,
    an_article: MakeArticle,
    number: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(changes, "PAGE", number)
    written = [an_article(language=language) for _ in range(6)]
    load(written, table=stack.table, bucket=stack.bucket, at=NOW)
    response = ask(api, f"/v1/changes?language={language}")
    assert response["headers"]["link"].endswith('; rel="next"')
    found, _ = feed(api, language)
    assert [change["id"] for change in found] == [article.id for article in written]


def test_while_many_write_a_reader_who_goes_on_from_each_cursor_misses_nothing(
    api: Api, stack: Stack, language: str, an_article: MakeArticle
) -> None:
    written = [an_article(language=language) for _ in range(10)]
    done = Event()

    def follow() -> list[str]:
        cursor, found = "", list[str]()
        while True:
            last_look = done.is_set()
            new, cursor = feed(api, language, cursor)
            found += [change["id"] for change in new]
            if last_look:
                return found

    with ThreadPoolExecutor(5) as pool:
        reader = pool.submit(follow)
        writing = [pool.submit(stack.store().save, article, expected_version=0, at=NOW) for article in written]
        for each in writing:
            each.result()
        done.set()
        seen = reader.result()
    assert sorted(seen) == sorted(article.id for article in written)


def test_a_writer_held_up_after_taking_its_number_is_not_overtaken_unseen(
    api: Api, stack: Stack, language: str, an_article: MakeArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the last number and writing, another writer takes it: the slow one must take the next."""
    slow, fast = an_article(language=language), an_article(language=language)
    last_number = Transactions.last_number
    overtaking = iter([fast])

    def overtake(transactions: Transactions, of: str) -> int:
        number = last_number(transactions, of)
        for each in overtaking:
            stack.store().save(each, expected_version=0, at=NOW)
        return number

    monkeypatch.setattr(Transactions, "last_number", overtake)
    _, cursor = feed(api, language, "now")
    stack.store().save(slow, expected_version=0, at=NOW)
    found, _ = feed(api, language, cursor)
    assert [change["id"] for change in found] == [fast.id, slow.id]


def test_a_cursor_of_more_than_90_days_is_410_and_says_how_to_begin_again(
    reading: Callable[..., Api], language: str, store: ArticleStore, an_article: MakeArticle
) -> None:
    store.save(an_article(language=language), expected_version=0, at=NOW)

    def after(days: float) -> Api:
        seconds = (NOW + dt.timedelta(days=days)).timestamp()
        return reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, clock=lambda: seconds)

    _, cursor = feed(after(0), language)
    assert ask(after(89.9), f"/v1/changes?language={language}&cursor={cursor}")["statusCode"] == 200
    response = ask(after(90.1), f"/v1/changes?language={language}&cursor={cursor}")
    problem = json.loads(response["body"])
    assert (response["statusCode"], problem["code"]) == (410, "cursor-expired")
    assert "cursor=now" in problem["detail"]


def test_a_page_in_the_middle_is_as_old_as_what_was_read_last(
    reading: Callable[..., Api],
    language: str,
    store: ArticleStore,
    an_article: MakeArticle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(changes, "PAGE", 1)
    for days in (89, 1):
        store.save(an_article(language=language), expected_version=0, at=NOW - dt.timedelta(days=days))
    cursor = body(
        ask(reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET), f"/v1/changes?language={language}")
    )
    later = (NOW + dt.timedelta(days=2)).timestamp()
    api = reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, clock=lambda: later)
    assert ask(api, f"/v1/changes?language={language}&cursor={cursor['next_cursor']}")["statusCode"] == 410


def test_a_writer_whose_clock_is_ahead_makes_no_cursor_that_is_refused(
    reading: Callable[..., Api],
    language: str,
    store: ArticleStore,
    an_article: MakeArticle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(changes, "PAGE", 1)
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    for _ in range(2):
        store.save(an_article(language=language), expected_version=0, at=hour)
    api = reading(
        READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, clock=(hour - dt.timedelta(seconds=1)).timestamp
    )
    following = body(ask(api, f"/v1/changes?language={language}"))["next_cursor"]
    assert len(body(ask(api, f"/v1/changes?language={language}&cursor={following}"))["changes"]) == 1


def test_entries_expire_after_the_last_cursor_that_needs_them(
    stack: Stack, store: ArticleStore, language: str, an_article: MakeArticle
) -> None:
    store.save(an_article(language=language), expected_version=0, at=NOW)
    partition: Any = {":pk": {"S": f"CHANGE#{language}"}}
    found: Any = clients.dynamodb().query(
        TableName=stack.table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues=partition
    )["Items"]
    entry, counter = found
    assert int(entry["expires"]["N"]) - NOW.timestamp() == 97 * 24 * 3600
    assert counter["sk"]["S"] == last_change_key(language)["sk"]
    assert "expires" not in counter


def test_the_feed_is_not_sent_again_while_nothing_changes(
    api: Api, store: ArticleStore, language: str, an_article: MakeArticle
) -> None:
    target = f"/v1/changes?language={language}"
    tag = ask(api, target)["headers"]["etag"]
    assert ask(api, target, if_none_match=tag)["statusCode"] == 304
    store.save(an_article(language=language), expected_version=0, at=NOW)
    assert ask(api, target, if_none_match=tag)["statusCode"] == 200


def test_a_version_that_there_never_was_is_the_clients_mistake_and_never_answered_with_an_older_one(
    api: Api, store: ArticleStore, language: str, an_article: MakeArticle
) -> None:
    article = an_article(language=language)
    store.save(article, expected_version=0, at=NOW)
    for version, status in ((1, 200), (2, 400), (999_999, 400)):
        answer = ask(api, f"/v1/articles/{article.id}?version={version}")
        assert answer["statusCode"] == status
    assert answer["headers"]["cache-control"] == "private, no-store, stale-if-error=0"
    assert [each["parameter"] for each in json.loads(answer["body"])["errors"]] == ["version"]
    store.save(article.model_copy(update={"headline": "Corrected"}), expected_version=1, at=NOW)
    answer = ask(api, f"/v1/articles/{article.id}?version=1")
    assert json.loads(answer["body"])["version"] == 2
    store.withdraw(article.id, expected_version=2, at=NOW)
    gone = ask(api, f"/v1/articles/{article.id}?version=2")
    assert gone["statusCode"] == 410
    assert gone["headers"]["x-amz-meta-cache-tags"] == f"article:{article.id}"


def test_a_draft_is_not_told_by_its_version(
    api: Api, store: ArticleStore, language: str, an_article: MakeArticle
) -> None:
    draft = an_article(language=language, status="draft")
    store.save(draft, expected_version=0, at=NOW)
    assert {ask(api, f"/v1/articles/{draft.id}?version={version}")["statusCode"] for version in (1, 9)} == {404}


# ------------------------------------------------------------------------------------------------- several languages


@pytest.fixture
def languages(language: str) -> list[str]:
    return [f"{language.partition('-')[0]}-{region}" for region in ("AD", "MC", "SM")]


def test_several_languages_are_one_feed_that_misses_nothing_and_keeps_the_order_of_each(
    api: Api, stack: Stack, languages: list[str], an_article: MakeArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "PAGE", 4)
    monkeypatch.setattr(changes, "_MORE_QUERIES", 0)
    written: dict[str, list[str]] = {each: [] for each in languages}
    for minute, at in enumerate([0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 2]):
        article = an_article(language=languages[at])
        stack.store().save(article, expected_version=0, at=NOW + dt.timedelta(minutes=minute))
        written[languages[at]].append(article.id)
    asked = "&language=".join(languages)
    found, cursor = feed(api, asked)
    assert {each: [entry["id"] for entry in found if entry["language"] == each] for each in languages} == written
    assert len(found) == 11
    assert feed(api, asked, cursor) == ([], cursor)
    assert feed(api, asked, "now") == ([], cursor)
    late = an_article(language=languages[2])
    stack.store().save(late, expected_version=0, at=NOW)
    assert [entry["id"] for entry in feed(api, asked, cursor)[0]] == [late.id]
    assert ask(api, f"/v1/changes?language={languages[0]}&cursor={cursor}")["statusCode"] == 400
    headers = ask(api, f"/v1/changes?language={','.join(languages)}")["headers"]
    assert headers["x-amz-meta-cache-tags"] == ",".join(f"changes:{each}" for each in languages)
    assert headers["content-language"] == ", ".join(languages)


def test_all_languages_are_those_of_the_publisher(api: Api, store: ArticleStore, an_article: MakeArticle) -> None:
    _, cursor = feed(api, "*", "now")
    written = [an_article(language=each) for each in ("fa-AF", "en", "uz")]
    for article in written:
        store.save(article, expected_version=0, at=NOW)
    assert {entry["id"] for entry in feed(api, "*", cursor)[0]} == {article.id for article in written}
