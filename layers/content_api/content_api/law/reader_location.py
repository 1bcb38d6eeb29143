"""Which signals of a request may say where its reader is.

A signal that a reader or a proxy could have written never removes a notice. Each kind of deployment trusts one signal,
and ignores all others:

    edge        `x-viewer-jurisdiction`, which the edge function sets, if the origin secret proves the edge
    connection  the connection's address, looked up in the databases of networks, if nothing hints at a proxy
    developer   `CloudFront-Viewer-Country`, `-Country-Region` and `-ASN`, to try places on a developer's machine

In a network that hides its readers (hosting, VPN, Tor) the place is unknown, whatever country the network is in.

The reading functions import this when they start.
"""

from __future__ import annotations

from hmac import compare_digest

from content_api.law.jurisdiction import ELSEWHERE, UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    # Gives the jurisdiction of a connection's address.
    type JurisdictionOfAddress = Callable[[str], str]

EDGE = "edge"
CONNECTION = "connection"
DEVELOPER = "developer"
READER_LOCATIONS = (EDGE, CONNECTION, DEVELOPER)


class NotThroughTheEdge(Exception):
    """The request did not come through CloudFront, in a deployment that answers only through it."""


def jurisdiction_of_reader(
    reader_location: str,
    headers: Mapping[str, str],
    origin_secrets: Iterable[bytes],
    *,
    source_ip: str = "",
    of_address: JurisdictionOfAddress | None = None,
) -> str:
    """The jurisdiction of the reader, by the signal that this deployment trusts. Header names are in lower case. A
    jurisdiction that the edge states is returned unchanged; one that no notice names counts as unknown. Raises
    NotThroughTheEdge if the edge must prove itself and did not.
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
        place = jurisdiction_of_place(headers.get("cloudfront-viewer-country"), region, in_zone="" if region else None)
        system = headers.get("cloudfront-viewer-asn", "").strip()
        return UNKNOWN if place == ELSEWHERE and system in hiding_systems() else place
    return UNKNOWN


def _of_connection(headers: Mapping[str, str], source_ip: str, of_address: JurisdictionOfAddress | None) -> str:
    """The jurisdiction of the connection's address. Behind a proxy, the address is that of the proxy, so the place is
    unknown.
    """
    from content_api.law.proxies import hints_at_a_proxy  # noqa: PLC0415 - only where there is no edge

    # API Gateway states the address that it sees as the only hop.
    hops = headers.get("x-forwarded-for", source_ip).strip()
    if of_address is None or hops != source_ip or hints_at_a_proxy(headers):
        return UNKNOWN
    return of_address(source_ip)


def proves_the_edge(presented: str, origin_secrets: Iterable[bytes]) -> bool:
    """Whether the header has one of the secrets, compared in constant time. Two are valid during a rotation."""
    given = presented.encode(errors="replace")
    matches = [compare_digest(given, secret) for secret in origin_secrets if secret]
    return any(matches)
