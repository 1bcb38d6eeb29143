"""Answers as API Gateway takes them (payload format 2.0), with the headers that every one of them carries."""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypedDict

    class Response(TypedDict):
        statusCode: int
        headers: dict[str, str]
        body: str


# A copy on the device is evidence against its reader, so none is kept where a notice is due; elsewhere it is asked
# for again each time, since a reader may have travelled (RFC 9111, sections 5.2.2.4 and 5.2.2.5).
NOTHING_KEPT = "private, no-store"
ASKED_AGAIN = "private, no-cache"

_EVERYWHERE = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Content-Language, ETag, Retry-After",
    "x-content-type-options": "nosniff",
}
_PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, OPTIONS",
    "access-control-allow-headers": "If-None-Match",
    "access-control-max-age": "86400",
}
_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')  # RFC 9110, section 8.8.3


def json_response(body: str, headers: Mapping[str, str]) -> Response:
    return {"statusCode": 200, "headers": {**_EVERYWHERE, "content-type": "application/json", **headers}, "body": body}


def page(body: str, headers: Mapping[str, str]) -> Response:
    """A page for people, in HTML."""
    content_type = {"content-type": "text/html; charset=utf-8", "referrer-policy": "no-referrer"}
    return {"statusCode": 200, "headers": {**_EVERYWHERE, **content_type, **headers}, "body": body}


def not_modified(headers: Mapping[str, str]) -> Response:
    return {"statusCode": 304, "headers": {**_EVERYWHERE, **headers}, "body": ""}


def preflight(allow: str) -> Response:
    return {"statusCode": 204, "headers": {**_EVERYWHERE, **_PREFLIGHT, "allow": allow}, "body": ""}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, object] | None = None,
) -> Response:
    """Problem details (RFC 9457). `code` is for programs, `detail` says to people what to do."""
    from http import HTTPStatus  # noqa: PLC0415 - not needed on the way to an ordinary answer

    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **(members or {}),
    }
    return {
        "statusCode": status,
        "headers": {
            **_EVERYWHERE,
            "content-type": "application/problem+json",
            "cache-control": NOTHING_KEPT,
            **(headers or {}),
        },
        "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
    }


def matches(if_none_match: str | None, entity_tag: str) -> bool:
    """Whether the client holds this representation: weak comparison, as If-None-Match has it (RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or entity_tag in _ENTITY_TAG.findall(if_none_match)
