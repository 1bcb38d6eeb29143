"""Sends requests as raw bytes. hypothesis makes them, since an HTTP client would refuse to send most of them."""

import socket
import time
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from content_api.reader_api.routes import Route
from hostile.words import HEADER_VALUES, HEADERS, WORDS
from imaging.serving.routes import SURFACE as MEDIA
from reading.routes import SURFACE as READING
from searching.routes import SURFACE as SEARCHING
from syndication.routes import SURFACE as SYNDICATION

_SURFACES = (READING, SYNDICATION, SEARCHING, MEDIA)
ROUTES = [route for surface in _SURFACES for route in surface.routes]
NAMES = sorted({"notice", *(name for surface in _SURFACES for name in surface.vocabulary.readers)})
_REQUIRED = {"language": "en", "q": "seeds", "url": "https://news.example.org/a"}
_LONGEST_ANSWER = 15  # seconds
_LARGEST_TARGET = 60_000  # bytes; a server of http.server refuses 65,536

_words = st.sampled_from(WORDS) | st.text(max_size=30)
_not_in_a_target = bytes.maketrans(b" \r\n\t\x0b\x0c", b"++++++")


@dataclass(slots=True)
class Answered:
    """`broken` has the requests that got no answer, or a 5xx other than the 501 of oEmbed."""

    requests: int = 0
    broken: list[str] = field(default_factory=list[str])


def send(address: str, run: int, *, count: int, until: float) -> Answered:
    """Sends `count` requests, or fewer if the time ends first. Each number of a `run` gives other requests."""
    server = urlsplit(address)
    answered = Answered()

    @seed(run)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
    )
    @given(request=_requests())
    def ask(request: bytes) -> None:
        if time.monotonic() >= until:
            return
        status = _status(server.hostname or "", server.port or 80, request)
        answered.requests += 1
        if status >= 500 and not (status == 501 and b"/v1/oembed" in request.partition(b"\r\n")[0]):  # noqa: PLR2004 - HTTP's own
            answered.broken.append(f"{status} {request[:2000]!r}")

    ask()
    return answered


def _status(host: str, port: int, request: bytes) -> int:
    """The status of the answer. 599 if there is no HTTP answer."""
    try:
        with socket.create_connection((host, port), timeout=_LONGEST_ANSWER) as connection:
            connection.sendall(request)
            head = connection.recv(200)
            first = head.split(b" ", 2)
            return int(first[1]) if first[0].startswith(b"HTTP/") else 599
    except (OSError, ValueError, IndexError):
        return 599


@st.composite
def _requests(draw: st.DrawFn) -> bytes:
    target = draw(_targets())[:_LARGEST_TARGET]
    method = draw(st.sampled_from([b"GET", b"GET", b"GET", b"GET", b"HEAD", b"OPTIONS", b"POST", b"PURGE", b"get"]))
    place = draw(st.sampled_from([b"US", b"RU", b"UA", b""]))
    lines = [b"host: 127.0.0.1", b"connection: close", b"cloudfront-viewer-country: " + place]
    for name in draw(st.lists(st.sampled_from(HEADERS), max_size=3, unique=True)):
        value = draw(st.sampled_from(HEADER_VALUES) | st.text(max_size=20)).encode("utf-8", "surrogatepass")
        lines.append(name.encode() + b": " + value.translate(_not_in_a_target)[:20_000])
    return b"\r\n".join([method + b" " + target + b" HTTP/1.1", *lines, b"", b""])


@st.composite
def _targets(draw: st.DrawFn) -> bytes:
    """A path of the API with any words for its variables and any parameters, or any other path."""
    route = draw(st.sampled_from(ROUTES))
    parts = [draw(_parts) if part.startswith("{") else part.encode() for part in route.path.split("/")]
    path = b"/".join(parts)
    if draw(st.integers(0, 9)) == 0:
        path = draw(st.lists(_parts, max_size=5).map(b"/".join)).translate(_not_in_a_target)
        path = b"/" + path
    query = b"&".join(b"=".join(each) for each in draw(_parameters(route)))
    return path + (b"?" + query if query else b"")


def _parameters(route: Route) -> st.SearchStrategy[list[tuple[bytes, bytes]]]:
    """Required parameters are there most of the time. Known parameters come often, and sometimes twice."""
    known = sorted({*route.parameters, "notice"})
    names = st.sampled_from([each.encode() for each in known])
    any_names = names | names | names | st.sampled_from([each.encode() for each in NAMES]) | _parts
    required = [(each.encode(), quote(_REQUIRED[each], safe="").encode()) for each in route.required]
    asked = st.lists(st.tuples(any_names, _parts), max_size=4)
    return st.tuples(st.booleans() | st.just(value=True), asked).map(
        lambda drawn: (required if drawn[0] else []) + drawn[1]
    )


def _encoded(word: str) -> bytes:
    return quote(word, safe="", errors="surrogatepass").encode()


def _as_it_is(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass").translate(_not_in_a_target)


_parts = (
    _words.map(_encoded)
    | _words.map(_encoded)
    | _words.map(_as_it_is)
    | st.binary(max_size=20).map(lambda content: quote(content, safe="").encode())
    | st.binary(max_size=20).map(lambda content: content.translate(_not_in_a_target))
)
