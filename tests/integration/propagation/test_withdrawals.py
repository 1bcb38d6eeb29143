"""A withdrawal is purged at once and once more, and nothing holds it up."""

import datetime as dt
import importlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from content_api.aws import clients
from content_api.content.article import Article
from content_api.content.front import Front
from content_store.article_copies import Copies, Copy
from content_store.articles import ArticleStore
from gateway.pump import Pump
from gateway.server import LambdaContext
from gateway.stack import Stack
from simulated_edge.invalidations import Invalidations
from simulated_edge.requests import SECRET, ask

type Breaking = Callable[[str, str], AbstractContextManager[list[str]]]
type AnArticle = Callable[..., Article]
type CopyOf = Callable[[str], tuple[dict[str, Any], dict[str, str]]]


def test_a_withdrawal_purges_every_answer_it_stood_in_at_once_and_once_more(
    pump: Pump, cloudfront: Invalidations, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    article = an_article(
        section="Europe",
        tags=["A bridge"],
        byline=[{"name": "Ana Kovač"}],
        breaking_until=now + dt.timedelta(hours=1),
    )
    store.save(article, expected_version=0, at=now)
    pump.turns(6)
    cloudfront.taken.clear()
    store.withdraw(article.id, expected_version=1, at=now)
    pump.turn()
    everywhere = {
        f"article:{article.id}",
        "front:en",
        "list:en:all",
        "list:en:updated",
        "list:en:type:article",
        "list:en:breaking",
        "list:en:section:europe",
        "list:en:tag:a%20bridge",
        "list:en:author:ana%20kova%C4%8D",
    }
    assert cloudfront.tags[:2] == [everywhere, everywhere]
    assert len({each.reference for each in cloudfront.taken[:2]}) == 2


def test_the_tombstone_is_copied_before_the_edge_forgets(
    pump: Pump,
    cloudfront: Invalidations,
    stack: Stack,
    copy_of: CopyOf,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or the edge would fetch the text of a withdrawn article again."""
    article = an_article()
    store.save(article, expected_version=0, at=now)
    pump.turns(2)
    store.withdraw(article.id, expected_version=1, at=now)
    clients.s3().delete_object(Bucket=stack.bucket, Key=f"current/{article.id}.json")  # what the editor's function did
    done: list[str] = []
    purge = cloudfront.create_invalidation

    def noted(**asked: Any) -> Any:
        done.append(copy_of(article.id)[1]["status"])
        return purge(**asked)

    monkeypatch.setattr(cloudfront, "create_invalidation", noted)
    pump.turn()
    assert done[:2] == ["withdrawn", "withdrawn"]


def test_where_too_much_is_withdrawn_at_once_everything_is_purged(pump: Pump, cloudfront: Invalidations) -> None:
    assert pump
    withdrawing = importlib.import_module("propagation.withdrawing")
    message = {"tags": [f"article:{number}" for number in range(501)], "reference": "1", "at": 0}
    record = {"eventSource": "aws:sqs", "body": json.dumps(message)}
    assert withdrawing.lambda_handler({"Records": [record]}, LambdaContext()) == {"batchItemFailures": []}
    assert cloudfront.tags == [{"/*"}]


def test_a_withdrawal_that_cannot_be_read_holds_up_no_other(
    pump: Pump,
    cloudfront: Invalidations,
    store: ArticleStore,
    an_article: AnArticle,
    now: dt.datetime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    article = an_article()
    store.save(article, expected_version=0, at=now)
    pump.turns(6)
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
    assert any(f"article:{article.id}" in asked for asked in cloudfront.tags)
    (failed,) = [str(vars(each)["failed"]) for each in caplog.records if hasattr(each, "failed")]
    assert "en-broken" in failed
    assert failed.count("broken-event") == 1


def test_a_front_that_shows_another_languages_article_goes_with_its_withdrawal(
    stack: Stack,
    pump: Pump,
    cloudfront: Invalidations,
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
    pump.turns(6)
    front = ask(reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET), f"/v1/fronts/{own.language}")
    assert other.id in front["body"]
    tags = set(front["headers"]["x-amz-meta-cache-tags"].split(","))
    cloudfront.taken.clear()
    store.withdraw(other.id, expected_version=1, at=now, note="A mistake.")
    pump.turn()
    assert any(tags & asked for asked in cloudfront.tags), (tags, cloudfront.tags)


@pytest.mark.parametrize("operation", ["HeadObject", "PutObject"])
def test_a_withdrawal_does_not_wait_for_its_copies(
    pump: Pump,
    copy_of: CopyOf,
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
    assert copy_of(article.id)[1]["status"] == "published"
    pump.turn()
    assert copy_of(article.id)[1]["status"] == "withdrawn"
