import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from gateway.ports import free_port


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """`make run`, with its articles, in a process of its own."""
    port = free_port()
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
