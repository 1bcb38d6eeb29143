"""The canary before the real handlers, over HTTP, through a simulated CloudFront that runs the real edge function: it
is content while readers get what they should, and says so in its metrics when they don't.
"""

import contextlib
import datetime as dt
import importlib
import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.exceptions import ClientError
from werkzeug.wrappers import Request, Response

from canary.ages import FILE, days_left
from canary.edge import NOBODY, PLACES
from canary.settings import CanarySettings
from content_api.aws import clients
from content_api.aws.settings import SettingsError
from content_api.content.article import Article
from content_api.law.zone import OWN, Zone
from content_store.articles import ArticleStore
from gateway import template
from gateway.events import event
from gateway.server import LambdaContext, serving
from gateway.stack import Stack
from simulated_edge.cdn import Answer, Cdn, Viewer
from simulated_edge.engine import FUNCTION, EdgeFunction, edge_function
from simulated_edge.requests import SECRET

ROUTES = [
    route.key
    for route in template.routes(template.load())
    if route.function == "ReadingFunction" and route.key != "$default"
]
US_EAST_1 = Viewer("US", "VA", "3.80.0.1", "14618")  # Amazon's, as its network is
STORE = ["053b2000/20", "as14618", "as16509"]
LANGUAGE = "is"  # no other test writes in it

ZONE_BUILT = dt.date.fromisoformat(
    json.loads(OWN.with_suffix(".json").read_text(encoding="utf-8"))["database"]["built"]
)

type Counts = dict[str, int]
type Changed = Callable[[str, Answer], Answer]


class World:
    """A deployment in us-east-1, and what is broken of it."""

    def __init__(self, cdn: Cdn, edge: EdgeFunction) -> None:
        self.cdn = cdn
        self.edge = edge
        self.changed: Changed = lambda _path, answer: answer
        self.does_cloudfront_tell = True
        self.viewer = US_EAST_1

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """What listens at PublicUrl."""
        request = Request(environ)
        query = {name: request.args.getlist(name) for name in request.args}
        answer = self.cdn.get(request.path, self.viewer, query, {"user-agent": str(request.user_agent)})
        answer = self.changed(request.path, answer)
        return Response(answer.body, answer.status, answer.headers)(environ, start_response)

    # What the canary asks of CloudFront's own API.

    def describe_function(self, *, Name: str, Stage: str) -> dict[str, str]:  # noqa: N803 - AWS's names
        assert (Name, Stage) == ("content-api-viewer-request", "LIVE")
        if not self.does_cloudfront_tell:
            raise ClientError({"Error": {"Code": "Throttling"}}, "DescribeFunction")
        return {"ETag": "E1"}

    def test_function(self, *, Name: str, IfMatch: str, Stage: str, EventObject: bytes) -> Any:  # noqa: N803 - as above
        assert (Name, IfMatch, Stage) == ("content-api-viewer-request", "E1", "LIVE")
        (request,) = self.edge.run([json.loads(EventObject)])
        return {"TestResult": {"FunctionOutput": json.dumps({"request": request}), "FunctionErrorMessage": ""}}


@pytest.fixture
def edge(edge_engine: str) -> Iterator[EdgeFunction]:
    with edge_function(engine=edge_engine) as started:
        started.load_store(STORE)
        yield started


@pytest.fixture
def world(reading: Callable[..., Any], store: ArticleStore, edge: EdgeFunction, now: dt.datetime) -> World:
    if not store.records.current("is-canary").version:
        body = [{"type": "paragraph", "html": "Text."}]
        article = {"id": "is-canary", "language": LANGUAGE, "headline": "Fuglinn", "body": body}
        store.save(Article.model_validate(article | {"published_at": now}), expected_version=0, at=now)
    return World(_cdn(reading, edge), edge)


def _cdn(reading: Callable[..., Any], edge: EdgeFunction) -> Cdn:
    api = reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)
    return Cdn(template.load(), edge, lambda event, _context: api(event), ROUTES, {"x-origin-secret": SECRET})


def sung(stack: Stack, world: World, monkeypatch: pytest.MonkeyPatch, **environment: str) -> Counts:
    """The metrics of one invocation, as CloudWatch reads them from the log (embedded metric format)."""
    original = clients.client

    def client(service: str, *arguments: Any) -> Any:
        return world if service == "cloudfront" else original(service, *arguments)

    monkeypatch.setattr(clients, "client", client)
    with serving(world) as address:
        named = {
            "EDGE_FUNCTION": "content-api-viewer-request",
            "SITE_URL": address,
            "LAUNCHED": "true",
            "CANARY_LANGUAGE": LANGUAGE,
        }
        for name, value in (stack.functions["CanaryFunction"].environment | named | environment).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setitem(os.environ, "AWS_LAMBDA_FUNCTION_NAME", "canary")
        module = importlib.reload(importlib.import_module("canary.app"))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            module.lambda_handler({}, LambdaContext())
    (line,) = printed.getvalue().splitlines()
    emitted = json.loads(line)
    (directive,) = emitted["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "ContentApi"
    assert directive["Dimensions"] == [["service"]]
    assert emitted["service"] == "content-api"
    names = [each["Name"] for each in directive["Metrics"]]
    # What is counted, whose deployment, and nothing else: no address, place or path is in a metric.
    assert emitted.keys() == {"_aws", "service", *names}
    counts = {name: int(emitted[name][0]) for name in names}
    assert counts.pop("NetworksDaysLeft") == days_left(dt.datetime.now(dt.UTC).date())
    return counts


CONTENT = {"Failures": 0, "NoticesMissing": 0, "PlacesWrong": 0}


def test_all_is_well(stack: Stack, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sung(stack, world, monkeypatch) == CONTENT
    assert world.cdn.asked == 3


@pytest.mark.parametrize(("place", "wrong"), [("unknown", 0), ("elsewhere", 1), ("ru", 1)])
def test_without_an_edge_it_asks_about_its_own_place_alone(
    stack: Stack, reading: Callable[..., Any], world: World, monkeypatch: pytest.MonkeyPatch, place: str, wrong: int
) -> None:
    """A server of AWS that a deployment takes for a reader shows that its databases do not work."""
    monkeypatch.setattr(world, "cdn", Without(reading, place))
    assert sung(stack, world, monkeypatch, EDGE_FUNCTION="") == CONTENT | {"PlacesWrong": wrong}


@pytest.mark.parametrize("left", [147, 0, -1])
def test_it_counts_the_days_until_the_first_source_of_networks_is_too_old(left: int) -> None:
    dates = json.loads(FILE.read_text(encoding="utf-8"))
    assert dates.keys() == {"notice_zone.mmdb", "reader_networks.mmdb"}
    assert days_left(dt.date.fromisoformat(min(dates.values())) - dt.timedelta(days=left)) == left


class Without:
    """The API without an edge, which takes every reader to be in one place."""

    def __init__(self, reading: Callable[..., Any], place: str) -> None:
        self._api = reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)
        self._place = place

    def get(self, path: str, _viewer: Viewer, query: dict[str, list[str]], headers: dict[str, str]) -> Answer:
        sent = headers | {"x-origin-secret": SECRET, "x-viewer-jurisdiction": self._place}
        target = f"{path}?{urlencode(query, doseq=True)}"
        answered = self._api(event("GET", target, sent, route_keys=ROUTES))
        return Answer(answered["statusCode"], answered["headers"], answered["body"])


def test_an_edge_function_that_fails_makes_every_place_unknown(
    stack: Stack,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    reading: Callable[..., Any],
    edge_engine: str,
) -> None:
    broken = tmp_path / "viewer_request.js"
    source = FUNCTION.read_text(encoding="utf-8")
    assert source.count("if (BY_COUNTRY[country]) return") == 1
    broken.write_text(source.replace("if (BY_COUNTRY[country]) return", "if (BY_KOUNTRY[country]) return"), "utf-8")
    with edge_function(broken, edge_engine) as edge:
        world.edge, world.cdn = edge, _cdn(reading, edge)
        # All that it is asked about but those that should be unknown. Readers get their articles.
        known = [place for place in PLACES if place.jurisdiction != "unknown"]
        assert sung(stack, world, monkeypatch) == CONTENT | {"PlacesWrong": len(known)}


def test_a_zone_that_is_not_loaded_is_seen_though_no_reader_here_notices(
    stack: Stack, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.edge.load_store(["as14618", "as16509"], built=None)
    assert sung(stack, world, monkeypatch) == CONTENT | {"PlacesWrong": 1}


def test_a_store_without_the_systems_that_hide_readers_is_seen(
    stack: Stack, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own place, which comes out as elsewhere, and the one that is asked about."""
    world.edge.load_store(["053b2000/20"])
    assert sung(stack, world, monkeypatch) == CONTENT | {"PlacesWrong": 2}


def test_an_edge_that_is_not_told_of_networks_is_seen(
    stack: Stack, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.viewer = replace(US_EAST_1, system=None)
    assert sung(stack, world, monkeypatch) == CONTENT | {"PlacesWrong": 1}


def test_a_zone_that_has_grown_too_old_is_seen(stack: Stack, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.edge.load_store(STORE, built="2021-11-25")
    assert sung(stack, world, monkeypatch) == CONTENT | {"PlacesWrong": 1}


def test_the_address_it_asks_about_is_public_and_in_no_zone() -> None:
    assert Zone(today=ZONE_BUILT).holds(NOBODY) is False


def test_a_store_that_fails_is_seen(stack: Stack, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the places that it decides, and by our own network, of which nobody can say anything."""
    world.edge.load_store([], is_broken=True)
    assert sung(stack, world, monkeypatch)["PlacesWrong"] == 3


def test_what_cloudfront_does_not_tell_is_not_counted_as_well(
    stack: Stack, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its alarm takes no count for the worst (test_template_operations)."""
    world.does_cloudfront_tell = False
    assert sung(stack, world, monkeypatch) == {"Failures": 0, "NoticesMissing": 0}


def test_an_api_that_is_down_is_seen(stack: Stack, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.cdn.is_origin_down = True
    assert sung(stack, world, monkeypatch) == CONTENT | {"Failures": 2}


def test_an_edge_with_another_secret_is_seen(stack: Stack, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.cdn.origin_headers["x-origin-secret"] = "another-secret-of-the-edge-0123456789abcd"
    assert sung(stack, world, monkeypatch)["Failures"] == 2


def test_a_language_without_articles_is_seen(stack: Stack, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sung(stack, world, monkeypatch, CANARY_LANGUAGE="mt")["Failures"] == 1
    assert sung(stack, world, monkeypatch, CANARY_LANGUAGE="")["Failures"] == 0


def test_before_readers_come_there_may_be_no_article_and_no_zone_and_nothing_else_may_be_wrong(
    stack: Stack, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fresh deployment is as it should be: else its alarms would stop the second one."""
    fresh = {"CANARY_LANGUAGE": "mt", "LAUNCHED": "false"}
    world.edge.load_store([], built=None)
    assert sung(stack, world, monkeypatch, **fresh) == CONTENT
    assert sung(stack, world, monkeypatch, **fresh | {"LAUNCHED": "true"}) == CONTENT | {
        "Failures": 1,
        "PlacesWrong": 3,
    }
    world.edge.load_store(["203.0.113.0/24"])
    world.cdn.is_origin_down = True  # which a list that the edge keeps does not show
    assert sung(stack, world, monkeypatch, **fresh)["Failures"] == 1


@pytest.mark.parametrize("name", ["STACK_NAME", "SITE_URL", "LAUNCHED"])
def test_a_variable_that_is_missing_is_named(name: str) -> None:
    environment = {"STACK_NAME": "content-api", "SITE_URL": "https://content.example.org", "LAUNCHED": "true"}
    with pytest.raises(SettingsError, match=name):
        CanarySettings.read(environment | {name: ""})


def _without_notices(path: str, answer: Answer) -> Answer:
    if not path.startswith("/v1/articles/"):
        return answer
    return replace(answer, body=json.dumps(json.loads(answer.body) | {"legal_notices": []}))


def _with_words_missing(path: str, answer: Answer) -> Answer:
    content = json.loads(answer.body)
    for notice in content["legal_notices"]:
        notice["text"] = ""
    return replace(answer, body=json.dumps(content)) if path.startswith("/v1/articles/") else answer


@pytest.mark.parametrize("changed", [_without_notices, _with_words_missing])
def test_an_article_without_the_notice_is_seen(
    stack: Stack, world: World, monkeypatch: pytest.MonkeyPatch, changed: Changed
) -> None:
    world.changed = changed
    assert sung(stack, world, monkeypatch) == CONTENT | {"NoticesMissing": 1}


NOT_WHOLE: dict[str, Callable[[Answer], Answer]] = {
    "cut short": lambda answer: replace(answer, body=answer.body[:-40]),
    "no object": lambda answer: replace(answer, body="[]"),
    "no notices at all": lambda answer: replace(answer, body=answer.body.replace('"legal_notices"', '"notices"')),
    "no body": lambda answer: replace(answer, body=answer.body.replace('"body"', '"text"')),
    "kept by devices": lambda answer: replace(answer, headers=answer.headers | {"cache-control": "public"}),
    "gone": lambda answer: replace(answer, status=410),
}


@pytest.mark.parametrize("flaw", NOT_WHOLE)
def test_an_answer_that_is_not_whole_is_seen(
    stack: Stack, world: World, monkeypatch: pytest.MonkeyPatch, flaw: str
) -> None:
    world.changed = lambda path, answer: NOT_WHOLE[flaw](answer) if path.startswith("/v1/articles/") else answer
    assert sung(stack, world, monkeypatch) == CONTENT | {"Failures": 1}
