"""Addresses as formats have them, which take a URI (RFC 3986) where articles may have any address of a page."""

from __future__ import annotations

import re

_URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
_KEPT = "-._~:/?#[]@!$&'()*+,;=%"


def uri(address: str) -> str:
    """In ASCII: the host by IDNA, the rest percent-encoded."""
    if _URI.fullmatch(address):
        return address
    from urllib.parse import quote, urlsplit  # noqa: PLC0415 - most are URIs

    try:
        host = urlsplit(address).hostname or ""
        if not host.isascii():
            address = address.replace(host, host.encode("idna").decode(), 1)
    except ValueError:  # no name by IDNA: percent-encoded too, as RFC 3986, section 3.2.2, lets it be
        return quote(address, safe=_KEPT)
    return quote(address, safe=_KEPT)
