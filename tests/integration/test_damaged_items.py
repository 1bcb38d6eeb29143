"""Items of the table that somebody damaged: readers get the copy, or what is left, or a 503; never a 500. The log says
so, without content.
"""

import copy
import json
import logging
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from content_api.aws import clients
from content_api.aws.dynamodb import Table
from content_api.content.article import Article
from content_api.content.cards import packed
from content_api.content.document import compressed
from content_api.content.front import Front
from gateway.pump import Pump
from gateway.stack import Stack
from simulated_edge.requests import ask

type Api = Callable[[dict[str, Any]], dict[str, Any]]

ID, GONE, TRANSLATION = "en-damaged", "en-damaged-gone", "uk-damaged"
ADDRESS = "https://news.example.org/damaged"
READING = [
    f"/v1/articles/{ID}",
    f"/v1/articles/{ID}?version=1",
    f"/v1/articles/{ID}?body=html",
    f"/v1/articles/{ID}?fields=headline,body",
    f"/v1/articles/{ID}?format=jsonld",
    f"/v1/articles/{GONE}",
    f"/v1/resolve?url={ADDRESS}",
    "/v1/articles?language=en",
    "/v1/articles?language=en&section=Europe&tag=Bridge",
    "/v1/articles?language=en&fields=headline",
    "/v1/articles?language=en,uk",
    "/v1/articles?language=en&order=-updated",
    f"/v1/articles?language=*&ids={ID},{GONE}",
    f"/v1/articles?language=en&ids={ID}&fields=headline",
    "/v1/changes?language=en,uk",
    "/v1/breaking?language=en",
    "/v1/fronts/en",
    "/v1/changes?language=en",
    "/v1/changes?language=en&cursor=now",
    "/v1/sections",
    "/v1/newsletters?language=en",
]
SYNDICATION = [
    f"/embed/articles/{ID}",
    f"/embed/articles/{GONE}",
    f"/v1/oembed?url={ADDRESS}",
    "/feeds/en.rss",
    "/feeds/en.atom?content=summary",
    "/feeds/en/Europe.json",
    "/feeds/en.rss?tag=Bridge",
    "/feeds/en.atom?only=breaking",
    "/sitemaps/news.xml",
    "/sitemaps/index.xml",
]
SECRET_WORDS = "Spelled out in no log"
# Values that stand in for the right one. None takes the member away.
DAMAGES: list[Any] = [
    None,
    {"S": "x"},
    {"S": "{}"},
    {"S": '{"top":[1],"sections":[{}]}'},
    {"N": "1.5"},
    {"B": b"x"},
    {"B": packed("{}")},
    {"B": packed("x")},
    {"B": compressed(b"{}")},
    {"B": compressed(b"x")},
    {"SS": ["x"]},
    {"BOOL": True},
]


class DamagedTable(Table):
    """The table, one attribute of whose items is damaged wherever it is read. What was read once is kept."""

    def __init__(self, name: str) -> None:
        super().__init__(name, os.environ)
        self.read: set[str] = set()
        self.attribute, self.value = "", None
        self._kept: dict[str, Any] = {}

    def damage(self, attribute: str, value: Any) -> None:
        self.attribute, self.value = attribute, value

    def _asked(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        key = f"{operation} {request}"
        if key not in self._kept:
            self._kept[key] = super()._asked(operation, request)
        answer = copy.deepcopy(self._kept[key])
        for item in self._items(answer):
            self.read |= item.keys()
            item.pop(self.attribute, None)
            if self.value is not None and self.attribute:
                item[self.attribute] = copy.deepcopy(self.value)
        return answer

    def _items(self, answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield from [answer["Item"]] if "Item" in answer else []
        yield from answer.get("Items", [])
        for items in answer.get("Responses", {}).values():
            yield from items


@pytest.fixture(scope="module")
def written(own_stack: Stack, an_article: Callable[..., Article], now: Any) -> Stack:
    """An article on every list, its translation, and one that was withdrawn."""
    store, pump = own_stack.store(), Pump(own_stack)
    fields: dict[str, Any] = {
        "id": ID,
        "headline": SECRET_WORDS,
        "section": "Europe",
        "tags": ["Bridge"],
        "url": ADDRESS,
        "breaking_until": "2025-11-21T08:00:00Z",
        "translations": [{"id": TRANSLATION, "language": "uk"}],
        "body": [{"type": "paragraph", "html": "A text."}, {"type": "promotion", "name": "Weekly"}],
    }
    store.save(an_article(**fields), expected_version=0, at=now)
    store.save(an_article(id=TRANSLATION, language="uk"), expected_version=0, at=now)
    store.save(an_article(id=GONE), expected_version=0, at=now)
    store.withdraw(GONE, expected_version=1, at=now)
    own_stack.fronts().choose(Front(language="en", top=(ID,)), expected_version=0)
    pump.turn()
    return own_stack


@pytest.fixture(scope="module")
def table(written: Stack) -> DamagedTable:
    return DamagedTable(written.table)


@pytest.fixture(scope="module")
def apis(
    reading: Callable[..., Api], syndication: Callable[..., Api], table: DamagedTable, written: Stack
) -> dict[str, Api]:
    stated: dict[str, Any] = {"READER_LOCATION": "developer", "CONTENT_BUCKET": written.bucket, "table": table}
    of_reading, of_syndication = reading(**stated), syndication(**stated)
    return dict.fromkeys(READING, of_reading) | dict.fromkeys(SYNDICATION, of_syndication)


@pytest.mark.parametrize("path", [*READING, *SYNDICATION])
def test_no_damage_in_the_table_is_a_500_and_the_log_says_so_without_content(
    apis: dict[str, Api], table: DamagedTable, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    table.damage("", None)
    table.read = set()
    sound = ask(apis[path], path)
    assert sound["statusCode"] in {200, 308, 410}, sound
    if "cursor=now" not in path:
        assert table.read
    for attribute in sorted(table.read - {"pk", "sk"}):  # keys are always there, and texts
        for value in DAMAGES:
            caplog.clear()
            table.damage(attribute, value)
            answer = ask(apis[path], path)
            said = [each for each in caplog.records if each.levelno >= logging.ERROR]
            case = (path, attribute, value, answer, [each.getMessage() for each in said])
            assert answer["statusCode"] in {200, 308, 400, 404, 410, 503}, case
            assert answer["statusCode"] != 503 or said, case
            assert not any(SECRET_WORDS in each.getMessage() for each in said), case


@pytest.mark.parametrize("damage", ["status", "version", "language", "modified", "document"])
def test_readers_get_the_copy_of_an_article_whose_item_is_damaged(
    written: Stack, apis: dict[str, Api], table: DamagedTable, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert written
    table.damage(damage, None)
    answer = ask(apis[READING[0]], READING[0])
    assert (answer["statusCode"], answer["headers"]["cache-control"]) == (200, "private, no-store, stale-if-error=0")
    said = json.loads(answer["body"])
    assert (said["stale"], said["headline"]) == (True, SECRET_WORDS)
    assert any(each.levelno == logging.ERROR for each in caplog.records)
    assert ask(apis[READING[0]], f"/v1/articles/{GONE}")["statusCode"] == 410


def test_a_damaged_card_is_left_out_of_its_lists_and_the_others_stay(
    written: Stack, reading: Callable[..., Api], syndication: Callable[..., Api], caplog: pytest.LogCaptureFixture
) -> None:
    dynamodb: Any = clients.dynamodb()
    key = {"pk": {"S": "LIST#uk#all"}, "sk": {"S": f"2025-11-20T08:00:00.000000Z#{TRANSLATION}"}}
    stray = key | {"sk": {"S": "2025-11-20T09:00:00.000000Z#uk-stray"}, "card": {"B": b"x"}}
    dynamodb.put_item(TableName=written.table, Item=stray)
    stated: dict[str, Any] = {"READER_LOCATION": "developer", "CONTENT_TABLE": written.table}
    for api, path in (
        (reading(**stated), "/v1/articles?language=uk"),
        (reading(**stated), "/v1/fronts/uk"),
        (syndication(**stated), "/feeds/uk.json"),
    ):
        caplog.clear()
        answer = ask(api, path)
        assert answer["statusCode"] == 200
        assert TRANSLATION in answer["body"]
        assert [each.levelno for each in caplog.records] == [logging.ERROR]
    dynamodb.delete_item(TableName=written.table, Key=key | {"sk": stray["sk"]})
