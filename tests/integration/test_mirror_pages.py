"""The mirror as readers get it from the API: with every notice wherever they are, and kept by nobody."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from content_api.aws import clients
from content_api.names.mirror_paths import mirror_key
from gateway.stack import Stack
from simulated_edge.requests import SECRET, ask

type Api = Callable[[dict[str, Any]], dict[str, Any]]

PAGE = '<!DOCTYPE html><div data-legal-notice="a">…</div><h1>نسخه</h1>'


@pytest.fixture(scope="module")
def api(reading: Callable[..., Api], stack: Stack) -> Api:
    for path, content in (("index.html", PAGE), ("en/index.html", PAGE), ("manifest.json", "{}")):
        clients.s3().put_object(Bucket=stack.bucket, Key=mirror_key(path), Body=content.encode())
    clients.s3().put_object(Bucket=stack.bucket, Key=mirror_key("en.2025-11/a.1.webp"), Body=b"RIFF\xff")
    return reading(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)


@pytest.mark.parametrize("place", ["ru", "elsewhere", "unknown"])
@pytest.mark.parametrize(
    ("target", "media_type"),
    [
        ("/mirror/index.html", "text/html; charset=utf-8"),
        ("/mirror/en/index.html", "text/html; charset=utf-8"),
        ("/mirror/manifest.json", "application/json"),
        ("/mirror/en.2025-11/a.1.webp", "image/webp"),
    ],
)
def test_a_file_is_the_same_everywhere_and_no_device_keeps_it(
    api: Api, target: str, media_type: str, place: str
) -> None:
    answer = ask(api, target, place)
    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"] == media_type
    assert re.search(r"\bno-store\b", answer["headers"]["cache-control"])
    assert "etag" not in answer["headers"]
    if media_type.startswith("text/html"):
        assert answer["body"] == PAGE
    assert ask(api, target, place, if_none_match="*")["statusCode"] == 200
    assert ask(api, target, place, "HEAD")["body"] == ""


@pytest.mark.parametrize("target", ["/mirror/no.html", "/mirror/en/no.html", "/mirror/..%2f..%2fa", "/mirror/en/.a"])
def test_what_the_mirror_does_not_have_is_404(api: Api, target: str) -> None:
    answer = ask(api, target)
    assert answer["statusCode"] == 404
    assert json.loads(answer["body"])["code"] in {"mirror-file-not-found", "no-such-path"}


@pytest.mark.parametrize("target", ["/mirror", "/mirror/"])
def test_the_mirrors_address_leads_to_its_first_page(api: Api, target: str) -> None:
    for method in ("GET", "HEAD"):
        answer = ask(api, target, "ru", method)
        assert (answer["statusCode"], answer["headers"]["location"]) == (308, "/mirror/index.html")
        assert re.search(r"\bno-store\b", answer["headers"]["cache-control"])


def test_an_unknown_parameter_is_refused(api: Api) -> None:
    assert ask(api, "/mirror?page=2")["statusCode"] == 400
