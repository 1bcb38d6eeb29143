"""The copies in S3 follow the table, whatever order its records come in."""

import datetime as dt
import itertools
import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content_api.aws import clients
from content_api.content.article import Article
from content_api.content.front import Front
from content_store.article_copies import Copies, Copy
from content_store.articles import ArticleStore
from content_store.front_copies import FrontCopies
from gateway.pump import Pump
from gateway.stack import Stack
from thoroughness import examples

type AnArticle = Callable[..., Article]
type CopyOf = Callable[[str], tuple[dict[str, Any], dict[str, str]]]


_numbers = itertools.count()


def test_the_copy_follows_every_change_of_what_readers_get(
    pump: Pump, copy_of: CopyOf, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    article = an_article()
    store.save(article, expected_version=0, at=now)
    pump.turn()
    content, stated = copy_of(article.id)
    assert (content["id"], content["version"]) == (article.id, 1)
    assert stated == {
        "version": "1",
        "status": "published",
        "language": "en",
        "modified": "Thu, 20 Nov 2025 12:00:00 GMT",
    }
    store.withdraw(article.id, expected_version=1, at=now, note="An error.")
    pump.turn()
    content, stated = copy_of(article.id)
    assert (stated["version"], stated["status"]) == ("2", "withdrawn")
    assert "body" not in content
    assert content["note"] == "An error."
    store.reinstate(article.id, expected_version=2, at=now)
    pump.turn()
    content, stated = copy_of(article.id)
    assert (content["version"], stated["status"]) == (3, "published")


def test_a_document_too_large_for_an_item_is_copied_whole(
    pump: Pump, copy_of: CopyOf, store: ArticleStore, an_article: AnArticle, now: dt.datetime
) -> None:
    paragraphs = [{"type": "paragraph", "html": secrets.token_hex(20_000)} for _ in range(30)]
    article = an_article(body=paragraphs)
    store.save(article, expected_version=0, at=now)
    pump.turn()
    assert len(copy_of(article.id)[0]["body"]) == 30


@pytest.mark.sampled
@settings(max_examples=examples(6, 25))
@given(st.lists(st.integers(1, 5), min_size=1, max_size=8))
def test_records_in_any_order_and_as_often_as_they_come_leave_the_newest(
    stack: Stack, copy_of: CopyOf, versions: list[int]
) -> None:
    copies = Copies(clients.s3(), bucket=stack.bucket)
    article_id = f"en-copied-{next(_numbers)}"
    highest = 0
    for version in versions:
        document = json.dumps({"version": version}).encode()
        kept = copies.keep(Copy(article_id, version, "published", "en", "", document, ""))
        assert kept == (version > highest)
        highest = max(highest, version)
    assert copy_of(article_id)[0] == {"version": max(versions)}


def test_of_two_copiers_at_once_the_newer_wins(stack: Stack, copy_of: CopyOf, monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert copy_of("en-raced")[0] == {"version": 3}


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
