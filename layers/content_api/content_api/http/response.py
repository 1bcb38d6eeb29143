"""Answers as API Gateway takes them (payload format 2.0), with the headers that every one of them carries."""

from __future__ import annotations

import json
import re
from binascii import b2a_base64

from content_api.names.quotas import LARGEST_BODY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NotRequired, TypedDict

    class Response(TypedDict):
        statusCode: int
        headers: dict[str, str]
        body: str
        isBase64Encoded: NotRequired[bool]


# A copy on the device is evidence against its reader, so none is kept where a notice is due; elsewhere it is asked
# for again each time, since a reader may have travelled (RFC 9111, sections 5.2.2.4 and 5.2.2.5). `stale-if-error=0`
# (RFC 5861, section 4) is for CloudFront, which otherwise serves a copy that has expired, of unknown age and with the
# notices of then, for as long as the origin fails.
NOTHING_KEPT = "private, no-store, stale-if-error=0"
ASKED_AGAIN = "private, no-cache, stale-if-error=0"
# What never changes under its address is kept, where a copy is no evidence: a picture (RFC 8246).
KEPT_FOR_GOOD = "private, max-age=31536000, immutable"
# `Cache-Status` of an answer from a copy, whose age is not known (RFC 9211, sections 2.1 and 2.8).
ANSWERED_STALE = "content-api; hit; detail=stale"

EVERYWHERE = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": (
        "Cache-Status, Content-Language, Deprecation, ETag, Last-Modified, Link, Location, Retry-After, Sunset"
    ),
    "x-content-type-options": "nosniff",
}
# Headers of a page for people.
PAGE = {"content-type": "text/html; charset=utf-8", "referrer-policy": "no-referrer"}
_PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, OPTIONS",
    "access-control-allow-headers": "If-Modified-Since, If-None-Match",
    "access-control-max-age": "86400",
}
_WORST = 6  # bytes that a character takes there: a control character, escaped
_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')  # RFC 9110, section 8.8.3


def json_response(body: str, headers: Mapping[str, str]) -> Response:
    return {"statusCode": 200, "headers": {**EVERYWHERE, "content-type": "application/json", **headers}, "body": body}


def representation(body: str, headers: Mapping[str, str]) -> Response:
    """An answer of another type than JSON. Its headers name the type."""
    return {"statusCode": 200, "headers": {**EVERYWHERE, **headers}, "body": body}


def binary(content: bytes, headers: Mapping[str, str]) -> Response:
    """An answer that is not text. Its headers name the type."""
    body = b2a_base64(content, newline=False).decode()
    return {"statusCode": 200, "headers": {**EVERYWHERE, **headers}, "body": body, "isBase64Encoded": True}


def page(body: str, headers: Mapping[str, str], status: int = 200) -> Response:
    """A page for people, in HTML."""
    return {"statusCode": status, "headers": {**EVERYWHERE, **PAGE, **headers}, "body": body}


def not_modified(headers: Mapping[str, str]) -> Response:
    """A 304, without the headers that describe a body (RFC 9110, section 15.4.5)."""
    sent = {**EVERYWHERE, **headers}
    sent.pop("content-type", None)
    return {"statusCode": 304, "headers": sent, "body": ""}


def redirect(path: str, headers: Mapping[str, str]) -> Response:
    """A 308 (RFC 9110, section 15.4.9) that leads to a path of our own."""
    return {"statusCode": 308, "headers": {**EVERYWHERE, **headers, "location": path}, "body": ""}


def preflight(allow: str) -> Response:
    return {"statusCode": 204, "headers": {**EVERYWHERE, **_PREFLIGHT, "allow": allow}, "body": ""}


def is_too_large(body: str) -> bool:
    """Whether a body is larger than Lambda may return. Lambda counts it as a JSON string in UTF-8, escapes included."""
    if len(body) * _WORST <= LARGEST_BODY:
        return False
    return len(json.dumps(body, ensure_ascii=False).encode(errors="surrogatepass")) > LARGEST_BODY


def matches(if_none_match: str | None, entity_tag: str) -> bool:
    """Whether the client holds this representation: weak comparison, as If-None-Match has it (RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or entity_tag in _ENTITY_TAG.findall(if_none_match)


def is_unmodified_since(if_modified_since: str, last_modified: str) -> bool:
    """Whether nothing has changed since that date (RFC 9110, 13.1.3). False for a text that is no date."""
    if if_modified_since == last_modified:
        return True
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - most clients have an entity tag

    try:
        return parsedate_to_datetime(last_modified) <= parsedate_to_datetime(if_modified_since)
    except (TypeError, ValueError):  # TypeError: one of them states no zone
        return False
