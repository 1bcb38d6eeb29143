"""How names are resolved in every Python process beside the emulator: the functions, and a newsroom's commands.

`*.localhost` is this machine (RFC 6761), and so is the account of a KeyValueStore (`ACCOUNT.127.0.0.1`). The hosts of
readers, partners and CloudFront get a public address, since webhooks refuse any other. Connections to that address come
to this machine.
"""

import os
import socket
from typing import Any

_HERE = "127.0.0.1"
_FAR = "93.184.216.34"  # a public address; no connection to it leaves this machine
_GATEWAY = int(os.environ.get("GATEWAY_PORT", "0"))
_resolved = socket.getaddrinfo
_connected = socket.socket.connect


def _resolve(host: Any, port: Any = None, *arguments: Any, **more: Any) -> Any:
    if isinstance(host, str):
        if host.endswith((".localhost", f".{_HERE}")):
            host = _HERE
        elif host.endswith((".example.org", ".cloudfront.net")):
            host = _FAR
    return _resolved(host, port, *arguments, **more)


def _connect(self: socket.socket, address: Any) -> None:
    if isinstance(address, tuple) and address[0] == _FAR:
        address = (_HERE, _GATEWAY if address[1] == 443 else address[1])
    _connected(self, address)


socket.getaddrinfo = _resolve
socket.socket.connect = _connect
