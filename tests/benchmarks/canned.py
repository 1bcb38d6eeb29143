"""DynamoDB on loopback with one canned answer for each operation and table, in the headers that DynamoDB sends."""

import socket
import ssl
import threading
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from io import BufferedReader

from content import PEERS_TABLE, stored

_TASKS = {b"GetItem": "article", b"Query": "list of 20"}


def http_answer(body: bytes) -> bytes:
    head = (
        "HTTP/1.1 200 OK\r\nServer: Server\r\nDate: Tue, 14 Oct 2025 08:00:00 GMT\r\n"
        f"Content-Type: application/x-amz-json-1.0\r\nContent-Length: {len(body)}\r\nConnection: keep-alive\r\n"
        f"x-amzn-RequestId: {'A' * 52}\r\nx-amz-crc32: {zlib.crc32(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def dynamodb(certificate: ssl.SSLContext | None = None) -> Generator[int]:
    """The port it listens on: with a certificate, for https alone."""
    answers = {
        (operation, is_peers): http_answer(stored(task, is_peers=is_peers).answer)
        for operation, task in _TASKS.items()
        for is_peers in (False, True)
    }

    def converse(accepted: socket.socket) -> None:
        connection = certificate.wrap_socket(accepted, server_side=True) if certificate else accepted
        with connection, connection.makefile("rb") as received:
            while head := _head(received):
                length = next(int(line[15:]) for line in head if line.startswith(b"content-length:"))
                target = next(line for line in head if line.startswith(b"x-amz-target:"))
                is_peers = PEERS_TABLE.encode() in received.read(length)
                operation = next(name for name in _TASKS if target.endswith(name.lower()))
                connection.sendall(answers[operation, is_peers])

    def serve(listening: socket.socket) -> None:
        while True:
            try:
                accepted, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=converse, args=(accepted,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]


def _head(received: BufferedReader) -> list[bytes]:
    """In lower case; empty where the connection has ended."""
    lines: list[bytes] = []
    while (line := received.readline()) not in {b"\r\n", b""}:
        lines.append(line.strip().lower())
    return lines
