"""The WebSub hub is told of each feed that a write touched."""

import datetime as dt
import importlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from content_api.aws import clients
from content_api.content.article import Article
from content_store.articles import ArticleStore
from gateway.pump import Pump
from propagation.deployed import Deployed
from propagation.posting import DeliveryFailed, NotPublic, Poster
from propagation.websub import Hub
from simulated_edge.requests import SECRET, ask
from simulated_partner import Partner, endpoints

type AnArticle = Callable[..., Article]


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
    deployed = Deployed("https://content.example.org", partner.url, endpoints())
    monkeypatch.setattr(importlib.import_module("propagation.app"), "_deployed", deployed)
    monkeypatch.setattr("propagation.delivering._hub", Hub(partner.url, partner.poster()))
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
        assert answer["headers"]["link"].startswith(f'<{topic}>; rel="self", <{hub.url}>; rel="hub"')

    hub.received.clear()
    store.withdraw(article.id, expected_version=1, at=now)
    assert sorted(drained(pump, hub)) == sorted(told)


def test_without_a_hub_nobody_is_told(
    pump: Pump, partner: Partner, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    store.save(an_article(), expected_version=0, at=now)
    pump.turn()
    queue = clients.client("sqs").get_queue_attributes(QueueUrl=pump.queues["WEBHOOK_QUEUE"], AttributeNames=["All"])
    assert queue["Attributes"]["ApproximateNumberOfMessages"] == "0"
    Hub("", partner.poster()).tell("https://content.example.org/feeds/en.rss")
    assert partner.received == []


@pytest.mark.parametrize("status", [301, 307, 400, 404, 410, 429, 500, 503])
def test_a_hub_that_does_not_take_it_is_told_again(partner: Partner, status: int) -> None:
    partner.status = status
    with pytest.raises(DeliveryFailed, match=str(status)):
        Hub(partner.url, partner.poster()).tell("https://content.example.org/feeds/en.rss")
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
