"""Translations link both ways, whoever names whom, and nothing is left of what is none any more."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content_api.aws import clients
from content_api.content.article import Article
from content_api.names.keys import article_key, named_key
from content_store import siblings
from content_store.articles import ArticleStore
from content_store.siblings import Node, Siblings
from content_store.stream import article_changed_by, purged_by
from content_store.verification import Verification
from gateway.stack import Stack
from simulated_edge.requests import ask
from thoroughness import examples

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type MakeArticle = Callable[..., Article]


@pytest.fixture(scope="module")
def api(reading: Callable[..., Api]) -> Api:
    return reading(READER_LOCATION="developer")


@pytest.fixture
def linking(stack: Stack) -> Siblings:
    return Siblings(clients.dynamodb(), table=stack.table)


def shown(api: Api, article_id: str) -> list[str]:
    answer = ask(api, f"/v1/articles/{article_id}", cloudfront_viewer_country="US")
    assert answer["statusCode"] == 200
    return [each["id"] for each in json.loads(answer["body"])["translations"]]


class _Newsroom:
    """Articles that name each other by their languages; each write is followed by what the queue of copies asks for."""

    def __init__(self, store: ArticleStore, linking: Siblings, make: MakeArticle, now: dt.datetime) -> None:
        self._store, self._linking, self._make, self._now = store, linking, make, now
        self.ids: dict[str, str] = {}

    def named(self, name: str) -> Article:
        """An article that is there from then on, under an id of its own."""
        made = self._make(language=name[:2])
        self.ids.setdefault(name, made.id)
        return made.model_copy(update={"id": self.ids[name]})

    def save(self, name: str, *names: str, **fields: Any) -> None:
        article = self.named(name)
        for each in names:
            self.named(each)
        named = [{"language": each[:2], "id": self.ids[each]} for each in names]
        said = article.model_dump(mode="json") | {"translations": named} | fields
        current = self._store.records.current(article.id).version
        self._store.save(Article.model_validate(said), expected_version=current, at=self._now)
        self._linking.link(article.id)

    def withdraw(self, name: str) -> None:
        article_id = self.ids[name]
        self._store.withdraw(article_id, expected_version=self._store.records.current(article_id).version, at=self._now)
        self._linking.link(article_id)

    def reinstate(self, name: str) -> None:
        article_id = self.ids[name]
        self._store.reinstate(
            article_id, expected_version=self._store.records.current(article_id).version, at=self._now
        )
        self._linking.link(article_id)


@pytest.fixture
def room(store: ArticleStore, linking: Siblings, an_article: MakeArticle, now: dt.datetime) -> _Newsroom:
    return _Newsroom(store, linking, an_article, now)


def sees(api: Api, room: _Newsroom, name: str) -> set[str]:
    names = {article_id: name for name, article_id in room.ids.items()}
    return {names[each] for each in shown(api, room.ids[name])}


def test_what_one_names_names_it_back_whichever_is_there_first(api: Api, room: _Newsroom) -> None:
    room.save("en", "ru", "uk")
    assert sees(api, room, "en") == set()
    room.save("ru")
    room.save("uk")
    assert sees(api, room, "en") == {"ru", "uk"}
    assert sees(api, room, "ru") == {"en", "uk"}
    assert sees(api, room, "uk") == {"en", "ru"}
    room.save("fa", "uk")
    assert sees(api, room, "fa") == {"en", "ru", "uk"}
    assert sees(api, room, "ru") == {"en", "uk", "fa"}


def test_what_is_withdrawn_is_no_sibling_and_links_none(api: Api, room: _Newsroom) -> None:
    room.save("ru")
    room.save("uk")
    room.save("en", "ru", "uk")
    room.withdraw("en")
    assert sees(api, room, "ru") == sees(api, room, "uk") == set()
    room.reinstate("en")
    assert sees(api, room, "ru") == {"en", "uk"}


def test_a_draft_is_shown_nowhere_and_links_nobody(api: Api, room: _Newsroom) -> None:
    room.save("ru")
    room.save("uk")
    room.save("en", "ru", "uk", status="draft")
    assert sees(api, room, "ru") == sees(api, room, "uk") == set()
    room.save("en", "ru", "uk")
    assert sees(api, room, "ru") == {"en", "uk"}


def test_who_is_named_no_more_is_linked_no_more(api: Api, room: _Newsroom) -> None:
    room.save("ru")
    room.save("uk")
    room.save("en", "ru", "uk")
    room.save("en", "ru")
    assert sees(api, room, "uk") == set()
    assert sees(api, room, "ru") == {"en"}
    room.save("ru", "en")
    room.save("en")
    assert sees(api, room, "en") == {"ru"}


def test_of_two_in_one_language_readers_see_the_one_that_is_named_or_the_newest(api: Api, room: _Newsroom) -> None:
    room.save("en", "ru-a", published_at="2025-01-01T00:00:00Z")
    room.save("ru-a", published_at="2025-01-01T00:00:00Z")
    room.save("ru-b", "en", "uk", published_at="2025-02-01T00:00:00Z")
    room.save("uk")
    assert sees(api, room, "en") == {"ru-a", "uk"}
    assert sees(api, room, "uk") == {"ru-b", "en"}
    assert sees(api, room, "ru-a") == {"en", "uk"}
    room.withdraw("ru-a")
    assert sees(api, room, "en") == {"ru-b", "uk"}


def test_a_correction_keeps_siblings_that_it_does_not_name(api: Api, store: ArticleStore, room: _Newsroom) -> None:
    room.save("ru")
    room.save("en", "ru")
    article_id = room.ids["ru"]
    corrected = room.named("ru").model_copy(update={"headline": "Исправлено"})
    store.save(corrected, expected_version=store.records.current(article_id).version, at=dt.datetime.now(dt.UTC))
    assert sees(api, room, "ru") == {"en"}


NAMES = ["en", "ru", "uk", "fa", "ru-b"]
acts = st.lists(
    st.tuples(
        st.sampled_from(["save", "save", "save", "draft", "withdraw", "reinstate"]),
        st.sampled_from(NAMES),
        st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
    ),
    max_size=8,
)


@pytest.mark.sampled
@settings(max_examples=examples(6, 40))
@given(acts=acts)
@example(acts=[("save", "en", ["ru"]), ("save", "ru", []), ("withdraw", "en", []), ("reinstate", "en", [])])
def test_whatever_was_done_all_that_are_linked_show_each_other(
    api: Api,
    store: ArticleStore,
    linking: Siblings,
    an_article: MakeArticle,
    now: dt.datetime,
    acts: list[tuple[str, str, list[str]]],
) -> None:
    room = _Newsroom(store, linking, an_article, now)
    state: dict[str, str] = {}
    naming: dict[str, set[str]] = {}
    for act, name, others in acts:
        named = {each[:2]: each for each in others if each[:2] != name[:2]}
        match act, state.get(name):
            case "save", before if before != "withdrawn":
                room.save(name, *named.values())
                state[name], naming[name] = "published", set(named.values())
            case "draft", None | "draft":
                room.save(name, *named.values(), status="draft")
                state[name], naming[name] = "draft", set(named.values())
            case "withdraw", "published":
                room.withdraw(name)
                state[name] = "withdrawn"
            case "reinstate", "withdrawn":
                room.reinstate(name)
                state[name] = "published"
            case _:
                continue
    published = {name for name, each in state.items() if each == "published"}
    for name in published:
        group = _group(name, {each: naming[each] for each in published})
        seen = sees(api, room, name)
        assert seen <= group & published
        assert {each[:2] for each in seen} == {each[:2] for each in group & published} - {name[:2]}
        assert len(seen) == len({each[:2] for each in seen})
        for each in seen:
            assert sees(api, room, each) & {name, *(other for other in published if other[:2] == name[:2])}


def _group(name: str, naming: Mapping[str, set[str]]) -> set[str]:
    found = {name}
    while True:
        more = {b for a, names in naming.items() for b in names if a in found}
        more |= {a for a, names in naming.items() if names & found}
        if more <= found:
            return found
        found |= more


# ------------------------------------------------------------------------------------- What they cost and how they mend


def test_an_article_without_siblings_takes_one_read_and_with_them_two(
    api: Api, room: _Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.save("ru")
    room.save("en", "ru")
    room.save("fa")
    asked: list[str] = []
    from content_api.aws.dynamodb import Table  # noqa: PLC0415 - watched here alone

    original = Table._asked  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - requests are counted where they are made

    def counted(self: Table, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        asked.append(operation)
        return original(self, operation, request)

    monkeypatch.setattr(Table, "_asked", counted)
    sees(api, room, "ru")
    assert asked == ["GetItem", "BatchGetItem"]
    asked.clear()
    sees(api, room, "fa")
    assert asked == ["GetItem"]


def test_a_new_sibling_purges_nothing_and_makes_no_copy(stack: Stack, room: _Newsroom) -> None:
    room.save("ru")
    table: Any = clients.dynamodb()
    item: dict[str, Any] = table.get_item(TableName=stack.table, Key=_typed(article_key(room.ids["ru"])))["Item"]
    after = item | {"siblings": {"S": "en-a"}, "taken_in": {"S": "1"}}
    keys = {name: item[name] for name in ("pk", "sk")}
    images = {"Keys": keys, "OldImage": item, "NewImage": after}
    record: dict[str, Any] = {"eventName": "MODIFY", "dynamodb": images}
    assert purged_by(record) == frozenset()
    assert article_changed_by(record) is None
    corrected = record | {"dynamodb": images | {"NewImage": after | {"version": {"N": "2"}}}}
    assert purged_by(corrected) == {f"article:{room.ids['ru']}"}
    assert article_changed_by(corrected) == room.ids["ru"]


@pytest.mark.parametrize(
    "damage", ["siblings of one are lost", "siblings are others", "who names is lost", "nobody names"]
)
def test_verification_finds_siblings_that_do_not_agree_and_mends_them(
    own_stack: Stack, an_article: MakeArticle, now: dt.datetime, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setattr("content_store.examination._WRITING_TAKES", 0)
    table, store = clients.dynamodb(), own_stack.store()
    for item in table.scan(TableName=own_stack.table)["Items"]:
        table.delete_item(TableName=own_stack.table, Key={"pk": item["pk"], "sk": item["sk"]})
    s3 = clients.s3()
    for each in s3.list_objects_v2(Bucket=own_stack.bucket).get("Contents", []):  # else the table has lost them
        s3.delete_object(Bucket=own_stack.bucket, Key=each.get("Key", ""))
    linking = Siblings(table, table=own_stack.table)
    room = _Newsroom(store, linking, an_article, now)
    room.save("ru")
    room.save("en", "ru")
    room.save("uk")
    ru, uk = room.ids["ru"], room.ids["uk"]
    before = linking.around(ru) | linking.around(uk)
    own, naming = _typed(article_key(ru)), _typed(named_key(ru))
    match damage:
        case "siblings of one are lost":
            table.update_item(TableName=own_stack.table, Key=own, UpdateExpression="REMOVE siblings")
        case "siblings are others":
            _update(table, own_stack, own, "SET siblings = :it", {"S": uk})
        case "who names is lost":
            table.delete_item(TableName=own_stack.table, Key=naming)
        case _:
            _update(table, own_stack, naming, "ADD named_by :it", {"SS": [uk]})
    verification = Verification(store, table, clients.s3(), table=own_stack.table, bucket=own_stack.bucket)

    def findings(*, repair: bool) -> list[str]:
        page = verification.page(after=None, limit=100, repair=repair)
        found = [*page.findings]
        while page.cursor:
            page = verification.page(after=page.cursor, limit=100, repair=repair)
            found += page.findings
        told = "translation", "siblings"
        return [each.detail for each in found if any(word in each.detail for word in told)]

    assert findings(repair=False)
    findings(repair=True)
    assert findings(repair=False) == []
    assert linking.around(ru) | linking.around(uk) == before


def _update(table: Any, stack: Stack, key: Any, expression: str, value: dict[str, Any]) -> None:
    table.update_item(
        TableName=stack.table, Key=key, UpdateExpression=expression, ExpressionAttributeValues={":it": value}
    )


def _typed(key: dict[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"S": value} for name, value in key.items()}


def test_writers_beside_each_other_leave_what_is_right(
    api: Api, stack: Stack, room: _Newsroom, linking: Siblings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one has read is old when it writes: it reads again after each write, and ends where nothing is wrong."""
    room.save("ru")
    room.save("uk")
    original, beside = Siblings._write, [True]  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - another comes in between

    def late(self: Siblings, wrong: siblings.Difference) -> None:
        if beside and beside.pop():
            room.save("uk", "ru")
        original(self, wrong)

    monkeypatch.setattr(Siblings, "_write", late)
    room.save("en", "ru")
    assert stack.table
    assert linking.around(room.ids["ru"]).keys() == set(room.ids.values())
    for name, others in (("ru", {"en", "uk"}), ("uk", {"ru", "en"}), ("en", {"ru", "uk"})):
        assert sees(api, room, name) == others


def test_a_group_of_any_size_ends() -> None:
    """Pure: a chain of articles, each in a language of its own, is one group; nobody shows more than the most."""
    nodes = {
        f"a{at}": Node(is_there=True, is_published=True, language=f"l{at}", position=f"{at:04}", names=(f"a{at + 1}",))
        for at in range(150)
    }
    assert len(siblings.siblings_of("a7", nodes)) == siblings.MOST_SIBLINGS
