"""`make run` before a real Chromium. Chromium and its driver are the machine's own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

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
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):
        options.add_argument(argument)  # pyright: ignore[reportUnknownMemberType] - selenium's own types are partial
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})  # pyright: ignore[reportUnknownMemberType] - as above
    driver = webdriver.Chrome(options, Service("/usr/bin/chromedriver"))
    yield driver
    driver.quit()
