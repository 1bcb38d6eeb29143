"""Posts to hosts that somebody else named: only over TLS, only to public addresses, and without following redirects."""

import ipaddress
import re
import socket
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

import urllib3

from content_api.aws.failures import Tellable
from content_api.law.public_address import public_address

HTTPS_URL = r"^https://[^\s@/?#]+(?:[/?][^\s#]*)?$"
_URI = re.compile(r"[!-~]+", re.ASCII)  # RFC 3986 has neither spaces nor control characters, and ASCII alone
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)  # RFC 1123, section 2.1
_LONGEST_NAME = 253  # characters (RFC 1035, section 2.3.4)
# Names that are nobody's, or this network's own (RFC 6761, 6762, 7686, 8375, 9476; ICANN's .internal).
_OF_NO_PUBLIC = frozenset("localhost local internal invalid onion alt arpa".split())
TIMEOUT = urllib3.Timeout(connect=5, read=10)

type Resolve = Callable[[str, int], Collection[str]]


class DeliveryFailed(Tellable):
    """The message must be sent again later."""


class NotPublic(DeliveryFailed):
    """The address of an endpoint is not public. Partners name endpoints, and must not make us send requests into our
    own network.
    """


def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises NotPublic if one of them is not public, and OSError."""
    found = sorted({str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    if not all(map(public_address, found)):
        raise NotPublic(host)
    return found


def usable(url: str) -> str:
    """The URL, if it begins with https:// and has a host that the public may have, and a valid port. An address in the
    place of a host must be public. Raises ValueError.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.port == 0:
        raise ValueError("must begin with https://, a host, and no port or one of 1 to 65535")
    if not _URI.fullmatch(url):
        raise ValueError("must be in ASCII: write other letters of a host as xn--…, and of a path percent-encoded")
    if _is_address(parts.hostname):
        if not public_address(parts.hostname):
            raise ValueError("must not lead into a private network")
    elif not _is_public_name(parts.hostname):
        raise ValueError("must have a host that everybody can look up, such as hooks.partner.example")
    return url


def _is_public_name(host: str) -> bool:
    """Whether the public DNS can have this name. A name that ends in a number is an address in another writing, such as
    127.1 (WHATWG URL, "ends in a number checker").
    """
    labels = host.lower().split(".")
    return (
        len(host) <= _LONGEST_NAME
        and len(labels) > 1
        and all(map(_LABEL.fullmatch, labels))
        and not labels[-1][:1].isdigit()
        and labels[-1] not in _OF_NO_PUBLIC
    )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_success(status: int) -> bool:
    """Whether the status is 2xx (RFC 9110, section 15.3). A redirect is no success."""
    return 200 <= status < 300  # noqa: PLR2004 - as above


class Poster:
    def __init__(self, *, resolve: Resolve = public_addresses, authorities: str | None = None) -> None:
        """`resolve` gives the addresses of a host and port. `authorities` is a file of certificates (PEM) to trust
        instead of the machine's own.
        """
        self._resolve = resolve
        self._authorities = authorities

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """Posts the body, and returns the status of the answer. It connects to the address that was checked: a second
        lookup of the name could give another. Raises DeliveryFailed.
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
