"""How old an answer may be after a correction, and that none shows what was withdrawn: the table of docs/api.md, held
to the template's cache policies and to what readers get from a simulated CloudFront before the functions and the store.
"""

import datetime as dt
import importlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.integration.built_index import BuiltIndex

from content_api.content.article import Article
from content_api.content.front import Front
from content_store.articles import ArticleStore
from gateway import template
from gateway.pump import Pump
from gateway.stack import Stack
from propagation.purges import Edge
from simulated_edge.cdn import Answer, Cdn, Viewer, behaviours
from simulated_edge.engine import edge_function
from simulated_edge.invalidations import Invalidations

type Deployed = Callable[..., Callable[[dict[str, Any]], dict[str, Any]]]

TEMPLATE = template.load()
ROUTES = {each.key: each.function for each in template.routes(TEMPLATE) if each.key != "$default"}
SECRET = "current-secret-of-the-edge-0123456789abcdef"
NOW = dt.datetime(2025, 11, 20, 12, 0, tzinfo=dt.UTC)
FAR, IN_RUSSIA = Viewer("US", "CA", "8.8.8.8"), Viewer("RU", "MOW", "8.8.8.8")
SITE = "https://news.example.org/a/"

_ROW = re.compile(r"\| (.+?) \| `(.+?)` \| (\d+) \| (.*?) ?\|")


@dataclass(frozen=True)
class Kind:
    """A row of the document."""

    name: str
    target: str
    seconds: int
    sooner: str

    @property
    def is_purged_by_its_correction(self) -> bool:
        return self.sooner.startswith(("its correction", "likewise"))

    def of(self, article: Article) -> str:
        """The target, for an article."""
        filled = (
            self.target.replace("{id}", article.id).replace("{language}", "en").replace("language=…", "language=en")
        )
        # A headline that was corrected is not suggested to whoever typed words that it had.
        asked = article.id if "suggest" in self.target else "first"
        filled = filled.replace("q=…", f"q={asked}")
        return filled.replace("url=…", f"url={article.url}").replace("version=…", "version=1")


def kinds() -> list[Kind]:
    text = Path("docs/api.md").read_text(encoding="utf-8")
    section = text.partition("## How old an answer may be\n")[2].partition("\n## ")[0]
    return [Kind(name, target, int(seconds), sooner) for name, target, seconds, sooner in _ROW.findall(section)]


# Paths whose answers show no articles.
SHOWING_NONE = {
    "/v1/sections", "/v1/languages", "/v1/newsletters",  # catalogues
    "/v1/topics", "/v1/topics/{id}", "/v1/authors", "/v1/authors/{id}", "/v1/shows", "/v1/shows/{id}",  # likewise
    "/v1/openapi.json", "/v1/docs", "/legal-notices/{id}", "/v1/legal-notices/{id}", "/embed.js",  # ours alone
    "/sitemaps/index.xml", "/sitemaps/{language}/{file}",  # addresses alone
    "/v1/bundles/{language}/{span}",  # about a file
    "/mirror", "/mirror/{file}", "/mirror/{folder}/{file}",  # files, which the edge does not keep
    "/media/{id}/{crop}/{file}",  # a picture, whose address changes with it
    "/media/{id}/{file}",  # a recording, as above
    "/v1/articles/{id}/posts", "/v1/articles/{id}/posts/{page}",  # of a live blog: their own ages, in the text below
    "/v1/articles/{id}/chapters",  # of a recording; purged with its article
}  # fmt: skip
KINDS = kinds()
# Whose answer tells a correction by the article's words, or by its version.
TELLING = [each for each in KINDS if each.seconds and not {"resolve", "related"} & {*re.findall(r"\w+", each.target)}]


def stated_paths() -> set[str]:
    """The paths in the table. The row of one feed stands for all feeds."""
    feeds = {
        "/feeds/{file}",
        "/feeds/{language}/{file}",
        "/feeds/{language}/shows/{file}",
        "/v1/newsletters/{id}/digest",
    }
    return {kind.target.partition("?")[0] for kind in KINDS} - {"/feeds/{language}.rss"} | feeds


def named(kind: Kind) -> str:
    return kind.name


@pytest.mark.parametrize("kind", KINDS, ids=named)
def test_the_document_says_what_the_cache_policies_say(kind: Kind) -> None:
    path = kind.target.partition("?")[0].replace("{id}", "en-a").replace("{language}", "en")
    behaviour = next(each for each in behaviours(TEMPLATE) if re.fullmatch(each.pattern.replace("*", ".*"), path))
    assert (behaviour.minimum, behaviour.default) == (kind.seconds, kind.seconds)
    # Without a minimum, what is not to be kept is not.
    assert kind.seconds in {behaviour.maximum, 0}


@dataclass
class World:
    cdn: Cdn
    pump: Pump
    stack: Stack
    store: ArticleStore
    invalidations: Invalidations
    index: BuiltIndex

    def get(self, target: str, viewer: Viewer = FAR) -> Answer:
        parts = urlsplit(target)
        return self.cdn.get(parts.path, viewer, parse_qs(parts.query))

    def propagate(self) -> None:
        for _ in range(3):
            self.pump.turn()


@pytest.fixture
def world(
    own_stack: Stack,
    queues_of_its_own: Callable[[Stack], Stack],
    reading: Deployed,
    syndication: Deployed,
    searching: Deployed,
    an_article: Callable[..., Article],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """The clock of the API is that of the cache."""
    stack = queues_of_its_own(own_stack)
    with edge_function() as edge:
        edge.load_store([])
        made: list[Cdn] = []

        def clock() -> float:
            return NOW.timestamp() + (made[0].clock if made else 0)

        at_the_edge = {
            "READER_LOCATION": "edge",
            "ORIGIN_SECRET_CURRENT": SECRET,
            "CONTENT_TABLE": stack.table,
            "CONTENT_BUCKET": stack.bucket,
        }
        index = BuiltIndex(an_article())
        functions = {
            "ReadingFunction": reading(clock=clock, **at_the_edge),
            "SyndicationFunction": syndication(clock=clock, **at_the_edge),
            "SearchingFunction": searching(clock=clock, bucket=index, **at_the_edge),
        }

        def handler(asked: dict[str, Any], _context: object) -> dict[str, Any]:
            return functions[ROUTES.get(asked["routeKey"], "ReadingFunction")](asked)

        cdn = Cdn(TEMPLATE, edge, handler, list(ROUTES), {"x-origin-secret": SECRET})
        made.append(cdn)
        pump = Pump(stack)
        invalidations = Invalidations(clock, forget=cdn.forget)
        client: Any = invalidations
        monkeypatch.setattr("propagation.withdrawing.ONCE_MORE_AFTER", 0)
        for name in ("purging", "withdrawing"):
            monkeypatch.setattr(importlib.import_module(f"propagation.{name}"), "_edge", Edge(client, "E1"))
        yield World(cdn, pump, stack, stack.store(), invalidations, index)


@pytest.fixture
def article(world: World, an_article: Callable[..., Article]) -> Article:
    """On every list there is, and new on the site."""
    made = an_article()
    fields: dict[str, Any] = {
        "headline": f"First {made.id}.",
        "url": f"{SITE}{made.id}",
        "section": "Europe",
        "tags": ["A bridge"],
        "byline": [{"name": "Ana"}],
        "published_at": NOW - dt.timedelta(hours=2),
        "breaking_until": NOW + dt.timedelta(days=1),
    }
    article = an_article(id=made.id, **fields)
    world.store.save(article, expected_version=0, at=NOW)
    world.propagate()
    world.index.hold(article)  # and stays so: search shows what the table says
    return article


def translated(world: World, article: Article, an_article: Callable[..., Article]) -> Article:
    links = [{"id": article.id, "language": article.language}]
    other = an_article(id=article.id.replace("en-", "uk-", 1), language="uk", headline="Інше", translations=links)
    world.store.save(other, expected_version=0, at=NOW)
    world.propagate()
    return other


def corrected(article: Article) -> Article:
    return article.model_copy(update={"headline": f"Second {article.id}."})


def tells(answer: Answer, headline: str, article: Article) -> bool:
    """By its words; the change feed, which has none, by the version."""
    assert answer.status == 200, answer
    version = {"First": 1, "Second": 2}[headline]
    return f"{headline} {article.id}." in answer.body or f'"id":"{article.id}","version":{version},"at"' in answer.body


def test_a_correction_is_in_every_answer_after_the_seconds_that_are_stated(world: World, article: Article) -> None:
    """Though nothing is purged, and the edge asked for each a moment before."""
    targets = {kind.of(article): kind for kind in TELLING}
    assert all(tells(world.get(target), "First", article) for target in targets)
    world.store.save(corrected(article), expected_version=1, at=NOW)
    began = world.cdn.clock
    for seconds in sorted({kind.seconds for kind in TELLING}):
        # What is stated is not more than it has to be.
        world.cdn.clock = began + seconds - 1
        kept = [target for target, kind in targets.items() if kind.seconds == seconds]
        assert not [target for target in kept if tells(world.get(target), "Second", article)]
        world.cdn.clock = began + seconds
        assert all(tells(world.get(target), "Second", article) for target in kept)


def test_what_is_corrected_is_forgotten_sooner_where_that_is_stated_and_nothing_else_is(
    world: World, article: Article, an_article: Callable[..., Article]
) -> None:
    other = translated(world, article, an_article)
    links = f"/v1/articles/{other.id}"
    targets = {kind.of(article): kind for kind in TELLING}
    assert all(tells(world.get(target), "First", article) for target in [*targets, links])
    world.store.save(corrected(article), expected_version=1, at=NOW)
    world.propagate()
    assert world.invalidations.taken[-1].items == [f"#article:{article.id}"]
    for target, kind in targets.items():
        assert tells(world.get(target), "Second", article) == kind.is_purged_by_its_correction, target
    assert tells(world.get(links), "Second", article)


def test_what_was_withdrawn_is_related_to_nothing_once_it_is_purged(
    world: World, article: Article, an_article: Callable[..., Article]
) -> None:
    other = an_article(headline=f"Like {article.headline}")
    world.store.save(other, expected_version=0, at=NOW)
    world.propagate()
    world.index.hold(article, other)
    target = f"/v1/articles/{other.id}/related"
    assert article.headline in world.get(target).body
    assert world.get(f"/v1/articles/{article.id}/related").status == 200
    world.store.withdraw(article.id, expected_version=1, at=NOW)
    world.pump.turn()
    assert article.headline not in world.get(target).body
    assert world.get(f"/v1/articles/{article.id}/related").status == 410


def test_an_address_that_leads_elsewhere_leads_there_at_once(
    world: World, article: Article, an_article: Callable[..., Article]
) -> None:
    target = f"/v1/resolve?url={article.url}"
    assert world.get(target).headers["location"] == f"/v1/articles/{article.id}"
    other = an_article()
    world.store.save(article.model_copy(update={"url": None, "aliases": ()}), expected_version=1, at=NOW)
    world.store.save(other.model_copy(update={"url": article.url}), expected_version=0, at=NOW)
    world.propagate()
    assert world.get(target).headers["location"] in {f"/v1/articles/{each.id}" for each in (article, other)}


def test_no_answer_shows_what_was_withdrawn_once_it_is_purged(
    world: World, article: Article, an_article: Callable[..., Article]
) -> None:
    """Every kind, with its parameters, to readers in two jurisdictions; an hour later, too; and what is reinstated is
    there again, by its own version and by every older one.
    """
    other = translated(world, article, an_article)
    world.stack.fronts().choose(Front(language="uk", top=(article.id,)), expected_version=0)
    world.propagate()
    of_article = [
        "",
        "?fields=headline",
        "?body=html",
        "?body=text&version=1",
        "?notice=always",
        "?version=1&notice=always",
    ]
    targets = [
        *(kind.of(article) for kind in TELLING),
        *(f"/v1/articles/{article.id}{query}" for query in of_article),
        *(
            f"/v1/articles?language=en&{query}"
            for query in ("section=Europe", "tag=A%20bridge", "author=Ana", "fields=headline", "from=2025-11-01")
        ),
        *(f"/feeds/en.{form}" for form in ("atom", "json")),
        "/feeds/en/Europe.rss",
        "/feeds/en.rss?content=summary",
        "/v1/fronts/uk",
        f"/v1/articles/{other.id}",
        f"/v1/oembed?url=https://content.example.org/embed/articles/{article.id}",
    ]
    viewers, headline = (FAR, IN_RUSSIA), f"First {article.id}."
    shown = [target for target in targets if all(headline in world.get(target, viewer).body for viewer in viewers)]
    assert [target for target in targets if target not in shown] == ["/v1/changes?language=en"]
    world.store.withdraw(article.id, expected_version=1, at=NOW)
    world.pump.turn()
    for _ in range(2):
        assert not [target for target in targets for viewer in viewers if headline in world.get(target, viewer).body]
        world.cdn.clock += 3_600
    world.store.reinstate(article.id, expected_version=2, at=NOW)
    for version in (1, 2, 3):
        answer = world.get(f"/v1/articles/{article.id}?version={version}")
        assert json.loads(answer.body)["version"] == 3
    # A version that there is not is no answer that the edge keeps: what comes under it later is read at once.
    early = f"/v1/articles/{article.id}?version=4"
    assert world.get(early).status == 400
    world.store.save(corrected(article), expected_version=3, at=NOW)
    assert tells(world.get(early), "Second", article)
