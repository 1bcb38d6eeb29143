"""Where the store puts an article beside its own item, and takes it from: in one transaction or not at all."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from content_api.aws import clients
from content_api.content.addresses import NotAnAddress, comparable
from content_api.content.article import MAXIMUM_ALIASES, MAXIMUM_BYLINES, MAXIMUM_TAGS, Article
from content_api.names.cache_tags import list_tag
from content_api.names.keys import facet, position, url_key
from content_store.articles import ArticleStore
from content_store.errors import AddressTaken, LanguageFixed, StoreBusy, VersionConflict
from content_store.placement import addresses, placement
from content_store.transactions import Transactions
from content_store.versions import Source
from gateway.stack import Stack

type MakeArticle = Callable[..., Article]


def standing(stack: Stack, article_id: str) -> dict[str, set[str]]:
    """The partitions in which the article stands, by kind."""
    found: dict[str, set[str]] = {"LIST": set(), "URL": set(), "CHANGE": set(), "ARTICLE": set(), "DRAFTS": set()}
    for page in clients.dynamodb().get_paginator("scan").paginate(TableName=stack.table):
        for item in page["Items"]:
            named: Any = item
            partition, position_ = named["pk"]["S"], named["sk"]["S"]
            kind = partition.partition("#")[0]
            holder = named.get("id", {}).get("S", "")
            in_entry = f'"{article_id}"' in named.get("entry", {}).get("S", "")
            if (
                partition == f"ARTICLE#{article_id}"
                or position_.endswith(f"#{article_id}")
                or holder == article_id
                or in_entry
            ):
                found[kind].add(f"{partition} {position_}")
    return found


def test_an_article_stands_on_each_of_its_lists_and_leaves_those_it_is_no_longer_on(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    until = dt.datetime(2025, 11, 20, 14, 0, tzinfo=dt.UTC)
    article = an_article(section="Culture", tags=["A B", "a  b", "C"], byline=[{"name": "Ann"}], breaking_until=until)
    store.save(article, expected_version=0, at=now)
    at = f"2025-11-20T08:00:00.000000Z#{article.id}"
    assert standing(stack, article.id)["LIST"] == {
        f"LIST#en#all {at}",
        f"LIST#en#section#culture {at}",
        f"LIST#en#tag#a b {at}",
        f"LIST#en#tag#c {at}",
        f"LIST#en#author#ann {at}",
        f"LIST#en#type#article {at}",
        f"LIST#en#updated {at}",
        f"LIST#en#breaking 2025-11-20T14:00:00.000000Z#{article.id}",
    }
    changed = {"section": "Science", "tags": (), "breaking_until": None, "published_at": until}
    store.save(article.model_copy(update=changed), expected_version=1, at=now)
    at = f"2025-11-20T14:00:00.000000Z#{article.id}"
    assert standing(stack, article.id)["LIST"] == {
        f"LIST#en#all {at}",
        f"LIST#en#section#science {at}",
        f"LIST#en#author#ann {at}",
        f"LIST#en#type#article {at}",
        f"LIST#en#updated {at}",
    }
    store.withdraw(article.id, expected_version=2, at=now)
    assert standing(stack, article.id)["LIST"] == set()
    assert len(standing(stack, article.id)["CHANGE"]) == 3


def test_a_draft_stands_on_the_editors_list_alone(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    article = an_article(status="draft", section="Culture", url="https://news.example.org/a/draft")
    store.save(article, expected_version=0, at=now)
    found = standing(stack, article.id)
    assert (found["LIST"], found["URL"], found["CHANGE"]) == (set(), set(), set())
    assert found["DRAFTS"] == {f"DRAFTS#en {article.id}"}
    store.save(article.model_copy(update={"status": "published"}), expected_version=1, at=now)
    assert standing(stack, article.id)["DRAFTS"] == set()


def test_an_address_belongs_to_one_article(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    first = an_article(url="https://news.example.org/a/one")
    store.save(first, expected_version=0, at=now)
    second = an_article(url="https://news.example.org/a/two", aliases=["http://www.news.example.org/a/one/"])
    with pytest.raises(AddressTaken, match=first.id):
        store.save(second, expected_version=0, at=now)
    assert standing(stack, second.id) == {
        "LIST": set(),
        "URL": set(),
        "CHANGE": set(),
        "ARTICLE": set(),
        "DRAFTS": set(),
    }
    assert store.save(second.model_copy(update={"aliases": ()}), expected_version=0, at=now) == 1


def test_an_article_stays_in_its_language(store: ArticleStore, an_article: MakeArticle, now: dt.datetime) -> None:
    article = an_article()
    store.save(article, expected_version=0, at=now)
    with pytest.raises(LanguageFixed, match="make another article"):
        store.save(article.model_copy(update={"language": "ru"}), expected_version=1, at=now)


def cancelled(*codes: str) -> ClientError:
    reasons = [{"Code": code} for code in codes]
    response: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
    return clients.dynamodb().exceptions.TransactionCanceledException(response, "TransactWriteItems")


class Failing:
    """A client whose next transactions fail as told."""

    def __init__(self, failures: list[Exception]) -> None:
        self._client = clients.dynamodb()
        self._failures: Iterator[Exception] = iter(failures)
        self.exceptions = self._client.exceptions

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **request: Any) -> Any:
        for failure in self._failures:
            if "TransactionCanceledException" in str(failure):
                raise self._client.exceptions.TransactionCanceledException(failure.response, "TransactWriteItems")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType] - of ClientError
            raise failure
        return self._client.transact_write_items(**request)


def store_failing(stack: Stack, failures: list[Exception]) -> ArticleStore:
    failing: Any = Failing(failures)
    return ArticleStore(failing, clients.s3(), table=stack.table, bucket=stack.bucket)


def test_another_writers_turn_is_waited_for(stack: Stack, an_article: MakeArticle, now: dt.datetime) -> None:
    others = [cancelled("None", "None", "ConditionalCheckFailed", "None"), cancelled("TransactionConflict", "None")]
    article = an_article()
    assert store_failing(stack, [*others]).save(article, expected_version=0, at=now) == 1
    assert len(standing(stack, article.id)["CHANGE"]) == 1


def test_a_version_that_another_wrote_is_a_conflict(stack: Stack, an_article: MakeArticle, now: dt.datetime) -> None:
    failing = store_failing(stack, [cancelled("ConditionalCheckFailed", "None", "ConditionalCheckFailed", "None")])
    with pytest.raises(VersionConflict):
        failing.save(an_article(), expected_version=0, at=now)


def test_who_never_gets_a_turn_is_told_so_and_nothing_was_written(
    stack: Stack, an_article: MakeArticle, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("content_store.transactions._TURNS", 3)
    article = an_article()
    with pytest.raises(StoreBusy, match="Try again"):
        store_failing(stack, [cancelled("TransactionConflict")] * 3).save(article, expected_version=0, at=now)
    assert not any(standing(stack, article.id).values())


def test_what_fails_otherwise_fails(stack: Stack, an_article: MakeArticle, now: dt.datetime) -> None:
    with pytest.raises(ClientError, match="TransactionCanceled"):
        store_failing(stack, [cancelled("ThrottlingError", "None")]).save(an_article(), expected_version=0, at=now)
    denied = ClientError({"Error": {"Code": "AccessDeniedException"}}, "TransactWriteItems")
    with pytest.raises(ClientError, match="AccessDenied"):
        store_failing(stack, [denied]).save(an_article(), expected_version=0, at=now)


printable = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
texts = st.text(printable, min_size=1, max_size=30).filter(lambda text: text.strip())


@given(
    tags=st.lists(texts, max_size=MAXIMUM_TAGS),
    authors=st.lists(texts, max_size=MAXIMUM_BYLINES),
    section=st.none() | texts,
    aliases=st.lists(st.integers(0, 30), max_size=MAXIMUM_ALIASES),
)
def test_whatever_an_article_has_one_transaction_holds_its_replacement(
    tags: list[str], authors: list[str], section: str | None, aliases: list[int]
) -> None:
    article = Article.model_validate(
        {
            "id": "a",
            "language": "en",
            "headline": "A",
            "section": section,
            "tags": tags,
            "byline": [{"name": name} for name in authors],
            "aliases": [f"https://news.example.org/{number}" for number in aliases],
            "url": "https://news.example.org/a",
            "breaking_until": "2025-11-20T08:00:00Z",
            "body": [{"type": "paragraph", "html": "Text."}],
        }
    )
    placed = placement(article)
    assert placed
    assert len(placed.keys()) <= 28
    assert len(addresses(article)) == len(set(addresses(article))) <= 21
    # the article, its addresses, cards before and after, the catalogue before and after, the number and the change
    assert 1 + 21 + 28 + 28 + 6 + 6 + 2 <= 100


@given(texts)
def test_a_facets_value_is_the_same_however_it_is_written(text: str) -> None:
    assert facet("tag", text) == facet("tag", f"  {text} ") == facet("tag", text.upper().lower()) or not text.isascii()
    assert facet("tag", text).removeprefix("tag#") == facet("", facet("tag", text).removeprefix("tag#"))[1:]


@given(texts)
def test_a_lists_cache_tag_is_one_that_cloudfront_takes(text: str) -> None:
    tag = list_tag("sr-Latn", facet("section", text))
    assert len(tag) <= 256
    assert all(33 <= ord(character) <= 126 and character != "," for character in tag)


@given(st.datetimes(timezones=st.timezones()), st.datetimes(timezones=st.timezones()))
def test_positions_sort_as_the_instants_do(one: dt.datetime, other: dt.datetime) -> None:
    try:
        first, second = one.astimezone(dt.UTC), other.astimezone(dt.UTC)
    except OverflowError:
        return
    assert (position(first, "a") < position(second, "a")) == (first < second)
    assert position(None, "a") < position(first, "a")


def test_addresses_that_differ_stay_apart() -> None:
    different = ["a", "b", "A", "a?x=1", "a?x=2", "a?y=1", "a/b", "a.html", "ampere", "a/amps", "%D1%8F", "?a"]
    assert len({comparable(f"https://news.example.org/{path}") for path in different}) == len(different)
    assert comparable("https://news.example.org:8443/a") != comparable("https://news.example.org/a")


@given(st.text(max_size=60))
def test_any_text_has_a_comparable_form_that_stays_or_is_no_address(text: str) -> None:
    try:
        form = comparable(f"https://news.example.org/{text}")
    except NotAnAddress:
        return
    assert comparable(f"https://{form}") == form
    with pytest.raises(NotAnAddress):
        comparable(f"javascript://{text}")


# -------------------------------------------------------------------------------------------------- The catalogue


def catalogued(stack: Stack, language: str) -> dict[str, list[str]]:
    """The words of the entries of a language that are listed, by partition."""
    found: dict[str, list[str]] = {}
    for partition in ("SECTIONS", "NEWSLETTERS"):
        items: Any = clients.dynamodb().query(
            TableName=stack.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :language)",
            ExpressionAttributeValues={":pk": {"S": partition}, ":language": {"S": f"{language}#"}},
        )["Items"]
        entries = [json.loads(each["entry"]["S"]) for each in items if "is_empty" not in each]
        found[partition] = [f"{each['name']} {each.get('description', '')}".strip() for each in entries]
    return found


def offering(words: str) -> list[dict[str, Any]]:
    return [
        {"type": "promotion", "name": "The Letter", "description": words},
        {"type": "paragraph", "html": "Text."},
    ]


def test_the_catalogue_has_the_words_of_the_last_article_and_nothing_that_was_refused_or_withdrawn(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    language = "rm"
    first = an_article(language=language, section="Culture", body=offering("A"))
    second = an_article(language=language, section="CULTURE", body=offering("B"))
    draft = an_article(language=language, section="Secret", status="draft", body=offering("C"))
    for each in (first, second, draft):
        store.save(each, expected_version=0, at=now)
    assert catalogued(stack, language) == {"SECTIONS": ["CULTURE"], "NEWSLETTERS": ["The Letter B"]}
    store.save(first.model_copy(update={"headline": "Again"}), expected_version=1, at=now)
    assert catalogued(stack, language) == {"SECTIONS": ["Culture"], "NEWSLETTERS": ["The Letter A"]}
    refused = an_article(language=language, section="Refused", url="https://news.example.org/cat", id=first.id)
    with pytest.raises(VersionConflict):
        store.save(refused, expected_version=0, at=now)
    store.withdraw(first.id, expected_version=2, at=now)
    assert catalogued(stack, language) == {"SECTIONS": ["CULTURE"], "NEWSLETTERS": ["The Letter B"]}
    store.save(second.model_copy(update={"section": "Science"}), expected_version=1, at=now)
    assert catalogued(stack, language) == {"SECTIONS": ["Science"], "NEWSLETTERS": ["The Letter B"]}
    store.withdraw(second.id, expected_version=2, at=now)
    assert catalogued(stack, language) == {"SECTIONS": [], "NEWSLETTERS": []}
    store.reinstate(second.id, expected_version=3, at=now)
    assert catalogued(stack, language) == {"SECTIONS": ["Science"], "NEWSLETTERS": ["The Letter B"]}


def test_a_section_that_somebody_joins_as_the_last_article_leaves_it_stays(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking at the list and the transaction, another article comes."""
    language = "ee"
    leaving, joining = (an_article(language=language, section="Culture") for _ in range(2))
    store.save(leaving, expected_version=0, at=now)
    newest_listed = Transactions._newest_listed  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - where the race is
    coming = iter([joining])

    def looked_at(transactions: Transactions, of: str, name: str) -> list[Any]:
        found = newest_listed(transactions, of, name)
        for each in coming:
            stack.store().save(each, expected_version=0, at=now)
        return found

    monkeypatch.setattr(Transactions, "_newest_listed", looked_at)
    store.withdraw(leaving.id, expected_version=1, at=now)
    assert catalogued(stack, language)["SECTIONS"] == ["Culture"]


# ------------------------------------------------------------------------------------------------- Whose an address is


ADDRESS = "https://news.example.org/moves/{}"


def leads_to(stack: Stack, address: str) -> str:
    key: Any = {name: {"S": value} for name, value in url_key(comparable(address)).items()}
    found: Any = clients.dynamodb().get_item(TableName=stack.table, Key=key, ConsistentRead=True)
    return found["Item"]["id"]["S"]


def test_an_address_that_its_article_names_no_more_leads_to_it_until_another_names_it(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    old, new = ADDRESS.format("old"), ADDRESS.format("new")
    first, second = an_article(url=old), an_article(url=old)
    store.save(first, expected_version=0, at=now)
    with pytest.raises(AddressTaken, match=f"Take the address out of {first.id} first"):
        store.save(second, expected_version=0, at=now)
    store.save(first.model_copy(update={"url": new}), expected_version=1, at=now)
    assert leads_to(stack, old) == first.id
    assert store.save(second, expected_version=0, at=now) == 1
    assert (leads_to(stack, old), leads_to(stack, new)) == (second.id, first.id)
    with pytest.raises(AddressTaken, match=second.id):
        store.save(first, expected_version=2, at=now)


def test_an_editor_takes_the_address_of_what_was_withdrawn_and_no_file_does(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    address = ADDRESS.format("withdrawn")
    gone, other = an_article(url=address), an_article(url=address)
    store.save(gone, expected_version=0, at=now)
    store.withdraw(gone.id, expected_version=1, at=now)
    with pytest.raises(AddressTaken, match=f"An editor can name it in {other.id}"):
        store.take_in(other, Source("a.json", "1"), by="importing", at=now)
    assert store.save(other, expected_version=0, at=now) == 1
    assert leads_to(stack, address) == other.id
    with pytest.raises(AddressTaken, match=f"Take the address out of {other.id} first"):
        store.reinstate(gone.id, expected_version=2, at=now)
    store.save(other.model_copy(update={"url": None}), expected_version=1, at=now)
    assert store.reinstate(gone.id, expected_version=2, at=now) == 3
    assert leads_to(stack, address) == gone.id


def test_an_article_that_names_its_address_again_just_then_keeps_it(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = ADDRESS.format("again")
    first, second = an_article(url=address), an_article(url=address)
    store.save(first, expected_version=0, at=now)
    store.save(first.model_copy(update={"url": None}), expected_version=1, at=now)
    coming = iter([first])
    late = stack.store()
    recorded = late.records.recorded

    def looked_at(key: str) -> Any:
        found = recorded(key)
        for each in coming:
            store.save(each, expected_version=2, at=now)
        return found

    monkeypatch.setattr(late.records, "recorded", looked_at)
    with pytest.raises(AddressTaken, match=first.id):
        late.save(second, expected_version=0, at=now)
    assert leads_to(stack, address) == first.id
