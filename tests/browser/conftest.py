"""`make run` before a real Chromium. Chromium and its driver are the machine's own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from selenium import webdriver

from chromium import Chromium, chromium
from zone.packages import Package, fetched

ROOT = Path(__file__).parents[2]
# Deque's rules for accessibility, from npm.
_AXE = Package(
    name="axe-core",
    version="4.14.1",
    date="2026",
    integrity="sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
    files=("axe.min.js",),
    about={},
)


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return fetched(_AXE, ROOT / ".aws-sam" / "axe")["axe.min.js"].read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gateway", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as run:
        try:
            _wait_until_open(port, run)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(run.pid, signal.SIGTERM)


def _wait_until_open(port: int, run: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert run.poll() is None, "make run ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("make run opened no port within 120 s")


@pytest.fixture(scope="session")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("chromium")) as started:
        yield started


@pytest.fixture(scope="session")
def browser(chrome: Chromium) -> webdriver.Chrome:
    return chrome.driver


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """A folder that is kept after the tests, for people to look at."""
    return ROOT / ".aws-sam" / "screenshots"


@pytest.fixture(scope="session")
def editor(address: str) -> Callable[..., None]:
    """Hands in an article, as an editor does, or withdraws it."""

    def publish(article: dict[str, Any], *, withdraw: bool = False) -> None:
        url = f"{address}/v1/editorial/articles/{article['id']}"
        _send("PUT", url, {key: value for key, value in article.items() if key != "id"}, ("If-None-Match", "*"))
        if withdraw:
            _send("POST", f"{url}/withdraw", {"reason": "A test."}, ("If-Match", '"1"'))

    return publish


def _send(method: str, url: str, body: object, condition: tuple[str, str]) -> None:
    asked = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method)
    asked.add_header(*condition)
    with urlopen(asked, timeout=30) as answer:
        assert answer.status in {200, 201}
