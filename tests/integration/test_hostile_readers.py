"""No input of a reader reaches a 5xx or an error in the log: neither paths nor parameters, headers, cursors."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.integration.built_index import BuiltIndex

from content_api.content.article import Article
from content_api.reader_api.routes import Route
from gateway.events import event
from hostile.words import CHANGES, FORGED, HEADER_VALUES, HEADERS, LIST, WORDS, forged
from imaging.serving.routes import SURFACE as MEDIA
from reading import cursors
from reading.routes import SURFACE as READING
from searching.routes import SURFACE as SEARCHING
from simulated_edge.requests import ROUTE_KEYS, SECRET, ask
from syndication.routes import SURFACE as SYNDICATION
from thoroughness import examples

type Api = Callable[[dict[str, Any]], dict[str, Any]]

NOW = 1_763_640_000.0  # 2025-11-20T12:00:00Z, the clock of the functions under test
words = st.sampled_from(WORDS) | st.text(max_size=30)
NAMES = sorted({*READING.vocabulary.readers, *SYNDICATION.vocabulary.readers, *SEARCHING.vocabulary.readers})


@pytest.fixture(scope="module")
def apis(
    reading: Callable[..., Api],
    syndication: Callable[..., Api],
    searching: Callable[..., Api],
    serving_media: Callable[..., Api],
    an_article: Callable[..., Article],
) -> dict[str, Api]:
    stated = {"READER_LOCATION": "edge", "ORIGIN_SECRET_CURRENT": SECRET}
    made = {
        "reading": reading(**stated),
        "syndication": syndication(**stated),
        "searching": searching(bucket=BuiltIndex(an_article()), **stated),
        "media": serving_media(**stated),
    }
    return {route.path: made[name] for name, surface in SURFACES.items() for route in surface.routes}


SURFACES = {"reading": READING, "syndication": SYNDICATION, "searching": SEARCHING, "media": MEDIA}
ROUTES = [route for surface in SURFACES.values() for route in surface.routes]
_USUAL = {"language": "en", "q": "seeds", "since": "2026-01-01T00:00:00Z", "url": "https://news.example.org/a"}
REQUIRED = {route.path: {name: _USUAL[name] for name in route.required} for route in ROUTES}


def is_answered_on_purpose(answer: dict[str, Any], lines: list[logging.LogRecord]) -> bool:
    """Neither 5xx, but for oEmbed's own 501, nor a line that says that something is wrong here."""
    return answer["statusCode"] in {*range(500), 501} and not [each for each in lines if each.levelno >= logging.ERROR]


@pytest.mark.sampled
@settings(max_examples=examples(40, 300))
@given(
    route=st.sampled_from(ROUTES),
    method=st.sampled_from(["GET", "GET", "GET", "HEAD"]),
    in_path=st.lists(words, min_size=2, max_size=2),
    query=st.dictionaries(st.sampled_from(NAMES) | words, words, max_size=4),
    headers=st.dictionaries(
        st.sampled_from([*HEADERS, "content-length"]), st.sampled_from(HEADER_VALUES) | st.text(max_size=20), max_size=3
    ),
    is_repeated=st.booleans(),
    has_what_is_required=st.booleans(),
)
def test_whatever_a_reader_sends_is_answered_on_purpose(
    apis: dict[str, Api],
    caplog: pytest.LogCaptureFixture,
    *,
    route: Route,
    method: str,
    in_path: list[str],
    query: dict[str, str],
    headers: dict[str, str],
    is_repeated: bool,
    has_what_is_required: bool,
) -> None:
    """The event is made as API Gateway makes it, and its texts are worse than any that it lets through."""
    if has_what_is_required:
        query = REQUIRED[route.path] | query
    query = {name: value for name, value in query.items() if name in route.parameters or len(query) == 1}
    asked = event("GET", "/", headers | {"x-origin-secret": SECRET}, route_keys=ROUTE_KEYS)
    names = [part.strip("{}") for part in route.path.split("/") if part.startswith("{")]
    asked |= {"routeKey": f"{method} {route.path}", "rawPath": route.path, "queryStringParameters": query}
    asked["pathParameters"] = dict(zip(names, in_path, strict=False))
    asked["rawQueryString"] = "&".join(f"{name}={value}" for name, value in query.items())
    if is_repeated:
        asked["rawQueryString"] = "&".join([asked["rawQueryString"]] * 2)
    asked["requestContext"]["http"]["method"] = method
    caplog.clear()
    answer = apis[route.path](asked)
    assert is_answered_on_purpose(answer, caplog.records), (route.path, query, headers, in_path, answer)


@given(
    path=st.lists(words, max_size=5).map("/".join), method=st.sampled_from(["GET", "HEAD", "OPTIONS", "POST", "ZZZ"])
)
def test_whatever_path_is_asked_for_is_answered_on_purpose(
    apis: dict[str, Api], caplog: pytest.LogCaptureFixture, path: str, method: str
) -> None:
    asked = event(method, "/", {"x-origin-secret": SECRET}, route_keys=[])
    asked["rawPath"] = f"/{path}"
    caplog.clear()
    answer = apis["/v1/articles"](asked)
    assert answer["statusCode"] in {204, 404, 405}
    assert is_answered_on_purpose(answer, caplog.records)


@pytest.mark.parametrize("content", FORGED)
@pytest.mark.parametrize(("query", "path"), [(LIST, "/v1/articles?language=en"), (CHANGES, "/v1/changes?language=en")])
def test_a_forged_cursor_is_refused_or_read_as_a_place(
    apis: dict[str, Api], caplog: pytest.LogCaptureFixture, query: str, path: str, content: bytes
) -> None:
    answer = ask(apis[path.partition("?")[0]], f"{path}&cursor={forged(query, content)}")
    assert answer["statusCode"] in {200, 400, 410}
    assert is_answered_on_purpose(answer, caplog.records)


@given(place=st.text(min_size=1, max_size=60), given_at=st.integers(0, 2**40))
@example(place="#a", given_at=int(NOW))
def test_only_a_place_that_a_list_can_have_is_read_from_a_cursor(place: str, given_at: int) -> None:
    pattern = "#[a-z]+"
    cursor = cursors.cursor_for("query", place, given_at)
    try:
        read, at = cursors.read("query", cursor, pattern, NOW)
    except cursors.NoCursor:
        assert given_at // 3600 * 3600 > NOW or not re.fullmatch(pattern, place)
    else:
        assert (read, at) == (place, given_at // 3600 * 3600)


def test_a_place_outside_the_span_that_was_asked_for_is_refused(apis: dict[str, Api]) -> None:
    span = "from=2025-01-01&to=2025-01-31"
    query = "en\n2025-01-01T00:00:00.000000Z\n2025-01-31T23:59:59.999999Z\n-published"
    for place, status in (("2025-01-15T00:00:00.000000Z#a", 200), ("2024-12-31T00:00:00.000000Z#a", 400)):
        cursor = cursors.cursor_for(query, place, NOW)
        answer = ask(apis["/v1/articles"], f"/v1/articles?language=en&{span}&cursor={cursor}")
        assert answer["statusCode"] == status
