"""`make run` in a process of its own, for the tests that need a real server.

The server keeps the code that it started with. `make run` starts anew when a file changes, and a test that runs while
somebody works on the code would lose its server for half a minute.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from gateway.ports import free_port

_LONGEST_START = 120  # seconds
_LONGEST_END = 10  # seconds


@dataclass(frozen=True)
class LocalServer:
    """A server that listens. `address` is its URL, without a path."""

    address: str
    _process: "subprocess.Popen[str]"

    def has_ended(self) -> bool:
        return self._process.poll() is not None


@contextmanager
def local_server(requests: IO[str] | None = None) -> Generator[LocalServer]:
    """Starts the server, waits until it listens, and ends it afterwards. Its line for each request goes to the file
    `requests`. Raises RuntimeError where it ends before it listens, or does not listen within two minutes.
    """
    port = free_port()
    command = [sys.executable, "-m", "gateway", "--port", str(port), "--keep-code"]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=requests or subprocess.DEVNULL,
        text=True,
        start_new_session=True,  # an interrupt in the terminal is for whoever started this
    ) as process:
        try:
            _wait_until_open(port, process)
            yield LocalServer(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()
            try:
                process.wait(_LONGEST_END)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_open(port: int, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + _LONGEST_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the local server ended with {process.returncode} before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"the local server did not listen within {_LONGEST_START} s")
