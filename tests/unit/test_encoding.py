"""Gzip for what CloudFront does not compress."""

import base64
import gzip
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_api.http.encoding import accepts_gzip, encode, is_compressed_here
from content_api.http.response import is_too_large

if TYPE_CHECKING:
    from content_api.http.response import Response

BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def answer(body: str, content_type: str = "application/atom+xml; charset=utf-8", status: int = 200) -> "Response":
    return {"statusCode": status, "headers": {"content-type": content_type}, "body": body}


@pytest.mark.parametrize(
    "value", ["gzip", "GZIP", "br,gzip", "deflate, gzip;q=0.5", "*", "x-gzip", "gzip ; q=1.0", "br;q=0,*"]
)
def test_gzip_is_accepted_where_it_is_named_or_anything_is(value: str) -> None:
    assert accepts_gzip(value)


@pytest.mark.parametrize(
    "value", ["", "br", "identity", "gzip;q=0", "gzip; Q=0.000", "*;q=0", "gzip;q=0, *", "gzipped"]
)
def test_gzip_is_not_accepted_where_it_is_not_named_or_refused(value: str) -> None:
    assert not accepts_gzip(value)


@given(st.text())
def test_any_header_is_understood_somehow(value: str) -> None:
    assert accepts_gzip(value) in {True, False}


@pytest.mark.parametrize(
    ("status", "content_type", "is_ours"),
    [
        (200, "application/json", False),
        (200, "application/rss+xml; charset=utf-8", False),
        (404, "text/html; charset=utf-8", False),
        (410, "text/html; charset=utf-8", True),
        (200, "application/atom+xml; charset=utf-8", True),
        (200, "application/feed+json; charset=utf-8", True),
        (200, "application/ld+json", True),
        (404, "application/problem+json", True),
        (204, "", False),
    ],
)
def test_what_cloudfront_does_not_compress_is_compressed_here(status: int, content_type: str, *, is_ours: bool) -> None:
    assert is_compressed_here(status, content_type) == is_ours
    made = answer("text " * 100, content_type, status)
    encode(made, "gzip")
    assert (made.get("isBase64Encoded"), "vary" in made["headers"]) == ((True, True) if is_ours else (None, False))


@given(st.text(max_size=300))
def test_whoever_unpacks_it_reads_what_was_packed_and_it_is_never_longer(body: str) -> None:
    made = answer(body)
    encode(made, "gzip")
    if "content-encoding" in made["headers"]:
        packed = base64.b64decode(made["body"])
        assert gzip.decompress(packed) == body.encode(errors="replace")
        assert len(packed) < len(body.encode(errors="replace"))
    else:
        assert made["body"] == body


def test_what_is_too_large_as_it_is_may_fit_when_it_is_compressed() -> None:
    made = answer("The same sentence again. " * 300_000)
    assert is_too_large(made["body"])
    encode(made, "gzip")
    assert not is_too_large(made["body"])


def test_what_would_be_too_large_as_base64_stays_as_it_is() -> None:
    noise = "".join(random.Random(1).choices(BASE64, k=5_990_000))  # packed, three quarters of it; as base64, more
    made = answer(noise + "\n")
    encode(made, "gzip")
    assert not is_too_large(made["body"])
