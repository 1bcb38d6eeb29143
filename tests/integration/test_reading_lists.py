"""Lists as apps page through them, over the real table."""

import datetime as dt
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from content_api.aws import clients
from content_api.aws.dynamodb import Table
from content_api.content.article import Article
from content_api.names.keys import list_partition
from content_api.reader_api import pages as pages_module
from content_store.articles import ArticleStore
from gateway.stack import Stack
from newsroom import articles as stories
from newsroom.loading import load
from simulated_edge.requests import SECRET, ask, body, pages
from thoroughness import examples

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type MakeArticle = Callable[..., Article]

NOW = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)


def ids(api: Api, target: str) -> list[str]:
    return [card["id"] for page in pages(api, target) for card in page["articles"]]


@pytest.fixture(scope="module")
def api(reading: Callable[..., Api]) -> Api:
    return reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)


def in_language(language: str, count: int) -> list[Article]:
    """Stories retold in a language of the test's own, newest first."""
    return [
        each.model_copy(update={"id": f"{language}-{each.id}", "language": language, "url": None, "translations": ()})
        for each in stories(count * 4)[::4]
    ]


@pytest.fixture(scope="module")
def shared(stack: Stack) -> tuple[str, list[Article]]:
    """A language with 45 articles that no test changes."""
    language = "eu"
    made = in_language(language, 45)
    load(made, table=stack.table, bucket=stack.bucket, at=NOW)
    return language, made


def test_a_list_shows_cards_newest_first_and_all_that_a_list_needs(api: Api, shared: tuple[str, list[Article]]) -> None:
    language, published = shared
    page = body(ask(api, f"/v1/articles?language={language}"))
    assert [card["id"] for card in page["articles"]] == [article.id for article in published[:20]]
    assert page["next_cursor"]
    newest = published[0]
    assert newest.lead_image
    card = page["articles"][0]
    assert (card["headline"], card["standfirst"]) == (newest.headline, newest.standfirst)
    assert (card["section"], card["byline"][0]["name"]) == (newest.section, newest.byline[0].name)
    assert (card["published_at"], card["version"]) == ("2025-11-19T18:00:00Z", 1)
    assert card["lead_image"]["alt"] == newest.lead_image.alt
    assert card["lead_image"]["caption"] == newest.lead_image.caption
    assert card["lead_image"]["credit"] == newest.lead_image.credit
    assert len(card["lead_image"]["renditions"]) == 3


@pytest.mark.parametrize("limit", [1, 7, 44, 45, 46, 50])
@pytest.mark.parametrize("order", ["-published", "published"])
def test_pages_of_any_size_bring_each_article_once_and_end_with_the_last(
    api: Api, limit: int, order: str, shared: tuple[str, list[Article]]
) -> None:
    language, published = shared
    expected = [article.id for article in published]
    target = f"/v1/articles?language={language}&limit={limit}&order={order}"
    found = list(pages(api, target))
    assert [card["id"] for page in found for card in page["articles"]] == (
        expected if order == "-published" else expected[::-1]
    )
    assert all(page["articles"] for page in found)


def test_the_link_header_leads_through_the_same_pages(api: Api, shared: tuple[str, list[Article]]) -> None:
    language, published = shared
    target = f"/v1/articles?language={language}&limit=20&notice=always"
    found: list[str] = []
    while target:
        response = ask(api, target)
        found += [card["id"] for card in body(response)["articles"]]
        link = response["headers"].get("link", "")
        (target,) = [each.partition(">")[0].lstrip("<") for each in link.split(", ") if 'rel="next"' in each] or [""]
    assert found == [article.id for article in published]


def test_combinations_are_those_of_all_that_fit(api: Api, shared: tuple[str, list[Article]]) -> None:
    language, published = shared
    wanted: dict[str, Callable[[Article], bool]] = {
        "section=%20culture": lambda a: a.section == "Culture",
        "section=Science&tag=RIVERS": lambda a: a.section == "Science",
        "author=mira%20halvorsen&section=Society": lambda a: (
            a.byline[0].name == "Mira Halvorsen" and a.section == "Society"
        ),
        "author=Mira%20Halvorsen&tag=theatre&section=Economy": lambda _: False,
        "tag=craft&from=2025-11-12&to=2025-11-15": lambda a: (
            "craft" in a.tags and "2025-11-12" <= str(a.published_at)[:10] <= "2025-11-15"
        ),
        "section=nothing": lambda _: False,
    }
    for asked, fits in wanted.items():
        expected = [article.id for article in published if fits(article)]
        assert ids(api, f"/v1/articles?language={language}&limit=3&{asked}") == expected


def test_a_span_of_time_has_both_its_ends(api: Api, shared: tuple[str, list[Article]]) -> None:
    language, published = shared
    at = published[4].published_at
    assert at
    instant = at.isoformat().replace("+00:00", "Z")
    base = f"/v1/articles?language={language}&limit=50"
    assert ids(api, f"{base}&from={instant}") == [article.id for article in published[:5]]
    assert ids(api, f"{base}&to={instant}")[0] == published[4].id
    assert ids(api, f"{base}&from={instant}&to={instant}") == [published[4].id]
    assert ids(api, f"{base}&from={at.date()}&to={at.date()}") == [
        article.id for article in published if article.published_at and article.published_at.date() == at.date()
    ]
    elsewhere = at.astimezone(dt.timezone(dt.timedelta(hours=5))).isoformat().replace("+", "%2B")
    assert ids(api, f"{base}&from={elsewhere}&to={elsewhere}") == [published[4].id]


def test_looking_for_what_is_rare_takes_a_bounded_number_of_reads_and_says_that_it_goes_on(
    reading: Callable[..., Api],
    stack: Stack,
    language: str,
    an_article: MakeArticle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages_module, "_LOOKED_AT_AT_ONCE", 10)
    many = [
        an_article(language=language, byline=[{"name": "Busy"}], published_at=NOW - dt.timedelta(minutes=number))
        for number in range(45)
    ]
    rare = an_article(language=language, byline=[{"name": "Busy"}], section="Rare", published_at="2020-01-01T00:00:00Z")
    load([*many, rare], table=stack.table, bucket=stack.bucket, at=NOW)
    table = Counting(stack.table)
    counted = reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, table=table)
    target = f"/v1/articles?language={language}&author=Busy&section=Rare"
    first = body(ask(counted, target))
    assert table.asked <= 4
    assert (first["articles"], bool(first["next_cursor"])) == ([], True)
    assert ids(counted, target) == [rare.id]


class Counting(Table):
    """A table that counts what is asked of it."""

    def __init__(self, name: str) -> None:
        import os  # noqa: PLC0415 - the environment of the running stack

        super().__init__(name, os.environ)
        self.asked = 0

    def query(self, partition: str, **asked: Any) -> Any:
        self.asked += 1
        return super().query(partition, **asked)


def test_a_list_of_20_is_one_query_of_at_most_6_read_units(
    reading: Callable[..., Api], stack: Stack, shared: tuple[str, list[Article]]
) -> None:
    language, _ = shared
    table = Counting(stack.table)
    counted = reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, table=table)
    assert len(body(ask(counted, f"/v1/articles?language={language}"))["articles"]) == 20
    assert table.asked == 1
    partition: Any = {":pk": {"S": list_partition(language)}}
    items: Any = clients.dynamodb().query(
        TableName=stack.table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues=partition, Limit=21
    )["Items"]
    # An item's size: the bytes of its attributes' names and values (DynamoDB's developer guide, "Item sizes"); a
    # consistent read takes a unit for each 4 KB of them together.
    size = sum(len(name) + _size(value) for item in items for name, value in item.items())
    assert -(-size // 4096) <= 6
    assert size / len(items) < 1000


def _size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    return (
        sum(len(each.encode()) for each in content)
        if kind == "SS"
        else len(content if kind == "B" else content.encode())
    )


def test_what_has_no_date_comes_after_all_others_and_is_within_no_span(
    api: Api, store: ArticleStore, language: str, an_article: MakeArticle
) -> None:
    undated = an_article(language=language, published_at=None)
    old = an_article(language=language, published_at="1953-03-01T00:00:00Z")
    for article in (undated, old):
        store.save(article, expected_version=0, at=NOW)
    base = f"/v1/articles?language={language}&limit=1"
    assert ids(api, base) == [old.id, undated.id]
    assert ids(api, f"{base}&order=published") == [undated.id, old.id]
    assert ids(api, f"{base}&to=2025-01-01") == ids(api, f"{base}&from=1900-01-01") == [old.id]


# ------------------------------------------------------------------------------------------------------ parameters


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("", ["language"]),
        ("language=", ["language"]),
        ("language=english", ["language"]),
        ("language=en&language=russian", ["language"]),
        ("language=en,", ["language"]),
        ("language=" + ",".join(f"a{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(31)), ["language"]),
        ("language=en&type=podcast", ["type"]),
        ("language=en&ids=", ["ids"]),
        ("language=en&ids=a&ids=B", ["ids"]),
        ("language=en&ids=" + ",".join(f"a{number}" for number in range(51)), ["ids"]),
        ("language=en&ids=a&tag=b&limit=3", ["limit", "tag"]),
        ("language=en&updated_since=2025-11-01", ["updated_since"]),
        ("language=en&updated_since=2025-11-01&order=published", ["updated_since"]),
        ("language=en&order=updated&from=2025-11-01", ["from"]),
        ("language=en&limit=0", ["limit"]),
        ("language=en&limit=51", ["limit"]),
        ("language=en&limit=١٠", ["limit"]),
        ("language=en&limit=99999999999999999999", ["limit"]),
        ("language=en&order=modified", ["order"]),
        ("language=en&from=yesterday", ["from"]),
        ("language=en&from=2025-02-30", ["from"]),
        ("language=en&from=2025-11-20T10:00:00", ["from"]),
        ("language=en&from=0001-01-01T00:00:00%2B14:00", ["from"]),
        ("language=en&from=2025-11-20&to=2025-11-19", ["to"]),
        ("language=en&section=", ["section"]),
        ("language=en&tag=" + "x" * 501, ["tag"]),
        ("language=en&cursor=%2A", ["cursor"]),
        ("language=en&cursor=" + "x" * 601, ["cursor"]),
        ("language=en&fields=headlines", ["fields"]),
        ("language=en&fields=a..b", ["fields"]),
        ("language=en&fields=" + "id," * 400 + "id", ["fields"]),
        ("limit=x&order=y&colour=z&fields=nothing", ["colour", "fields", "language", "limit", "order"]),
    ],
)
def test_every_parameter_at_fault_is_named_at_once(api: Api, query: str, parameters: list[str]) -> None:
    response = ask(api, f"/v1/articles?{query}")
    problem = json.loads(response["body"])
    assert (response["statusCode"], problem["code"]) == (400, "invalid-parameters")
    assert sorted(each["parameter"] for each in problem["errors"]) == parameters
    assert all(each["detail"] for each in problem["errors"])
    assert problem["type"] == "https://content.example.org/v1/docs#invalid-parameters"


@pytest.mark.parametrize("name", ["section", "tag", "author"])
@pytest.mark.parametrize("value", ["%FF", "caf%E9", "a%C3%28", "%ED%A0%80"])
def test_a_name_that_is_not_in_utf8_is_no_name_that_nobody_has(api: Api, name: str, value: str) -> None:
    """API Gateway decodes it to U+FFFD, which such a name may have: the query string itself tells the two apart."""
    for query in (f"language=en&{name}={value}", f"language=en&{name}=a&{name}={value}"):
        answer = ask(api, f"/v1/articles?{query}")
        assert answer["statusCode"] == 400
        assert [(each["parameter"], "UTF-8" in each["detail"]) for each in json.loads(answer["body"])["errors"]] == [
            (name, True)
        ]
    assert ask(api, f"/v1/articles?language=en&{name}=%EF%BF%BD")["statusCode"] == 200


def test_an_unknown_parameter_is_told_the_known_ones(api: Api) -> None:
    (error,) = json.loads(ask(api, "/v1/breaking?language=en&limit=3")["body"])["errors"]
    assert error["detail"] == "unknown parameter 'limit': this path knows only language, fields, notice"


def test_fields_choose_what_of_the_cards_comes_and_the_notices_always(
    api: Api, shared: tuple[str, list[Article]]
) -> None:
    language, _ = shared
    target = f"/v1/articles?language={language}&limit=2&fields=id,lead_image.renditions.width,lead_image.alt"
    page = body(ask(api, target, place="ru"))
    assert page["legal_notices"][0]["must_display"]
    for card in page["articles"]:
        assert card.keys() == {"id", "lead_image"}
        assert card["lead_image"].keys() == {"alt", "renditions"}
        assert [each.keys() for each in card["lead_image"]["renditions"]] == [{"width"}] * 3


def test_a_cursor_belongs_to_its_query(api: Api, shared: tuple[str, list[Article]]) -> None:
    language, _ = shared
    target = f"/v1/articles?language={language}&limit=2"
    cursor = body(ask(api, target))["next_cursor"]
    assert ask(api, f"/v1/articles?language={language}&limit=9&cursor={cursor}")["statusCode"] == 200
    for other in (f"{target}&order=published", f"{target}&section=Culture", f"{target}&to=2026-01-01"):
        assert ask(api, f"{other}&cursor={cursor}")["statusCode"] == 400
    assert ask(api, f"/v1/articles?language=en&cursor={cursor}")["statusCode"] == 400
    assert ask(api, f"/v1/changes?language={language}&cursor={cursor}")["statusCode"] == 400


def test_an_altered_cursor_is_refused_wherever_it_was_altered(api: Api, shared: tuple[str, list[Article]]) -> None:
    language, _ = shared
    target = f"/v1/articles?language={language}&limit=2"
    cursor = body(ask(api, target))["next_cursor"]
    for at, old in enumerate(cursor[:-1]):  # of the last character some bits are padding
        altered = cursor[:at] + ("A" if old != "A" else "B") + cursor[at + 1 :]
        assert ask(api, f"{target}&cursor={altered}")["statusCode"] == 400
    for cut in (cursor[:-1], cursor[1:], cursor + "AAAA", "AAAA", "A"):
        assert ask(api, f"{target}&cursor={cut}")["statusCode"] == 400


def test_a_cursor_holds_for_a_day(reading: Callable[..., Api], shared: tuple[str, list[Article]]) -> None:
    language, _ = shared
    target = f"/v1/articles?language={language}&limit=2"
    now = NOW.timestamp()
    at = {
        hours: reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, clock=lambda h=hours: now + h * 3600)
        for hours in (0, 24, 26)
    }
    cursor = body(ask(at[0], target))["next_cursor"]
    assert ask(at[24], f"{target}&cursor={cursor}")["statusCode"] == 200
    refused = json.loads(ask(at[26], f"{target}&cursor={cursor}")["body"])
    assert "more than a day old" in refused["detail"]


# -------------------------------------------------------------------------------------------- conditional requests


def test_a_list_that_has_not_changed_is_not_sent_again(
    api: Api, stack: Stack, store: ArticleStore, language: str
) -> None:
    published = in_language(language, 5)
    load(published, table=stack.table, bucket=stack.bucket, at=NOW)
    target = f"/v1/articles?language={language}"
    first = ask(api, target)
    tag = first["headers"]["etag"]
    assert ask(api, target, if_none_match=tag)["statusCode"] == 304
    assert ask(api, target, place="ru", if_none_match=tag)["statusCode"] == 200
    store.withdraw(published[3].id, expected_version=1, at=NOW)
    changed = ask(api, target, if_none_match=tag)
    assert changed["statusCode"] == 200
    assert published[3].id not in changed["body"]
    assert first["headers"]["x-amz-meta-cache-tags"] == f"list:{language}:all"


def test_head_answers_as_get_does(api: Api, shared: tuple[str, list[Article]]) -> None:
    target = f"/v1/articles?language={shared[0]}"
    assert ask(api, target, method="HEAD") == ask(api, target) | {"body": ""}


# Breaking news ----------------------------------------------------------------------------------------------------


def test_breaking_news_ends_by_itself(
    reading: Callable[..., Api], store: ArticleStore, language: str, an_article: MakeArticle
) -> None:
    first = an_article(language=language, breaking_until=NOW + dt.timedelta(hours=1))
    second = an_article(language=language, breaking_until=NOW + dt.timedelta(hours=3))
    for article in (first, second):
        store.save(article, expected_version=0, at=NOW)

    def breaking(minutes: int) -> list[str]:
        seconds = (NOW + dt.timedelta(minutes=minutes)).timestamp()
        api = reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, clock=lambda: seconds)
        return [card["id"] for card in body(ask(api, f"/v1/breaking?language={language}"))["articles"]]

    assert breaking(0) == breaking(59) == [second.id, first.id]
    assert breaking(61) == [second.id]
    assert breaking(181) == []


# Editors at work while readers page


class Newsroom(RuleBasedStateMachine):
    """Editors publish, correct and withdraw between the pages that a reader asks for."""

    stack: Stack
    reading: Callable[..., Api]
    known = Bundle("known")

    def __init__(self) -> None:
        super().__init__()
        self.api = self.reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)
        self.store = self.stack.store()
        self.language = next(_languages_of_machines)
        self.numbers = itertools.count()
        self.versions: dict[str, int] = {}
        self.untouched: set[str] = set()
        self.seen: list[str] = []
        self.cursor: str | None = ""

    def _name(self, number: int) -> str:
        return f"{self.language}-{number}".lower()

    def _article(self, number: int, minute: int, headline: str = "First") -> Article:
        return Article.model_validate(
            {
                "id": self._name(number),
                "language": self.language,
                "headline": headline,
                "published_at": NOW - dt.timedelta(minutes=minute),
                "body": [{"type": "paragraph", "html": "Text."}],
            }
        )

    @initialize(minutes=st.lists(st.integers(0, 30), max_size=12))
    def some_are_there(self, minutes: list[int]) -> None:
        for minute in minutes:
            number = next(self.numbers)
            self.store.save(self._article(number, minute), expected_version=0, at=NOW)
            self.versions[self._name(number)] = 1
            self.untouched.add(self._name(number))

    @rule(target=known, minute=st.integers(0, 30))
    def publish(self, minute: int) -> tuple[int, int]:
        number = next(self.numbers)
        self.store.save(self._article(number, minute), expected_version=0, at=NOW)
        self.versions[self._name(number)] = 1
        return number, minute

    @rule(article=known, minute=st.none() | st.integers(0, 30))
    def correct(self, article: tuple[int, int], minute: int | None) -> None:
        number, published = article
        name = self._name(number)
        if self.versions[name] < 0:
            return
        changed = self._article(number, published if minute is None else minute, "Corrected")
        self.versions[name] = self.store.save(changed, expected_version=self.versions[name], at=NOW)

    @rule(article=known)
    def withdraw(self, article: tuple[int, int]) -> None:
        name = self._name(article[0])
        if self.versions[name] > 0:
            self.store.withdraw(name, expected_version=self.versions[name], at=NOW)
            self.versions[name] = -1

    @rule(limit=st.integers(1, 5))
    def read_a_page(self, limit: int) -> None:
        if self.cursor is None:
            return
        target = f"/v1/articles?language={self.language}&limit={limit}"
        page = body(ask(self.api, f"{target}&cursor={self.cursor}" if self.cursor else target))
        shown = [card["id"] for card in page["articles"]]
        withdrawn = {name for name, version in self.versions.items() if version < 0}
        assert not withdrawn & set(shown)
        self.seen += shown
        self.cursor = page["next_cursor"]

    @invariant()
    def what_stays_as_it_is_comes_once(self) -> None:
        stayed = [name for name in self.seen if name in self.untouched]
        assert len(stayed) == len(set(stayed))

    def teardown(self) -> None:
        while self.cursor is not None:
            self.read_a_page(3)
        assert self.untouched <= set(self.seen)
        self.what_stays_as_it_is_comes_once()


_languages_of_machines = (
    f"{language}-{country}"
    for language in "fi fo fr fy ga gd gl gn gu ha he hi hr ht ia id ig ii is it".split()
    for country in "AT BE CH DE ES FR GB GR IE IT LU MT NL PT SE US CA AU NZ IN".split()
)


@pytest.mark.sampled
def test_no_duplicate_and_no_gap_while_editors_are_at_work(stack: Stack, reading: Callable[..., Api]) -> None:
    Newsroom.stack, Newsroom.reading = stack, staticmethod(reading)  # pyright: ignore[reportAttributeAccessIssue] - hypothesis makes the machines
    run_state_machine_as_test(
        Newsroom, settings=settings(max_examples=examples(6, 20), stateful_step_count=15, deadline=None)
    )
