"""Feeds of a tag, an author and breaking news; older pages of a feed; and what its ids and its title are made of."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from content_api.content.article import Article
from content_store.articles import ArticleStore
from feed_reader import FORMATS, NAMES, PUBLIC_URL, identifier, items, root_of, title, tombstones
from simulated_edge.requests import SECRET, ask
from syndication.feeds import entries

type Api = Callable[[dict[str, Any]], dict[str, Any]]


def links(answer: dict[str, Any]) -> dict[str, str]:
    """The links of the header, by relation."""
    stated = (each.partition('>; rel="') for each in answer["headers"]["link"].split(", "))
    return {relation.rstrip('"'): address.removeprefix("<") for address, _, relation in stated}


def title_of(answer: dict[str, Any]) -> str:
    if "json" in answer["headers"]["content-type"]:
        return json.loads(answer["body"])["title"]
    return root_of(answer).findtext("channel/title") or root_of(answer).findtext("atom:title", "", NAMES)


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize(("kind", "name"), [("tag", "Night, Trains / & more"), ("author", "Ольга О’Ніл")])
def test_a_tag_and_an_author_have_feeds_in_their_own_spelling(
    api: Api, publish: Callable[..., Article], extension: str, kind: str, name: str
) -> None:
    name = f"{name} {extension}"
    made = publish(**({"tags": [name]} if kind == "tag" else {"byline": [{"name": name}]}))
    publish(tags=["Another"], byline=[{"name": "Somebody Else"}])
    answer = ask(api, f"/feeds/en.{extension}?{kind}={quote(name.upper(), safe='')}")
    assert [title(item) for item in items(answer)] == [made.headline]
    assert title_of(answer) == f"The Example: {name}"
    stated = links(answer)
    assert ask(api, stated["self"].removeprefix(PUBLIC_URL))["body"] == answer["body"]
    assert answer["headers"]["x-amz-meta-cache-tags"].startswith(f"list:en:{kind}:")


def test_the_feed_of_a_tag_whose_articles_are_gone_still_says_so(
    api: Api, store: ArticleStore, publish: Callable[..., Article], now: dt.datetime
) -> None:
    """A 404 would leave the article in feed readers."""
    made = publish(tags=["Gone Again"])
    (item,) = items(ask(api, "/feeds/en.atom?tag=gone%20again"))
    store.withdraw(made.id, expected_version=1, at=now)
    answer = ask(api, "/feeds/en.atom?tag=gone%20again")
    assert items(answer) == []
    assert identifier(item) in tombstones(answer)


def test_breaking_news_is_a_feed_in_the_words_of_its_language_and_ends_by_itself(
    syndication: Callable[..., Api], publish: Callable[..., Article], now: dt.datetime
) -> None:
    publish(language="tt", headline="Ends", breaking_until=now + dt.timedelta(hours=1))
    publish(language="tt", headline="Never was")

    def at(hours: float) -> dict[str, Any]:
        seconds = (now + dt.timedelta(hours=hours)).timestamp()
        hub = "https://hub.example.org/"
        api = syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, WEBSUB_HUB=hub, clock=lambda: seconds)
        return ask(api, "/feeds/tt.rss?only=breaking")

    assert [title(item) for item in items(at(0))] == ["Ends"]
    assert items(at(2)) == []
    assert title_of(at(0)).endswith(": Ашыгыч хәбәрләр")
    assert links(at(0)) == {"self": f"{PUBLIC_URL}/feeds/tt.rss?only=breaking", "hub": "https://hub.example.org/"}
    assert at(0)["headers"]["x-amz-meta-cache-tags"] == "list:tt:breaking,changes:tt"


def test_a_hub_is_not_named_where_it_is_not_told(
    syndication: Callable[..., Api], publish: Callable[..., Article]
) -> None:
    publish(tags=["Quiet"])
    api = syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, WEBSUB_HUB="https://hub.example.org/")
    answer = ask(api, "/feeds/en.json?tag=quiet")
    assert "hub" not in links(answer)
    assert "hubs" not in json.loads(answer["body"])


@pytest.mark.parametrize("extension", FORMATS)
def test_older_pages_lead_to_the_end_of_the_archive_and_each_article_comes_once(
    api: Api,
    publish: Callable[..., Article],
    store: ArticleStore,
    now: dt.datetime,
    section: str,
    extension: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(entries, "MOST_ENTRIES", 3)
    times = [f"2025-11-20T{hour:02}:00:00.{part:06}Z" for hour in range(3) for part in (0, 250)]
    made = [publish(published_at=at, headline=f"{at} {twin}") for at in times for twin in "ab"]
    undated = publish(published_at=None, headline="Undated")
    store.withdraw(made[4].id, expected_version=1, at=now)
    standing = [*made[:4], *made[5:]]
    expected = [*sorted(standing, key=lambda it: (it.published_at or now, it.id), reverse=True), undated]
    found: list[Any] = []
    address = f"/feeds/en/{quote(section.lower())}.{extension}"
    stated: set[str] = set()
    while address:
        answer = ask(api, address)
        found += items(answer)
        said = links(answer)
        if extension == "json":
            assert json.loads(answer["body"]).get("next_url", "") == said.get("next", "")
        else:
            named = {each.get("rel"): each.get("href") for each in root_of(answer).iter(f"{{{NAMES['atom']}}}link")}
            assert named.get("next", "") == said.get("next", "")
        assert ask(api, said["self"].removeprefix(PUBLIC_URL))["body"] == answer["body"]
        stated.add(root_of(answer).findtext("atom:id", "", NAMES) if extension == "atom" else "")
        address = said.get("next", "").removeprefix(PUBLIC_URL)
    assert [title(item) for item in found] == [article.headline for article in expected]
    assert len(stated) == 1  # all pages are one feed (RFC 5005, section 3)


def test_ids_survive_the_move_of_the_domain(syndication: Callable[..., Api], publish: Callable[..., Article]) -> None:
    publish(language="ba")
    environment = {"READER_LOCATION": "edge", "ORIGIN_SECRET_CURRENT": SECRET}
    before = syndication(**environment)
    after = syndication(**environment, PUBLIC_URL="https://api.example.com", FEED_ID_DOMAIN="content.example.org")
    elsewhere = syndication(**environment, PUBLIC_URL="https://api.example.com")
    ids = [[identifier(each) for each in items(ask(api, "/feeds/ba.atom"))] for api in (before, after, elsewhere)]
    assert ids[0] == ids[1] != ids[2]
    feeds = [root_of(ask(api, "/feeds/ba.atom")).findtext("atom:id", "", NAMES) for api in (before, after)]
    assert feeds[0] == feeds[1] == "tag:content.example.org,2025:feeds/ba"


def test_titles_tell_languages_apart(api: Api, publish: Callable[..., Article]) -> None:
    for language in ("ky", "ps"):
        publish(language=language)
    assert [title_of(ask(api, f"/feeds/{language}.rss")) for language in ("ky", "ps")] == [
        "The Example: кыргызча",
        "The Example: پښتو",
    ]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("tag=a&section=b", "tag"),
        ("only=breaking&author=b", "only"),
        ("only=all", "only"),
        ("only=breaking&before=2025-11-20T00:00:00.000000Z%23a", "before"),
        ("before=2025-11-20", "before"),
    ],
)
def test_a_feed_is_of_one_thing(api: Api, query: str, parameter: str) -> None:
    answer = ask(api, f"/feeds/en.rss?{query}")
    assert answer["statusCode"] == 400
    assert [each["parameter"] for each in json.loads(answer["body"])["errors"]] == [parameter]
