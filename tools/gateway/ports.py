"""A port for a server that takes a while to open it: none of those that the system gives to connections meanwhile,
which Linux takes from 32768 on (ip_local_port_range) and RFC 6335 from 49152.
"""

import secrets
import socket

_LOWEST, _HIGHEST = 20_000, 32_000


def free_port() -> int:
    """On 127.0.0.1. Raises OSError where a hundred were taken."""
    for _ in range(100):
        port = _LOWEST + secrets.randbelow(_HIGHEST - _LOWEST)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    raise OSError("no free port")
