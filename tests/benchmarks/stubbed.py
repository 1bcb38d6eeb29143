"""Runs alone, in an interpreter as Lambda has it: a warm handler's CPU with the network stubbed.

Takes a JSON object on standard input, `{"handler", "event", "answer", "calls", "rounds"}`, the answer in base64 and as
HTTP; prints the microseconds of CPU for one call, in the least disturbed of the rounds.
"""

import base64
import importlib
import json
import socket
import sys
import time
from typing import Any


class StubbedSocket:
    """Answers as the store does, without a system call."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def recv(self, _size: int) -> bytes:
        return self._answer

    def sendall(self, _data: bytes) -> None:
        pass

    def settimeout(self, _seconds: float) -> None:
        pass

    def setsockopt(self, *_option: int) -> None:
        pass

    def close(self) -> None:
        pass


class Context:
    """What handlers use of Lambda's context object."""

    function_name = "stubbed"
    function_version = "$LATEST"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:stubbed"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 10_000


def stub_socket(answer: bytes) -> None:
    stubbed = StubbedSocket(answer)

    def connect(*_address: object, **_options: object) -> StubbedSocket:
        return stubbed

    setattr(socket, "create_connection", connect)  # noqa: B010 - typed otherwise


def stub_botocore(answer: bytes) -> None:
    """Where there is one: below it are urllib3 and http.client, whose time is not counted."""
    try:
        from botocore.awsrequest import AWSResponse  # noqa: PLC0415 - not every handler has it
        from botocore.httpsession import URLLib3Session  # noqa: PLC0415 - as above
    except ImportError:
        return
    head, _, body = answer.partition(b"\r\n\r\n")
    fields = (line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    headers: Any = {name.lower(): value for name, value in fields}
    nothing: Any = None
    answered: Any = AWSResponse("http://127.0.0.1/", 200, headers, nothing)
    answered._content = body  # noqa: SLF001 - as if it had been read

    def send(*_request: object) -> AWSResponse:
        return answered

    setattr(URLLib3Session, "send", send)  # noqa: B010 - as above


def main() -> None:
    asked = json.load(sys.stdin)
    answer = base64.b64decode(asked["answer"])
    stub_socket(answer)
    stub_botocore(answer)
    module, _, name = asked["handler"].rpartition(".")
    handler = getattr(importlib.import_module(module), name)
    event, context, calls = asked["event"], Context(), asked["calls"]
    answered = handler(event, context)
    if answered["statusCode"] != 200:
        sys.exit(f"{asked['handler']} answered {answered}")
    rounds: list[float] = []
    for _ in range(asked["rounds"]):
        began = time.process_time()
        for _ in range(calls):
            handler(event, context)
        rounds.append((time.process_time() - began) / calls * 1e6)
    print(min(rounds))


if __name__ == "__main__":
    main()
