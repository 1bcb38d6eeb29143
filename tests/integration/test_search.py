"""Search as readers have it: from an article that was saved, through the index, to the answer."""

import datetime as dt
import json
import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from content_api.aws import clients
from content_api.content.article import Article
from content_api.names.object_keys import search_key, shard_of
from content_api.names.quotas import CACHE_TAG_CHARACTERS, CACHE_TAGS
from content_store.placement import placement
from gateway.events import event
from gateway.reader_api import reader_api
from gateway.server import LambdaContext
from gateway.stack import PATIENCE, Function, Stack
from searching.current import _shards_in  # pyright: ignore[reportPrivateUsage] - what a new process does not have
from searching.routes import ROUTES, SURFACE

type Answer = dict[str, Any]

NOW = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)
KEYS = [f"{method} {route.path}" for route in ROUTES for method in ("GET", "HEAD")]
STORIES = {
    "en": ("The librarians who lend seeds", "Gardeners borrow beans, and bring them back in autumn."),
    "ru": ("Зеленский прибыл в Москву", "Переговоры о мире начались утром."),
    "uk": ("П’ять областей без світла", "Обстріляно об'єкти енергетики."),
    "uz": ("Oʻzbekiston gazetalari yopildi", "Yangi qonun kuchga kirdi."),
    "sr": ("Љубљана и Београд", "Влада је донела одлуку."),
    "fa": ("کتاب‌های تازه", "مردم به تهران می‌روند."),
}
ASKED = {
    "en": ["librarian", "seed garden", '"lend seeds"', "seeds -football"],
    "ru": ["зеленского", "москва переговорах", "МОСКВЕ"],
    "uk": ["п'ять", "пʼять область", "об’єктів"],
    "uz": ["o'zbekistonda", "O‘zbekiston", "ўзбекистон"],
    "sr": ["ljubljani", "beograd", "Београду"],
    "fa": ["کتاب‌ها", "کتابها", "کتاب ها", "كتابهاي"],
}


class Newsroom:
    """Writes articles and indexes them, and asks as a reader does."""

    def __init__(self, stack: Stack, make: Callable[..., Article]) -> None:
        self.stack, self.make = stack, make
        self._usual: dict[str, Article] = {}
        self.store = stack.store()
        environment = {"CONTENT_TABLE": stack.table, "CONTENT_BUCKET": stack.bucket, **PATIENCE}
        self.index = Function("indexing.app.lambda_handler", environment).load()
        self.api = reader_api(SURFACE, environment | {"READER_LOCATION": "developer"}, aws=_aws())

    def write(self, language: str = "en", *, is_indexed: bool = True, **fields: Any) -> Article:
        headline, text = STORIES.get(language, STORIES["en"])
        body = [{"type": "paragraph", "html": text}]
        article = self.make(**{"language": language, "headline": headline, "body": body} | fields)
        self.store.save(article, expected_version=0, at=NOW)
        if is_indexed:
            self.tell(article)
        return article

    def usual(self, language: str) -> Article:
        """The language's story, written once."""
        if language not in self._usual:
            self._usual[language] = self.write(language)
        return self._usual[language]

    def tell(self, *articles: Article) -> None:
        records: list[Answer] = []
        for article in articles:
            placed = placement(article)
            assert placed
            message = {"article": article.id, "shard": f"{article.language}/{shard_of(placed.position)}"}
            records.append({"messageId": article.id, "body": json.dumps(message)})
        assert self.index({"Records": records}, LambdaContext()) == {"batchItemFailures": []}

    def ask(self, language: str, q: str, more: str = "", **headers: str) -> Answer:
        return self.get(f"/v1/search?language={language}&q={quote(q)}{more}", **headers)

    def get(self, target: str, **headers: str) -> Answer:
        # A new process, which has fetched nothing yet.
        _shards_in.cache_clear()
        return dict(self.api.lambda_handler(event("GET", target, headers, route_keys=KEYS), LambdaContext()))

    def found(self, language: str, q: str, more: str = "") -> Answer:
        answer = self.ask(language, q, more)
        assert answer["statusCode"] == 200, answer["body"]
        return json.loads(answer["body"])

    def ids(self, language: str, q: str, more: str = "") -> list[str]:
        return [card["id"] for card in self.found(language, q, more)["articles"]]


def _aws() -> dict[str, str]:
    import os  # noqa: PLC0415 - moto's address is there once the stack is made

    return dict(os.environ)


@pytest.fixture(scope="module")
def newsroom(own_stack: Stack, an_article: Callable[..., Article]) -> Newsroom:
    return Newsroom(own_stack, an_article)


@pytest.mark.parametrize("language", STORIES)
def test_what_a_reader_means_is_found(newsroom: Newsroom, language: str) -> None:
    article = newsroom.write(language)
    for q in ASKED[language]:
        (card,) = [each for each in newsroom.found(language, q)["articles"] if each["id"] == article.id]
        assert card["headline"] == STORIES[language][0]
        assert card["highlights"], q
        for each in card["highlights"]:
            assert all(each["text"][start:end].strip() for start, end in each["ranges"])


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("en", "liberrians seeds", "librarians seeds"),
        ("en", '"lend seesd"', '"lend seeds"'),
        ("en", "gardeenrs -football", "Gardeners -football"),
        ("ru", "Зиленский", "Зеленский"),
        ("uk", "енергетеки", "енергетики"),
        ("fa", "تهرات", "تهران"),
        ("sr", "Љубљена", "Љубљана"),
    ],
)
def test_what_may_have_been_meant_is_proposed_and_finds_it(
    newsroom: Newsroom, language: str, typed: str, meant: str
) -> None:
    article = newsroom.usual(language)
    found = newsroom.found(language, typed)
    assert (found["articles"], found["did_you_mean"]) == ([], meant)
    assert article.id in newsroom.ids(language, meant, "&limit=50")


@pytest.mark.parametrize("typed", ["seeds", "qq", "x" * 290, "aaaaaaa bbbbbbb ccccccc ddddddd", "12345678"])
def test_nothing_is_proposed_for_what_is_found_or_is_like_no_word(newsroom: Newsroom, typed: str) -> None:
    newsroom.usual("en")
    assert newsroom.found("en", typed)["did_you_mean"] is None


def test_no_proposal_outlives_its_article(newsroom: Newsroom) -> None:
    first = newsroom.write("en", headline="Quokkas smile")
    second = newsroom.write("en", headline="Numbats run")
    assert newsroom.found("en", "quokkes")["did_you_mean"] == "Quokkas"
    answer = newsroom.ask("en", "quokkes")
    assert answer["headers"]["x-amz-meta-cache-tags"] == f"article:{first.id}"
    newsroom.store.withdraw(first.id, expected_version=1, at=NOW)
    corrected = second.model_copy(update={"headline": "Bilbies run"})
    newsroom.store.save(corrected, expected_version=1, at=NOW)  # the index still has both
    assert newsroom.found("en", "quokkes")["did_you_mean"] is None
    assert newsroom.found("en", "numbets")["did_you_mean"] is None


def test_a_withdrawn_article_is_gone_at_once_and_the_page_is_filled(newsroom: Newsroom) -> None:
    first, second, third = (newsroom.write("en", headline=f"Walruses come ashore {number}") for number in range(3))
    newsroom.store.withdraw(second.id, expected_version=1, at=NOW)
    assert set(newsroom.ids("en", "walruses")) == {first.id, third.id}  # the index still has it
    assert len(newsroom.ids("en", "walruses", "&limit=2")) == 2
    newsroom.tell(second)
    assert newsroom.found("en", "walruses")["total"] == {"value": 2, "is_exact": False}


def test_a_corrected_article_shows_what_it_says_now(newsroom: Newsroom) -> None:
    article = newsroom.write("en", headline="Glaciers grow")
    later = article.model_copy(update={"headline": "Glaciers shrink"})
    newsroom.store.save(later, expected_version=1, at=NOW)
    (card,) = newsroom.found("en", "grow glaciers")["articles"]
    assert card["headline"] == "Glaciers shrink"
    assert [each["text"] for each in card["highlights"]] == ["Glaciers shrink"]
    newsroom.tell(later)
    newsroom.tell(article)
    assert newsroom.ids("en", "glaciers shrink") == [article.id]
    assert newsroom.ids("en", "glaciers grow") == []


def test_pages_come_to_an_end_and_have_each_article_once(newsroom: Newsroom) -> None:
    written = [newsroom.write("en", headline=f"Lighthouse {at}", is_indexed=False) for at in range(7)]
    newsroom.tell(*written)
    seen: list[str] = []
    more = "&limit=3"
    while True:
        page = newsroom.found("en", "lighthouse", more)
        seen += [card["id"] for card in page["articles"]]
        if page["next_cursor"] is None:
            break
        more = f"&limit=3&cursor={page['next_cursor']}"
    assert sorted(seen) == sorted(article.id for article in written)
    refused = newsroom.ask("en", "otherwise", more.partition("&limit=3")[2])
    assert refused["statusCode"] == 400


def test_the_largest_page_has_a_tag_for_each_article_and_no_more_than_the_edge_keeps(newsroom: Newsroom) -> None:
    written = [newsroom.write("en", headline=f"Archive {at}", is_indexed=False) for at in range(CACHE_TAGS + 2)]
    newsroom.tell(*written)
    answer = newsroom.ask("en", "archive", f"&limit={CACHE_TAGS}")
    tags = answer["headers"]["x-amz-meta-cache-tags"].split(",")
    assert len(tags) == CACHE_TAGS
    assert set(tags) == {f"article:{card['id']}" for card in json.loads(answer["body"])["articles"]}
    assert all(len(tag) <= CACHE_TAG_CHARACTERS for tag in tags)


def test_what_narrows_and_what_is_counted(newsroom: Newsroom) -> None:
    sport = newsroom.write("en", headline="Kayaks", section="Sport", published_at="2024-05-05T00:00:00Z")
    culture = newsroom.write("en", headline="Kayaks in films", section="Culture", tags=["Film"])
    assert newsroom.ids("en", "kayaks", "&section=sport") == [sport.id]
    assert newsroom.ids("en", "kayaks", "&from=2025-01-01") == [culture.id]
    assert newsroom.ids("en", "kayaks", "&to=2024-05-05") == [sport.id]
    assert newsroom.ids("en", "kayaks", "&order=-published") == [culture.id, sport.id]
    facets = newsroom.found("en", "kayaks", "&facets=section,year,tag")["facets"]
    assert facets["section"] == [{"value": "culture", "count": 1}, {"value": "sport", "count": 1}]
    assert facets["year"] == [{"value": "2024", "count": 1}, {"value": "2025", "count": 1}]
    assert facets["tag"] == [{"value": "film", "count": 1}]


def test_what_is_related_is_alike_newer_and_never_the_article_itself(newsroom: Newsroom) -> None:
    body = [{"type": "paragraph", "html": "Puffins nest on the cliffs, and eat sand eels."}]
    article, older, newer, other, gone = (
        newsroom.write("en", headline=f"Puffins return {number}", body=body, published_at=NOW - dt.timedelta(days=days))
        for number, days in enumerate((3, 900, 2, 1, 1))
    )
    other = newsroom.write("en", headline="Trams return", body=[{"type": "paragraph", "html": "Trams run at night."}])
    newsroom.store.withdraw(gone.id, expected_version=1, at=NOW)  # the index still has it

    def related(article_id: str, more: str = "") -> Answer:
        return newsroom.get(f"/v1/articles/{article_id}/related{more}")

    answer = related(article.id)
    shown = [card["id"] for card in json.loads(answer["body"])["articles"]]
    assert {article.id, gone.id}.isdisjoint(shown)
    assert shown.index(newer.id) < shown.index(older.id)
    assert other.id not in shown[:3]
    assert len(json.loads(related(article.id, "?limit=1")["body"])["articles"]) == 1
    assert answer["headers"]["x-amz-meta-cache-tags"].split(",")[0] == f"article:{article.id}"
    assert related(gone.id)["statusCode"] == 410
    assert related("en-nothing")["statusCode"] == 404
    assert related(article.id, "?limit=51")["statusCode"] == 400


@pytest.mark.parametrize(
    ("language", "typed", "word"),
    [
        ("en", "librar", "librarians"),
        ("en", "who LEN", "lend"),
        ("ru", "Зелен", "зеленский"),
        ("uk", "п'я", "п’ять"),
        ("fa", "کتاب", "کتاب‌های"),
    ],
)
def test_what_is_typed_is_completed(newsroom: Newsroom, language: str, typed: str, word: str) -> None:
    article = newsroom.write(language)
    said = json.loads(newsroom.get(f"/v1/suggest?language={language}&q={quote(typed)}")["body"])
    assert word in said["words"]
    assert {"id": article.id, "headline": article.headline} in said["headlines"]


def test_no_suggestion_outlives_its_article(newsroom: Newsroom) -> None:
    gone, corrected = (
        newsroom.write("en", headline="Okapi escapes"),
        newsroom.write("en", headline="Okapi escaped again"),
    )
    newsroom.store.withdraw(gone.id, expected_version=1, at=NOW)
    later = corrected.model_copy(update={"headline": "Zebra escaped again"})
    newsroom.store.save(later, expected_version=1, at=NOW)
    for q in ("oka", "okapi esc", "nothing-begins-so", "“", "-", "okapi "):
        said = json.loads(newsroom.get(f"/v1/suggest?language=en&q={quote(q)}")["body"])
        assert (said["words"], said["headlines"]) == ([], [])
    assert newsroom.get("/v1/suggest?language=xx&q=a")["statusCode"] == 200
    assert newsroom.get("/v1/suggest?language=en")["statusCode"] == 400


@pytest.mark.parametrize("q", ['"', "-", "(", "title:seeds", "a AND", "*", "\\", "%00", "," * 10, "’", "\u200c"])
def test_no_question_is_an_error(newsroom: Newsroom, q: str) -> None:
    assert newsroom.ask("en", q)["statusCode"] == 200


@pytest.mark.parametrize(
    "more", ["&limit=51", "&order=newest", "&facets=author", "&from=2026&to=x", "&cursor=1", "&x=1"]
)
def test_a_bad_parameter_is_named(newsroom: Newsroom, more: str) -> None:
    answer = newsroom.ask("en", "seeds", more)
    assert answer["statusCode"] == 400
    assert json.loads(answer["body"])["errors"]


def test_a_reader_who_must_see_the_notice_sees_it_before_what_was_found(newsroom: Newsroom) -> None:
    for headers, is_due in (({"CloudFront-Viewer-Country": "RU"}, True), ({"CloudFront-Viewer-Country": "DE"}, False)):
        answer = newsroom.ask("en", "seeds", "", **headers)
        assert answer["body"].startswith('{"legal_notices":[{' if is_due else '{"legal_notices":[]')
        assert ("no-store" in answer["headers"]["cache-control"]) is is_due


def test_a_language_without_articles_finds_nothing_and_one_without_an_index_is_unavailable(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    assert newsroom.found("ka", "საქართველო")["articles"] == []
    newsroom.write("bg", is_indexed=False)
    with caplog.at_level(logging.DEBUG):
        answer = newsroom.ask("bg", "whatsought")
    assert answer["statusCode"] == 503
    assert answer["headers"]["retry-after"]
    assert "whatsought" not in caplog.text


def test_a_damaged_index_is_unavailable_and_says_nothing_of_the_question(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom.write("mk")
    key = search_key("mk", "2025/meta.json")
    clients.s3().put_object(Bucket=newsroom.stack.bucket, Key=key, Body=b'{"segments": 3}')
    with caplog.at_level(logging.DEBUG):
        assert newsroom.ask("mk", "whatsought")["statusCode"] == 503
    assert not re.search("whatsought", caplog.text)


def test_a_message_that_nobody_can_read_fails_alone(newsroom: Newsroom) -> None:
    article = newsroom.make(language="en", headline="Otters")
    newsroom.store.save(article, expected_version=0, at=NOW)
    good = {"article": article.id, "shard": "en/2025"}
    records = [{"messageId": "bad", "body": "{"}, {"messageId": "good", "body": json.dumps(good)}]
    assert newsroom.index({"Records": records}, LambdaContext()) == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert newsroom.ids("en", "otters") == [article.id]
