"""DynamoDB as a test scripts it: a server that answers each connection from a list, and a table that sends requests to
it.
"""

import json
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any, cast

from content_api.aws.dynamodb import Table
from content_api.aws.patience import Patience
from simulated_faults import answer as on_the_wire
from simulated_faults import whole_request

DECODED = {"pk": {"S": "a"}, "document": {"B": b"\x01\x02\x03"}}
BODY = b'{"Item":{"pk":{"S":"a"},"document":{"B":"AQID"}}}'
KEY = {"pk": "a", "sk": "a"}
LONG = Patience(60)  # seconds; a busy machine may need that many

type Behaviour = Callable[[socket.socket], None]


class Server:
    """Listens on loopback. Each connection gets the next list of `connections`, with one answer for each request, and
    is closed after the last.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._tls = tls
        self.connections: list[list[bytes | Behaviour]] = []
        self.requests: list[bytes] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        for number in range(100):
            accepted, _ = self._listening.accept()
            with accepted:
                if number >= len(self.connections):
                    return
                try:
                    self._converse(self._tls.wrap_socket(accepted, server_side=True) if self._tls else accepted, number)
                except OSError:  # some tests close the connection early
                    continue

    def _converse(self, accepted: socket.socket, number: int) -> None:
        with accepted:
            accepted.settimeout(5)
            for each in self.connections[number]:
                request = whole_request(accepted)
                if not request:
                    return
                self.requests.append(request)
                if callable(each):
                    each(accepted)
                else:
                    accepted.sendall(each)

    def close(self) -> None:
        self.connections.clear()
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join(10)
        self._listening.close()
        if self._thread.is_alive():
            raise TimeoutError("the server is still talking")


class Boto3:
    """Replaces boto3's client, and keeps the requests that it gets."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def get_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3 has it
        self.asked.append(request)
        return {"Item": DECODED, "ResponseMetadata": {"HTTPHeaders": {"x-amz-crc32": "1"}}}


def environment(port: int = 1, **more: str) -> dict[str, str]:
    """The environment variables of a function whose DynamoDB listens at `port`."""
    return {
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",  # boto3 reads this one; Lambda sets both
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "a-secret-of-nobody",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        **more,
    }


def table(variables: dict[str, str], boto3: Boto3, patience: Patience = LONG) -> Table:
    """The table under test. It falls back to `boto3`."""
    return Table("Content", variables, patience, boto3_client=lambda: cast("Any", boto3))


def answer(body: bytes = BODY, **how: Any) -> bytes:  # noqa: ANN401 - as below
    """An answer with the item in `BODY`, if no other body is given. `how` are the arguments of
    `simulated_faults.answer`.
    """
    return on_the_wire(body, **how)


def refusal(code: str, status: str = "400 Bad Request", **headers: str) -> bytes:
    """An error answer of DynamoDB with this code."""
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no"}).encode()
    return answer(body, status=status, content_type="application/x-amz-json-1.0", **headers)
