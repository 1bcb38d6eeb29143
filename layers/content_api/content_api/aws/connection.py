"""One kept-alive HTTP/1.1 connection. It understands the plainest answers; anything else is `Unusual`.

A bare socket, since http.client brings the email package and 27 ms with it. Only what DynamoDB and S3 send is
understood: a status, headers, and a body of a stated length (RFC 9112, section 6.2). The reading functions import this
at their start. Moments are those of time.monotonic, and nothing here waits beyond the moment it is given.
"""

from __future__ import annotations

import socket
import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_HEAD = 16_384
_MOST_DIGITS = 8  # of a body's length in bytes; DynamoDB answers with at most 1 MB, and documents are of 4 at most
_MOST_ADDRESSES = 3  # of a host that are tried in turn; S3 names eight
_DONE = 200
_FIRST_ERROR = 400


class Unusual(Exception):
    """An answer that this module does not understand. The message says why, and has nothing of the request."""


class Dropped(Exception):
    """The other side ended the connection. A new one may work."""


class Refused(Exception):
    """An error (RFC 9110, sections 15.5 and 15.6). `body` is empty where it has no plain length."""

    def __init__(self, status: int, headers: dict[bytes, bytes], body: bytes) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.headers = headers
        self.body = body


class Connection:
    __slots__ = ("_socket", "is_open")

    def __init__(
        self, host: str, port: int, wrap: Callable[[socket.socket], socket.socket] | None, *, until: float
    ) -> None:
        """Connects; `wrap` puts TLS around the socket. Raises OSError, of which TLS's errors are a kind."""
        plain = _connected(host, port, until)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.settimeout(_left(until))
            self._socket = wrap(plain) if wrap else plain
        except BaseException:
            plain.close()
            raise
        self.is_open = True

    def close(self) -> None:
        self.is_open = False
        self._socket.close()

    def __del__(self) -> None:
        """Closes the connection when its thread ends."""
        if hasattr(self, "_socket"):
            self._socket.close()

    def ask(self, request: bytes, *, until: float) -> tuple[bytes, dict[bytes, bytes]]:
        """The body and headers of a 200. Any error closes the connection, except a Refused with a body.

        Raises Dropped, Refused, Unusual, and TimeoutError if the whole answer does not come in time.
        """
        kept = False
        try:
            self._socket.settimeout(_left(until))
            self._socket.sendall(request)
            status, body, headers = self._answer(until)
            kept = headers.get(b"connection", b"keep-alive").lower() == b"keep-alive"
        except ConnectionError as error:
            raise Dropped from error
        finally:
            if not kept:
                self.close()
        if status != _DONE:
            raise Refused(status, headers, body)
        return body, headers

    def _answer(self, until: float) -> tuple[int, bytes, dict[bytes, bytes]]:
        received = self._more(until)
        while (end := received.find(b"\r\n\r\n")) < 0:
            if len(received) > _LONGEST_HEAD:
                raise Unusual("a head too long")
            received += self._more(until)
        first, *lines = received[:end].split(b"\r\n")
        status = _status(first)
        fields = [(name.lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)]
        try:
            length = _length(fields)
        except Unusual:
            if status < _FIRST_ERROR:
                raise
            raise Refused(status, dict(fields), b"") from None
        parts, missing = [received[end + 4 :]], length - (len(received) - end - 4)
        while missing > 0:
            part = self._more(until)
            parts.append(part)
            missing -= len(part)
        if missing < 0:
            raise Unusual("more than one answer")
        return status, b"".join(parts), dict(fields)

    def _more(self, until: float) -> bytes:
        self._socket.settimeout(_left(until))
        received = self._socket.recv(65_536)
        if not received:
            raise Dropped
        return received


def _connected(host: str, port: int, until: float) -> socket.socket:
    """Connects to the first of the host's addresses that answers. Each address gets an equal part of the time left."""
    addresses = _addresses(host, port, until)[:_MOST_ADDRESSES]
    for untried in range(len(addresses), 1, -1):
        try:
            return socket.create_connection((addresses[-untried], port), timeout=_left(until) / untried)
        except OSError:
            continue
    return socket.create_connection((addresses[-1], port), timeout=_left(until))


def _addresses(host: str, port: int, until: float) -> list[str]:
    """Resolves the host in a thread of its own, since a resolver without an answer blocks its caller for tens of
    seconds (resolv.conf(5)).
    """
    found: list[str] = []
    failed: list[OSError] = []

    def resolve() -> None:
        try:
            found.extend(str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            failed.append(error)

    asking = threading.Thread(target=resolve, daemon=True)
    asking.start()
    asking.join(_left(until))
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError("no resolver")
    return found


def _left(until: float) -> float:
    """The seconds left, always more than 0. Raises TimeoutError where none are."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _status(line: bytes) -> int:
    """The status that a status line states. Raises Unusual where it is neither 200 nor an error."""
    stated = line[9:12]
    if line[:9] != b"HTTP/1.1 " or line[12:13] != b" " or not stated.isdigit():
        raise Unusual("no status")
    status = int(stated)
    if status != _DONE and status < _FIRST_ERROR:
        raise Unusual(f"status {status}")
    return status


def _length(fields: list[tuple[bytes, bytes]]) -> int:
    stated = [value for name, value in fields if name == b"content-length"]
    if any(
        name == b"transfer-encoding" or (name == b"content-encoding" and value != b"identity") for name, value in fields
    ):
        raise Unusual("an encoded body")
    if len(stated) != 1 or not stated[0].isdigit() or len(stated[0]) > _MOST_DIGITS:
        raise Unusual("no plain length")
    return int(stated[0])
