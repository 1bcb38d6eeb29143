"""Simulates an AWS service that fails, on loopback. Requests go to the real one behind it (moto) until a fault is
set.
"""

import socket
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

# Called with a connection after a whole request was read. It may do anything with it.
type Fault = Callable[[socket.socket], None]


class FaultyService:
    """`fault` is called for each request; None for no fault. `asked` counts requests."""

    def __init__(self, behind: str) -> None:
        """`behind` is the URL of the real service."""
        self._behind = urlsplit(behind).netloc
        self.fault: Fault | None = None
        self.asked = 0
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._serve()

    @contextmanager
    def refusing(self) -> Generator[None]:
        """Refuses every connection, and closes those that are open."""
        self.close()
        try:
            yield
        finally:
            self._listening = socket.create_server(("127.0.0.1", self.port))
            self._serve()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._accepting.join(10)
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        self._accepting = threading.Thread(target=self._accept, args=[self._listening], daemon=True)
        self._accepting.start()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                accepted, _ = listening.accept()
            except OSError:
                return
            self._open.add(accepted)
            threading.Thread(target=self._converse, args=[accepted], daemon=True).start()

    def _converse(self, accepted: socket.socket) -> None:
        with accepted, suppress(OSError):
            accepted.settimeout(30)
            while request := whole_request(accepted):
                self.asked += 1
                if self.fault:
                    self.fault(accepted)
                else:
                    accepted.sendall(self._answered(request))
        self._open.discard(accepted)

    def _answered(self, request: bytes) -> bytes:
        head, _, body = request.partition(b"\r\n\r\n")
        start, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = start.split(" ")
        headers = dict(line.split(":", 1) for line in lines)
        connection = HTTPConnection(self._behind, timeout=30)
        try:
            connection.request(method, target, body, {name: value.strip() for name, value in headers.items()})
            response = connection.getresponse()
            content = response.read()
            kept: dict[str, Any] = {name.lower(): value for name, value in response.getheaders()}
        finally:
            connection.close()
        for name in ("connection", "transfer-encoding", "content-length"):
            kept.pop(name, None)
        return answer(content, status=f"{response.status} {response.reason}", **kept)


@contextmanager
def black_hole() -> Generator[str]:
    """A URL whose host neither accepts nor refuses a connection, since its queue is full (listen(2))."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening, ExitStack() as waiting:
        for _ in range(4):
            waiter = waiting.enter_context(socket.socket())
            waiter.setblocking(False)  # noqa: FBT003 - its own name for it
            with suppress(BlockingIOError):
                waiter.connect(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def answer(body: bytes, *, status: str = "200 OK", length: int | None = None, **headers: str) -> bytes:
    """The bytes of an HTTP answer. In the names of headers, `_` is written for `-`."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def whole_request(accepted: socket.socket) -> bytes:
    """Reads a whole request. Empty if the other side has closed the connection."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = accepted.recv(65_536)
        if not part:
            return b""
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = int(lengths[0].split(b":")[1]) - len(body) if lengths else 0
    while missing > 0:
        part = accepted.recv(missing)
        received += part
        missing -= len(part)
    return received
