"""Finds a port for a server that takes a while to open it. Linux gives ports from 32768 on to outgoing connections
(ip_local_port_range), and RFC 6335 sets aside those from 49152 on, so this takes a lower port.
"""

import secrets
import socket
import time
from collections.abc import Callable

_LOWEST, _HIGHEST = 20_000, 32_000


def free_port() -> int:
    """A free port of 127.0.0.1. Raises OSError if a hundred tries found none."""
    for _ in range(100):
        port = _LOWEST + secrets.randbelow(_HIGHEST - _LOWEST)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    raise OSError("no free port")


class NeverOpened(Exception):
    """Nothing listens on the port. The message says why, or how long it was waited for."""


def wait_until_open(port: int, *, within: float, ended: Callable[[], int | None] = lambda: None) -> None:
    """Returns as soon as something listens on the port of 127.0.0.1. `ended` gives the return code of the process that
    should listen, or None while it runs. Raises NeverOpened after `within` seconds, or as soon as the process has
    ended.
    """
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if (code := ended()) is not None:
            raise NeverOpened(f"the process ended with {code} before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise NeverOpened(f"nothing listened on port {port} within {within:g} s")
