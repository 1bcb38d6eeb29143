"""Where a reader is, as far as the law there matters, and which of a request's signals may say so.

A jurisdiction is one that a legal notice names (`ru`, `ua-occupied`), `elsewhere`, or `unknown`, for which the notice
is due. Signals that a reader or a proxy could have written never remove a notice: each way of deployment trusts one
thing, and all else is not even looked at.

    edge        `x-viewer-jurisdiction`, which the edge function sets, once the origin secret proves the edge
    connection  nothing yet: until there is a zone file to ask, every reader's place is unknown
    developer   `CloudFront-Viewer-Country` and `-Country-Region`, to try places out on one's own machine

Stands on the reading path's start-up.
"""

from __future__ import annotations

from hmac import compare_digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EDGE = "edge"
CONNECTION = "connection"
DEVELOPER = "developer"
READER_LOCATIONS = (EDGE, CONNECTION, DEVELOPER)

ELSEWHERE = "elsewhere"
UNKNOWN = "unknown"


class NotThroughTheEdge(Exception):
    """A request came around CloudFront in a deployment that answers only through it."""


def jurisdiction_of_reader(reader_location: str, headers: Mapping[str, str], origin_secrets: Iterable[bytes]) -> str:
    """The reader's jurisdiction, by what this deployment trusts; header names in lower case.

    A jurisdiction that the edge states is passed on as it came: one that no notice knows counts as unknown.

    Raises NotThroughTheEdge where the edge must prove itself and did not.
    """
    if reader_location == EDGE:
        if not proves_the_edge(headers.get("x-origin-secret", ""), origin_secrets):
            raise NotThroughTheEdge
        return headers.get("x-viewer-jurisdiction", UNKNOWN)
    if reader_location == DEVELOPER:
        from content_api.places import jurisdiction_of_place  # noqa: PLC0415 - never on the way of a deployment

        region = headers.get("cloudfront-viewer-country-region", "").strip()
        # There is no network to ask the zone database about: the region decides alone, and none leaves it unknown.
        in_zone = False if region else None
        return jurisdiction_of_place(headers.get("cloudfront-viewer-country"), region, in_zone=in_zone)
    return UNKNOWN


def proves_the_edge(presented: str, origin_secrets: Iterable[bytes]) -> bool:
    """Whether the header holds one of the secrets (two are valid during a rotation), compared in constant time."""
    given = presented.encode(errors="replace")
    matches = [compare_digest(given, secret) for secret in origin_secrets if secret]
    return any(matches)
