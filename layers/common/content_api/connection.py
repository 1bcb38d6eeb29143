"""One kept-alive HTTP/1.1 connection, for answers of the plainest kind; anything else is `Unusual`.

A bare socket, since http.client brings the email package and 27 ms with it. Only what DynamoDB sends is understood:
a status, headers, and a body of a stated length (RFC 9112, section 6.2). Stands on the reading path's start-up.
"""

from __future__ import annotations

import socket
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 1.0

_LONGEST_HEAD = 16_384
_MOST_DIGITS = 8  # of a body's length in bytes; DynamoDB answers with at most 1 MB


class Unusual(Exception):
    """An answer that must not be made sense of here; the message says why, and never what was asked."""


class Dropped(Exception):
    """The other side ended the connection; a new one may do better."""


class Connection:
    __slots__ = ("_socket", "is_open")

    def __init__(self, host: str, port: int, wrap: Callable[[socket.socket], socket.socket] | None) -> None:
        """Connects; `wrap` puts TLS around the socket. Raises OSError, of which TLS's errors are a kind."""
        plain = socket.create_connection((host, port), timeout=CONNECT_SECONDS)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = wrap(plain) if wrap else plain
        except BaseException:
            plain.close()
            raise
        self.is_open = True

    def close(self) -> None:
        self.is_open = False
        self._socket.close()

    def __del__(self) -> None:
        """A thread's connection goes when the thread does."""
        if hasattr(self, "_socket"):
            self._socket.close()

    def ask(self, request: bytes) -> tuple[bytes, dict[bytes, bytes]]:
        """The body and headers of a 200. After any error the connection is closed.

        Raises Dropped, Unusual, and TimeoutError where the whole answer is not there within ANSWER_SECONDS.
        """
        kept = False
        try:
            self._socket.settimeout(ANSWER_SECONDS)
            self._socket.sendall(request)
            body, headers = self._answer(time.monotonic() + ANSWER_SECONDS)
            kept = headers.get(b"connection", b"keep-alive").lower() == b"keep-alive"
        except ConnectionError as error:
            raise Dropped from error
        else:
            return body, headers
        finally:
            if not kept:
                self.close()

    def _answer(self, deadline: float) -> tuple[bytes, dict[bytes, bytes]]:
        received = self._more(deadline)
        while (end := received.find(b"\r\n\r\n")) < 0:
            if len(received) > _LONGEST_HEAD:
                raise Unusual("a head too long")
            received += self._more(deadline)
        status, *lines = received[:end].split(b"\r\n")
        if not status.startswith(b"HTTP/1.1 200 "):
            raise Unusual(f"status {status[9:12].decode('ascii', 'replace')}")
        fields = [(name.lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)]
        length = _length(fields)
        parts, missing = [received[end + 4 :]], length - (len(received) - end - 4)
        while missing > 0:
            part = self._more(deadline)
            parts.append(part)
            missing -= len(part)
        if missing < 0:
            raise Unusual("more than one answer")
        return b"".join(parts), dict(fields)

    def _more(self, deadline: float) -> bytes:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        received = self._socket.recv(65_536)
        if not received:
            raise Dropped
        return received


def _length(fields: list[tuple[bytes, bytes]]) -> int:
    stated = [value for name, value in fields if name == b"content-length"]
    if any(
        name == b"transfer-encoding" or (name == b"content-encoding" and value != b"identity") for name, value in fields
    ):
        raise Unusual("an encoded body")
    if len(stated) != 1 or not stated[0].isdigit() or len(stated[0]) > _MOST_DIGITS:
        raise Unusual("no plain length")
    return int(stated[0])
