"""What follows from a write, through the real stream of the table, the real queues and the functions as deployed."""

import base64
import datetime as dt
import importlib
import itertools
import json
import os
import secrets
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from content_api.aws import clients
from content_api.aws.failures import Failed
from content_api.content.article import Article
from content_api.content.front import Front
from content_api.store.article_copies import Copies, Copy
from content_api.store.articles import ArticleStore
from content_api.store.front_copies import FrontCopies
from content_api.store.stream import Change
from gateway.pump import Pump
from gateway.server import LambdaContext
from gateway.stack import Stack
from propagation.deployed import Deployed
from propagation.handing_on import NotHandedOn
from propagation.posting import DeliveryFailed, NotPublic, Poster, public_addresses
from propagation.purges import Edge
from propagation.webhooks import Endpoint, Endpoints, Sender, announcements, signed
from propagation.websub import Hub
from simulated_edge.requests import SECRET, ask

type Breaking = Callable[[str, str], AbstractContextManager[list[str]]]
type AnArticle = Callable[..., Article]


_numbers = itertools.count()


class CloudFront:
    """What is asked of the edge; moto makes no invalidation by tag. `in_progress` are the paths of each request that is
    not completed, and as many are taken as CloudFront takes (its developer guide, "Concurrent invalidation request
    maximum").
    """

    def __init__(self) -> None:
        self.asked: list[set[str]] = []
        self.references: list[str] = []
        self.in_progress: list[int] = []
        self.is_down = False
        self._made: dict[str, dt.datetime] = {}

    def create_invalidation(self, *, DistributionId: str, InvalidationBatch: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 - AWS's names
        assert DistributionId == "E1"
        items: list[str] = InvalidationBatch["Paths"]["Items"]
        assert InvalidationBatch["Paths"]["Quantity"] == len(items)
        reference: str = InvalidationBatch["CallerReference"]
        self.references.append(reference)
        if reference not in self._made:
            if self.is_down or sum(self.in_progress) + len(items) > 3_000:
                raise clients.client("cloudfront").exceptions.TooManyInvalidationsInProgress(
                    {"Error": {"Code": "TooManyInvalidationsInProgress"}}, "CreateInvalidation"
                )
            self._made[reference] = dt.datetime.now(dt.UTC)
            self.asked.append({item.removeprefix("#") for item in items})
            self.in_progress.append(len(items))
        return {"Invalidation": {"Id": "I1", "CreateTime": self._made[reference]}}

    def list_invalidations(self, *, DistributionId: str, MaxItems: str) -> dict[str, Any]:  # noqa: N803 - as above
        assert DistributionId == "E1"
        found = [{"Status": "InProgress"} for _ in self.in_progress[: int(MaxItems)]]
        return {"InvalidationList": {"Items": found} if found else {}}


@pytest.fixture
def pump(stack: Stack, queues_of_its_own: Callable[[Stack], Stack]) -> Pump:
    """From now on, with queues of its own."""
    return Pump(queues_of_its_own(stack))


@pytest.fixture
def cloudfront(pump: Pump, monkeypatch: pytest.MonkeyPatch) -> CloudFront:
    assert pump
    edge: Any = CloudFront()
    monkeypatch.setattr("propagation.withdrawing.ONCE_MORE_AFTER", 0)
    for name in ("purging", "withdrawing"):
        monkeypatch.setattr(importlib.import_module(f"propagation.{name}"), "_edge", Edge(edge, "E1"))
    return edge


def turns(pump: Pump, number: int = 6) -> None:
    """A turn takes ten messages of each queue."""
    for _ in range(number):
        pump.turn()


def copy_in(stack: Stack, article_id: str) -> tuple[dict[str, Any], dict[str, str]]:
    found = clients.s3().get_object(Bucket=stack.bucket, Key=f"current/{article_id}.json")
    return json.loads(found["Body"].read()), found["Metadata"]


def test_what_is_new_purges_nothing_and_a_correction_its_article_once(
    pump: Pump, cloudfront: CloudFront, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    article = an_article(section="Europe", tags=["A bridge"], byline=[{"name": "Ana Kovač"}])
    store.save(article, expected_version=0, at=now)
    turns(pump)
    assert cloudfront.asked == []
    store.save(article.model_copy(update={"headline": "Other"}), expected_version=1, at=now)
    turns(pump)
    assert cloudfront.asked == [{f"article:{article.id}"}]


def test_a_withdrawal_purges_every_answer_it_stood_in_at_once_and_once_more(
    pump: Pump, cloudfront: CloudFront, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    article = an_article(
        section="Europe",
        tags=["A bridge"],
        byline=[{"name": "Ana Kovač"}],
        breaking_until=now + dt.timedelta(hours=1),
    )
    store.save(article, expected_version=0, at=now)
    turns(pump)
    cloudfront.asked.clear()
    store.withdraw(article.id, expected_version=1, at=now)
    pump.turn()
    everywhere = {
        f"article:{article.id}",
        "front:en",
        "list:en:all",
        "list:en:breaking",
        "list:en:section:europe",
        "list:en:tag:a%20bridge",
        "list:en:author:ana%20kova%C4%8D",
    }
    assert cloudfront.asked[:2] == [everywhere, everywhere]
    assert len(set(cloudfront.references[-3:])) == 3


def test_the_tombstone_is_copied_before_the_edge_forgets(
    pump: Pump,
    cloudfront: CloudFront,
    stack: Stack,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or the edge would fetch the text of a withdrawn article again."""
    article = an_article()
    store.save(article, expected_version=0, at=now)
    turns(pump, 2)
    store.withdraw(article.id, expected_version=1, at=now)
    clients.s3().delete_object(Bucket=stack.bucket, Key=f"current/{article.id}.json")  # what the editor's function did
    done: list[str] = []
    purge = cloudfront.create_invalidation

    def noted(**asked: Any) -> Any:
        done.append(copy_in(stack, article.id)[1]["status"])
        return purge(**asked)

    monkeypatch.setattr(cloudfront, "create_invalidation", noted)
    pump.turn()
    assert done[:2] == ["withdrawn", "withdrawn"]


def test_a_draft_purges_nothing_and_is_copied_nowhere(
    pump: Pump, cloudfront: CloudFront, stack: Stack, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    article = an_article(status="draft")
    store.save(article, expected_version=0, at=now)
    pump.turn()
    assert cloudfront.asked == []
    listed = clients.s3().list_objects_v2(Bucket=stack.bucket, Prefix=f"current/{article.id}")
    assert listed["KeyCount"] == 0


def test_corrections_of_one_moment_are_one_request(
    pump: Pump, cloudfront: CloudFront, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    articles = [an_article() for _ in range(5)]
    for article in articles:
        store.save(article, expected_version=0, at=now)
        store.save(article.model_copy(update={"headline": "Other"}), expected_version=1, at=now)
    pump.turn()
    assert cloudfront.asked == [{f"article:{article.id}" for article in articles}]


def _depth(queue: str) -> tuple[int, int]:
    """Messages that wait, and those that wait to be seen: delayed or in somebody's hands."""
    stated = clients.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    hidden = ("ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
    return int(stated["ApproximateNumberOfMessages"]), sum(int(stated[name]) for name in hidden)


def test_what_a_full_edge_refuses_waits_as_a_new_message_and_is_never_a_dead_letter(
    pump: Pump,
    cloudfront: CloudFront,
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
    turns(pump, 2)
    cloudfront.is_down = True
    store.save(corrected.model_copy(update={"headline": "Other"}), expected_version=1, at=now)
    store.withdraw(withdrawn.id, expected_version=1, at=now)
    turns(pump)
    assert cloudfront.asked == []
    sqs = clients.client("sqs")
    for queue, waiting in (("PURGE_QUEUE", 1), ("WITHDRAWAL_QUEUE", 2)):
        found = sqs.receive_message(
            QueueUrl=os.environ[queue],
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
            VisibilityTimeout=0,
        )["Messages"]
        assert len(found) == waiting
        assert {each["Attributes"]["ApproximateReceiveCount"] for each in found} == {"1"}
    cloudfront.is_down = False
    turns(pump, 2)
    assert {f"article:{corrected.id}"} in cloudfront.asked
    assert any(f"article:{withdrawn.id}" in asked for asked in cloudfront.asked)


def _queued(records: int, start: int = 0) -> None:
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
        sqs.send_message_batch(QueueUrl=os.environ["PURGE_QUEUE"], Entries=entries)


def test_an_import_of_thousands_leaves_a_withdrawal_room_at_the_edge(
    pump: Pump,
    cloudfront: CloudFront,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """1,500 tags are corrected while nothing at the edge is ever completed."""
    monkeypatch.setattr("propagation.purging.MANY", 10_000)
    article = an_article()
    store.save(article, expected_version=0, at=now)
    turns(pump, 2)
    monkeypatch.setattr("propagation.purging._PAUSE", 0)
    _queued(150)
    turns(pump, 15)
    assert 800 <= sum(cloudfront.in_progress) <= 1_000
    store.withdraw(article.id, expected_version=1, at=now)
    pump.turn()
    assert sum(f"article:{article.id}" in asked for asked in cloudfront.asked) == 2


def test_so_many_corrections_are_one_request_for_everything_once_in_ten_minutes(
    pump: Pump, cloudfront: CloudFront, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pump
    purging = importlib.import_module("propagation.purging")
    began = time.time() // 1_200 * 1_200 + 60
    monkeypatch.setattr(purging.time, "time", lambda: began)
    monkeypatch.setattr(purging, "MANY", 20)
    _queued(60)
    turns(pump, 3)
    assert cloudfront.asked == [{"/*"}]
    # What is written after it waits for the next ten minutes, as long as so many wait.
    _queued(60)
    later = {"tags": ["article:late"], "reference": "late", "at": time.time() + 3_600}
    before = _depth(os.environ["PURGE_QUEUE"])
    record = {"body": json.dumps(later)}
    assert purging.lambda_handler({"Records": [record]}, LambdaContext()) == {"batchItemFailures": []}
    assert cloudfront.asked == [{"/*"}]
    after = _depth(os.environ["PURGE_QUEUE"])
    assert (after[0], after[1]) == (before[0], before[1] + 1)


def test_where_too_much_is_withdrawn_at_once_everything_is_purged(pump: Pump, cloudfront: CloudFront) -> None:
    assert pump
    withdrawing = importlib.import_module("propagation.withdrawing")
    message = {"tags": [f"article:{number}" for number in range(501)], "reference": "1", "at": 0}
    record = {"eventSource": "aws:sqs", "body": json.dumps(message)}
    assert withdrawing.lambda_handler({"Records": [record]}, LambdaContext()) == {"batchItemFailures": []}
    assert cloudfront.asked == [{"/*"}]


def test_the_copy_follows_every_change_of_what_readers_get(
    pump: Pump, stack: Stack, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    article = an_article()
    store.save(article, expected_version=0, at=now)
    pump.turn()
    content, stated = copy_in(stack, article.id)
    assert (content["id"], content["version"]) == (article.id, 1)
    assert stated == {
        "version": "1",
        "status": "published",
        "language": "en",
        "modified": "Thu, 20 Nov 2025 12:00:00 GMT",
    }
    store.withdraw(article.id, expected_version=1, at=now, note="An error.")
    pump.turn()
    content, stated = copy_in(stack, article.id)
    assert (stated["version"], stated["status"]) == ("2", "withdrawn")
    assert "body" not in content
    assert content["note"] == "An error."
    store.reinstate(article.id, expected_version=2, at=now)
    pump.turn()
    content, stated = copy_in(stack, article.id)
    assert (content["version"], stated["status"]) == (3, "published")


def test_a_document_too_large_for_an_item_is_copied_whole(
    pump: Pump, stack: Stack, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    paragraphs = [{"type": "paragraph", "html": secrets.token_hex(20_000)} for _ in range(30)]
    article = an_article(body=paragraphs)
    store.save(article, expected_version=0, at=now)
    pump.turn()
    assert len(copy_in(stack, article.id)[0]["body"]) == 30


@settings(max_examples=25)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=8))
def test_records_in_any_order_and_as_often_as_they_come_leave_the_newest(stack: Stack, versions: list[int]) -> None:
    copies = Copies(clients.s3(), bucket=stack.bucket)
    article_id = f"en-copied-{next(_numbers)}"
    highest = 0
    for version in versions:
        document = json.dumps({"version": version}).encode()
        kept = copies.keep(Copy(article_id, version, "published", "en", "", document, ""))
        assert kept == (version > highest)
        highest = max(highest, version)
    assert copy_in(stack, article_id)[0] == {"version": max(versions)}


def test_of_two_copiers_at_once_the_newer_wins(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = Copies(clients.s3(), bucket=stack.bucket)
    there = copies.there
    others = iter([Copy("en-raced", 3, "published", "en", "", b'{"version":3}', "")])

    def there_and_then_another(article_id: str) -> Any:
        found = there(article_id)
        for other in others:
            Copies(clients.s3(), bucket=stack.bucket).keep(other)
        return found

    monkeypatch.setattr(copies, "there", there_and_then_another)
    assert not copies.keep(Copy("en-raced", 2, "published", "en", "", b'{"version":2}', ""))
    assert copy_in(stack, "en-raced")[0] == {"version": 3}


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    "operation", ["HeadObject", "PutObject", "SendMessage", "SendMessageBatch", "GetQueueAttributes"]
)
def test_interrupted_anywhere_it_is_done_when_it_comes_again(
    pump: Pump,
    cloudfront: CloudFront,
    stack: Stack,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    breaking: Breaking,
    operation: str,
    moment: str,
) -> None:
    corrected, withdrawn = an_article(), an_article()
    for article in (corrected, withdrawn):
        store.save(article, expected_version=0, at=now)
    store.save(corrected.model_copy(update={"headline": "Other"}), expected_version=1, at=now)
    store.withdraw(withdrawn.id, expected_version=1, at=now)
    with breaking(operation, moment) as broken:
        for _ in range(3):
            with suppress(Failed, NotHandedOn):
                pump.turn()
    assert broken
    turns(pump, 3)
    assert copy_in(stack, corrected.id)[1]["version"] == "2"
    assert copy_in(stack, withdrawn.id)[1]["status"] == "withdrawn"
    for article in (corrected, withdrawn):
        assert any(f"article:{article.id}" in asked for asked in cloudfront.asked)


def test_an_effect_that_fails_holds_up_no_other_and_brings_the_batch_again(
    pump: Pump,
    cloudfront: CloudFront,
    stack: Stack,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    article = an_article()
    store.save(article, expected_version=0, at=now)
    store.save(article.model_copy(update={"headline": "Other"}), expected_version=1, at=now)

    def gone(*_: object) -> Any:
        raise ValueError("a text of the article")

    with monkeypatch.context() as patch:
        patch.setattr("propagation.effects.copies.messages", gone)
        with pytest.raises(NotHandedOn, match="copies"):
            pump.turn()
    turns(pump, 2)
    assert cloudfront.asked == [{f"article:{article.id}"}]
    assert copy_in(stack, article.id)[1]["version"] == "2"


def test_a_record_that_cannot_be_read_is_named_and_holds_up_no_other(
    pump: Pump,
    cloudfront: CloudFront,
    stack: Stack,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Such as an article's item that has lost its status: in its batch the others are handed on, and the function says
    that the batch failed, so that Lambda halves it until that record is alone.
    """
    article = an_article()
    store.save(article, expected_version=0, at=now)
    turns(pump)
    store.save(article.model_copy(update={"headline": "Other"}), expected_version=1, at=now)
    broken = {
        "eventID": "broken-event",
        "eventName": "MODIFY",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": {"pk": {"S": "ARTICLE#en-broken"}, "sk": {"S": "ARTICLE"}},
            "OldImage": {"version": {"N": "1"}},
            "NewImage": {"version": {"N": "2"}},
            "SequenceNumber": "1",
        },
    }
    taken = pump.propagation
    batches: list[list[dict[str, Any]]] = []

    def with_a_broken_one(event: dict[str, Any], context: Any) -> Any:
        batches.append(event["Records"])
        return taken({"Records": [broken, *event["Records"]]}, context)

    pump.propagation = with_a_broken_one
    with pytest.raises(NotHandedOn, match="edge_purges"):
        pump.turn()
    failed = [vars(each).get("failed") for each in caplog.records if each.levelname == "ERROR"]
    assert failed == [
        "propagation.effects.edge_purges of ARTICLE en-broken (broken-event)",
        "a call of propagation.app",
    ]

    def nothing_more(_event: dict[str, Any], _context: Any) -> dict[str, Any]:
        return {"batchItemFailures": []}

    pump.propagation = nothing_more
    turns(pump, 2)
    assert cloudfront.asked == [{f"article:{article.id}"}]
    assert copy_in(stack, article.id)[1]["version"] == "2"
    # Alone, as it comes at last, it fails too: Lambda keeps it.
    with pytest.raises(NotHandedOn):
        taken({"Records": [broken]}, LambdaContext())


@pytest.mark.parametrize("name", ["purging", "withdrawing"])
def test_a_purge_that_cannot_be_read_fails_alone(cloudfront: CloudFront, name: str) -> None:
    bodies = {"good": '{"tags": ["article:en-a"], "reference": "a", "at": 1}', "bad": "{", "worse": '{"tags": 1}'}
    records = [{"messageId": each, "body": body, "eventSource": "aws:sqs"} for each, body in bodies.items()]
    handler = importlib.import_module(f"propagation.{name}").lambda_handler
    answer = handler({"Records": records}, LambdaContext())
    assert [each["itemIdentifier"] for each in answer["batchItemFailures"]] == ["bad", "worse"]
    assert cloudfront.asked == [{"article:en-a"}]


def test_a_withdrawal_that_cannot_be_read_holds_up_no_other(
    pump: Pump,
    cloudfront: CloudFront,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    article = an_article()
    store.save(article, expected_version=0, at=now)
    turns(pump)
    store.withdraw(article.id, expected_version=1, at=now, note="A mistake.")
    taken = pump.withdrawing
    answered: list[Any] = []

    def with_a_broken_one(event: dict[str, Any], context: Any) -> Any:
        keys = {"pk": {"S": "ARTICLE#en-broken"}, "sk": {"S": "ARTICLE"}}
        broken = {"eventName": "MODIFY", "eventSource": "aws:dynamodb", "eventID": "broken-event"}
        changed = {"Keys": keys, "OldImage": {"version": {"N": "1"}}, "SequenceNumber": "1"}
        answered.append(taken({"Records": [broken | {"dynamodb": changed}, *event["Records"]]}, context))
        return {"batchItemFailures": []}

    pump.withdrawing = with_a_broken_one
    pump.turn()
    assert answered == [{"batchItemFailures": [{"itemIdentifier": "1"}]}]
    assert any(f"article:{article.id}" in asked for asked in cloudfront.asked)
    (failed,) = [str(vars(each)["failed"]) for each in caplog.records if hasattr(each, "failed")]
    assert "en-broken" in failed
    assert failed.count("broken-event") == 1


def test_a_front_that_shows_another_languages_article_goes_with_its_withdrawal(
    stack: Stack,
    pump: Pump,
    cloudfront: CloudFront,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    reading: Any,
) -> None:
    own, other = an_article(), an_article(language="ru", section="Europe")
    for article in (own, other):
        store.save(article, expected_version=0, at=now)
    version = stack.fronts().chosen(own.language)[0]
    stack.fronts().choose(Front(language=own.language, top=(own.id, other.id)), expected_version=version)
    turns(pump)
    front = ask(reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET), f"/v1/fronts/{own.language}")
    assert other.id in front["body"]
    tags = set(front["headers"]["x-cache-tags"].split(","))
    cloudfront.asked.clear()
    store.withdraw(other.id, expected_version=1, at=now, note="A mistake.")
    pump.turn()
    assert any(tags & asked for asked in cloudfront.asked), (tags, cloudfront.asked)


def test_a_queue_that_takes_half_of_a_batch_is_told_again(
    pump: Pump, store: ArticleStore, an_article: AnArticle, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(an_article(), expected_version=0, at=now)

    class Half:
        def send_message_batch(self, **_: object) -> dict[str, Any]:
            return {"Failed": [{"Id": "0", "SenderFault": False, "Code": "InternalError"}]}

    with monkeypatch.context() as patch:
        patch.setattr("propagation.app._sqs", Half())
        with pytest.raises(NotHandedOn):
            pump.turn()
    turns(pump, 1)


# ------------------------------------------------------------------------------------------------ Copies of fronts


def front_in(stack: Stack, language: str) -> dict[str, Any]:
    key = f"current/fronts/{language}.json"
    return json.loads(clients.s3().get_object(Bucket=stack.bucket, Key=key)["Body"].read())


def test_the_copy_of_a_front_follows_whatever_changes_it(
    pump: Pump, stack: Stack, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    chosen, newest, urgent, foreign = (
        an_article(id=f"sq-{next(_numbers)}", language="sq", section="Evropa"),
        an_article(id=f"sq-{next(_numbers)}", language="sq", section="Evropa"),
        an_article(id=f"sq-{next(_numbers)}", language="sq", breaking_until=later),
        an_article(),
    )
    for article in (chosen, newest, urgent, foreign):
        store.save(article, expected_version=0, at=now)
    pump.turn()
    front = front_in(stack, "sq")
    assert {card["id"] for card in front["top"]} == {chosen.id, newest.id, urgent.id}
    assert [card["id"] for card in front["breaking"]] == [urgent.id]

    # What editors chose of another language nothing here would take off again.
    stack.fronts().choose(Front(language="sq", top=(chosen.id, foreign.id)), expected_version=0)
    pump.turn()
    assert [card["id"] for card in front_in(stack, "sq")["top"]] == [chosen.id]

    store.save(chosen.model_copy(update={"headline": "Other"}), expected_version=1, at=now)
    store.save(urgent.model_copy(update={"breaking_until": None}), expected_version=1, at=now)
    pump.turn()
    front = front_in(stack, "sq")
    assert [card["headline"] for card in front["top"]] == ["Other"]
    assert front["breaking"] == []

    store.withdraw(chosen.id, expected_version=2, at=now)
    assert chosen.id not in json.dumps(front_in(stack, "sq")), "before propagation"
    pump.turn()
    assert {card["id"] for card in front_in(stack, "sq")["top"]} == {newest.id, urgent.id}


def test_a_front_that_was_made_before_another_write_is_made_again(stack: Stack) -> None:
    fronts = FrontCopies(clients.s3(), bucket=stack.bucket)
    cards = [{"id": "hy-a", "language": "hy"}, {"id": "hy-b", "language": "hy"}]
    full: dict[str, Any] = {"language": "hy", "top": cards, "breaking": [], "sections": []}
    fronts.keep("hy", lambda: full)
    made: list[int] = []

    def while_one_is_withdrawn() -> dict[str, Any]:
        """The first time it was read before the withdrawal, and put after it."""
        made.append(1)
        if len(made) == 1:
            fronts.take_off("hy", "hy-a")
            return full | {"sections": [{"title": "x", "articles": cards}]}
        return full | {"top": cards[1:]}

    fronts.keep("hy", while_one_is_withdrawn)
    assert len(made) == 2
    assert front_in(stack, "hy")["top"] == cards[1:]


@pytest.mark.parametrize("operation", ["HeadObject", "PutObject"])
def test_a_withdrawal_does_not_wait_for_its_copies(
    pump: Pump,
    stack: Stack,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    breaking: Breaking,
    operation: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are propagation's too."""
    article = an_article()
    store.save(article, expected_version=0, at=now)
    pump.turn()
    keep = Copies.keep

    def broken(copies: Copies, copy: Copy) -> bool:
        with breaking(operation, "before"):
            return keep(copies, copy)

    with monkeypatch.context() as patch:
        patch.setattr(Copies, "keep", broken)
        assert store.withdraw(article.id, expected_version=1, at=now) == 2
    assert copy_in(stack, article.id)[1]["status"] == "published"
    pump.turn()
    assert copy_in(stack, article.id)[1]["status"] == "withdrawn"


# ------------------------------------------------------------------------------------------------ Webhooks

SECRETS = [f"whsec_{base64.b64encode(bytes([number]) * 32).decode()}" for number in range(3)]


class Partner:
    """A partner's server, over TLS on loopback."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.authorities = folder / "authorities.pem"
        authority.cert_pem.write_to_path(str(self.authorities))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("partner.example").configure_cert(context)  # pyright: ignore[reportUnknownMemberType] - partially typed there
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 204
        partner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                partner.received.append((self.path, headers, body))
                self.send_response(partner.status)
                self.send_header("location", "https://partner.example/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
                """Quietly."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://partner.example:{self._server.server_port}/hooks?for=us"
        self._serving = Thread(target=self._server.serve_forever, daemon=True)
        self._serving.start()

    def close(self) -> None:
        self._server.shutdown()
        self._serving.join()
        self._server.server_close()


@pytest.fixture
def partner(tmp_path: Path) -> Iterator[Partner]:
    made = Partner(tmp_path)
    yield made
    made.close()


def listed(*endpoints: dict[str, Any]) -> Endpoints:
    class Provider:
        def get(self, *_: object, **__: object) -> dict[str, Any]:
            return {"endpoints": list(endpoints)}

    provider: Any = Provider()
    return Endpoints("a-secret", provider)


def sender(partner: Partner, **endpoint: Any) -> Sender:
    stated = {"id": "partner", "url": partner.url, "secrets": SECRETS[:2], **endpoint}
    return Sender(listed(stated), poster(partner), clock=time.time)


def poster(partner: Partner) -> Poster:
    return Poster(resolve=lambda _host, _port: ["127.0.0.1"], authorities=str(partner.authorities))


MESSAGE = {"endpoint": "partner", "id": "msg_1", "body": '{"type":"articles.changed"}'}


def test_a_partner_can_prove_a_message_with_either_secret_during_a_rotation(partner: Partner) -> None:
    sender(partner).send(MESSAGE)
    ((path, headers, body),) = partner.received
    assert (path, headers["host"]) == ("/hooks?for=us", partner.url.split("/")[2])
    for secret in SECRETS[:2]:
        assert Webhook(secret).verify(body, headers) == {"type": "articles.changed"}
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRETS[2]).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRETS[0]).verify(body + b" ", headers)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 429, 500, 503])
def test_what_is_no_success_is_sent_again_and_no_redirect_is_followed(partner: Partner, status: int) -> None:
    partner.status = status
    with pytest.raises(DeliveryFailed, match=str(status)):
        sender(partner).send(MESSAGE)
    assert len(partner.received) == 1


def test_to_a_partner_that_is_gone_nothing_is_sent_again(partner: Partner) -> None:
    partner.status = 410
    sender(partner).send(MESSAGE)
    sender(partner).send(MESSAGE | {"endpoint": "nobody"})
    assert len(partner.received) == 1


def test_a_server_that_is_not_the_partners_gets_nothing(partner: Partner) -> None:
    with pytest.raises(DeliveryFailed, match="SSLError"):
        sender(partner, url=partner.url.replace("partner.example", "other.example")).send(MESSAGE)
    assert partner.received == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.9.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fd00:ec2::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1", "ff02::1", "2001:db8::1", "fec0::1", "::169.254.169.254", "2001:0:1::1", "3fff::1",
    ],
)  # fmt: skip
def test_no_private_address_is_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolved(*_: object, **__: object) -> Any:
        return [(0, 0, 0, "", (each, 443)) for each in ("93.184.215.14", address)]

    monkeypatch.setattr("socket.getaddrinfo", resolved)
    with pytest.raises(NotPublic):
        public_addresses("partner.example", 443)


def test_a_name_that_leads_to_this_machine_is_refused(partner: Partner) -> None:
    stated = {"id": "partner", "url": "https://localhost/hooks", "secrets": SECRETS[:1]}
    with pytest.raises(DeliveryFailed):
        Sender(listed(stated), Poster(authorities=str(partner.authorities)), clock=time.time).send(MESSAGE)


@pytest.mark.parametrize(
    "url",
    [
        "http://partner.example/",
        "https://user@partner.example/",
        "ftp://a/",
        "https://",
        "https://a b/",
        "//a/",
        "",
        "https://partner.example:99999/",
        "https://partner.example:0/",
        "https://partner.example:a/",
        "https://:443/",
        "https://[::1/",
        "https://[a]/",
        f"https://{'a' * 64}.example/",
        "https://a..example/",
    ],
)
def test_an_endpoint_that_is_not_as_it_should_be_is_not_told_and_holds_up_nobody(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    good = {"id": "good", "url": "https://partner.example/", "secrets": SECRETS[:1]}
    assert [each.id for each in listed({**good, "id": "bad", "url": url}, good).listed()] == ["good"]
    assert "endpoint 0 is not told: url" in caplog.text
    assert SECRETS[0] not in caplog.text


def test_a_secret_signs_with_its_padding_and_without() -> None:
    key = "whsec_" + base64.b64encode(bytes(32)).decode()
    stated = {"id": "good", "url": "https://partner.example/"}
    assert [each.id for each in listed({**stated, "secrets": [key, key.rstrip("=")]}).listed()] == ["good"]
    marks = signed("msg_1", 0, "{}", [key, key.rstrip("=")])["webhook-signature"].split()
    assert marks[0] == marks[1]


@pytest.mark.parametrize(
    "encoded", ["A" * 33, "A" * 30 + "=A", "A" * 32 + "=", "A" * 28, "A" * 92, "", "Ä" * 32, "A" * 32 + "\n"]
)
def test_a_secret_that_can_sign_nothing_is_said_and_not_quoted(encoded: str, caplog: pytest.LogCaptureFixture) -> None:
    stated = {"id": "bad", "url": "https://partner.example/", "secrets": [f"whsec_{encoded}"]}
    assert listed(stated).listed() == []
    assert "endpoint 0 is not told: " in caplog.text
    assert "secrets.0 is not as it should be" in caplog.text
    assert not encoded or encoded not in caplog.text


@pytest.mark.parametrize("secret", ["", "no JSON", "[]", "{}", '{"endpoints": 1}', "null"])
def test_a_secret_that_is_not_as_it_should_be_holds_up_nothing(
    secret: str, stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    assert stack
    name = f"webhooks-{next(_numbers)}"
    clients.client("secretsmanager").create_secret(Name=name, SecretString=secret or " ")
    assert Endpoints(name).listed() == []
    assert "nobody is told" in caplog.text


def test_each_partner_gets_its_languages_ids_only_and_the_same_message_for_the_same_changes() -> None:
    entry = {"change": "withdraw", "id": "a", "version": 2, "at": "2025-11-20T12:00:00Z"}
    changes = [Change("ru", 2, entry), Change("en", 5, entry), Change("en", 4, entry)]
    every = Endpoint(id="all", url="https://a.example/", secrets=(SECRETS[0],))
    russian = Endpoint(id="ru", url="https://a.example/", secrets=(SECRETS[0],), languages=frozenset({"ru"}))
    sent = announcements(changes, [every, russian], "https://content.example.org")
    told = [(each["endpoint"], json.loads(each["body"])["data"]["language"]) for each in sent]
    assert told == [("all", "en"), ("all", "ru"), ("ru", "ru")]
    assert announcements(changes, [every, russian], "https://content.example.org") == sent
    assert len({each["id"] for each in sent}) == 3
    body = json.loads(sent[0]["body"])
    assert body == {
        "type": "articles.changed",
        "timestamp": "2025-11-20T12:00:00Z",
        "data": {"language": "en", "changes": [entry | {"href": None}] * 2},
    }


def test_a_published_article_reaches_a_partner_and_a_failed_message_comes_later(
    pump: Pump,
    partner: Partner,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, delivering = (importlib.import_module(f"propagation.{name}") for name in ("app", "delivering"))
    endpoints = listed({"id": "partner", "url": partner.url, "secrets": SECRETS[:1]})
    monkeypatch.setattr(app, "_deployed", Deployed("https://content.example.org", "", endpoints))
    monkeypatch.setattr(delivering, "_sender", sender(partner))
    paused: list[int] = []

    class Queue:
        def change_message_visibility(self, *, VisibilityTimeout: int, **_: str) -> None:  # noqa: N803 - AWS's names
            paused.append(VisibilityTimeout)

    monkeypatch.setattr(delivering, "_sqs", Queue())
    article = an_article()
    store.save(article, expected_version=0, at=now)
    partner.status = 503
    pump.turn()
    partner.status = 200
    ((_, headers, body),) = partner.received
    data = Webhook(SECRETS[0]).verify(body, headers)
    assert data["data"]["changes"] == [
        {
            "change": "upsert",
            "id": article.id,
            "version": 1,
            "at": "2025-11-20T12:00:00Z",
            "href": f"https://content.example.org/v1/articles/{article.id}?version=1",
        }
    ]
    assert article.headline not in body.decode()
    (pause,) = paused
    assert 12 <= pause <= 18


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    # standardwebhooks.com, "Verifying webhooks": its library's test vector.
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = dt.datetime.fromtimestamp(1614265330, dt.UTC)
    body = '{"test": 2432232314}'
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, [secret])
    assert headers["webhook-signature"] == Webhook(secret).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


# ------------------------------------------------------------------------------------------------ WebSub


def topics_told(partner: Partner) -> list[str]:
    told: list[str] = []
    for path, headers, body in partner.received:
        assert (path, headers["content-type"]) == ("/hooks?for=us", "application/x-www-form-urlencoded")
        form = parse_qs(body.decode(), strict_parsing=True)
        assert form.pop("hub.mode") == ["publish"]
        told += form.pop("hub.url")
        assert not form
    return told


@pytest.fixture
def hub(pump: Pump, partner: Partner, monkeypatch: pytest.MonkeyPatch) -> Partner:
    assert pump
    deployed = Deployed("https://content.example.org", partner.url, listed())
    monkeypatch.setattr(importlib.import_module("propagation.app"), "_deployed", deployed)
    monkeypatch.setattr("propagation.delivering._hub", Hub(partner.url, poster(partner)))
    return partner


def drained(pump: Pump, partner: Partner) -> list[str]:
    """What the hub was told; a turn takes ten messages."""
    for _ in range(4):
        pump.turn()
    return topics_told(partner)


def test_a_hub_is_told_of_each_feed_that_a_write_touched_by_the_address_the_feed_states(
    pump: Pump,
    hub: Partner,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    syndication: Callable[..., Callable[[dict[str, Any]], dict[str, Any]]],
) -> None:
    article = an_article(section="Żółw & Co. “2”", tags=["A tag"], byline=[{"name": "A. Name"}])
    store.save(article, expected_version=0, at=now)
    told = drained(pump, hub)
    assert len(told) == len(set(told)) == 12
    api = syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, WEBSUB_HUB=hub.url)
    for topic in told:
        answer = ask(api, topic.removeprefix("https://content.example.org"))
        assert answer["statusCode"] == 200
        assert answer["headers"]["link"] == f'<{topic}>; rel="self", <{hub.url}>; rel="hub"'

    hub.received.clear()
    store.withdraw(article.id, expected_version=1, at=now)
    assert sorted(drained(pump, hub)) == sorted(told)


def test_without_a_hub_nobody_is_told(
    pump: Pump, partner: Partner, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    store.save(an_article(), expected_version=0, at=now)
    pump.turn()
    queue = clients.client("sqs").get_queue_attributes(QueueUrl=os.environ["WEBHOOK_QUEUE"], AttributeNames=["All"])
    assert queue["Attributes"]["ApproximateNumberOfMessages"] == "0"
    Hub("", poster(partner)).tell("https://content.example.org/feeds/en.rss")
    assert partner.received == []


@pytest.mark.parametrize("status", [301, 307, 400, 404, 410, 429, 500, 503])
def test_a_hub_that_does_not_take_it_is_told_again(partner: Partner, status: int) -> None:
    partner.status = status
    with pytest.raises(DeliveryFailed, match=str(status)):
        Hub(partner.url, poster(partner)).tell("https://content.example.org/feeds/en.rss")
    assert len(partner.received) == 1


def test_a_hub_on_our_own_network_is_refused() -> None:
    with pytest.raises(NotPublic):
        Hub("https://localhost/", Poster()).tell("https://content.example.org/feeds/en.rss")


def test_a_message_to_the_hub_that_fails_comes_later(
    pump: Pump,
    hub: Partner,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paused: list[int] = []

    class Queue:
        def change_message_visibility(self, *, VisibilityTimeout: int, **_: str) -> None:  # noqa: N803 - AWS's names
            paused.append(VisibilityTimeout)

    monkeypatch.setattr("propagation.delivering._sqs", Queue())
    hub.status = 503
    store.save(an_article(), expected_version=0, at=now)
    pump.turn()
    assert len(paused) == len(hub.received) == 6
    assert all(12 <= each <= 18 for each in paused)
