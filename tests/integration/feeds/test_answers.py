"""A feed fits into an answer of Lambda, is compressed where CloudFront does not do it, and is whole or not given."""

import base64
import gzip
import json
import os
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from content_api.aws import clients
from content_api.aws.dynamodb import StoreUnavailable, Table
from content_api.content.article import Article
from feed_reader import (
    FORMATS,
    RUSSIAN,
    address,
    items,
    texts,
    title,
)
from gateway.events import event
from gateway.stack import Stack
from simulated_edge.requests import ROUTE_KEYS, SECRET, ask

type Api = Callable[[dict[str, Any]], dict[str, Any]]


def unzipped(answer: dict[str, Any]) -> str:
    assert answer["headers"]["content-encoding"] == "gzip"
    assert answer["isBase64Encoded"] is True
    return gzip.decompress(base64.b64decode(answer["body"])).decode()


@pytest.mark.parametrize("extension", FORMATS)
def test_a_feed_that_cloudfront_does_not_compress_comes_gzipped_to_those_who_accept_it(
    api: Api, publish: Callable[..., Article], section: str, extension: str
) -> None:
    publish()
    path = address(section, extension)
    plain, packed = ask(api, path), ask(api, path, accept_encoding="br,gzip")
    if extension == "rss":  # CloudFront's own part
        assert packed == plain
        return
    assert unzipped(packed) == plain["body"]
    assert plain["headers"]["vary"] == packed["headers"]["vary"] == "accept-encoding"
    tags = {"identity": plain["headers"]["etag"], "gzip": packed["headers"]["etag"]}
    assert tags["identity"] != tags["gzip"]
    for coding, tag in tags.items():
        for other in tags:
            again = ask(api, path, accept_encoding=other, if_none_match=tag)
            assert (again["statusCode"], again["headers"]["vary"]) == (
                304 if coding == other else 200,
                "accept-encoding",
            )
            if coding == other:
                assert (again["body"], again["headers"]["etag"]) == ("", tag)
                assert "content-encoding" not in again["headers"]
    head = ask(api, path, method="HEAD", accept_encoding="gzip")
    assert (head["body"], head["headers"]) == ("", packed["headers"])
    assert "isBase64Encoded" not in head


def test_a_problem_comes_gzipped_too(api: Api) -> None:
    plain, packed = ask(api, "/feeds/en.rss?colour=blue"), ask(api, "/feeds/en.rss?colour=blue", accept_encoding="gzip")
    assert unzipped(packed) == plain["body"]
    assert plain["headers"]["vary"] == "accept-encoding"


@pytest.mark.parametrize("extension", FORMATS)
def test_head_is_get_without_its_body_and_header_names_may_be_in_any_case(
    api: Api, syndication: Callable[..., Api], publish: Callable[..., Article], section: str, extension: str
) -> None:
    publish()
    got = ask(api, address(section, extension), "ru")
    head = ask(api, address(section, extension), "ru", method="HEAD")
    assert (head["statusCode"], head["body"], head["headers"]) == (200, "", got["headers"])
    # sam local hands header names over in canonical case.
    asked = event("GET", address(section, extension), route_keys=ROUTE_KEYS)
    asked["headers"] = {"Cloudfront-Viewer-Country": "RU", "If-None-Match": got["headers"]["etag"]}
    local = syndication(READER_LOCATION="developer", PUBLISHER_NAME="The Example")(asked)
    assert local["statusCode"] == 304
    assert local["headers"]["cache-control"] == "private, no-store, stale-if-error=0"


def _large(characters: int) -> list[dict[str, str]]:
    return [
        {"type": "paragraph", "html": f"<b>{secrets.token_hex(20_000)}</b>&amp;"} for _ in range(characters // 40_000)
    ]


@pytest.mark.parametrize("extension", FORMATS)
def test_what_has_no_room_in_an_answer_is_left_out_oldest_first(
    api: Api, publish: Callable[..., Article], section: str, extension: str
) -> None:
    for hour in range(8):
        publish(published_at=f"2025-11-20T{hour:02}:00:00Z", headline=f"Hour {hour}", body=_large(1_200_000))
    answer = ask(api, address(section, extension))
    found = [title(item) for item in items(answer)]
    assert found == ["Hour 7", "Hour 6", "Hour 5", "Hour 4"]
    assert len(json.dumps(answer, ensure_ascii=False).encode()) < 6_000_000


@pytest.mark.parametrize("extension", FORMATS)
def test_an_article_too_large_for_any_answer_is_given_by_its_summary(
    api: Api, publish: Callable[..., Article], section: str, extension: str
) -> None:
    escaped = [{"type": "html", "html": "<p>&lt;&gt;</p>" * 13_000} for _ in range(20)]
    publish(published_at="2025-11-20T10:00:00Z", headline="Large", standfirst="In short.", body=escaped)
    publish(published_at="2025-11-20T09:00:00Z", headline="Small")
    large, small = items(ask(api, address(section, extension)))
    assert (title(large), title(small)) == ("Large", "Small")
    for text in texts(large).values():
        assert "In short." in text
        assert RUSSIAN in text
        assert len(text) < 10_000
    assert any("The text, which nobody may miss." in text for text in texts(small).values())


def test_what_items_say_beside_their_content_counts_too(
    api: Api, publish: Callable[..., Article], section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in range(9):
        publish(published_at=f"2025-11-20T0{hour}:00:00Z", headline="&" * 500, rights="&" * 10_000)
    for extension in ("rss", "atom"):
        monkeypatch.setattr("syndication.feeds.serving.MOST_BYTES", 200_000)
        answer = ask(api, address(section, extension))
        assert 0 < len(items(answer)) < 9
        assert len(json.dumps(answer["body"], ensure_ascii=False).encode()) <= 200_000


class _Failing:
    """A table that fails at one of its calls."""

    def __init__(self, table: Any, method: str) -> None:
        self._table = table
        self._method = method

    def __getattr__(self, name: str) -> Any:
        def fails(*_: object, **__: object) -> None:
            raise StoreUnavailable("DynamoDB: InternalServerError")

        return fails if name == self._method else getattr(self._table, name)


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("method", ["query", "get_item", "get_items"])
def test_when_dynamodb_fails_the_answer_is_to_come_again_and_never_a_feed_that_lacks_something(
    syndication: Callable[..., Api],
    publish: Callable[..., Article],
    section: str,
    stack: Stack,
    method: str,
    extension: str,
) -> None:
    publish()
    table: Any = _Failing(Table(stack.table, os.environ), method)
    api = syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, table=table)
    answer = ask(api, address(section, extension), "ru")
    assert answer["statusCode"] == 503
    assert answer["headers"]["retry-after"] == "1"
    assert json.loads(answer["body"])["code"] == "temporarily-unavailable"


def test_when_s3_does_not_answer_the_answer_is_to_come_again(
    api: Api, publish: Callable[..., Article], section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unanswered(*_: object) -> bytes:
        raise StoreUnavailable("S3 GetObject: status 503")

    publish(body=_large(1_200_000))
    monkeypatch.setattr("content_api.aws.objects.Bucket.read", unanswered)
    assert ask(api, address(section, "rss"))["statusCode"] == 503
    # Cards are enough for summaries.
    assert ask(api, address(section, "rss", "?content=summary"))["statusCode"] == 200


def test_a_large_document_that_is_lost_does_not_cost_the_whole_feed(
    api: Api, publish: Callable[..., Article], section: str, stack: Stack
) -> None:
    article = publish(body=_large(1_200_000), headline="Lost", standfirst="In short.")
    publish(published_at="2025-11-20T07:00:00Z", headline="Whole")
    s3 = clients.s3()
    (kept,) = s3.list_objects_v2(Bucket=stack.bucket, Prefix=f"documents/{article.id}/").get("Contents", [])
    s3.delete_object(Bucket=stack.bucket, Key=kept.get("Key", ""))
    answer = ask(api, address(section, "rss"))
    assert [title(item) for item in items(answer)] == ["Lost", "Whole"]
    assert "In short." in answer["body"]
