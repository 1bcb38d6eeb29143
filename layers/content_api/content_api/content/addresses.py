"""Addresses of articles as they are compared: the many ways in which one page is linked to come to one form.

What does not tell pages apart goes: the scheme, `www.`, a port that is the usual one, a slash at the end, `/amp` at
either end, the fragment, parameters that only tell where a link was found. The rest is canonical as w3lib has it:
percent-encoding (RFC 3986, section 6.2.2), the host's case and IDNA form, the order of parameters.
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from w3lib.url import canonicalize_url

LONGEST = 2048  # characters
_USUAL_PORTS = {"http": 80, "https": 443}
# As the edge function drops them from what the API itself is asked, and AMP's own.
_TRACKING = re.compile(
    r"(utm_.*|fbclid|gclid|yclid|dclid|msclkid|igshid|mc_cid|mc_eid|_openstat|ysclid|wt_.*)", re.IGNORECASE
)
_AMP_PARAMETERS = frozenset({("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp")})


class NotAnAddress(ValueError):
    """What no page can have for its address; the message says what is wrong with it."""


def comparable(url: str) -> str:
    """`https://www.example.org/a/amp/?utm_source=x` gives `example.org/a`. Raises NotAnAddress."""
    if len(url) > LONGEST:
        raise NotAnAddress(f"an address has at most {LONGEST:,} characters")
    try:
        given = urlsplit(url.strip())
        if given.scheme.lower() not in _USUAL_PORTS or not given.hostname:
            raise NotAnAddress("an address is absolute and starts with https:// or http://")
        parts = urlsplit(canonicalize_url(url, keep_blank_values=True))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:  # of which UnicodeError is a kind
        if isinstance(error, NotAnAddress):
            raise
        raise NotAnAddress(f"this is no address ({error})") from error
    host = host.removeprefix("www.")
    if not host:
        raise NotAnAddress("an address names a host")
    if port is not None and port != _USUAL_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    query = urlencode([each for each in parse_qsl(parts.query, keep_blank_values=True) if not _is_noise(*each)])
    return f"{host}{_path(parts.path)}" + (f"?{query}" if query else "")


def _is_noise(name: str, value: str) -> bool:
    return _TRACKING.fullmatch(name) is not None or (name.lower(), value.lower()) in _AMP_PARAMETERS


def _path(path: str) -> str:
    kept = path.rstrip("/")
    if kept.endswith("/amp"):
        kept = kept.removesuffix("/amp").rstrip("/")
    return kept.removeprefix("/amp") if kept.startswith("/amp/") else kept
