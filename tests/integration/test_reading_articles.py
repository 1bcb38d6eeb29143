import datetime as dt
import json
import random
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import pytest

from content_api.aws import clients
from content_api.content.article import Article
from content_store.articles import ArticleStore
from gateway.events import event as gateway_event
from gateway.stack import Stack

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type Event = Callable[..., dict[str, Any]]

SECRET = "current-secret-of-the-edge-0123456789abcdef"
ROUTES = ["GET /v1/articles/{id}", "HEAD /v1/articles/{id}"]


def as_api_gateway_sends_it(method: str, target: str, **headers: str) -> dict[str, Any]:
    return gateway_event(method, target, _named(headers), route_keys=ROUTES)


def as_sam_local_sends_it(method: str, target: str, **headers: str) -> dict[str, Any]:
    """Canonical case, and null where API Gateway leaves a member out."""
    made = gateway_event(method, target, _named(headers), route_keys=ROUTES)
    made["headers"] = {name.title(): value for name, value in made["headers"].items()}
    return {"queryStringParameters": None, "pathParameters": None, "stageVariables": None, "body": ""} | made


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture(params=[as_api_gateway_sends_it, as_sam_local_sends_it], ids=["api-gateway", "sam-local"])
def event(request: pytest.FixtureRequest) -> Event:
    return request.param


@pytest.fixture
def article(store: ArticleStore, an_article: Callable[..., Article], now: dt.datetime) -> Article:
    made = an_article(headline="Ёлки & «палки»")
    store.save(made, expected_version=0, at=now)
    return made


@pytest.fixture
def api(reading: Callable[..., Api]) -> Api:
    return reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)


def edge(jurisdiction: str) -> dict[str, str]:
    return {"x_origin_secret": SECRET, "x_viewer_jurisdiction": jurisdiction}


def test_a_reader_in_russia_gets_the_article_with_the_notice(api: Api, event: Event, article: Article) -> None:
    response = api(event("GET", f"/v1/articles/{article.id}", **edge("ru")))
    body = json.loads(response["body"])
    assert response["statusCode"] == 200
    assert response["headers"]["content-type"] == "application/json"
    assert response["headers"]["cache-control"] == "private, no-store, stale-if-error=0"
    assert response["headers"]["content-language"] == "en"
    assert [(each["id"], each["reason"]) for each in body["legal_notices"]] == [
        ("ru-undesirable-organization", "jurisdiction")
    ]
    assert body["headline"] == "Ёлки & «палки»"
    assert body["version"] == 1


def test_a_reader_elsewhere_gets_the_article_with_an_empty_list_of_notices(
    api: Api, event: Event, article: Article
) -> None:
    response = api(event("GET", f"/v1/articles/{article.id}", **edge("elsewhere")))
    assert json.loads(response["body"])["legal_notices"] == []
    assert response["headers"]["cache-control"] == "private, no-cache, stale-if-error=0"


def test_a_reader_elsewhere_may_ask_for_the_notice(api: Api, event: Event, article: Article) -> None:
    for query in ("notice=always", "notice=always&notice=always"):
        response = api(event("GET", f"/v1/articles/{article.id}?{query}", **edge("elsewhere")))
        (notice,) = json.loads(response["body"])["legal_notices"]
        assert notice["reason"] == "requested"
        assert response["headers"]["cache-control"] == "private, no-store, stale-if-error=0"


@pytest.mark.parametrize("stated", ["", "elsewhere,ru", "ru,elsewhere", "ELSEWHERE", "us", "x" * 10_000])
def test_a_jurisdiction_nobody_knows_brings_the_notice(api: Api, event: Event, article: Article, stated: str) -> None:
    response = api(event("GET", f"/v1/articles/{article.id}", **edge(stated)))
    (notice,) = json.loads(response["body"])["legal_notices"]
    assert notice["reason"] == "unknown_location"


def test_the_same_header_in_two_spellings_brings_the_notice(api: Api, article: Article) -> None:
    asked = as_api_gateway_sends_it("GET", f"/v1/articles/{article.id}", **edge("ru"))
    asked["headers"]["X-Viewer-Jurisdiction"] = "elsewhere"
    assert json.loads(api(asked)["body"])["legal_notices"]


@pytest.mark.parametrize("path", ["/v1/articles/{id}", "/v1/articles/nothing-here", "/nothing"])
@pytest.mark.parametrize("headers", [{}, {"x_origin_secret": "guess"}, {"x_viewer_jurisdiction": "elsewhere"}])
def test_around_the_edge_there_is_nothing_to_learn(
    api: Api, event: Event, article: Article, path: str, headers: dict[str, str]
) -> None:
    response = api(event("GET", path.format(id=article.id), **headers))
    assert response["statusCode"] == 403
    assert json.loads(response["body"])["code"] == "not-through-the-edge"
    assert "The text" not in response["body"]


@pytest.mark.parametrize(
    ("address", "reasons"),
    [
        ("77.88.8.8", ["jurisdiction"]),
        ("::ffff:77.88.8.8", ["jurisdiction"]),
        ("91.0.0.1", []),
        ("2003::1", []),
        ("8.8.8.8", ["unknown_location"]),  # a network of servers says nothing of a reader
        ("10.0.0.1", ["unknown_location"]),
        ("not an address", ["unknown_location"]),
    ],
)
def test_without_an_edge_the_connections_address_says_where_the_reader_is(
    reading: Callable[..., Api], event: Event, article: Article, address: str, reasons: list[str]
) -> None:
    api = reading(READER_LOCATION="connection")
    asked = event("GET", f"/v1/articles/{article.id}", x_viewer_jurisdiction="elsewhere")
    asked["requestContext"]["http"]["sourceIp"] = address
    response = api(asked)
    assert [each["reason"] for each in json.loads(response["body"])["legal_notices"]] == reasons
    asked["headers"]["via"] = "1.1 proxy"
    proxied = json.loads(api(asked)["body"])["legal_notices"]
    assert [each["reason"] for each in proxied] == ["unknown_location"]


def test_there_is_no_notice_before_the_day_it_takes_effect(reading: Callable[..., Api], article: Article) -> None:
    api = reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, today="2024-02-01")
    asked = as_api_gateway_sends_it("GET", f"/v1/articles/{article.id}", **edge("ru"))
    assert json.loads(api(asked)["body"])["legal_notices"] == []


# ---------------------------------------------------------------------------------------- conditional requests


def test_a_copy_that_is_current_is_confirmed(api: Api, event: Event, article: Article) -> None:
    path = f"/v1/articles/{article.id}"
    first = api(event("GET", path, **edge("ru")))
    second = api(event("GET", path, **edge("ru"), if_none_match=first["headers"]["etag"]))
    assert (second["statusCode"], second["body"]) == (304, "")
    for name in ("etag", "cache-control", "access-control-allow-origin"):
        assert second["headers"][name] == first["headers"][name]


def test_a_copy_made_without_the_notice_is_never_confirmed_to_a_reader_it_is_due_to(
    api: Api, event: Event, article: Article
) -> None:
    path = f"/v1/articles/{article.id}"
    tags = {place: api(event("GET", path, **edge(place)))["headers"]["etag"] for place in ("ru", "elsewhere", "")}
    assert len(set(tags.values())) == 3
    for place in tags:
        for other in tags.keys() - {place}:
            response = api(event("GET", path, **edge(place), if_none_match=tags[other]))
            assert response["statusCode"] == 200


def test_a_copy_of_an_older_version_is_not_confirmed(
    api: Api, event: Event, article: Article, store: ArticleStore, now: dt.datetime
) -> None:
    path = f"/v1/articles/{article.id}"
    tag = api(event("GET", path, **edge("elsewhere")))["headers"]["etag"]
    store.save(article.model_copy(update={"headline": "Corrected"}), expected_version=1, at=now)
    response = api(event("GET", path, **edge("elsewhere"), if_none_match=tag))
    assert (response["statusCode"], json.loads(response["body"])["headline"]) == (200, "Corrected")


def test_a_date_never_confirms_what_was_corrected_within_its_second(
    reading: Callable[..., Api], store: ArticleStore, an_article: Callable[..., Article], event: Event, now: dt.datetime
) -> None:
    """A second correction has the date of the first, so neither is stated before the next second begins."""
    clock = [0.0]
    api = reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, clock=lambda: clock[0])
    article = an_article()
    path = f"/v1/articles/{article.id}"
    store.save(article, expected_version=0, at=now + dt.timedelta(milliseconds=200))
    clock[0] = (now + dt.timedelta(milliseconds=500)).timestamp()
    first = api(event("GET", path, **edge("elsewhere")))
    assert "last-modified" not in first["headers"]
    store.save(
        article.model_copy(update={"headline": "Corrected"}),
        expected_version=1,
        at=now + dt.timedelta(milliseconds=800),
    )
    clock[0] = (now + dt.timedelta(seconds=5)).timestamp()
    received = formatdate(now.timestamp(), usegmt=True)  # what a client without another date goes by
    again = api(event("GET", path, **edge("elsewhere"), if_modified_since=received))
    assert (again["statusCode"], json.loads(again["body"])["headline"]) == (200, "Corrected")
    stated = again["headers"]["last-modified"]
    assert api(event("GET", path, **edge("elsewhere"), if_modified_since=stated))["statusCode"] == 304


def test_head_answers_as_get_does_without_a_body(api: Api, event: Event, article: Article) -> None:
    path = f"/v1/articles/{article.id}"
    get, head = (api(event(method, path, **edge("ru"))) for method in ("GET", "HEAD"))
    assert head == get | {"body": ""}


# ---------------------------------------------------------------------------------------- what is not there


@pytest.mark.parametrize("missing", ["nothing-here", "UPPER", "a" * 97, "%D1%8F", "..", "a%00", "a%0A"])
def test_an_article_that_is_not_there_is_404(api: Api, event: Event, missing: str) -> None:
    response = api(event("GET", f"/v1/articles/{missing}", **edge("elsewhere")))
    problem = json.loads(response["body"])
    assert response["statusCode"] == problem["status"] == 404
    assert response["headers"]["content-type"] == "application/problem+json"
    assert response["headers"]["cache-control"] == "private, no-store, stale-if-error=0"
    assert problem["code"] == "article-not-found"


def test_a_draft_is_not_there(
    api: Api, event: Event, store: ArticleStore, an_article: Callable[..., Article], now: dt.datetime
) -> None:
    draft = an_article(status="draft")
    store.save(draft, expected_version=0, at=now)
    assert api(event("GET", f"/v1/articles/{draft.id}", **edge("elsewhere")))["statusCode"] == 404


def test_a_withdrawn_article_is_gone_and_says_so(
    api: Api, event: Event, article: Article, store: ArticleStore, now: dt.datetime
) -> None:
    path = f"/v1/articles/{article.id}"
    tag = api(event("GET", path, **edge("elsewhere")))["headers"]["etag"]
    store.withdraw(article.id, expected_version=1, at=now, note="It was wrong.")
    response = api(event("GET", path, **edge("elsewhere"), if_none_match=tag))
    problem = json.loads(response["body"])
    assert response["statusCode"] == 410
    assert problem["code"] == "article-withdrawn"
    assert (problem["note"], problem["recall"]) == ("It was wrong.", True)
    assert problem["withdrawn_at"] == "2025-11-20T12:00:00Z"
    assert "The text" not in response["body"]


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("colour=blue", ["colour"]),
        ("notice=never", ["notice"]),
        ("notice=", ["notice"]),
        ("notice=always&notice=never", ["notice"]),
        ("notice=no&a=1&b=2", ["a", "b", "notice"]),
    ],
)
def test_parameters_that_mean_nothing_are_refused_all_at_once(
    api: Api, event: Event, article: Article, query: str, parameters: list[str]
) -> None:
    response = api(event("GET", f"/v1/articles/{article.id}?{query}", **edge("elsewhere")))
    problem = json.loads(response["body"])
    assert response["statusCode"] == 400
    assert sorted(error["parameter"] for error in problem["errors"]) == parameters
    assert "The text" not in response["body"]


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/articles/", "/v1/articles/a/b", "/v2/articles/a"])
def test_a_path_that_is_not_there_is_404_and_names_those_that_are(api: Api, event: Event, path: str) -> None:
    response = api(event("GET", path, **edge("elsewhere")))
    assert response["statusCode"] == 404
    assert "/v1/articles/{id}" in json.loads(response["body"])["detail"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_method_that_is_not_allowed_is_405_and_names_those_that_are(api: Api, event: Event, method: str) -> None:
    response = api(event(method, "/v1/articles/a", **edge("elsewhere")))
    assert response["statusCode"] == 405
    assert response["headers"]["allow"] == "GET, HEAD, OPTIONS"


def test_any_site_may_ask(api: Api, event: Event, article: Article) -> None:
    headers = {"Origin": "https://partner.example.net", "Access_Control_Request_Method": "GET"}
    asked = api(event("OPTIONS", f"/v1/articles/{article.id}", **edge("elsewhere"), **headers))
    assert (asked["statusCode"], asked["body"]) == (204, "")
    assert asked["headers"]["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    answered = api(event("GET", f"/v1/articles/{article.id}", **edge("elsewhere"), **headers))
    for response in (asked, answered):
        assert response["headers"]["access-control-allow-origin"] == "*"
        assert "vary" not in response["headers"]
        assert "access-control-allow-credentials" not in response["headers"]


# ---------------------------------------------------------------------------------------- when something fails


def large(make: Callable[..., Article]) -> Article:
    noise = random.Random(2)
    return make(body=[{"type": "paragraph", "html": noise.randbytes(20_000).hex()} for _ in range(40)])


def test_an_article_too_large_for_the_table_is_read_from_s3(
    api: Api, event: Event, store: ArticleStore, an_article: Callable[..., Article], now: dt.datetime
) -> None:
    article = large(an_article)
    store.save(article, expected_version=0, at=now)
    body = json.loads(api(event("GET", f"/v1/articles/{article.id}", **edge("ru")))["body"])
    assert len(body["body"]) == 40
    assert body["legal_notices"]


def test_an_article_whose_text_s3_does_not_give_is_503(
    api: Api,
    event: Event,
    store: ArticleStore,
    stack: Stack,
    an_article: Callable[..., Article],
    now: dt.datetime,
) -> None:
    article = large(an_article)
    store.save(article, expected_version=0, at=now)
    s3 = clients.s3()
    found = s3.list_objects_v2(Bucket=stack.bucket, Prefix=f"documents/{article.id}/").get("Contents", [])
    for each in found:
        s3.delete_object(Bucket=stack.bucket, Key=each.get("Key", ""))
    response = api(event("GET", f"/v1/articles/{article.id}", **edge("ru")))
    assert response["statusCode"] == 503


def test_a_table_that_does_not_answer_is_503_with_a_request_id_and_nothing_of_the_inside(
    reading: Callable[..., Api], event: Event, caplog: pytest.LogCaptureFixture
) -> None:
    api = reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, CONTENT_TABLE="no-such-table")
    response = api(event("GET", "/v1/articles/a", **edge("ru")))
    assert response["statusCode"] == 503
    assert response["headers"]["retry-after"] == "1"
    assert json.loads(response["body"])["request_id"]
    assert "no-such-table" not in response["body"]
    assert "ResourceNotFound" not in response["body"]
    assert "ResourceNotFoundException" in caplog.text


def test_an_error_of_ours_is_500_and_the_log_learns_where_and_nothing_of_the_reader(
    reading: Callable[..., Api], event: Event, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"{203}.0.113.7"  # not as the source line that a traceback shows

    class Broken:
        def get_item(self, key: object, _attributes: str) -> None:
            raise RuntimeError(f"cannot read {key} for {address}")

    api = reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, table=Broken())
    response = api(event("GET", "/v1/articles/secret-interest", **edge("ru")))
    assert response["statusCode"] == 500
    assert json.loads(response["body"])["code"] == "internal-error"
    assert "RuntimeError" in caplog.text
    assert "articles.py" in caplog.text
    for kept in (address, "secret-interest"):
        assert kept not in caplog.text
        assert kept not in response["body"]


@pytest.mark.parametrize("broken", [{}, {"routeKey": "GET /v1/articles/{id}"}, {"routeKey": "GET /v9"}])
def test_an_event_that_is_none_is_a_500_and_no_crash(api: Api, broken: dict[str, Any]) -> None:
    assert api(broken)["statusCode"] == 500
