"""Turns an article's address into a URI (RFC 3986), which feeds and sitemaps require. Articles may have any address
that a browser opens.
"""

from __future__ import annotations

import re

# Characters that need no escape in any part (section 2), except separators. Only hosts have brackets.
_KEPT = "-._~:/?@!$&'()*+,;=%"
_PART = rf"(?:[A-Za-z0-9{re.escape(_KEPT.removesuffix('%'))}]|%[0-9A-Fa-f]{{2}})*"
_URI = re.compile(rf"{_PART}(?:#{_PART})?")
_NO_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


def uri(address: str) -> str:
    """The address in ASCII: its host by IDNA, the rest percent-encoded where needed."""
    if _URI.fullmatch(address):
        return address
    from urllib.parse import urlsplit, urlunsplit  # noqa: PLC0415 - most are URIs

    try:
        parts = urlsplit(address)
        user, at, host = parts.netloc.rpartition("@")
        if not host.isascii():
            name, colon, port = host.partition(":")
            host = f"{name.encode('idna').decode()}{colon}{port}"
        authority = f"{_encoded(user)}{at}{_encoded(host, '[]')}"
        return urlunsplit((parts.scheme, authority, *(_encoded(part) for part in parts[2:])))
    except ValueError:  # a host without a form in IDNA is percent-encoded, which section 3.2.2 allows
        return _encoded(address)


def _encoded(part: str, kept: str = "") -> str:
    from urllib.parse import quote  # noqa: PLC0415 - as above

    return quote(_NO_ESCAPE.sub("%25", part), safe=_KEPT + kept)
