"""Turns HTTP requests into the events that an HTTP API sends to Lambda, and answers back into HTTP (payload format 2.0;
API Gateway's developer guide, "Working with AWS Lambda proxy integrations for HTTP APIs").
"""

import base64
import json
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

_ACCOUNT = "123456789012"
LOCAL_EDITOR = f"arn:aws:iam::{_ACCOUNT}:user/local-editor"
_TEXTUAL = ("text/", "application/json", "application/javascript", "application/xml", "application/merge-patch+json")
_SAVED = Path(__file__).parents[2] / "events"


def saved(name: str) -> dict[str, Any]:
    """The event in `events/<name>.json`."""
    return json.loads((_SAVED / f"{name}.json").read_text(encoding="utf-8"))


def names_of_saved() -> list[str]:
    return sorted(path.stem for path in _SAVED.glob("*.json"))


@dataclass(frozen=True)
class Match:
    key: str
    path_parameters: dict[str, str]


def decoded(path: str) -> str:
    """A path as an HTTP API sees it before it looks for the route: percent-decoded, and cut at a decoded question mark.
    An encoded slash becomes a slash.
    """
    return unquote(path).partition("?")[0]


def match(method: str, path: str, keys: Iterable[str]) -> Match:
    """The route for a request by its raw path. Exact segments come before variables, and `$default` takes what no route
    fits. A variable matches one whole, non-empty segment.
    """
    best = Match("$default", {})
    for key in keys:
        key_method, _, key_path = key.partition(" ")
        if key_method != method:
            continue
        parameters = _parameters(decoded(path).split("/"), key_path.split("/"))
        if parameters is not None and (best.key == "$default" or len(parameters) < len(best.path_parameters)):
            best = Match(key, parameters)
    return best


def _parameters(segments: list[str], pattern: list[str]) -> dict[str, str] | None:
    if len(segments) != len(pattern):
        return None
    parameters: dict[str, str] = {}
    for segment, expected in zip(segments, pattern, strict=True):
        if expected.startswith("{") and segment:
            parameters[expected.strip("{}")] = segment
        elif segment != expected:
            return None
    return parameters


def event(  # noqa: PLR0913 - what a request is made of
    method: str,
    target: str,
    headers: dict[str, str] | None = None,
    *,
    route_keys: Iterable[str],
    source_ip: str = "127.0.0.1",
    body: bytes = b"",
    principal: str = "",
) -> dict[str, Any]:
    """The event for a request to a target such as `/v1/articles/a?notice=always`. `principal` is the ARN of the IAM
    principal that signed the request.
    """
    raw_path, _, raw_query = target.partition("?")
    path = decoded(raw_path)
    matched = match(method, raw_path, route_keys)
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    query: dict[str, str] = {}
    for name, value in parse_qsl(raw_query, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    now = time.time()
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": matched.key,
        "rawPath": path,
        "rawQueryString": raw_query,
        "headers": lower,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "local",
            "domainName": lower.get("host", "localhost"),
            "domainPrefix": "local",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": source_ip,
                "userAgent": lower.get("user-agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": matched.key,
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": False,
    }
    if query:
        made["queryStringParameters"] = query
    if matched.path_parameters:
        made["pathParameters"] = matched.path_parameters
    if body:
        made["isBase64Encoded"] = not lower.get("content-type", "").startswith(_TEXTUAL)
        made["body"] = base64.b64encode(body).decode() if made["isBase64Encoded"] else body.decode(errors="replace")
    if principal:
        made["requestContext"]["authorizer"] = {"iam": {"userArn": principal, "userId": "local", "accountId": _ACCOUNT}}
    return made
