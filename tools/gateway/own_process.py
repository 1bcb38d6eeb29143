"""`make run` in a process of its own, for tests that need a real server.

The server does not start again when a file changes. Otherwise, a test would lose its server for half a minute whenever
somebody edits the code.
"""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from gateway.ports import free_port, wait_until_open

_LONGEST_START = 120  # seconds
_LONGEST_END = 10  # seconds


@dataclass(frozen=True)
class LocalServer:
    """A server that is listening. `address` is its URL without a path."""

    address: str
    _process: "subprocess.Popen[str]"

    def has_ended(self) -> bool:
        return self._process.poll() is not None


@contextmanager
def local_server(requests: IO[str] | None = None, *, stories: int = 50) -> Generator[LocalServer]:
    """Starts the server, waits until it listens, and ends it afterwards. It makes up this many `stories`, each in every
    language. It writes a line for each request to the file `requests`. Raises NeverOpened if the server ends before it
    listens, or does not listen within two minutes.
    """
    port = free_port()
    command = [sys.executable, "-m", "gateway", "--port", str(port), "--stories", str(stories), "--keep-code"]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=requests or subprocess.DEVNULL,
        text=True,
        start_new_session=True,  # an interrupt in the terminal is for whoever started this
    ) as process:
        try:
            wait_until_open(port, within=_LONGEST_START, ended=process.poll)
            yield LocalServer(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()
            try:
                process.wait(_LONGEST_END)
            except subprocess.TimeoutExpired:
                process.kill()
