"""What does not agree is found, said, and put right by the versions in S3; what agrees is left alone."""

import datetime as dt
import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from content_api.aws import clients
from content_api.content.article import Article
from content_api.content.front import Front
from content_api.names.keys import article_key, change_key, draft_key, front_key, last_change_key, url_key
from content_store import revisions
from content_store.article_copies import Copies
from content_store.articles import ArticleStore
from content_store.current import Current
from content_store.differences import KEPT, Finding
from content_store.front_copies import FrontCopies
from content_store.verification import Verification
from content_store.versions import NOBODY
from gateway.pump import Pump
from gateway.stack import Stack
from operations.rebuilding import Rebuilding

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
        self.name = own_stack.table

    def item(self, key: dict[str, str]) -> dict[str, Any]:
        typed: Any = {name: {"S": value} for name, value in key.items()}
        found: Any = self._dynamodb.get_item(TableName=self.name, Key=typed, ConsistentRead=True)
        return found.get("Item", {})

    def put(self, item: dict[str, Any]) -> None:
        self._dynamodb.put_item(TableName=self.name, Item=item)

    def delete(self, key: dict[str, str]) -> None:
        typed: Any = {name: {"S": value} for name, value in key.items()}
        self._dynamodb.delete_item(TableName=self.name, Key=typed)


@pytest.fixture
def table(own_stack: Stack) -> Table:
    return Table(own_stack)


class Image:
    """The table and the bucket as they were, for the next test."""

    def __init__(self, own_stack: Stack) -> None:
        self._dynamodb, self._s3 = clients.dynamodb(), clients.s3()
        self._table, self._bucket = own_stack.table, own_stack.bucket
        self._items = self._now()
        self._objects: dict[str, tuple[str, bytes, dict[str, str]]] = {}
        for key, tag in self._tags().items():
            there = self._s3.get_object(Bucket=self._bucket, Key=key)
            self._objects[key] = tag, there["Body"].read(), there["Metadata"]

    def put_back(self) -> None:
        for key, item in self._now().items():
            if key not in self._items:
                self._dynamodb.delete_item(TableName=self._table, Key={"pk": item["pk"], "sk": item["sk"]})
        there = self._now()
        for key, item in self._items.items():
            if there.get(key) != item:
                self._dynamodb.put_item(TableName=self._table, Item=item)
        tags = self._tags()
        for key in tags.keys() - self._objects.keys():
            self._s3.delete_object(Bucket=self._bucket, Key=key)
        for key, (tag, body, metadata) in self._objects.items():
            # A copy of the same content may say another version of itself.
            if tags.get(key) != tag or key.startswith("current/"):
                self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, Metadata=metadata)

    def _now(self) -> dict[tuple[str, str], Any]:
        items: list[Any] = self._dynamodb.scan(TableName=self._table)["Items"]
        return {(each["pk"]["S"], each["sk"]["S"]): each for each in items}

    def _tags(self) -> dict[str, str]:
        listed = self._s3.list_objects_v2(Bucket=self._bucket).get("Contents", [])
        return {each.get("Key", ""): each.get("ETag", "") for each in listed}


@pytest.fixture(scope="module")
def published(own_stack: Stack, pump: Pump, an_article: AnArticle, now: dt.datetime) -> tuple[Article, Image]:
    """Published twice, among others in every state; all agree."""
    store = own_stack.store()
    made = an_article(section="Europe", tags=["bridge"], url="https://example.org/of-verification")
    store.save(made, expected_version=0, at=now)
    store.save(made.model_copy(update={"headline": "Corrected"}), expected_version=1, at=now)
    draft, gone, back = an_article(status="draft"), an_article(), an_article()
    store.save(draft, expected_version=0, at=now)
    for each in (gone, back):
        store.save(each, expected_version=0, at=now)
        store.withdraw(each.id, expected_version=1, at=now)
    store.reinstate(back.id, expected_version=2, at=now)
    pump.turn()
    verification = Verification(store, clients.dynamodb(), clients.s3(), table=own_stack.table, bucket=own_stack.bucket)
    assert findings(verification) == []
    return made, Image(own_stack)


@pytest.fixture
def article(published: tuple[Article, Image], verification: Verification, pump: Pump) -> Iterator[Article]:
    """The one that was published twice; after each test all agree again."""
    made, image = published
    yield made
    assert findings(verification) == []
    image.put_back()
    pump.skip()


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
    key = store.records.latest(article.id).previous
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
    recorded = store.records.recorded
    writes = iter([3, 2])

    def recorded_and_written(key: str) -> Any:
        found = recorded(key)
        if found.id == article.id and (version := next(writes, 0)):
            store.save(
                article.model_copy(update={"headline": f"Written {version}", "tags": ()}),
                expected_version=store.records.current(article.id).version,
                at=dt.datetime.now(dt.UTC),
            )
        return found

    monkeypatch.setattr(store.records, "recorded", recorded_and_written)
    assert findings(verification) == []
    monkeypatch.undo()
    assert store.records.current(article.id).version == 4
    store.withdraw(article.id, expected_version=4, at=dt.datetime.now(dt.UTC))


@pytest.mark.parametrize(
    "damage",
    [
        {"version": "9"},
        {"body": "{}"},
        *(
            pytest.param(each, marks=pytest.mark.thorough)
            for each in ({"status": "withdrawn"}, {"language": "ru"}, {"modified": ""}, {"version": "x"})
        ),
    ],
)
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


def test_an_article_that_the_table_has_lost_is_put_back_by_what_s3_has(
    article: Article, table: Table, verification: Verification
) -> None:
    item = table.item(article_key(article.id))
    table.delete(article_key(article.id))
    detail = "the table has lost it, and S3 has its versions: rebuild puts it back"
    found = findings(verification)
    assert Finding(article.id, detail) in found
    assert table.item(card_key(article)) != {}
    assert Finding(article.id, detail, is_repaired=True) in findings(verification, repair=True)
    assert table.item(article_key(article.id)) == item


def test_an_article_of_which_the_table_has_nothing_at_all_is_found_by_what_s3_has(
    own_stack: Stack,
    article: Article,
    store: ArticleStore,
    an_article: AnArticle,
    table: Table,
    now: dt.datetime,
    verification: Verification,
) -> None:
    """Looked at from the table alone, nothing is wrong. A version that never was current is no loss."""
    before = table.item(article_key(article.id))
    for item in clients.dynamodb().scan(TableName=table.name)["Items"]:
        if article.id in str(item) and "CHANGE" not in str(item["pk"]):
            table.delete({name: str(item[name].get("S")) for name in ("pk", "sk")})
    never = revisions.replacement(an_article(status="draft"), Current(), at=now, attribution=NOBODY)
    for key, content in never.objects.items():
        clients.s3().put_object(Bucket=own_stack.bucket, Key=key, Body=content)
    detail = "the table has lost it, and S3 has its versions: rebuild puts it back"
    assert Finding(article.id, detail) in findings(verification)
    assert Finding(article.id, detail, is_repaired=True) in findings(verification, repair=True)
    assert table.item(article_key(article.id)) == before
    assert store.records.current(never.article_id).version == 0


def test_an_item_that_nothing_makes_is_named(article: Article, table: Table, verification: Verification) -> None:
    assert article
    table.put({"pk": {"S": "LISTS#en"}, "sk": {"S": "a"}})
    detail = "no part of this API makes such an item: look who did, and delete it"
    assert findings(verification, repair=True) == [Finding("LISTS#en a", detail)]
    table.delete({"pk": "LISTS#en", "sk": "a"})


def test_a_copy_of_the_front_that_shows_what_is_not_public_loses_it_and_one_that_is_damaged_is_named(
    own_stack: Stack, article: Article, verification: Verification, store: ArticleStore, pump: Pump
) -> None:
    s3, key = clients.s3(), "current/fronts/en.json"
    content = s3.get_object(Bucket=own_stack.bucket, Key=key)["Body"].read()
    shown = json.loads(content)
    s3.put_object(Bucket=own_stack.bucket, Key=key, Body=json.dumps(shown | {"breaking": [{"id": "en-gone"}]}).encode())
    (finding,) = findings(verification, repair=True)
    assert (finding.id, finding.is_repaired) == ("en", True)
    assert finding.detail == "the copy of the front shows en-gone, which is not public"
    assert json.loads(s3.get_object(Bucket=own_stack.bucket, Key=key)["Body"].read()) == shown
    detail = "the copy of the front is missing, or cannot be read: save the front, or an article, again"
    for damaged in (b"{", b"{}", b"[]", b"\xff", b'{"top":[]}', b'{"top":[{}],"breaking":[],"sections":[]}'):
        s3.put_object(Bucket=own_stack.bucket, Key=key, Body=damaged)
        FrontCopies(s3, bucket=own_stack.bucket).take_off("en", article.id)  # as a withdrawal does
        assert findings(verification, repair=True) == [Finding("en", detail)]
    s3.delete_object(Bucket=own_stack.bucket, Key=key)
    assert findings(verification, repair=True) == [Finding("en", detail)]
    s3.put_object(Bucket=own_stack.bucket, Key=key, Body=b"{")
    current = store.records.current(article.id).version
    store.save(article, expected_version=current, at=dt.datetime.now(dt.UTC))
    assert findings(verification) == []  # the copy is on its way
    pump.turn()
    assert json.loads(s3.get_object(Bucket=own_stack.bucket, Key=key)["Body"].read())["top"]


class Backup:
    """All items of the table as they were, put back without what came since."""

    def __init__(self, table: str) -> None:
        self._dynamodb, self._table = clients.dynamodb(), table
        self._items = self._dynamodb.scan(TableName=table)["Items"]

    def restore(self) -> None:
        for item in self._dynamodb.scan(TableName=self._table)["Items"]:
            self._dynamodb.delete_item(TableName=self._table, Key={"pk": item["pk"], "sk": item["sk"]})
        for item in self._items:
            self._dynamodb.put_item(TableName=self._table, Item=item)


def last_change(table: Table, article_id: str) -> tuple[int, str, int]:
    """The number, the kind and the version of the newest change of an article."""
    dynamodb: Any = clients.dynamodb()
    asked: Any = {":pk": {"S": "CHANGE#en"}}
    items = dynamodb.query(
        TableName=table.name, KeyConditionExpression="pk = :pk", ExpressionAttributeValues=asked, ConsistentRead=True
    )["Items"]
    changes = [(int(each["sk"]["S"]), json.loads(each["entry"]["S"])) for each in items if "entry" in each]
    number, entry = next(each for each in reversed(changes) if each[1]["id"] == article_id)
    return number, entry["change"], entry["version"]


@pytest.fixture
def restored_from_before(own_stack: Stack, article: Article, pump: Pump) -> Callable[[Callable[[], object]], None]:
    """Does something, and puts the table back to what it was before; S3 and the copies stay as they are after it. What
    the restoring itself puts into the stream comes to the copies later than anything else.
    """
    assert article

    def restored(write: Callable[[], object]) -> None:
        backup = Backup(own_stack.table)
        write()
        pump.turn()
        backup.restore()

    return restored


@pytest.fixture(params=["verify", "rebuild"])
def mend(
    request: pytest.FixtureRequest, own_stack: Stack, article: Article, verification: Verification
) -> Callable[[str], None]:
    """Puts the article right by either command. Its argument is what `verify` says of it."""

    def rebuild(_: str) -> None:
        rebuilding = Rebuilding(clients.dynamodb(), clients.s3(), table=own_stack.table, bucket=own_stack.bucket)
        assert article.id in list(rebuilding.behind())
        assert rebuilding.rebuild(article.id, at=dt.datetime.now(dt.UTC)).is_put_back

    return rebuild if request.param == "rebuild" else lambda detail: check_repair(verification, detail)


@pytest.fixture
def copies(own_stack: Stack) -> Copies:
    return Copies(clients.s3(), bucket=own_stack.bucket)


def test_what_was_withdrawn_stays_withdrawn_where_the_table_is_restored_from_an_older_backup(
    restored_from_before: Callable[[Callable[[], object]], None],
    mend: Callable[[str], None],
    article: Article,
    store: ArticleStore,
    pump: Pump,
    table: Table,
    copies: Copies,
    now: dt.datetime,
) -> None:
    restored_from_before(lambda: store.withdraw(article.id, expected_version=2, at=now))
    counted = last_change(table, article.id)[0] + 1  # by the table before it was restored
    assert store.records.current(article.id).status == "published"
    mend("the table is at version 2, and S3 says that it is withdrawn at version 3")
    assert (store.records.current(article.id).status, store.records.current(article.id).version) == ("withdrawn", 3)
    number, *change = last_change(table, article.id)
    assert change == ["withdraw", 3]
    assert number > counted
    assert table.item(card_key(article)) == {}
    pump.turn()
    assert copies.state(article.id) == (3, "withdrawn")


def test_a_withdrawal_whose_copy_was_never_made_counts_too(
    own_stack: Stack, article: Article, store: ArticleStore, verification: Verification, now: dt.datetime
) -> None:
    backup = Backup(own_stack.table)
    there = clients.s3().get_object(Bucket=own_stack.bucket, Key=f"current/{article.id}.json")
    content = there["Body"].read()
    store.withdraw(article.id, expected_version=2, at=now)
    backup.restore()
    clients.s3().put_object(
        Bucket=own_stack.bucket, Key=f"current/{article.id}.json", Body=content, Metadata=there["Metadata"]
    )
    check_repair(verification, "the table is at version 2, and S3 says that it is withdrawn at version 3")
    assert store.records.current(article.id).status == "withdrawn"


def test_a_newer_version_that_readers_had_comes_back_where_the_table_is_restored(
    restored_from_before: Callable[[Callable[[], object]], None],
    mend: Callable[[str], None],
    article: Article,
    store: ArticleStore,
    table: Table,
    copies: Copies,
    now: dt.datetime,
) -> None:
    newer = article.model_copy(update={"headline": "Newer", "tags": ("other",)})
    restored_from_before(lambda: store.save(newer, expected_version=2, at=now))
    mend("the table is at version 2, and S3 says that it is published at version 3")
    assert store.records.latest(article.id).article == newer
    assert last_change(table, article.id)[1:] == ("upsert", 3)
    assert table.item(card_key(article, "tag#bridge")) == {}
    assert copies.state(article.id) == (3, "published")


def test_a_version_of_a_writer_that_died_before_its_transaction_is_left_alone(
    own_stack: Stack, article: Article, store: ArticleStore, verification: Verification, now: dt.datetime
) -> None:
    orphan = revisions.replacement(
        article.model_copy(update={"headline": "Never"}), store.records.current(article.id), at=now, attribution=NOBODY
    )
    for key, content in orphan.objects.items():
        clients.s3().put_object(Bucket=own_stack.bucket, Key=key, Body=content)
    assert findings(verification, repair=True) == []
    rebuilding = Rebuilding(clients.dynamodb(), clients.s3(), table=own_stack.table, bucket=own_stack.bucket)
    result = rebuilding.rebuild(article.id, at=now)
    assert (result.is_put_back, result.version, result.newer) == (False, 2, 1)
    assert store.records.current(article.id).version == 2


def test_a_tombstone_that_is_ahead_is_never_replaced_by_what_was_before(
    own_stack: Stack, article: Article, verification: Verification
) -> None:
    s3, key = clients.s3(), f"current/{article.id}.json"
    there = s3.get_object(Bucket=own_stack.bucket, Key=key)
    content = there["Body"].read()
    stated = there["Metadata"] | {"version": "9", "status": "withdrawn"}
    s3.put_object(Bucket=own_stack.bucket, Key=key, Body=b"{}", Metadata=stated)
    (finding,) = findings(verification, repair=True)
    assert "does not have, and says that it is withdrawn" in finding.detail
    assert not finding.is_repaired
    assert s3.head_object(Bucket=own_stack.bucket, Key=key)["Metadata"] == stated
    s3.put_object(Bucket=own_stack.bucket, Key=key, Body=content, Metadata=there["Metadata"])


def test_an_address_that_leads_to_another_article_leads_back_where_that_one_does_not_name_it(
    article: Article,
    store: ArticleStore,
    an_article: AnArticle,
    table: Table,
    verification: Verification,
    pump: Pump,
    now: dt.datetime,
) -> None:
    assert article.url
    other = an_article()
    store.save(other, expected_version=0, at=now)
    pump.turn()
    key = url_key(article.url.removeprefix("https://"))
    before = table.item(key)
    table.put(before | {"id": {"S": other.id}})
    said = f"{key['pk']} URL leads to {other.id}: where that one names it too, change the address of one of them"
    check_repair(verification, said)
    assert table.item(key) == before


def test_an_address_that_two_articles_name_is_left_to_a_person(
    article: Article,
    store: ArticleStore,
    an_article: AnArticle,
    table: Table,
    verification: Verification,
    pump: Pump,
    now: dt.datetime,
) -> None:
    assert article.url
    key = url_key(article.url.removeprefix("https://"))
    before = table.item(key)
    table.delete(key)
    other = an_article(url=article.url)
    store.save(other, expected_version=0, at=now)
    pump.turn()
    found = findings(verification, repair=True)
    assert [(each.id, each.is_repaired) for each in found] == [(article.id, False)]
    assert table.item(key)["id"]["S"] == other.id
    store.save(other.model_copy(update={"url": None}), expected_version=1, at=now)
    table.put(before)
    pump.turn()


def test_an_entry_of_the_catalogue_that_is_missing_or_empty_comes_back(
    article: Article, table: Table, verification: Verification
) -> None:
    assert article
    key = {"pk": "SECTIONS", "sk": "en#europe"}
    before = table.item(key)
    table.delete(key)
    check_repair(verification, "SECTIONS en#europe is missing")
    assert table.item(key) == before
    table.put(before | {"is_empty": {"BOOL": True}})
    check_repair(verification, "SECTIONS en#europe says that no article is in it")
    assert table.item(key) == before


def test_an_entry_of_the_catalogue_without_articles_is_emptied(
    article: Article, table: Table, verification: Verification
) -> None:
    assert article
    key: dict[str, Any] = {"pk": {"S": "NEWSLETTERS"}, "sk": {"S": "en#nobody"}}
    table.put(key | {"entry": {"S": '{"language":"en","name":"Nobody"}'}})
    check_repair(verification, "NEWSLETTERS en#nobody has no article")
    assert "is_empty" in table.item({"pk": "NEWSLETTERS", "sk": "en#nobody"})


def test_a_drafts_entry_that_is_missing_or_says_something_else_is_put_right(
    article: Article,
    store: ArticleStore,
    an_article: AnArticle,
    table: Table,
    verification: Verification,
    now: dt.datetime,
) -> None:
    assert article
    draft = an_article(status="draft")
    store.save(draft, expected_version=0, at=now)
    key = draft_key("en", draft.id)
    before = table.item(key)
    table.delete(key)
    check_repair(verification, f"DRAFTS#en {draft.id} is missing")
    table.put(before | {"entry": {"S": "{}"}})
    check_repair(verification, f"DRAFTS#en {draft.id} has another entry")
    assert table.item(key) == before


def test_a_front_that_names_what_is_not_there_is_said_and_what_is_withdrawn_is_none(
    own_stack: Stack,
    article: Article,
    store: ArticleStore,
    an_article: AnArticle,
    table: Table,
    verification: Verification,
    now: dt.datetime,
) -> None:
    gone = an_article()
    store.save(gone, expected_version=0, at=now)
    store.withdraw(gone.id, expected_version=1, at=now)
    own_stack.fronts().choose(Front(language="en", top=(article.id, gone.id, "en-nobody")), expected_version=0)
    detail = "the front names en-nobody, which the table does not have: choose another, or rebuild"
    assert findings(verification, repair=True) == [Finding("en", detail)]
    table.delete(front_key("en"))


@pytest.mark.thorough
def test_any_damage_to_an_articles_items_is_found(article: Article, table: Table, verification: Verification) -> None:
    """Each attribute of each item, taken away and of another type. Those of KEPT say what no version says."""
    assert article.url
    keys = [article_key(article.id), url_key(article.url.removeprefix("https://")), card_key(article)]
    for key in keys:
        item = table.item(key)
        for name in item.keys() - {"pk", "sk", *KEPT}:
            for value in (None, {"BOOL": True}, {"S": "other"} if "N" in item[name] else {"N": "7"}):
                damaged = {each: item[each] for each in item if each != name} | ({name: value} if value else {})
                table.put(damaged)
                assert findings(verification), (key, name, value)
        table.put(item)


# Last: what is damaged here stands in the table's stream, too.
def test_a_damaged_record_item_or_change_is_named_and_ends_nothing(
    own_stack: Stack, article: Article, table: Table, store: ArticleStore, verification: Verification
) -> None:
    s3, key = clients.s3(), store.records.current(article.id).version_key
    content = s3.get_object(Bucket=own_stack.bucket, Key=key)["Body"].read()
    s3.put_object(Bucket=own_stack.bucket, Key=key, Body=content[:100])
    detail = f"{key} cannot be read: S3 keeps what it was as an earlier version of it"
    assert findings(verification, repair=True) == [Finding(article.id, detail)]
    s3.put_object(Bucket=own_stack.bucket, Key=key, Body=content)
    item = table.item(article_key(article.id))
    table.put({name: value for name, value in item.items() if name != "status"})
    detail = "its item cannot be read: delete it, and rebuild puts it back by what S3 has"
    assert findings(verification, repair=True) == [Finding(article.id, detail)]
    table.put(item)
    last = int(table.item(last_change_key("en"))["number"]["N"])
    for number, damage in ((last - 1, {"entry": {"S": "{"}}), (last, {"entry": {"S": '{"id":"a"}'}}), (last, {})):
        kept = table.item(change_key("en", number))
        table.put({name: kept[name] for name in ("pk", "sk")} | damage)
        detail = f"change {number} cannot be read: delete it, and save the article again that it was of"
        assert detail in {each.detail for each in findings(verification, repair=True)}
        table.put(kept)
    counted = table.item(last_change_key("en"))
    table.put({name: counted[name] for name in ("pk", "sk")})
    detail = "how many changes there are cannot be read: rebuild an article of the language"
    assert findings(verification, repair=True) == [Finding("en", detail)]
    table.put(counted)
