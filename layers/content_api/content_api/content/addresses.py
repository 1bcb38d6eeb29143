"""The form in which addresses of articles are compared. The same page is linked to in many ways; all get one form.

Parts that do not tell pages apart are removed: the scheme, `www.`, the default port, a slash at the end, `/amp` at
either end of the path, the fragment, and parameters that only say where a link was found. The rest becomes canonical:
percent-encoding (RFC 3986, section 6.2.2), `.` and `..` in the path (section 5.2.4), the case and IDNA form of the host
(RFC 3490), and the order of parameters.

It uses only the standard library, since a function for readers carries no other. The form is that of w3lib's
canonicalize_url, with which the first addresses were stored. A test compares the two.
"""

import re
from ipaddress import ip_address
from unicodedata import normalize
from urllib.parse import SplitResult, parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit

LONGEST = 2048  # characters
_USUAL_PORTS = {"http": 80, "https": 443}
# Parameters that the edge function also removes from requests to the API, and those of AMP.
_TRACKING = re.compile(
    r"(utm_.*|fbclid|gclid|yclid|dclid|msclkid|igshid|mc_cid|mc_eid|_openstat|ysclid|wt_.*)", re.IGNORECASE
)
_NO_TEXT = "".join(map(chr, range(33)))  # control characters and the space, which browsers strip (URL Standard, 4.4)
# Characters that stay unencoded in a path: reserved characters (RFC 3986, section 2.2) other than `#`, and `|` and `%`.
_SAFE_IN_PATH = ":/?[]@!$&'()*+,;=|%"
_SAFE_IN_PARAMETERS = ":/?@!$&'()*+,;=%"
# These stay percent-encoded, since they tell pages apart: `a%2Fb` is one segment, and `a/b` is two.
_KEPT_ENCODED = re.compile("%(25|2f|3b|3f)", re.IGNORECASE)
_AMP_PARAMETERS = frozenset({("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp")})


class NotAnAddress(ValueError):
    """No page can have this address. The message says what is wrong with it."""


def comparable(url: str) -> str:
    """`https://www.example.org/a/amp/?utm_source=x` gives `example.org/a`. Raises NotAnAddress."""
    if len(url) > LONGEST:
        raise NotAnAddress(f"an address has at most {LONGEST:,} characters")
    try:
        parts = _split(url)
        if parts.scheme not in _USUAL_PORTS or not parts.hostname:
            raise NotAnAddress("an address is absolute and starts with https:// or http://")
        host, port = _host(parts.hostname), parts.port
        path, query = _path(parts.path), _query(parts.query)
    except ValueError as error:  # UnicodeError is a ValueError
        if isinstance(error, NotAnAddress):
            raise
        raise NotAnAddress("this is no address") from error
    if not host:
        raise NotAnAddress("an address names a host")
    if port is not None and port != _USUAL_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    return f"{host}{path}" + (f"?{query}" if query else "")


def _split(url: str) -> SplitResult:
    """Splits an address. For browsers, a backslash before the query is a slash (URL Standard, 4.4)."""
    before, mark, after = url.strip(_NO_TEXT).partition("?")
    place, hash_mark, fragment = before.partition("#")
    return urlsplit("".join((place.replace("\\", "/"), hash_mark, fragment, mark, after)))


def _host(name: str) -> str:
    if ":" in name:
        return str(ip_address(name))
    if not name.isascii():
        try:
            name = normalize("NFKC", name).encode("idna").decode()
        except UnicodeError:  # a label that is too long or empty
            name = name.lower()
    return name.lower().rstrip(".").removeprefix("www.")


def _query(text: str) -> str:
    """The query without parameters that do not tell pages apart, sorted by the decoded bytes."""
    pairs = sorted(parse_qsl(text.encode(), keep_blank_values=True))
    named = [(name.decode(errors="replace"), value.decode(errors="replace")) for name, value in pairs]
    return urlencode([each for each in named if not _is_noise(*each)])


def _is_noise(name: str, value: str) -> bool:
    return _TRACKING.fullmatch(name) is not None or (name.lower(), value.lower()) in _AMP_PARAMETERS


def _path(text: str) -> str:
    """The canonical path. Parameters of the last segment (RFC 3986, section 3.3) do not change."""
    path, semicolon, parameters = _parameters_apart(text)
    decoded = unquote_to_bytes(_KEPT_ENCODED.sub(lambda found: f"%25{found[1].upper()}", path))
    whole = _without_dots(quote(decoded, safe=_SAFE_IN_PATH)) + semicolon + quote(parameters, safe=_SAFE_IN_PARAMETERS)
    kept = whole.rstrip("/")
    if kept.endswith("/amp"):
        kept = kept.removesuffix("/amp").rstrip("/")
    return kept.removeprefix("/amp") if kept.startswith("/amp/") else kept


def _parameters_apart(path: str) -> tuple[str, str, str]:
    before, slash, last = path.rpartition("/")
    name, semicolon, parameters = last.partition(";")
    return f"{before}{slash}{name}", semicolon if parameters else "", parameters


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path[1:].split("/")
    for segment in (*segments, "") if segments[-1] in {".", ".."} else segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept)
