"""What is changed is purged from the edge: a correction once, and never so that a withdrawal finds no room."""

import datetime as dt
import importlib
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from content_api.aws import clients
from content_api.content.article import Article
from content_store.articles import ArticleStore
from gateway.pump import Pump
from gateway.server import LambdaContext
from gateway.stack import Stack
from simulated_edge.invalidations import Invalidations

type AnArticle = Callable[..., Article]


def test_what_is_new_purges_nothing_and_a_correction_its_article_once(
    pump: Pump, cloudfront: Invalidations, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    article = an_article(section="Europe", tags=["A bridge"], byline=[{"name": "Ana Kovač"}])
    store.save(article, expected_version=0, at=now)
    pump.turns(6)
    assert cloudfront.tags == []
    store.save(article.model_copy(update={"headline": "Other"}), expected_version=1, at=now)
    pump.turns(6)
    assert cloudfront.tags == [{f"article:{article.id}"}]


def test_a_draft_purges_nothing_and_is_copied_nowhere(
    pump: Pump, cloudfront: Invalidations, stack: Stack, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    article = an_article(status="draft")
    store.save(article, expected_version=0, at=now)
    pump.turn()
    assert cloudfront.tags == []
    listed = clients.s3().list_objects_v2(Bucket=stack.bucket, Prefix=f"current/{article.id}")
    assert listed["KeyCount"] == 0


def test_corrections_of_one_moment_are_one_request(
    pump: Pump, cloudfront: Invalidations, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    articles = [an_article() for _ in range(5)]
    for article in articles:
        store.save(article, expected_version=0, at=now)
        store.save(article.model_copy(update={"headline": "Other"}), expected_version=1, at=now)
    pump.turn()
    assert cloudfront.tags == [{f"article:{article.id}" for article in articles}]


def _depth(queue: str) -> tuple[int, int]:
    """Messages that wait, and those that wait to be seen: delayed or in somebody's hands."""
    stated = clients.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    hidden = ("ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
    return int(stated["ApproximateNumberOfMessages"]), sum(int(stated[name]) for name in hidden)


def test_what_a_full_edge_refuses_waits_as_a_new_message_and_is_never_a_dead_letter(
    pump: Pump,
    cloudfront: Invalidations,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("purging", "withdrawing"):
        monkeypatch.setattr(f"propagation.{name}._PAUSE", 0)
    corrected, withdrawn = an_article(), an_article()
    for article in (corrected, withdrawn):
        store.save(article, expected_version=0, at=now)
    pump.turns(2)
    cloudfront.is_throttling = True
    store.save(corrected.model_copy(update={"headline": "Other"}), expected_version=1, at=now)
    store.withdraw(withdrawn.id, expected_version=1, at=now)
    pump.turns(6)
    assert cloudfront.tags == []
    sqs = clients.client("sqs")
    for queue, waiting in (("PURGE_QUEUE", 1), ("WITHDRAWAL_QUEUE", 2)):
        found = sqs.receive_message(
            QueueUrl=pump.queues[queue],
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
            VisibilityTimeout=0,
        )["Messages"]
        assert len(found) == waiting
        assert {each["Attributes"]["ApproximateReceiveCount"] for each in found} == {"1"}
    cloudfront.is_throttling = False
    pump.turns(2)
    assert {f"article:{corrected.id}"} in cloudfront.tags
    assert any(f"article:{withdrawn.id}" in asked for asked in cloudfront.tags)


def _queued(pump: Pump, records: int, start: int = 0) -> None:
    """So many corrections, as propagation puts them into the queue."""
    sqs = clients.client("sqs")
    for at in range(start, start + records, 10):
        entries: Any = [
            {
                "Id": str(number),
                "MessageBody": json.dumps(
                    {
                        "tags": [f"article:{at + number}-{each}" for each in range(10)],
                        "reference": f"{at + number}",
                        "at": 0,
                    }
                ),
            }
            for number in range(10)
        ]
        sqs.send_message_batch(QueueUrl=pump.queues["PURGE_QUEUE"], Entries=entries)


@pytest.mark.thorough  # in make test, the purging machine imports
def test_an_import_of_thousands_leaves_a_withdrawal_room_at_the_edge(
    pump: Pump,
    cloudfront: Invalidations,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """1,500 tags are corrected while nothing at the edge is ever completed."""
    monkeypatch.setattr("propagation.purging.MANY", 10_000)
    article = an_article()
    store.save(article, expected_version=0, at=now)
    pump.turns(2)
    monkeypatch.setattr("propagation.purging._PAUSE", 0)
    # What is refused is in the queue again at once: a batch a turn, or nearly so, and not a second of them.
    monkeypatch.setattr("gateway.pump._LONGEST_AT_A_QUEUE", 0.02)
    _queued(pump, 150)
    pump.turns(15)
    assert 800 <= sum(len(each.items) for each in cloudfront.in_progress()) <= 1_000
    store.withdraw(article.id, expected_version=1, at=now)
    pump.turn()
    assert sum(f"article:{article.id}" in asked for asked in cloudfront.tags) == 2


def test_so_many_corrections_are_one_request_for_everything_once_in_ten_minutes(
    pump: Pump, cloudfront: Invalidations, monkeypatch: pytest.MonkeyPatch
) -> None:
    purging = importlib.import_module("propagation.purging")
    began = time.time() // 1_200 * 1_200 + 60
    monkeypatch.setattr(purging.time, "time", lambda: began)
    monkeypatch.setattr(purging, "MANY", 20)
    _queued(pump, 60)
    pump.turns(3)
    assert cloudfront.tags == [{"/*"}]
    # What is written after it waits for the next ten minutes, as long as so many wait.
    _queued(pump, 60)
    later = {"tags": ["article:late"], "reference": "late", "at": time.time() + 3_600}
    before = _depth(pump.queues["PURGE_QUEUE"])
    record = {"body": json.dumps(later)}
    assert purging.lambda_handler({"Records": [record]}, LambdaContext()) == {"batchItemFailures": []}
    assert cloudfront.tags == [{"/*"}]
    after = _depth(pump.queues["PURGE_QUEUE"])
    assert (after[0], after[1]) == (before[0], before[1] + 1)


@pytest.mark.parametrize("name", ["purging", "withdrawing"])
def test_a_purge_that_cannot_be_read_fails_alone(cloudfront: Invalidations, name: str) -> None:
    bodies = {"good": '{"tags": ["article:en-a"], "reference": "a", "at": 1}', "bad": "{", "worse": '{"tags": 1}'}
    records = [{"messageId": each, "body": body, "eventSource": "aws:sqs"} for each, body in bodies.items()]
    handler = importlib.import_module(f"propagation.{name}").lambda_handler
    answer = handler({"Records": records}, LambdaContext())
    assert [each["itemIdentifier"] for each in answer["batchItemFailures"]] == ["bad", "worse"]
    assert cloudfront.tags == [{"article:en-a"}]
