import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from gateway import ports, sam_local, stack
from gateway.local import handlers, import_all
from gateway.server import Gateway, listening

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class BothServers:
    """`make sam-local` and `make run` before the same articles."""

    sam_port: int
    gateway_port: int
    sam: list[str]
    template: Path

    def sam_local(self, asked: dict[str, Any]) -> Answer:
        return _asked(self.sam_port, asked)

    def sam_get(self, path: str) -> Answer:
        return _answered(self.sam_port, "GET", path, {})

    def make_run(self, asked: dict[str, Any]) -> Answer:
        return _asked(self.gateway_port, asked)


@pytest.fixture(scope="session")
def both_servers() -> Iterator[BothServers]:
    """Fails rather than skips where there is no Docker: who asks for these tests wants to see them run."""
    complaint = sam_local.why_no_containers()
    assert complaint is None, complaint
    sam = shlex.split(os.environ.get("SAM", "sam"))
    sam_port = _free_port()
    with sam_local.prepared(stack.parameters("https://content.example.org")) as (made, template):
        for _ in import_all(made, SAMPLES if SAMPLES.exists() else None):
            pass
        with listening(Gateway(handlers(made)), 0) as server:
            serving = Thread(target=server.serve_forever)
            serving.start()
            command = sam_local.start_api(sam, template, sam_port)
            # A suite started in the background ignores Ctrl-C, and so would SAM, which removes its containers on it.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            with subprocess.Popen(command, start_new_session=True) as process:
                try:
                    _wait_until_open(sam_port, process)
                    yield BothServers(sam_port, server.port, sam, template)
                finally:
                    os.killpg(process.pid, signal.SIGINT)
                    process.wait(60)
            server.shutdown()
            serving.join()


def _asked(port: int, asked: dict[str, Any]) -> Answer:
    """What a server on this machine answers to the request that the event describes."""
    target = asked["rawPath"] + (f"?{asked['rawQueryString']}" if asked["rawQueryString"] else "")
    return _answered(port, asked["requestContext"]["http"]["method"], target, asked["headers"])


def _answered(port: int, method: str, target: str, headers: dict[str, str]) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        # Asked on this machine, whatever name the event's client knew.
        connection.request(method, target, headers={name: each for name, each in headers.items() if name != "host"})
        response = connection.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, named, response.read())
    finally:
        connection.close()


def _free_port() -> int:
    return ports.free_port()


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 300  # a machine's first time builds the image with the layer
    while time.monotonic() < deadline:
        assert process.poll() is None, "sam local ended; its output says why"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("sam local opened no port within 300 s")
