"""Every call that goes out from search, failing in every way: 503 in bounded time, nothing is kept, and what has
recovered is used at once. Reading asks nothing of the index, so it notices nothing.
"""

import datetime as dt
import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.integration.test_faults import GENEROUS, OF_DYNAMODB, OF_S3, failing, is_unavailable

from content_api.content.article import Article
from gateway.pump import Pump
from gateway.server import LambdaContext
from gateway.stack import Stack
from searching import current
from simulated_edge.requests import SECRET, ask
from simulated_faults import FaultyService

type Api = Callable[[dict[str, Any]], dict[str, Any]]

TARGETS = ["/v1/search?language=en&q=walruses", "/v1/suggest?language=en&q=walr", "/v1/articles/{id}/related"]
# What may be said of an index or of an item of which a document is none: search shows no text of it.
HARMLESS = {"a document that is none"}


@pytest.fixture(scope="module")
def article(own_stack: Stack) -> Article:
    """Published and indexed, beside one that is like it."""
    pump, store = Pump(own_stack, is_indexing=True), own_stack.store()
    now = dt.datetime(2025, 11, 20, 12, tzinfo=dt.UTC)
    made = Article.model_validate(
        {
            "id": "en-walruses",
            "language": "en",
            "headline": "Walruses come ashore",
            "status": "published",
            "published_at": "2025-11-20T08:00:00Z",
            "body": [{"type": "paragraph", "html": "Walruses rest on the beach."}],
        }
    )
    store.save(made, expected_version=0, at=now)
    store.save(made.model_copy(update={"id": "en-more", "headline": "More walruses"}), expected_version=0, at=now)
    pump.settle()
    return made


@pytest.fixture(scope="module")
def services() -> Iterator[tuple[FaultyService, FaultyService]]:
    dynamodb, s3 = (FaultyService(os.environ["AWS_ENDPOINT_URL"]) for _ in range(2))
    yield dynamodb, s3
    dynamodb.close()
    s3.close()


@pytest.fixture
def api(
    searching: Callable[..., Api],
    own_stack: Stack,
    article: Article,
    services: tuple[FaultyService, FaultyService],
    monkeypatch: pytest.MonkeyPatch,
) -> Api:
    """A new process, which has fetched no index yet. It waits twice as long as a deployed one."""
    assert article
    monkeypatch.setattr("content_api.aws.service._PAUSE", 0.002)
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", services[0].url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", services[1].url)
    forget()
    asked = searching(
        aws=dict(os.environ),
        CONTENT_TABLE=own_stack.table,
        CONTENT_BUCKET=own_stack.bucket,
        READER_LOCATION="edge",
        ORIGIN_SECRET_CURRENT=SECRET,
        READER_PATIENCE_SECONDS="2",
    )

    def timed(event: dict[str, Any]) -> dict[str, Any]:
        began = time.monotonic()
        response = asked(event)
        assert time.monotonic() - began < 2 + GENEROUS
        return response

    return timed


def forget() -> None:
    current._shards_in.cache_clear()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - what a new process has not


def target(template: str) -> str:
    return template.replace("{id}", "en-walruses")


def is_found(answered: dict[str, Any]) -> bool:
    assert answered["statusCode"] == 200, answered["body"]
    said = json.loads(answered["body"])
    assert said["legal_notices"]
    return "en-more" in {each["id"] for each in said.get("articles", said.get("headlines"))}


@pytest.mark.parametrize("fault", ["refusing", *sorted(OF_DYNAMODB.keys() - HARMLESS)])
@pytest.mark.parametrize(
    "template", [TARGETS[0], *(pytest.param(each, marks=pytest.mark.thorough) for each in TARGETS[1:])]
)
def test_without_dynamodb_search_is_503(
    api: Api, services: tuple[FaultyService, FaultyService], template: str, fault: str
) -> None:
    assert is_found(ask(api, target(template), "ru"))
    with failing(services[0], fault, OF_DYNAMODB):
        assert is_unavailable(ask(api, target(template), "ru"))
    assert is_found(ask(api, target(template), "ru"))


@pytest.mark.parametrize("fault", ["refusing", *sorted(OF_S3)])
def test_without_s3_search_is_503_until_it_has_an_index_and_as_ever_from_then_on(
    api: Api, services: tuple[FaultyService, FaultyService], monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    for template in TARGETS:
        forget()
        with failing(services[1], fault, OF_S3):
            assert is_unavailable(ask(api, target(template), "ru")), template
        assert is_found(ask(api, target(template), "ru")), template
    # Asked again whether the index has changed, S3 does not answer.
    monkeypatch.setattr("content_search.shards.ASKED_AGAIN_AFTER", -1.0)
    with failing(services[1], fault, OF_S3):
        for template in TARGETS:
            assert is_found(ask(api, target(template), "ru")), template


def test_reading_asks_nothing_of_the_index(
    reading: Callable[..., Api], own_stack: Stack, article: Article, services: tuple[FaultyService, FaultyService]
) -> None:
    variables = {**os.environ, "AWS_ENDPOINT_URL_S3": services[1].url}
    api = reading(
        aws=variables, CONTENT_TABLE=own_stack.table, CONTENT_BUCKET=own_stack.bucket, READER_LOCATION="developer"
    )
    with failing(services[1], "silent", OF_S3):
        assert ask(api, f"/v1/articles/{article.id}")["statusCode"] == 200
        assert ask(api, "/v1/articles?language=en")["statusCode"] == 200


@pytest.mark.parametrize("fault", ["throttled", "no JSON", "bad gateway"])
def test_an_indexer_whose_table_or_bucket_fails_hands_its_messages_back_and_changes_nothing(
    api: Api,
    own_stack: Stack,
    services: tuple[FaultyService, FaultyService],
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", services[0].url)
    index = own_stack.functions["IndexingFunction"].load()
    record = {"messageId": "1", "body": json.dumps({"article": "en-walruses", "shard": "en/2025"})}
    with failing(services[0], fault, OF_DYNAMODB):
        answer = index({"Records": [record]}, LambdaContext())
    assert answer in ({"batchItemFailures": [{"itemIdentifier": "1"}]}, {"batchItemFailures": []})
    assert is_found(ask(api, TARGETS[0], "ru"))
