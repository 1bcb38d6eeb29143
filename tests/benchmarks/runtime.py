"""A function as Lambda runs it: the real runtime interface client in an interpreter without a virtual environment,
under SAM's emulator. The emulator starts the function when it is first asked.
"""

import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.ports import wait_until_open

_PATH = "/2015-03-31/functions/function/invocations"
_OPENS_WITHIN = 5  # seconds


class NotMeasured(Exception):
    """A function that did not start, or did not answer as it should."""


@dataclass(frozen=True)
class Lambda:
    """`python` is no virtual environment's; `client` the folder that awslambdaric was installed into."""

    python: Path
    emulator: Path
    client: Path

    @property
    def interpreter(self) -> list[Path | str]:
        """-S: what a machine's own site-packages load at each start, Lambda does not have. -P: nothing is imported from
        where the command was given.
        """
        return [self.python, "-S", "-P"]

    def python_path(self, folders: Sequence[Path]) -> str:
        return os.pathsep.join(map(str, [*folders, self.client]))

    @contextmanager
    def running(self, handler: str, folders: Sequence[Path], environment: dict[str, str]) -> "Generator[Function]":
        port, api = _free_ports()
        address = f"127.0.0.1:{port}"
        command = [self.emulator, "--runtime-interface-emulator-address", address]
        command += ["--runtime-api-address", f"127.0.0.1:{api}", *self.interpreter, "-m", "awslambdaric", handler]
        variables = environment | {"PYTHONPATH": self.python_path(folders)}
        with subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                wait_until_open(port, within=_OPENS_WITHIN)
                yield Function(process.pid, port)
            finally:
                process.kill()


class Function:
    def __init__(self, emulator: int, port: int) -> None:
        self._emulator = emulator
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(self, event: bytes) -> tuple[Any, float]:
        """The answer, and the milliseconds that it took."""
        began = time.perf_counter()
        self._connection.request("POST", _PATH, event, {"Content-Type": "application/json"})
        answered = self._connection.getresponse().read()
        taken = (time.perf_counter() - began) * 1000
        return json.loads(answered), taken

    def peak_memory(self) -> float:
        """MB that the function's process has held at most."""
        for line in Path(f"/proc/{self._process()}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise NotMeasured("this system does not say how much memory a process has held")

    def cpu(self) -> float:
        """Milliseconds of CPU that the function's process has used, its past threads' included."""
        # The clock of another process (clock_getcpuclockid(3), as Linux numbers them).
        return time.clock_gettime((~self._process() << 3) | 2) * 1000

    def _process(self) -> int:
        for thread in Path(f"/proc/{self._emulator}/task").iterdir():
            for child in (thread / "children").read_text(encoding="ascii").split():
                return int(child)
        raise NotMeasured("the emulator has no function running")


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]
