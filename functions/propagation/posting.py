"""Posting to hosts that somebody else named: over TLS, to public addresses alone, no redirect followed."""

import socket
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

import urllib3

from content_api.aws.failures import Tellable
from content_api.law.public_address import public_address

HTTPS_URL = r"^https://[^\s@/?#]+(?:[/?][^\s#]*)?$"
TIMEOUT = urllib3.Timeout(connect=5, read=10)

type Resolve = Callable[[str, int], Collection[str]]


class DeliveryFailed(Tellable):
    """The message is to be sent again, later."""


class NotPublic(DeliveryFailed):
    """An endpoint that is none of the public internet: whoever may name endpoints must not reach our own network."""


def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises NotPublic where one is not of the public internet, and OSError."""
    found = sorted({str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    if not all(map(public_address, found)):
        raise NotPublic(host)
    return found


def usable(url: str) -> str:
    """The address, if it can be posted to: over TLS, to a host and port that there can be. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.port == 0:
        raise ValueError("must begin with https://, a host, and no port or one of 1 to 65535")
    if ":" not in parts.hostname:
        parts.hostname.encode("idna")
    return url


def is_success(status: int) -> bool:
    """RFC 9110, section 15.3; a redirect is none."""
    return 200 <= status < 300  # noqa: PLR2004 - as above


class Poster:
    def __init__(self, *, resolve: Resolve = public_addresses, authorities: str | None = None) -> None:
        """`authorities` is a file of certificates (PEM) that are trusted, where it is not the machine's own."""
        self._resolve = resolve
        self._authorities = authorities

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status of the answer. To the very address that was looked at: a name that is asked for twice may give
        another. Raises DeliveryFailed.
        """
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            address = next(iter(self._resolve(host, port)))
            with urllib3.HTTPSConnectionPool(
                address,
                port,
                timeout=TIMEOUT,
                retries=False,
                server_hostname=host,
                assert_hostname=host,
                ca_certs=self._authorities,
            ) as pool:
                named = headers | {"host": parts.netloc}
                answer = pool.urlopen("POST", path, body, named, retries=False, redirect=False, preload_content=False)
                answer.close()
                return answer.status
        except (OSError, urllib3.exceptions.HTTPError, StopIteration) as error:
            raise DeliveryFailed(f"{host}: {type(error).__name__}") from error
