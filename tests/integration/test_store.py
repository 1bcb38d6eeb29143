import datetime as dt
import json
import random
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import permutations
from threading import Barrier
from typing import Any

import pytest

from content_api.aws import clients
from content_api.content.article import Article
from content_api.names.keys import article_key
from content_store.articles import ArticleStore
from content_store.current import Current
from content_store.errors import ArticleNotFound, ArticleWithdrawn, EditedSince, LiesAhead, VersionConflict
from content_store.taking_in import TakenIn
from content_store.transactions import Transactions
from content_store.versions import Attribution, Source
from gateway.stack import Stack

type MakeArticle = Callable[..., Article]


def item(stack: Stack, article_id: str) -> dict[str, Any]:
    key: Any = {name: {"S": value} for name, value in article_key(article_id).items()}
    answer: Any = clients.dynamodb().get_item(TableName=stack.table, Key=key)
    return answer["Item"]


def versions(stack: Stack, article_id: str) -> list[dict[str, Any]]:
    s3 = clients.s3()
    found = s3.list_objects_v2(Bucket=stack.bucket, Prefix=f"articles/{article_id}/").get("Contents", [])
    return [
        json.loads(s3.get_object(Bucket=stack.bucket, Key=each.get("Key", ""))["Body"].read())
        for each in sorted(found, key=lambda each: each.get("Key", ""))
    ]


def test_the_first_version_is_kept_and_served(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    article = an_article()
    assert store.save(article, expected_version=0, at=now) == 1
    stored = item(stack, article.id)
    assert json.loads(zlib.decompress(stored["document"]["B"]))["headline"] == article.headline
    (version,) = versions(stack, article.id)
    assert Article.model_validate(version["article"]) == article
    assert version["version"] == 1
    assert version["previous"] is None


FIRST, SECOND, THIRD = (Source(f"{number}.txt", f"2025-11-20T12:00:0{number}Z") for number in (1, 2, 3))


def take_in(store: ArticleStore, article: Article, source: Source, at: dt.datetime) -> TakenIn:
    return store.take_in(article, source, by="a-test", at=at)


def test_importing_the_same_file_twice_changes_nothing(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    article = an_article()
    assert take_in(store, article, FIRST, now) == TakenIn(1, "created", article.id)
    before = item(stack, article.id)
    assert take_in(store, article, FIRST, now + dt.timedelta(days=1)) == TakenIn(1, "unchanged", article.id)
    assert item(stack, article.id) == before
    assert take_in(store, article, SECOND, now + dt.timedelta(days=1)) == TakenIn(1, "unchanged", article.id)
    assert len(versions(stack, article.id)) == 1


def test_a_changed_article_makes_the_next_version_and_says_when(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    article = an_article()
    take_in(store, article, FIRST, now)
    changed = article.model_copy(update={"headline": "Changed"})
    assert take_in(store, changed, SECOND, now) == TakenIn(2, "replaced", changed.id)
    first, second = versions(stack, article.id)
    assert first["article"]["headline"] == "An Article"
    assert second["article"]["headline"] == "Changed"
    assert second["article"]["updated_at"] == "2025-11-20T12:00:00Z"
    assert second["source"] == {"file": "2.txt", "order": SECOND.order}
    assert take_in(store, changed, SECOND, now).outcome == "unchanged"


def test_the_latest_file_counts_in_whatever_order_they_come(
    store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    says = {FIRST: "One", SECOND: "Two", THIRD: "One"}
    for number, order in enumerate(permutations([FIRST, SECOND, THIRD])):
        article_id = f"article-{number}"
        for source in (*order, *order):
            take_in(store, an_article(id=article_id, headline=says[source]), source, now)
        latest = store.records.latest(article_id).article
        assert latest
        assert latest.headline == "One", order


def test_a_file_changes_nothing_that_editors_decided(
    store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    until = now + dt.timedelta(hours=1)
    article = partial(an_article, id="decided")
    take_in(store, article(status="draft"), FIRST, now)
    breaking = article(status="draft", breaking_until=until)
    store.save(breaking, expected_version=1, at=now, attribution=Attribution("editor", "breaking"))
    assert take_in(store, article(headline="Changed"), SECOND, now) == TakenIn(3, "replaced", article().id)
    after = store.records.latest("decided").article
    assert after
    assert (after.status, after.breaking_until, after.headline) == ("draft", until, "Changed")
    corrected = after.model_copy(update={"headline": "Corrected"})
    store.save(corrected, expected_version=3, at=now, attribution=Attribution("editor", "patch"))
    with pytest.raises(EditedSince):
        take_in(store, article(headline="Changed again"), THIRD, now)
    # The files that came before are no reason to complain.
    assert take_in(store, article(headline="Changed"), SECOND, now) == TakenIn(4, "unchanged", article().id)
    assert take_in(store, article(), FIRST, now) == TakenIn(4, "superseded", article().id)


def test_a_file_publishes_nothing_before_its_time(
    store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    ahead = now + dt.timedelta(hours=1)
    with pytest.raises(LiesAhead):
        take_in(store, an_article(id="ahead", published_at=ahead), FIRST, now)
    draft = an_article(id="ahead", published_at=ahead, status="draft")
    assert take_in(store, draft, FIRST, now).outcome == "created"


def test_each_version_names_the_one_before_it(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    article = an_article()
    store.save(article, expected_version=0, at=now)
    before = store.records.current(article.id).version_key
    store.save(article.model_copy(update={"headline": "Changed"}), expected_version=1, at=now)
    assert versions(stack, article.id)[1]["previous"] == before


@pytest.mark.parametrize("expected_version", [0, 2, 7])
def test_a_writer_who_expects_another_version_gets_a_conflict_and_loses_nothing_of_the_others(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime, expected_version: int
) -> None:
    article = an_article()
    store.save(article, expected_version=0, at=now)
    before = item(stack, article.id)
    with pytest.raises(VersionConflict, match=article.id):
        store.save(article.model_copy(update={"headline": "Late"}), expected_version=expected_version, at=now)
    assert item(stack, article.id) == before


@pytest.mark.parametrize("already", [0, 1])
def test_of_writers_with_the_same_expected_version_one_wins_and_the_table_names_its_text(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime, already: int
) -> None:
    article = an_article()
    if already:
        store.save(article, expected_version=0, at=now)
    writers = 4
    together = Barrier(writers)

    def write(number: int) -> str:
        mine = article.model_copy(update={"headline": f"Writer {number}"})
        together.wait()
        try:
            stack.store().save(mine, expected_version=already, at=now)
        except VersionConflict:
            return ""
        return mine.headline

    with ThreadPoolExecutor(writers) as pool:
        winners = [headline for headline in pool.map(write, range(writers)) if headline]
    assert len(winners) == 1
    stored = item(stack, article.id)
    assert json.loads(zlib.decompress(stored["document"]["B"]))["headline"] == winners[0]
    kept = clients.s3().get_object(Bucket=stack.bucket, Key=stored["version_key"]["S"])["Body"].read()
    assert json.loads(kept)["article"]["headline"] == winners[0]


def test_importers_of_the_same_article_at_once_make_one_version(
    stack: Stack, an_article: MakeArticle, now: dt.datetime
) -> None:
    article = an_article()
    with ThreadPoolExecutor(4) as pool:
        saving = [pool.submit(take_in, stack.store(), article, FIRST, now) for _ in range(8)]
        saved = [each.result() for each in saving]
    assert {each.version for each in saved} == {1}
    assert [each.outcome for each in saved].count("created") == 1


def test_a_loser_between_reading_and_writing_gets_the_conflict_from_the_transaction(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = an_article()
    seen = store.records.current(article.id)
    store.save(article, expected_version=0, at=now)
    late = stack.store()

    def as_it_was(_article_id: str) -> Current:
        return seen

    monkeypatch.setattr(late.records, "current", as_it_was)
    with pytest.raises(VersionConflict):
        late.save(article.model_copy(update={"headline": "Late"}), expected_version=0, at=now)
    assert len(versions(stack, article.id)) == 2  # the late text is kept, though nothing refers to it
    assert store.records.current(article.id).version == 1


def test_a_writer_that_dies_before_the_transaction_leaves_the_article_as_it_was(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = an_article()
    dying = stack.store()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Transactions, "commit", die)
    with pytest.raises(KeyboardInterrupt):
        dying.save(article.model_copy(update={"headline": "Never seen"}), expected_version=0, at=now)
    monkeypatch.undo()
    assert store.records.current(article.id).version == 0
    assert store.save(article, expected_version=0, at=now) == 1
    assert json.loads(zlib.decompress(item(stack, article.id)["document"]["B"]))["headline"] == article.headline


def test_a_document_too_large_for_an_item_stands_in_s3(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    noise = random.Random(1)
    body = [{"type": "paragraph", "html": noise.randbytes(20_000).hex()} for _ in range(40)]
    article = an_article(body=body)
    store.save(article, expected_version=0, at=now)
    stored = item(stack, article.id)
    assert "document" not in stored
    packed = clients.s3().get_object(Bucket=stack.bucket, Key=stored["document_key"]["S"])["Body"].read()
    assert len(json.loads(zlib.decompress(packed))["body"]) == 40


def test_a_withdrawn_article_leaves_a_tombstone_and_its_versions(
    stack: Stack, store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    article = an_article()
    store.save(article, expected_version=0, at=now)
    assert store.withdraw(article.id, expected_version=1, at=now, note="A reason.") == 2
    stored = item(stack, article.id)
    assert stored["status"]["S"] == "withdrawn"
    tombstone = zlib.decompress(stored["document"]["B"])
    assert json.loads(tombstone) == {
        "id": article.id,
        "withdrawn_at": "2025-11-20T12:00:00Z",
        "note": "A reason.",
    }
    assert [each["status"] for each in versions(stack, article.id)] == ["published", "withdrawn"]


def test_an_import_does_not_bring_a_withdrawn_article_back(
    store: ArticleStore, an_article: MakeArticle, now: dt.datetime
) -> None:
    article = an_article()
    store.save(article, expected_version=0, at=now)
    store.withdraw(article.id, expected_version=1, at=now)
    with pytest.raises(ArticleWithdrawn):
        take_in(store, article, FIRST, now)
    with pytest.raises(ArticleWithdrawn):
        store.save(article, expected_version=2, at=now)


def test_what_is_not_there_cannot_be_withdrawn(store: ArticleStore, now: dt.datetime) -> None:
    with pytest.raises(ArticleNotFound):
        store.withdraw("no-such-article", expected_version=0, at=now)
