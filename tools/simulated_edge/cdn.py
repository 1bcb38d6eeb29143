"""CloudFront in front of a handler, configured by template.yaml: behaviours, edge function, cache key, TTLs, purges.

It does what CloudFront's developer guide says in these chapters:

- "Manage how long content stays in the cache": a minimum TTL above 0 overrides no-store and private.
- "How CloudFront processes HTTP 4xx and 5xx status codes from your origin": 404, 414 and some 5xx are kept for the
  error caching minimum TTL; 400, 403, 405, 412 and 415 only with max-age or s-maxage; others never. While the origin
  answers 5xx or nothing, an expired copy is served on, unless it says `stale-if-error=0`.
- "Serve compressed files": `Accept-Encoding` is normalised, is part of the cache key, and reaches the origin.
- "Request and response behavior for custom origins", "Invalidating content by cache tags", and "What you need to know
  when invalidating tags": of an answer's tags the first 50 count, in whatever case.
"""

import base64
import fnmatch
import gzip
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from content_api.names.quotas import CACHE_TAGS
from gateway.events import event as api_event
from gateway.server import LambdaContext
from simulated_edge.engine import ACCESS, EdgeFunction
from simulated_edge.engine import event as viewer_event

_KEPT_ERRORS = {404, 414, 500, 501, 502, 503, 504}
_KEPT_IF_SAID = {400, 403, 405, 412, 415}

type Handler = Callable[[dict[str, Any], Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Viewer:
    """Where a reader is, as CloudFront would state it: country and region, the address that they connect from, and the
    number of its autonomous system.
    """

    country: str | None
    region: str | None
    ip: str
    system: str | None = ACCESS


@dataclass(frozen=True)
class Answer:
    """`body` is what the viewer reads, after decoding any `content-encoding`. A picture's has a character for each
    byte.
    """

    status: int
    headers: dict[str, str]
    body: str
    came_from: str = "origin"  # or `cache`


@dataclass(frozen=True)
class Behaviour:
    pattern: str
    has_function: bool
    has_response_function: bool
    has_query: bool  # whether it is in the cache key, and so reaches the origin
    minimum: int  # seconds, like the next two
    default: int
    maximum: int
    encodings: tuple[str, ...]  # encodings of which the cache keeps copies
    key_headers: tuple[str, ...]
    forwarded: tuple[str, ...]


@dataclass
class _Entry:
    answer: Answer
    expires: float
    tags: frozenset[str]


@dataclass
class Cdn:
    """One edge location. `edge` is the function that sees requests, and `response_edge` the one that sees answers.
    `clock` gives seconds. With `is_origin_down`, the origin answers nothing.
    """

    template: dict[str, Any]
    edge: EdgeFunction
    handler: Handler
    route_keys: list[str]
    origin_headers: dict[str, str]
    response_edge: EdgeFunction | None = None
    clock: float = 0.0
    is_origin_down: bool = False
    hits: int = 0
    asked: int = 0
    _kept: dict[tuple[Any, ...], _Entry] = field(default_factory=dict[tuple[Any, ...], _Entry])

    def __post_init__(self) -> None:
        self.behaviours = behaviours(self.template)
        configuration = self.template["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
        self._error_seconds = {
            each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in configuration["CustomErrorResponses"]
        }
        self._tag_header = configuration["CacheTagConfig"]["HeaderName"]

    def get(
        self,
        path: str,
        viewer: Viewer,
        query: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Answers a request of a viewer."""
        answered = self._answered(path, viewer, query, headers)
        behaviour = next(each for each in self.behaviours if fnmatch.fnmatchcase(path, each.pattern))
        # It does not run for errors ("Restrictions on all edge functions").
        if not behaviour.has_response_function or self.response_edge is None or answered.status >= 400:  # noqa: PLR2004 - HTTP's errors
            return answered
        asked = viewer_event(
            path,
            {},
            dict(headers or {}),
            country=viewer.country,
            region=viewer.region,
            ip=viewer.ip,
            system=viewer.system,
        )
        stated = {name: {"value": value} for name, value in answered.headers.items()}
        asked |= {
            "context": {"eventType": "viewer-response"},
            "response": {"statusCode": answered.status, "headers": stated},
        }
        (said,) = self.response_edge.run([asked])
        return replace(answered, headers={name: each["value"] for name, each in said["headers"].items()})

    def _answered(
        self,
        path: str,
        viewer: Viewer,
        query: Mapping[str, list[str]] | None,
        headers: Mapping[str, str] | None,
    ) -> Answer:
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        behaviour = next(each for each in self.behaviours if fnmatch.fnmatchcase(path, each.pattern))
        asked = viewer_event(
            path,
            _quoted(query or {}),
            sent,
            country=viewer.country,
            region=viewer.region,
            ip=viewer.ip,
            system=viewer.system,
        )
        request = self.edge.run([asked])[0] if behaviour.has_function else asked["request"]
        arrived = {name: each["value"] for name, each in request["headers"].items()}
        sent_on = _written(request["querystring"]) if behaviour.has_query else ""
        arrived["accept-encoding"] = _normalised(sent.get("accept-encoding", ""), behaviour.encodings)
        key = (path, sent_on, *(arrived.get(name, "") for name in behaviour.key_headers))
        self.asked += 1
        entry = self._kept.get(key)
        if entry and entry.expires > self.clock:
            self.hits += 1
            return _for_condition(replace(entry.answer, came_from="cache"), sent.get("if-none-match"))
        # An expired copy is revalidated with its own ETag. Without a copy, the condition of the viewer is sent on.
        condition = entry.answer.headers.get("etag") if entry else sent.get("if-none-match")
        answered = self._ask_origin(path, sent_on, arrived, behaviour, condition)
        has_failed = answered is None or answered.status >= 500  # noqa: PLR2004 - HTTP's server errors
        if entry and has_failed and "stale-if-error=0" not in entry.answer.headers.get("cache-control", ""):
            return _for_condition(replace(entry.answer, came_from="cache"), sent.get("if-none-match"))
        if answered is None:
            return Answer(502, {}, "")
        if entry and answered.status == 304:  # noqa: PLR2004 - still current
            answered = Answer(200, entry.answer.headers | answered.headers, entry.answer.body)
        self._keep(key, behaviour, answered)
        return _for_condition(answered, sent.get("if-none-match")) if entry else answered

    def purge(self, tag: str) -> None:
        """Purges a cache tag, as CreateInvalidation does for `#tag`."""
        self._kept = {key: entry for key, entry in self._kept.items() if tag.lower() not in entry.tags}

    def forget(self, item: str) -> None:
        """Purges an item of CreateInvalidation: `#tag`, or `/*`."""
        if item == "/*":
            self._kept.clear()
        else:
            self.purge(item.removeprefix("#"))

    def _keep(self, key: tuple[Any, ...], behaviour: Behaviour, answered: Answer) -> None:
        seconds = _seconds_kept(answered, behaviour, self._error_seconds)
        if answered.status == 304 or seconds <= 0:  # noqa: PLR2004 - a condition of the viewer's own
            self._kept.pop(key, None)
            return
        stated = answered.headers.get(self._tag_header, "").lower().split(",")
        tags = frozenset(filter(None, stated[:CACHE_TAGS]))
        self._kept[key] = _Entry(answered, self.clock + seconds, tags)

    def _ask_origin(
        self,
        path: str,
        query: str,
        arrived: dict[str, str],
        behaviour: Behaviour,
        condition: str | None,
    ) -> Answer | None:
        if self.is_origin_down:
            return None
        passed = {name: arrived[name] for name in behaviour.key_headers + behaviour.forwarded if name in arrived}
        passed |= {"via": "2.0 edge.example (CloudFront)", "user-agent": "Amazon CloudFront", **self.origin_headers}
        if not passed["accept-encoding"]:
            del passed["accept-encoding"]
        if condition:
            passed["if-none-match"] = condition
        target = quote(path) + (f"?{query}" if query else "")
        answered = self.handler(api_event("GET", target, passed, route_keys=self.route_keys), LambdaContext())
        body: str = answered["body"]
        if answered.get("isBase64Encoded"):
            content = base64.b64decode(body)
            is_packed = answered["headers"].get("content-encoding") == "gzip"
            body = gzip.decompress(content).decode() if is_packed else content.decode("latin-1")
        return Answer(answered["statusCode"], dict(answered["headers"]), body)


def behaviours(template: dict[str, Any]) -> list[Behaviour]:
    """The distribution's behaviours in the order in which CloudFront tries them."""
    resources = template["Resources"]
    configuration = resources["Distribution"]["Properties"]["DistributionConfig"]
    found: list[Behaviour] = []
    for behaviour in itertools.chain(configuration["CacheBehaviors"], [configuration["DefaultCacheBehavior"]]):
        policy = resources[behaviour["CachePolicyId"]["Ref"]]["Properties"]["CachePolicyConfig"]
        key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
        request_policy = resources[behaviour["OriginRequestPolicyId"]["Ref"]]["Properties"]["OriginRequestPolicyConfig"]
        found.append(
            Behaviour(
                pattern=behaviour.get("PathPattern", "*"),
                has_function=_has(behaviour, "viewer-request", "ViewerRequestFunction"),
                has_response_function=_has(behaviour, "viewer-response", "ViewerResponseFunction"),
                has_query=key["QueryStringsConfig"]["QueryStringBehavior"] != "none",
                minimum=policy["MinTTL"],
                default=policy["DefaultTTL"],
                maximum=policy["MaxTTL"],
                encodings=tuple(
                    coding
                    for coding, name in (("br", "EnableAcceptEncodingBrotli"), ("gzip", "EnableAcceptEncodingGzip"))
                    if key[name]
                ),
                key_headers=(
                    "accept-encoding",
                    *(name.lower() for name in key["HeadersConfig"].get("Headers", [])),
                ),
                forwarded=tuple(name.lower() for name in request_policy["HeadersConfig"].get("Headers", [])),
            )
        )
    return found


def _has(behaviour: dict[str, Any], event: str, function: str) -> bool:
    named = {"EventType": event, "FunctionARN": {"Fn::GetAtt": [function, "FunctionARN"]}}
    return named in behaviour.get("FunctionAssociations", [])


def _quoted(query: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {quote(name, safe=""): [quote(each, safe="") for each in values] for name, values in query.items()}


def _written(query: str | dict[str, Any]) -> str:
    """The query as a string for the origin. A function may return it as a string, or as the object of parameters that
    it got.
    """
    if isinstance(query, str):
        return query
    values = ((name, each["value"]) for name, first in query.items() for each in first.get("multiValue", [first]))
    return "&".join(f"{name}={value}" for name, value in values)


def _seconds_kept(answer: Answer, behaviour: Behaviour, error_seconds: dict[int, int]) -> float:
    directives = answer.headers.get("cache-control", "")
    if answer.status >= 400:  # noqa: PLR2004 - errors have TTLs of their own
        if answer.status in _KEPT_IF_SAID:
            said = re.search(r"\b(?:s-maxage|max-age)=(\d+)", directives)
            return max(int(said[1]), error_seconds.get(answer.status, 0)) if said else 0
        return error_seconds.get(answer.status, 0) if answer.status in _KEPT_ERRORS else 0
    if re.search(r"\b(?:no-store|no-cache|private)\b", directives):
        return behaviour.minimum
    stated = re.search(r"\bmax-age=(\d+)", directives)
    return min(max(int(stated[1]), behaviour.minimum), behaviour.maximum) if stated else behaviour.default


def _normalised(accept_encoding: str, encodings: tuple[str, ...]) -> str:
    """`Accept-Encoding` as CloudFront sends it on: the encodings that the cache policy enables and the viewer
    accepts.
    """
    named = {each.partition(";")[0].strip().lower() for each in accept_encoding.split(",")}
    return ",".join(each for each in encodings if each in named)


def _for_condition(answer: Answer, if_none_match: str | None) -> Answer:
    """The answer to a viewer's condition, which the edge checks with the copy that it has."""
    if answer.status == 200 and if_none_match and if_none_match == answer.headers.get("etag"):  # noqa: PLR2004 - HTTP's
        return replace(answer, status=304, body="")
    return answer
