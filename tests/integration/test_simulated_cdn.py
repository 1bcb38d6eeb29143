"""Readers before a simulated CloudFront that runs the real edge function and the template's own cache policies: whoever
came before, nobody in the zone or of unknown place ever gets content without the notice.
"""

import json
import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from content_api.aws.dynamodb import StoreUnavailable
from content_api.content.article import Article
from content_api.content.document import public_fields
from content_api.law.places import jurisdiction_of_place
from content_api.law.public_address import public_address
from content_api.names.keys import article_key
from gateway import template
from gateway.reader_api import reader_api
from imaging.serving.routes import SURFACE as MEDIA
from reading.routes import SURFACE as READING
from searching.routes import SURFACE as SEARCHING
from simulated_edge.cdn import Answer, Cdn, Viewer
from simulated_edge.engine import ACCESS, EdgeFunction, edge_function
from syndication.routes import SURFACE as SYNDICATION
from thoroughness import examples

TEMPLATE = template.load()
FUNCTIONS = template.functions_for_readers(TEMPLATE)
ROUTES = list(FUNCTIONS)
SECRET = "current-secret-of-the-edge-0123456789abcdef"
TEXT = "The text, which nobody may miss."
ZONE_KEYS = ["053b2000/20", "2a00fe020000/32"]
IN_ZONE = {"5.59.32.9", "2a00:fe02::7"}
ADDRESSES = [*sorted(IN_ZONE), "91.198.36.14", "2a02:8070::1", "2001:db8::1", "192.168.7.7", "not an address"]
HIDING = "16509"  # an autonomous system that hides its readers
ARTICLES = ["a", "b", "c"]
LONGEST_AT_THE_EDGE = 300  # seconds: the article policy's minimum TTL, which overrides no-store
ARTICLE = public_fields(
    Article.model_validate(
        {
            "id": "a",
            "language": "en",
            "headline": "A headline",
            "url": "https://news.example.org/a",
            "body": [{"type": "paragraph", "html": TEXT}],
        }
    ),
    1,
)

viewers = st.builds(
    Viewer,
    country=st.sampled_from(["RU", "UA", "US", "DE", "KZ", "XX", "T1", "ru", "", None]),
    region=st.sampled_from(["43", "09", "9", "46", "30", "UA-65", "MOW", "99", "", None]),
    ip=st.sampled_from(ADDRESSES),
    system=st.sampled_from([ACCESS, ACCESS, HIDING, None]),
)
CLAIMS = [
    {},
    {"X-Viewer-Jurisdiction": "elsewhere"},
    {"X-Origin-Secret": "unset", "CloudFront-Viewer-Country": "US"},
    {"X-Forwarded-For": "8.8.8.8", "CloudFront-Viewer-Country-Region": "46"},
    {"Cache-Control": "no-cache", "X-Original-Url": "/v1/articles/b"},
]
QUERIES: list[dict[str, list[str]]] = [
    {},
    {"notice": ["always"]},
    {"utm_source": ["x"]},
    {"fields": ["headline"]},
    {"a": ["1", "2"]},
]


@dataclass
class Content:
    """What the store holds: article ids to versions, withdrawn ones to None. `copies` are what stands in for it while
    `is_gone`.
    """

    versions: dict[str, int | None] = field(default_factory=lambda: dict.fromkeys(ARTICLES, 1))
    copies: dict[str, int | None] = field(default_factory=lambda: dict.fromkeys(ARTICLES, 1))
    is_gone: bool = False
    # The last version of each, a withdrawal's too: in the table, and among the copies.
    numbers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ARTICLES, 1))
    copied: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ARTICLES, 1))

    def get_item(self, key: dict[str, str], _attributes: str = "") -> Any:
        if self.is_gone:
            raise StoreUnavailable("gone")
        for article, version in self.versions.items():
            if key == article_key(article):
                return {
                    "status": {"S": "published" if version else "withdrawn"},
                    "version": {"N": str(version or self.numbers[article])},
                    "language": {"S": "en"},
                    "modified": {"S": "Thu, 20 Nov 2025 12:00:00 GMT"},
                    "document": {"B": zlib.compress(_document(article, version))},
                }
        return None

    def read_with_metadata(self, key: str) -> tuple[bytes, dict[str, str]]:
        """As the bucket does."""
        article = key.removeprefix("current/").removesuffix(".json")
        if article not in self.copies:
            raise StoreUnavailable("no copy")
        version = self.copies[article]
        status = "published" if version else "withdrawn"
        stated = str(version or self.copied[article])
        return _document(article, version), {"status": status, "version": stated, "language": "en"}


def _document(article: str, version: int | None) -> bytes:
    tombstone = {"id": article, "withdrawn_at": "2025-11-20T12:00:00Z", "note": None}
    return json.dumps({**ARTICLE, "id": article, "version": version} if version else tombstone).encode()


def cdn_before(content: Content, edge: EdgeFunction, stack: dict[str, Any] = TEMPLATE) -> Cdn:
    at_the_edge = {"READER_LOCATION": "edge", "ORIGIN_SECRET_CURRENT": SECRET}
    functions = {
        name: reader_api(surface, at_the_edge, table=content, bucket=content, clock=lambda: 1_763_640_000.0)
        for name, surface in zip(template.FOR_READERS, (READING, SYNDICATION, SEARCHING, MEDIA), strict=True)
    }

    def handler(asked: dict[str, Any], context: Any) -> Any:
        return functions[FUNCTIONS.get(asked["routeKey"], "ReadingFunction")].lambda_handler(asked, context)

    return Cdn(stack, edge, handler, ROUTES, {"x-origin-secret": SECRET})


def is_due(viewer: Viewer) -> bool:
    """By the rules alone, with what the zone says of the address. Readers may be anywhere whose address is not public,
    whose network hides them, or whose network nobody knows.
    """
    if public_address(viewer.ip) is None or viewer.system != ACCESS:
        return True
    return (
        jurisdiction_of_place(viewer.country, viewer.region, in_zone="ua-occupied" if viewer.ip in IN_ZONE else "")
        != "elsewhere"
    )


def carries_the_notice(body: str) -> bool:
    return any(each["must_display"] for each in json.loads(body)["legal_notices"])


def page_says(body: str) -> bool:
    """Whether a page has the notice, before its content, and then nothing to send it on with."""
    notice, content = body.find('data-legal-notice="ru-undesirable-organization"'), body.index("<main")
    assert notice < content
    return notice >= 0 and "mailto:" not in body


@pytest.fixture(scope="module")
def edge() -> Iterator[EdgeFunction]:
    with edge_function() as started:
        started.load_store([*ZONE_KEYS, f"as{HIDING}"])
        yield started


_engines: list[EdgeFunction] = []


class Readers(RuleBasedStateMachine):
    """Any number of readers, at any places, in any order, while articles change, time passes and the origin fails."""

    def __init__(self) -> None:
        super().__init__()
        self.content = Content()
        self.cdn = cdn_before(self.content, _engines[0])
        # What a device that moves about keeps of each article, and of each page.
        self.device: dict[str, Answer] = {}
        self.pages: dict[str, Answer] = {}
        self.withdrawn_and_purged: set[str] = set()
        self.followed: set[tuple[str, int]] = set()
        # The change feed: articles with their versions, those of a withdrawal too; and a follower who goes on from a
        # place in it, with the version of each article that it keeps.
        self.changes: list[tuple[str, int, bool]] = []
        self.place = 0
        self.kept: dict[str, int] = {}
        self.newest: dict[str, int] = {}  # that the follower has been told of
        self.dynamodb_came_back = -1e9

    @rule(
        viewer=viewers,
        article=st.sampled_from(ARTICLES),
        claims=st.sampled_from(CLAIMS),
        query=st.sampled_from(QUERIES),
    )
    def a_reader_asks(self, viewer: Viewer, article: str, claims: dict[str, str], query: dict[str, list[str]]) -> None:
        self._check(self.cdn.get(f"/v1/articles/{article}", viewer, query, claims), viewer, article)

    @rule(requests=st.lists(st.tuples(viewers, st.sampled_from(ARTICLES)), min_size=5, max_size=30))
    def many_ask(self, requests: list[tuple[Viewer, str]]) -> None:
        for viewer, article in requests:
            self._check(self.cdn.get(f"/v1/articles/{article}", viewer), viewer, article)

    @rule(viewer=viewers, article=st.sampled_from(ARTICLES))
    def a_device_that_moved_confirms_its_copy(self, viewer: Viewer, article: str) -> None:
        kept = self.device.get(article)
        condition = {"If-None-Match": kept.headers["etag"]} if kept else {}
        answer = self.cdn.get(f"/v1/articles/{article}", viewer, headers=condition)
        if answer.status == 304:
            assert kept
            answer = replace(answer, status=200, headers=kept.headers | answer.headers, body=kept.body)
        self._check(answer, viewer, article)
        if answer.status == 200 and "etag" in answer.headers:  # what is stale has none, and is kept by nobody
            self.device[article] = answer

    @rule(
        viewer=viewers,
        article=st.sampled_from(ARTICLES),
        claims=st.sampled_from(CLAIMS),
        query=st.sampled_from(QUERIES),
    )
    def a_reader_opens_an_embed(
        self, viewer: Viewer, article: str, claims: dict[str, str], query: dict[str, list[str]]
    ) -> None:
        self._check_page(self.cdn.get(f"/embed/articles/{article}", viewer, query, claims), viewer)

    @rule(requests=st.lists(st.tuples(viewers, st.sampled_from(ARTICLES)), min_size=5, max_size=30))
    def many_open_embeds(self, requests: list[tuple[Viewer, str]]) -> None:
        for viewer, article in requests:
            self._check_page(self.cdn.get(f"/embed/articles/{article}", viewer), viewer)

    @rule(viewer=viewers, article=st.sampled_from(ARTICLES))
    def a_browser_that_moved_confirms_its_page(self, viewer: Viewer, article: str) -> None:
        kept = self.pages.get(article)
        condition = {"If-None-Match": kept.headers["etag"]} if kept else {}
        answer = self.cdn.get(f"/embed/articles/{article}", viewer, headers=condition)
        if answer.status == 304:
            assert kept
            answer = replace(answer, status=200, headers=kept.headers | answer.headers, body=kept.body)
        self._check_page(answer, viewer)
        if answer.status == 200 and "etag" in answer.headers:
            self.pages[article] = answer

    @rule(viewer=viewers, article=st.sampled_from(ARTICLES), claims=st.sampled_from(CLAIMS))
    def a_partners_server_asks_how_to_embed(self, viewer: Viewer, article: str, claims: dict[str, str]) -> None:
        url = f"https://content.example.org/embed/articles/{article}"
        answer = self.cdn.get("/v1/oembed", viewer, {"url": [url], "maxwidth": ["400"]}, claims)
        assert answer.status in {200, 410, 502, 503}
        if answer.status == 200:
            made = json.loads(answer.body)
            assert carries_the_notice(answer.body)
            assert made["html"].index("data-legal-notice") < made["html"].index("<iframe")
            assert url in made["html"]

    def number_of(self, article: str) -> int:
        return self.content.numbers[article]

    @rule(viewer=viewers, article=st.sampled_from(ARTICLES))
    def a_follower_reads_what_a_change_names(self, viewer: Viewer, article: str) -> None:
        """As soon as it is written, before any purge: never what was there before."""
        version = self.content.versions[article]
        if version is None:
            return  # deleted without asking
        self.followed.add((article, version))
        answer = self.cdn.get(f"/v1/articles/{article}", viewer, {"version": [str(version)]})
        assert answer.status in {200, 410, 502, 503}, answer
        if answer.status == 200:
            assert json.loads(answer.body)["version"] >= version
            assert carries_the_notice(answer.body) or not is_due(viewer)
        if answer.status == 503:
            assert answer.headers["retry-after"]

    @rule(viewer=viewers, article=st.sampled_from(ARTICLES), ahead=st.sampled_from([1, 2, 5]))
    def a_follower_asks_for_a_version_that_is_not_there(self, viewer: Viewer, article: str, ahead: int) -> None:
        """An error that the edge does not keep: whoever asks for that version when it is there gets it."""
        version = self.number_of(article) + ahead
        self.followed.add((article, version))
        answer = self.cdn.get(f"/v1/articles/{article}", viewer, {"version": [str(version)]})
        assert answer.status in {400, 502, 503}, answer
        assert answer.came_from == "origin"
        assert TEXT not in answer.body

    @rule(viewer=viewers)
    def a_follower_goes_on(self, viewer: Viewer) -> None:
        """As the program of docs/partners.md does; where an answer fails, it goes on from the same place later."""
        while self.place < len(self.changes):
            article, version, is_withdrawal = self.changes[self.place]
            if version >= self.newest.get(article, 0):
                self.newest[article] = version
                if is_withdrawal:
                    self.kept.pop(article, None)
                elif not self.follows(article, version, viewer):
                    return
            self.place += 1
        for article in ARTICLES:
            published = self.content.versions[article]
            assert article not in self.newest or self.kept.get(article) == published, "a step behind"

    def follows(self, article: str, version: int, viewer: Viewer) -> bool:
        """Whether there was an answer to go by."""
        answer = self.cdn.get(f"/v1/articles/{article}", viewer, {"version": [str(version)]})
        if answer.status == 410:
            self.kept.pop(article, None)
        elif answer.status == 200:
            read: int = json.loads(answer.body)["version"]
            assert read >= version, "an older text under the address of a newer one"
            self.kept[article] = self.newest[article] = read
        return answer.status in {200, 410}

    @rule(viewer=viewers)
    def an_app_asks_which_notices_are_due(self, viewer: Viewer) -> None:
        answer = self.cdn.get("/v1/legal-notices", viewer)
        if answer.status == 200:
            assert carries_the_notice(answer.body) == is_due(viewer)
            assert answer.came_from == "origin"

    @rule(article=st.sampled_from(ARTICLES), propagated=st.booleans())
    def an_article_changes(self, article: str, *, propagated: bool) -> None:
        """Which is written while DynamoDB answers writers, whatever it does for readers."""
        if self.content.versions[article]:
            self._publish(article)
            if propagated:
                self._propagate(article)

    @rule(article=st.sampled_from(ARTICLES), propagated=st.booleans())
    def an_article_is_reinstated(self, article: str, *, propagated: bool) -> None:
        if self.content.versions[article] is None:
            self.withdrawn_and_purged.discard(article)
            self._publish(article)
            if propagated:
                self._propagate(article)

    def _publish(self, article: str) -> None:
        self.content.numbers[article] += 1
        self.content.versions[article] = self.content.numbers[article]
        self.changes.append((article, self.content.numbers[article], False))

    @rule(article=st.sampled_from(ARTICLES), propagated=st.booleans())
    def an_article_is_withdrawn(self, article: str, *, propagated: bool) -> None:
        """The editor is told when the tombstone stands among the copies, too; the purge comes after."""
        if self.content.versions[article]:
            self.content.numbers[article] += 1
            self.changes.append((article, self.content.numbers[article], True))
        self.content.versions[article] = None
        self.content.copies[article] = None
        self.content.copied[article] = self.content.numbers[article]
        if propagated:
            self._propagate(article)

    @rule()
    def propagation_catches_up(self) -> None:
        for article in ARTICLES:
            self._propagate(article)

    def _propagate(self, article: str) -> None:
        """Copies first."""
        self.content.copies[article] = self.content.versions[article]
        self.content.copied[article] = self.content.numbers[article]
        self.cdn.purge(f"article:{article}")
        if self.content.versions[article] is None:
            self.withdrawn_and_purged.add(article)

    @rule(seconds=st.sampled_from([1.0, 29.0, 31.0, 299.0, 301.0, 86_400.0]))
    def time_passes(self, seconds: float) -> None:
        self.cdn.clock += seconds

    @rule(gone=st.booleans())
    def dynamodb_goes_or_comes(self, *, gone: bool) -> None:
        if self.content.is_gone and not gone:
            self.dynamodb_came_back = self.cdn.clock
        self.content.is_gone = gone

    @rule(down=st.booleans())
    def the_origin_goes_or_comes(self, *, down: bool) -> None:
        self.cdn.is_origin_down = down

    @invariant()
    def purges_are_final(self) -> None:
        for article in self.withdrawn_and_purged:
            for path in ("/v1/articles", "/embed/articles"):
                answer = self.cdn.get(f"{path}/{article}", Viewer("US", "CA", "8.8.8.8"))
                assert TEXT not in answer.body
            for version in [each for followed, each in self.followed if followed == article]:
                answer = self.cdn.get(
                    f"/v1/articles/{article}", Viewer("US", "CA", "8.8.8.8"), {"version": [str(version)]}
                )
                assert TEXT not in answer.body
            url = f"https://content.example.org/embed/articles/{article}"
            assert self.cdn.get("/v1/oembed", Viewer("US", "CA", "8.8.8.8"), {"url": [url]}).status in {410, 502, 503}

    def _check(self, answer: Answer, viewer: Viewer, article: str) -> None:
        assert answer.status in {200, 400, 410, 502}, answer
        self._check_staleness(answer, says='"stale":true' in answer.body)
        if TEXT in answer.body:
            assert json.loads(answer.body)["id"] == article
            assert carries_the_notice(answer.body) or not is_due(viewer)
            if is_due(viewer):
                assert answer.headers["cache-control"] == "private, no-store, stale-if-error=0"

    def _check_page(self, answer: Answer, viewer: Viewer) -> None:
        assert answer.status in {200, 400, 410, 502}, answer
        self._check_staleness(answer, says="cache-status" in answer.headers)
        if TEXT in answer.body:
            assert page_says(answer.body) or not is_due(viewer)
            if is_due(viewer):
                assert answer.headers["cache-control"] == "private, no-store, stale-if-error=0"

    def _check_staleness(self, answer: Answer, *, says: bool) -> None:
        """What is stale says so, and is no longer there when the edge's longest time is over."""
        assert says == (answer.headers.get("cache-status") == "content-api; hit; detail=stale")
        if says:
            assert answer.headers["cache-control"] == "private, no-store, stale-if-error=0"
            assert not {"etag", "last-modified"} & answer.headers.keys()
        if says and not self.content.is_gone and not self.cdn.is_origin_down:
            assert answer.came_from == "cache"
            assert self.cdn.clock - self.dynamodb_came_back < LONGEST_AT_THE_EDGE
        if answer.came_from == "origin" and answer.status == 200:
            assert says == self.content.is_gone


@pytest.mark.sampled
def test_no_reader_ever_gets_anothers_copy_without_the_notice(edge: EdgeFunction) -> None:
    _engines[:] = [edge]
    machine = Readers.TestCase
    machine.settings = settings(max_examples=examples(30, 120), stateful_step_count=30, deadline=None)
    machine().runTest()


def _with_the_header_forwarded_and_not_in_the_key(stack: dict[str, Any]) -> None:
    for name in ("ArticleCachePolicy", "ListCachePolicy"):
        policy = stack["Resources"][name]["Properties"]["CachePolicyConfig"]
        policy["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"] = {"HeaderBehavior": "none", "Headers": []}
    forwarded = stack["Resources"]["OriginRequestPolicy"]["Properties"]["OriginRequestPolicyConfig"]["HeadersConfig"]
    forwarded["Headers"].append("x-viewer-jurisdiction")


def _without_the_function(stack: dict[str, Any]) -> None:
    configuration = stack["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    for behaviour in configuration["CacheBehaviors"]:
        behaviour["FunctionAssociations"] = []


@pytest.mark.parametrize("breaking", [_with_the_header_forwarded_and_not_in_the_key, _without_the_function])
def test_the_simulation_sees_a_broken_edge(edge: EdgeFunction, breaking: Callable[[dict[str, Any]], None]) -> None:
    """A simulation that nothing could fail would prove nothing."""
    broken = deepcopy(TEMPLATE)
    breaking(broken)
    cdn = cdn_before(Content(), edge, broken)
    claim = {"X-Viewer-Jurisdiction": "elsewhere"}
    got: list[str] = []
    for path in ("/v1/articles/a", "/embed/articles/a"):
        cdn.get(path, Viewer("US", "CA", "8.8.8.8"), headers=claim)
        got.append(cdn.get(path, Viewer("RU", "MOW", "8.8.8.8"), headers=claim).body)
        assert TEXT in got[-1]
    assert not carries_the_notice(got[0])
    assert not page_says(got[1])


@pytest.mark.parametrize("path", ["/v1/articles/a", "/v1/legal-notices"])
def test_a_partners_server_gets_the_notice_by_its_network_and_may_keep_the_answer_by_its_tag(
    edge: EdgeFunction, path: str
) -> None:
    """As docs/partners.md says: the server of a hosting network unasked, one in a house's own network if it asks."""
    cdn = cdn_before(Content(), edge)
    asking: dict[str, list[str]] = {"notice": ["always"]}
    for system, query in ((HIDING, {}), (ACCESS, asking)):
        viewer = Viewer("DE", "HE", "8.8.8.8", system)
        answer = cdn.get(path, viewer, query)
        assert carries_the_notice(answer.body)
        assert "no-store" in answer.headers["cache-control"]
        if "etag" in answer.headers:
            again = cdn.get(path, viewer, query, {"If-None-Match": answer.headers["etag"]})
            assert (again.status, again.body) == (304, "")
    assert not carries_the_notice(cdn.get(path, Viewer("DE", "HE", "8.8.8.8", ACCESS)).body)


KEYS = {
    "jurisdiction": ["x-viewer-jurisdiction"],
    "country": ["cloudfront-viewer-country"],
    "country with region": ["cloudfront-viewer-country", "cloudfront-viewer-country-region"],
}
REQUESTS = examples(1_500, 12_000)


@pytest.mark.sampled
def test_keying_by_jurisdiction_keeps_more_than_keying_by_country(
    edge: EdgeFunction, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tens of thousands of readers in sixty countries; popularity of places and articles falls off as 1/rank."""
    ratios: dict[str, float] = {}
    for name, headers in KEYS.items():
        keyed = deepcopy(TEMPLATE)
        for policy in ("ArticleCachePolicy", "ListCachePolicy"):
            configuration = keyed["Resources"][policy]["Properties"]["CachePolicyConfig"]
            configuration["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"] = headers
        ratios[name] = _hit_ratio(edge, keyed, promised=name == "jurisdiction")
    with capsys.disabled():
        print(
            f"\nhit ratio over {REQUESTS:,} requests, keyed by " + ", ".join(f"{n} {r:.3f}" for n, r in ratios.items())
        )
    assert ratios["jurisdiction"] > ratios["country"] > ratios["country with region"]


def _hit_ratio(edge: EdgeFunction, stack: dict[str, Any], *, promised: bool) -> float:
    chance = random.Random(20_251_120)
    articles = [f"article-{number}" for number in range(200)]
    content = Content(dict.fromkeys(articles, 1))
    cdn = cdn_before(content, edge, stack)
    countries = [
        "RU",
        "UA",
        "US",
        "DE",
        "KZ",
        "GE",
        "AM",
        "PL",
        "CZ",
        "KG",
        "GB",
        "FR",
        "LT",
        "LV",
        "EE",
        "IL",
        "TR",
        "MD",
    ]
    countries += [f"{a}{b}" for a in "BIS" for b in "ABDEGHMNOQRSTVWYZ"]
    places = [(country, str(region)) for country in countries for region in range(1, 16)]
    weights = [1 / rank for rank in range(1, len(places) + 1)]
    popularity = [1 / rank for rank in range(1, len(articles) + 1)]
    seen: Counter[str] = Counter()
    for (country, region), article in zip(
        chance.choices(places, weights, k=REQUESTS), chance.choices(articles, popularity, k=REQUESTS), strict=True
    ):
        cdn.clock += chance.expovariate(20)  # twenty requests a second at one location
        viewer = Viewer(country, region, chance.choice(["5.59.32.9", "91.198.36.14"]))
        answer = cdn.get(f"/v1/articles/{article}", viewer)
        seen[answer.came_from] += 1
        if promised and is_due(viewer):
            assert carries_the_notice(answer.body)
    assert seen.total() == REQUESTS
    return cdn.hits / cdn.asked
