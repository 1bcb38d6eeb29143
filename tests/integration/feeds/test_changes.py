"""A feed says what is new, changed and withdrawn, and confirms only copies that are still good."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from content_api.aws import clients
from content_api.content.article import Article
from content_api.reader_api.damage import cards_of
from content_store.articles import ArticleStore
from feed_reader import FORMATS, address, identifier, items, title, tombstones
from gateway.stack import Stack
from simulated_edge.requests import SECRET, ask

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type AnArticle = Callable[..., Article]

PLACES = ["ru", "ua-occupied", "unknown", "elsewhere"]


def test_an_identifier_is_the_same_in_every_format_and_version(
    api: Api, publish: Callable[..., Article], store: ArticleStore, section: str, now: dt.datetime
) -> None:
    article = publish()
    seen: set[str] = set()
    for version in range(1, 4):
        for extension in FORMATS:
            (item,) = items(ask(api, address(section, extension)))
            seen.add(identifier(item))
        changed = {"headline": f"Version {version}", "url": f"https://news.example.org/{article.id}/{version}"}
        store.save(article.model_copy(update=changed), expected_version=version, at=now)
    assert seen == {f"tag:content.example.org,2025:articles/{article.id}"}
    assert title(items(ask(api, address(section, "json")))[0]) == "Version 3"


@pytest.mark.parametrize("extension", FORMATS)
def test_what_is_withdrawn_leaves_a_tombstone_until_it_is_reinstated(
    api: Api, publish: Callable[..., Article], store: ArticleStore, section: str, now: dt.datetime, extension: str
) -> None:
    kept, withdrawn = publish(headline="Kept"), publish(headline="Withdrawn")
    tag = f"tag:content.example.org,2025:articles/{withdrawn.id}"
    before = ask(api, address(section, extension))
    assert {title(item) for item in items(before)} == {"Kept", "Withdrawn"}
    assert tag not in tombstones(before)

    store.withdraw(withdrawn.id, expected_version=1, at=now + dt.timedelta(minutes=1))
    after = ask(api, address(section, extension))
    assert [title(item) for item in items(after)] == ["Kept"]
    assert tag in tombstones(after)
    assert after["headers"]["etag"] != before["headers"]["etag"]

    store.withdraw(kept.id, expected_version=1, at=now)
    empty = ask(api, address(section, extension))
    assert items(empty) == []
    assert tag in tombstones(empty)

    store.reinstate(withdrawn.id, expected_version=2, at=now)
    again = ask(api, address(section, extension))
    assert [title(item) for item in items(again)] == ["Withdrawn"]
    assert tag not in tombstones(again)


def test_what_is_withdrawn_while_the_feed_is_made_is_not_in_it(
    syndication: Callable[..., Api],
    publish: Callable[..., Article],
    store: ArticleStore,
    section: str,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    article = publish()
    original = syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)

    def withdrawn_then(items: list[Any]) -> list[Any]:
        if items and store.records.current(article.id).status == "published":
            store.withdraw(article.id, expected_version=1, at=now)
        return cards_of(items)

    monkeypatch.setattr("syndication.feeds.entries.cards_of", withdrawn_then)
    assert items(ask(original, address(section, "rss"))) == []


@pytest.mark.parametrize("extension", FORMATS)
def test_a_copy_that_is_still_good_is_not_sent_again_and_no_other_is_confirmed(
    api: Api, publish: Callable[..., Article], store: ArticleStore, section: str, now: dt.datetime, extension: str
) -> None:
    article = publish()
    first = ask(api, address(section, extension))
    tag = first["headers"]["etag"]
    assert not tag.startswith("W/")
    assert "last-modified" not in first["headers"]
    for place in PLACES:
        confirmed = ask(api, address(section, extension), place, if_none_match=tag)
        assert (confirmed["statusCode"], confirmed["body"]) == (304, "")
        assert confirmed["headers"]["etag"] == tag
    # A date says nothing of notices.
    dated = ask(api, address(section, extension), if_modified_since="Fri, 20 Nov 2099 12:00:00 GMT")
    assert dated["statusCode"] == 200
    anything = ask(api, address(section, extension), "ru", if_none_match="*")
    assert anything["statusCode"] == 200
    store.save(article.model_copy(update={"headline": "Changed"}), expected_version=1, at=now)
    assert ask(api, address(section, extension), if_none_match=tag)["statusCode"] == 200


def test_the_same_content_is_the_same_bytes_whenever_it_is_asked_for(
    syndication: Callable[..., Api], publish: Callable[..., Article], section: str
) -> None:
    publish()
    for extension in FORMATS:
        bodies = {
            ask(
                syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, today=day),
                address(section, extension),
            )["body"]
            for day in ("2025-11-20", "2026-03-01")
        }
        assert len(bodies) == 1


def test_a_draft_alone_makes_no_feed(
    api: Api, store: ArticleStore, an_article: AnArticle, now: dt.datetime, section: str
) -> None:
    store.save(an_article(status="draft", section=section), expected_version=0, at=now)
    assert ask(api, address(section, "rss"))["statusCode"] == 404


@pytest.mark.parametrize("extension", FORMATS)
def test_a_language_whose_articles_are_all_gone_has_an_empty_feed_even_when_the_changes_are_forgotten(
    api: Api, publish: Callable[..., Article], store: ArticleStore, now: dt.datetime, extension: str, stack: Stack
) -> None:
    language = {"rss": "mt", "atom": "cy", "json": "ga"}[extension]
    article = publish(language=language, section=None)
    store.withdraw(article.id, expected_version=1, at=now)
    answer = ask(api, f"/feeds/{language}.{extension}")
    assert items(answer) == []
    assert len(tombstones(answer)) == 1
    for number in (1, 2):
        key = {"pk": {"S": f"CHANGE#{language}"}, "sk": {"S": f"{number:012}"}}
        clients.dynamodb().delete_item(TableName=stack.table, Key=key)
    answer = ask(api, f"/feeds/{language}.{extension}")
    assert items(answer) == []
    assert tombstones(answer) == []
