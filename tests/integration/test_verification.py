"""What does not agree is found, said, and put right by the versions in S3; what agrees is left alone."""

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from content_api.aws import clients
from content_api.content.article import Article
from content_api.names.keys import article_key, change_key, draft_key, last_change_key, url_key
from content_api.store.articles import ArticleStore
from content_api.store.verification import Finding, Verification
from gateway.pump import Pump
from gateway.stack import Stack

type AnArticle = Callable[..., Article]


@pytest.fixture
def store(own_stack: Stack) -> ArticleStore:
    return own_stack.store()


@pytest.fixture
def verification(own_stack: Stack, store: ArticleStore) -> Verification:
    return Verification(store, clients.dynamodb(), clients.s3(), table=own_stack.table, bucket=own_stack.bucket)


@pytest.fixture(scope="module")
def pump(own_stack: Stack) -> Pump:
    return Pump(own_stack)


def findings(verification: Verification, *, repair: bool = False) -> list[Finding]:
    found: list[Finding] = []
    after = None
    while True:
        page = verification.page(after=after, limit=7, repair=repair)
        found += page.findings
        after = page.cursor
        if after is None:
            return found


class Table:
    """The table, changed behind the store's back."""

    def __init__(self, own_stack: Stack) -> None:
        self._dynamodb = clients.dynamodb()
        self._name = own_stack.table

    def item(self, key: dict[str, str]) -> dict[str, Any]:
        typed: Any = {name: {"S": value} for name, value in key.items()}
        found: Any = self._dynamodb.get_item(TableName=self._name, Key=typed, ConsistentRead=True)
        return found.get("Item", {})

    def put(self, item: dict[str, Any]) -> None:
        self._dynamodb.put_item(TableName=self._name, Item=item)

    def clear(self) -> None:
        """What is looked at is what the test made."""
        for item in self._dynamodb.scan(TableName=self._name)["Items"]:
            self._dynamodb.delete_item(TableName=self._name, Key={"pk": item["pk"], "sk": item["sk"]})

    def delete(self, key: dict[str, str]) -> None:
        typed: Any = {name: {"S": value} for name, value in key.items()}
        self._dynamodb.delete_item(TableName=self._name, Key=typed)


@pytest.fixture
def table(own_stack: Stack) -> Table:
    return Table(own_stack)


@pytest.fixture
def article(
    store: ArticleStore, pump: Pump, an_article: AnArticle, verification: Verification, table: Table, now: dt.datetime
) -> Iterator[Article]:
    """Published twice, among others in every state; all agree before and after."""
    made = an_article(section="Europe", tags=["bridge"], url=f"https://example.org/{next(_numbers)}")
    store.save(made, expected_version=0, at=now)
    store.save(made.model_copy(update={"headline": "Corrected"}), expected_version=1, at=now)
    draft, gone, back = an_article(status="draft"), an_article(), an_article()
    store.save(draft, expected_version=0, at=now)
    for each in (gone, back):
        store.save(each, expected_version=0, at=now)
        store.withdraw(each.id, expected_version=1, at=now)
    store.reinstate(back.id, expected_version=2, at=now)
    pump.turn()
    assert findings(verification) == []
    yield made
    assert findings(verification) == []
    table.clear()


_numbers = iter(range(1000))


def card_key(article: Article, facet: str = "all") -> dict[str, str]:
    return {"pk": f"LIST#en#{facet}", "sk": f"2025-11-20T08:00:00.000000Z#{article.id}"}


def check_repair(verification: Verification, *details: str) -> None:
    assert {each.detail for each in findings(verification)} == set(details)
    assert {(each.detail, each.is_repaired) for each in findings(verification, repair=True)} == {
        (detail, True) for detail in details
    }


def test_a_card_that_is_missing_comes_back(article: Article, table: Table, verification: Verification) -> None:
    before = table.item(card_key(article, "tag#bridge"))
    table.delete(card_key(article, "tag#bridge"))
    check_repair(verification, f"LIST#en#tag#bridge {card_key(article)['sk']} is missing")
    assert table.item(card_key(article, "tag#bridge")) == before


def test_a_card_that_says_something_else_is_put_right(
    article: Article, table: Table, verification: Verification
) -> None:
    table.put(table.item(card_key(article)) | {"card": {"B": b"nothing"}})
    check_repair(verification, f"LIST#en#all {card_key(article)['sk']} has another card")


def test_a_card_on_a_list_where_it_does_not_belong_goes(
    article: Article, table: Table, verification: Verification
) -> None:
    stray = card_key(article, "section#asia")
    table.put(table.item(card_key(article)) | {name: {"S": value} for name, value in stray.items()})
    check_repair(verification, f"{stray['pk']} {stray['sk']} should not be there")
    assert table.item(stray) == {}


def test_a_drafts_entry_for_what_is_no_draft_goes(article: Article, table: Table, verification: Verification) -> None:
    key = draft_key("en", article.id)
    table.put({name: {"S": value} for name, value in key.items()} | {"entry": {"S": "{}"}})
    check_repair(verification, f"DRAFTS#en {article.id} should not be there")


def test_an_address_that_leads_nowhere_comes_back(article: Article, table: Table, verification: Verification) -> None:
    assert article.url
    key = url_key(article.url.removeprefix("https://"))
    table.delete(key)
    check_repair(verification, f"{key['pk']} URL is missing")


def test_an_address_of_an_article_that_is_not_there_goes(
    article: Article, table: Table, verification: Verification
) -> None:
    assert article
    key = {name: {"S": value} for name, value in url_key("example.org/nobody").items()}
    table.put(key | {"id": {"S": "en-nobody"}, "address": {"S": "example.org/nobody"}})
    check_repair(verification, "URL#example.org/nobody URL should not be there")


def test_an_item_that_says_something_else_than_its_version_is_put_right(
    article: Article, table: Table, verification: Verification
) -> None:
    item = table.item(article_key(article.id))
    table.put(item | {"document": {"B": b""}, "is_edited": {"BOOL": True}})
    check_repair(verification, f"ARTICLE#{article.id} ARTICLE has another document")
    assert table.item(article_key(article.id)) == item


@pytest.mark.parametrize("damage", ["missing", "older"])
def test_a_copy_that_is_not_there_or_old_is_made(
    own_stack: Stack, article: Article, verification: Verification, damage: str
) -> None:
    key, s3 = f"current/{article.id}.json", clients.s3()
    if damage == "missing":
        s3.delete_object(Bucket=own_stack.bucket, Key=key)
    else:
        s3.put_object(Bucket=own_stack.bucket, Key=key, Body=b"{}", Metadata={"version": "1"})
    version = {"missing": 0, "older": 1}[damage]
    check_repair(verification, f"the copy for readers is at version {version}, not 2")


def test_a_document_in_s3_that_is_lost_comes_back_and_looking_writes_nothing(
    own_stack: Stack,
    article: Article,
    store: ArticleStore,
    pump: Pump,
    table: Table,
    verification: Verification,
    now: dt.datetime,
) -> None:
    paragraphs = [{"type": "paragraph", "html": secrets.token_hex(20_000)} for _ in range(30)]
    large = Article.model_validate(article.model_dump() | {"body": paragraphs})
    store.save(large, expected_version=2, at=now)
    pump.turn()
    s3, key = clients.s3(), table.item(article_key(article.id))["document_key"]["S"]
    for _ in range(2):
        assert findings(verification) == []
    versions = s3.list_object_versions(Bucket=own_stack.bucket, Prefix=key)["Versions"]
    assert len(versions) == 1
    content = s3.get_object(Bucket=own_stack.bucket, Key=key)["Body"].read()
    s3.delete_object(Bucket=own_stack.bucket, Key=key)
    check_repair(verification, f"ARTICLE#{article.id} ARTICLE has another document")
    assert s3.get_object(Bucket=own_stack.bucket, Key=key)["Body"].read() == content


def test_a_version_that_is_lost_is_said_and_nothing_stands_in_for_it(
    own_stack: Stack, article: Article, store: ArticleStore, verification: Verification
) -> None:
    key = store.latest(article.id).previous
    assert key
    s3 = clients.s3()
    content = s3.get_object(Bucket=own_stack.bucket, Key=key)["Body"].read()
    s3.delete_object(Bucket=own_stack.bucket, Key=key)
    detail = f"version 1 is not in S3, where it should be {key}"
    assert findings(verification, repair=True) == [Finding(article.id, detail)]
    s3.put_object(Bucket=own_stack.bucket, Key=key, Body=content)


def test_a_change_that_is_missing_is_said(article: Article, table: Table, verification: Verification) -> None:
    assert article
    last = int(table.item(last_change_key("en"))["number"]["N"])
    kept = [table.item(change_key("en", number)) for number in (last - 1, last)]
    table.delete(change_key("en", last - 1))
    assert f"changes {last - 1} to {last - 1} are missing" in {each.detail for each in findings(verification)}
    table.delete(change_key("en", last))
    assert f"the last change is {last - 2}, and {last} have been counted" in {
        each.detail for each in findings(verification, repair=True)
    }
    for item in kept:
        table.put(item)


def test_a_write_in_between_is_no_finding(
    article: Article, store: ArticleStore, verification: Verification, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = store.recorded
    writes = iter([3, 2])

    def recorded_and_written(key: str) -> Any:
        found = recorded(key)
        if found.id == article.id and (version := next(writes, 0)):
            store.save(
                article.model_copy(update={"headline": f"Written {version}", "tags": ()}),
                expected_version=store.current(article.id).version,
                at=dt.datetime.now(dt.UTC),
            )
        return found

    monkeypatch.setattr(store, "recorded", recorded_and_written)
    assert findings(verification) == []
    monkeypatch.undo()
    assert store.current(article.id).version == 4
    store.withdraw(article.id, expected_version=4, at=dt.datetime.now(dt.UTC))


@pytest.mark.parametrize("damage", [{"version": "9"}, {"status": "withdrawn"}, {"body": "{}"}])
def test_a_copy_that_is_ahead_or_says_something_else_is_made_again(
    own_stack: Stack, article: Article, verification: Verification, damage: dict[str, str]
) -> None:
    s3, key = clients.s3(), f"current/{article.id}.json"
    there = s3.get_object(Bucket=own_stack.bucket, Key=key)
    body = damage.get("body", "").encode() or there["Body"].read()
    stated = there["Metadata"] | {name: value for name, value in damage.items() if name != "body"}
    s3.put_object(Bucket=own_stack.bucket, Key=key, Body=body, Metadata=stated)
    (finding,) = findings(verification, repair=True)
    assert finding.detail.startswith("the copy for readers")
    assert finding.is_repaired


def test_an_article_that_the_table_has_lost_is_named_and_nothing_of_it_is_deleted(
    article: Article, table: Table, verification: Verification
) -> None:
    item = table.item(article_key(article.id))
    table.delete(article_key(article.id))
    detail = "the table has lost it, and S3 has its versions: rebuild puts it back"
    found = findings(verification, repair=True)
    assert Finding(article.id, detail) in found
    assert not any(each.is_repaired for each in found)
    assert table.item(card_key(article)) != {}
    table.put(item)


# Last: what is damaged here stands in the table's stream, too.
def test_a_damaged_record_and_an_item_without_status_are_named_and_end_nothing(
    own_stack: Stack, article: Article, table: Table, store: ArticleStore, verification: Verification
) -> None:
    s3, key = clients.s3(), store.current(article.id).version_key
    content = s3.get_object(Bucket=own_stack.bucket, Key=key)["Body"].read()
    s3.put_object(Bucket=own_stack.bucket, Key=key, Body=content[:100])
    detail = f"{key} cannot be read: S3 keeps what it was as an earlier version of it"
    assert findings(verification, repair=True) == [Finding(article.id, detail)]
    s3.put_object(Bucket=own_stack.bucket, Key=key, Body=content)
    item = table.item(article_key(article.id))
    table.put({name: value for name, value in item.items() if name != "status"})
    detail = "its item cannot be read: rebuild it by what S3 has"
    assert findings(verification, repair=True) == [Finding(article.id, detail)]
    table.put(item)
