"""Which of a request's signals may say where its reader is.

Signals that a reader or a proxy could have written never remove a notice: each way of deployment trusts one thing, and
looks at nothing else.

    edge        `x-viewer-jurisdiction`, which the edge function sets, once the origin secret proves the edge
    connection  the connection's own address, asked of the databases of networks, where nothing hints at a proxy between
    developer   `CloudFront-Viewer-Country`, `-Country-Region` and `-ASN`, to try places out on one's own machine

A network that hides its readers (hosting, VPN, Tor) leaves their place unknown, whatever country it is in.

Stands on the reading path's start-up.
"""

from __future__ import annotations

from hmac import compare_digest

from content_api.law.jurisdiction import ELSEWHERE, UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    # The jurisdiction of a connection's own address.
    type JurisdictionOfAddress = Callable[[str], str]

EDGE = "edge"
CONNECTION = "connection"
DEVELOPER = "developer"
READER_LOCATIONS = (EDGE, CONNECTION, DEVELOPER)


class NotThroughTheEdge(Exception):
    """A request came around CloudFront in a deployment that answers only through it."""


def jurisdiction_of_reader(
    reader_location: str,
    headers: Mapping[str, str],
    origin_secrets: Iterable[bytes],
    *,
    source_ip: str = "",
    of_address: JurisdictionOfAddress | None = None,
) -> str:
    """The reader's jurisdiction, by what this deployment trusts; header names in lower case.

    A jurisdiction that the edge states is passed on as it came: one that no notice knows counts as unknown.

    Raises NotThroughTheEdge where the edge must prove itself and did not.
    """
    if reader_location == EDGE:
        if not proves_the_edge(headers.get("x-origin-secret", ""), origin_secrets):
            raise NotThroughTheEdge
        return headers.get("x-viewer-jurisdiction", UNKNOWN)
    if reader_location == CONNECTION:
        return _of_connection(headers, source_ip, of_address)
    if reader_location == DEVELOPER:
        from content_api.law.hiding import hiding_systems  # noqa: PLC0415 - never on the way of a deployment
        from content_api.law.places import jurisdiction_of_place  # noqa: PLC0415 - as above

        region = headers.get("cloudfront-viewer-country-region", "").strip()
        # There is no network to ask the zone database about: the region decides alone, and none leaves it unknown.
        place = jurisdiction_of_place(
            headers.get("cloudfront-viewer-country"), region, in_zone=False if region else None
        )
        system = headers.get("cloudfront-viewer-asn", "").strip()
        return UNKNOWN if place == ELSEWHERE and system in hiding_systems() else place
    return UNKNOWN


def _of_connection(headers: Mapping[str, str], source_ip: str, of_address: JurisdictionOfAddress | None) -> str:
    """The jurisdiction by the connection's address. Behind a proxy the address is the proxy's, so the reader's place is
    unknown.
    """
    from content_api.law.proxies import hints_at_a_proxy  # noqa: PLC0415 - only where there is no edge

    # API Gateway itself states the address it sees as the only hop.
    hops = headers.get("x-forwarded-for", source_ip).strip()
    if of_address is None or hops != source_ip or hints_at_a_proxy(headers):
        return UNKNOWN
    return of_address(source_ip)


def proves_the_edge(presented: str, origin_secrets: Iterable[bytes]) -> bool:
    """Whether the header holds one of the secrets (two are valid during a rotation), compared in constant time."""
    given = presented.encode(errors="replace")
    matches = [compare_digest(given, secret) for secret in origin_secrets if secret]
    return any(matches)
