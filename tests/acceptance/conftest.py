import os
import re
import shlex
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from emulated_aws.server import Answer
from gateway import ports, sam_local, stack
from gateway.events import saved
from gateway.local import handlers, import_all
from gateway.pump import Pump
from gateway.server import Gateway, in_a_thread, listening

_LONGEST_START = 300  # seconds: a machine's first time builds the image with the layer

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


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

    def saved(self, name: str) -> dict[str, Any]:
        """A saved event, with a picture, a recording, a month of today in place of those that it names."""
        event = saved(name)
        path: str = event["rawPath"]
        if path.startswith("/media/"):
            asked = "/v1/articles?language=en&limit=20" + ("&type=audio" if "recording" in path else "")
            listed = _answered(self.gateway_port, "GET", asked, {}).body.decode()
            (media_id, *_) = re.findall(
                r"/media/([0-9a-f]{64})/" + ("recording" if "recording" in path else ""), listed
            )
            event["rawPath"] = re.sub("[0-9a-f]{64}", media_id, path)
        elif re.search(r"/\d{4}-\d\d\.xml", path):
            index = _answered(self.gateway_port, "GET", "/sitemaps/index.xml", {}).body.decode()
            (event["rawPath"], *_) = re.findall(r"/sitemaps/en/\d{4}-\d\d\.xml", index)
        return event

    def make_run(self, asked: dict[str, Any]) -> Answer:
        return _asked(self.gateway_port, asked)


@pytest.fixture(scope="session")
def both_servers() -> Iterator[BothServers]:
    """Fails rather than skips where there is no Docker: who asks for these tests wants to see them run."""
    complaint = sam_local.why_no_containers()
    assert complaint is None, complaint
    sam = shlex.split(os.environ.get("SAM", "sam"))
    sam_port = ports.free_port()
    with sam_local.prepared(stack.parameters("https://content.example.org")) as (made, template):
        pump = Pump(made, is_indexing=True, is_mirroring=True)
        for _ in import_all(made, SAMPLES if SAMPLES.exists() else None):
            pass
        pump.settle()
        pump.call_hourly()
        pump.settle()
        with listening(Gateway(handlers(made)), 0) as server, in_a_thread(server):
            command = sam_local.start_api(sam, template, sam_port)
            # A suite started in the background ignores Ctrl-C, and so would SAM, which removes its containers on it.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            with subprocess.Popen(command, start_new_session=True) as process:
                try:
                    ports.wait_until_open(sam_port, within=_LONGEST_START, ended=process.poll)
                    yield BothServers(sam_port, server.port, sam, template)
                finally:
                    # To `uv tool run`, which passes it on: at a second one SAM would leave its containers.
                    process.send_signal(signal.SIGINT)
                    process.wait(60)


def _asked(port: int, asked: dict[str, Any]) -> Answer:
    """What a server on this machine answers to the request that the event describes."""
    target = quote(asked["rawPath"]) + (f"?{asked['rawQueryString']}" if asked["rawQueryString"] else "")
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
