"""Each effect of a write is done, whatever is interrupted, and none holds up another."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any

import pytest

from content_api.aws.failures import Failed
from content_api.aws.queues import NotHandedOn
from content_api.content.article import Article
from content_store.articles import ArticleStore
from gateway.pump import Pump
from gateway.server import LambdaContext
from simulated_edge.invalidations import Invalidations

type Breaking = Callable[[str, str], AbstractContextManager[list[str]]]
type AnArticle = Callable[..., Article]
type CopyOf = Callable[[str], tuple[dict[str, Any], dict[str, str]]]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    "operation", ["HeadObject", "PutObject", "SendMessage", "SendMessageBatch", "GetQueueAttributes"]
)
def test_interrupted_anywhere_it_is_done_when_it_comes_again(
    pump: Pump,
    cloudfront: Invalidations,
    copy_of: CopyOf,
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
    pump.turns(3)
    assert copy_of(corrected.id)[1]["version"] == "2"
    assert copy_of(withdrawn.id)[1]["status"] == "withdrawn"
    for article in (corrected, withdrawn):
        assert any(f"article:{article.id}" in asked for asked in cloudfront.tags)


def test_an_effect_that_fails_holds_up_no_other_and_brings_the_batch_again(
    pump: Pump,
    cloudfront: Invalidations,
    copy_of: CopyOf,
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
    pump.turns(2)
    assert cloudfront.tags == [{f"article:{article.id}"}]
    assert copy_of(article.id)[1]["version"] == "2"


def test_a_record_that_cannot_be_read_is_named_and_holds_up_no_other(
    pump: Pump,
    cloudfront: Invalidations,
    copy_of: CopyOf,
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
    pump.turns(6)
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
        "propagation.effects.recordings of ARTICLE en-broken (broken-event)",
        "propagation.effects.index of ARTICLE en-broken (broken-event)",
        "propagation.effects.mirror of ARTICLE en-broken (broken-event)",
        "propagation.effects.edge_purges of ARTICLE en-broken (broken-event)",
        "a call of propagation.app",
    ]

    def nothing_more(_event: dict[str, Any], _context: Any) -> dict[str, Any]:
        return {"batchItemFailures": []}

    pump.propagation = nothing_more
    pump.turns(2)
    assert cloudfront.tags == [{f"article:{article.id}"}]
    assert copy_of(article.id)[1]["version"] == "2"
    # Alone, as it comes at last, it fails too: Lambda keeps it.
    with pytest.raises(NotHandedOn):
        taken({"Records": [broken]}, LambdaContext())


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
    pump.turns(1)
