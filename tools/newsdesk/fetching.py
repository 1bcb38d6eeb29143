"""Fetches pictures from hosts that articles name: only from public addresses, and within bounds of size and time. It
follows a few redirects, each of which is checked likewise.
"""

import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import urllib3

from content_api.names.media import MOST_BYTES
from propagation.posting import DeliveryFailed, Resolve, public_addresses

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_MOST_REDIRECTS = 3
_LONGEST = 60.0  # seconds, for the whole of a picture
_TIMEOUT = urllib3.Timeout(connect=5, read=20)
_PIECE = 1024 * 1024  # bytes that are read at once
_OK = 200


class NotFetched(Exception):
    """The picture cannot be had. The message says why."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """`resolve` gives the addresses of a host and port. `authorities` is a file of certificates (PEM) to trust instead
    of the machine's own.
    """

    resolve: Resolve = public_addresses
    authorities: str | None = None

    def fetch(self, url: str) -> bytes:
        """Raises NotFetched."""
        until = time.monotonic() + _LONGEST
        for _ in range(_MOST_REDIRECTS + 1):
            found = self._asked(url, until)
            if isinstance(found, bytes):
                return found
            url = urljoin(url, found)
        raise NotFetched(f"it leads on more than {_MOST_REDIRECTS} times")

    def _asked(self, url: str, until: float) -> bytes | str:
        """The content, or where the host leads on to. It connects to the address that was checked: a second lookup of
        the name could give another.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise NotFetched(f"{url[:200]} is no address of the web")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            address = next(iter(self.resolve(parts.hostname, port)))
            with self._pool(parts.scheme, parts.hostname, address, port) as pool:
                answer = pool.urlopen(
                    "GET",
                    path,
                    headers={"host": parts.netloc.rpartition("@")[2], "accept": "image/*"},
                    retries=False,
                    redirect=False,
                    preload_content=False,
                )
                try:
                    if answer.status in _REDIRECTS:
                        return answer.headers.get("location", "")
                    if answer.status != _OK:
                        raise NotFetched(f"its host answers {answer.status}")
                    return _content(answer, until)
                finally:
                    answer.close()
        except DeliveryFailed as error:
            raise NotFetched("its host is in no public network") from error
        except (OSError, ValueError, StopIteration, urllib3.exceptions.HTTPError) as error:
            raise NotFetched(f"its host does not answer ({type(error).__name__})") from error

    def _pool(self, scheme: str, host: str, address: str, port: int) -> urllib3.HTTPConnectionPool:
        if scheme == "http":
            return urllib3.HTTPConnectionPool(address, port, timeout=_TIMEOUT, retries=False)
        return urllib3.HTTPSConnectionPool(
            address,
            port,
            timeout=_TIMEOUT,
            retries=False,
            server_hostname=host,
            assert_hostname=host,
            ca_certs=self.authorities,
        )


def _content(answer: urllib3.BaseHTTPResponse, until: float) -> bytes:
    """Reads what has arrived, and looks at the clock each time: a host that sends a byte now and then would keep a read
    of a whole piece waiting for hours.
    """
    content = bytearray()
    while piece := answer.read1(_PIECE):
        content += piece
        if len(content) > MOST_BYTES:
            raise NotFetched(f"it has more than {MOST_BYTES / 1e6:.0f} MB")
        if time.monotonic() > until:
            raise NotFetched(f"it takes more than {_LONGEST:.0f} seconds")
    return bytes(content)
