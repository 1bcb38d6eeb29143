"""The server of a partner, over TLS on loopback. It keeps what it gets, and answers with the status that a test
sets.
"""

import ssl
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import trustme

from propagation.posting import Poster
from propagation.webhooks import Endpoints

_HOST = "partner.example"


class Partner:
    """`received` has the path, the headers (lower-case names) and the body of each POST."""

    def __init__(self, folder: Path) -> None:
        """Writes the certificate of the authority that signs the partner's own into `folder`."""
        authority = trustme.CA()
        self.authorities = folder / "authorities.pem"
        authority.cert_pem.write_to_path(str(self.authorities))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(_HOST).configure_cert(context)  # pyright: ignore[reportUnknownMemberType] - partially typed there
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 204
        partner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                partner.received.append((self.path, headers, body))
                self.send_response(partner.status)
                self.send_header("location", f"https://{_HOST}/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
                """Quietly."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://{_HOST}:{self._server.server_port}/hooks?for=us"
        self._serving = Thread(target=self._server.serve_forever, daemon=True)
        self._serving.start()

    def poster(self) -> Poster:
        """A client that connects to this server for every host, and trusts only its authority."""
        return Poster(resolve=lambda _host, _port: ["127.0.0.1"], authorities=str(self.authorities))

    def close(self) -> None:
        self._server.shutdown()
        self._serving.join()
        self._server.server_close()


def endpoints(*stated: dict[str, Any]) -> Endpoints:
    """Webhook endpoints from a secret with the value `stated`."""

    class Provider:
        def get(self, *_: object, **__: object) -> dict[str, Any]:
            return {"endpoints": list(stated)}

    provider: Any = Provider()
    return Endpoints("a-secret", provider)
