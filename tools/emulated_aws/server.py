"""Runs the emulator as a process of its own: on loopback only, over TLS, with IAM enforced."""

import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import trustme

from gateway.ports import free_port

_INSIDE = Path(__file__).with_name("inside")
ACCOUNT = "123456789012"
REGION = "us-east-1"
_SECONDS_TO_START = 60


class CannotEmulate(Exception):
    """The message says why the emulator cannot run, with the end of its output."""


@dataclass(frozen=True)
class Answer:
    """`headers` have lower-case names. If a name comes twice, the last value is kept."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Server:
    """A running emulator. `environment` is what a command needs to find it, with the credentials of the account's
    root.
    """

    port: int
    log: Path
    certificate: Path
    private_key: Path
    environment: dict[str, str]
    trusted: ssl.SSLContext

    def ask(self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        """Sends a request to any host of the emulator, as a client outside AWS does: without a signature. Redirects are
        not followed.
        """
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = _Here(parts.hostname or "", self.port, context=self.trusted, timeout=60)
        try:
            connection.request(method, target, body=body or None, headers=dict(headers or {}))
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, named, response.read())
        finally:
            connection.close()


class _Here(HTTPSConnection):
    """Connects to this machine, whatever the name of the host."""

    def __init__(self, host: str, port: int, *, context: ssl.SSLContext, timeout: float) -> None:
        super().__init__(host, port, context=context, timeout=timeout)
        self._trusted = context

    def connect(self) -> None:
        opened = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        self.sock = self._trusted.wrap_socket(opened, server_hostname=self.host)


@contextmanager
def running(python: Path, folder: Path) -> Generator[Server]:
    """Starts the emulator. `python` is the interpreter that ministack is installed for. All files are written in
    `folder`. Raises CannotEmulate. All of its processes have ended afterwards.
    """
    server = _prepared(folder)
    with (
        server.log.open("wb") as log,
        subprocess.Popen(
            [python, _INSIDE],
            env=_inside(server, folder),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            _wait_until_healthy(server, process)
            yield server
        finally:
            _end(process)


def _prepared(folder: Path) -> Server:
    authority = trustme.CA()
    served = authority.issue_cert(
        "127.0.0.1", f"{ACCOUNT}.127.0.0.1", "localhost", "*.execute-api.localhost", "*.cloudfront.net", "*.example.org"
    )
    files = {name: folder / name for name in ("ca.crt", "server.crt", "server.key")}
    authority.cert_pem.write_to_path(files["ca.crt"])
    served.private_key_pem.write_to_path(files["server.key"])
    for part in served.cert_chain_pems:
        part.write_to_path(files["server.crt"], append=True)
    trusted = ssl.create_default_context(cafile=str(files["ca.crt"]))
    port = free_port()
    trusting = dict.fromkeys(("AWS_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), str(files["ca.crt"]))
    environment = trusting | {
        "AWS_ENDPOINT_URL": f"https://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "GATEWAY_PORT": str(port),
        "PYTHONPATH": str(_INSIDE / "site"),
        "SAM_CLI_TELEMETRY": "0",
    }
    return Server(port, folder / "emulator.log", files["server.crt"], files["server.key"], environment, trusted)


def _inside(server: Server, folder: Path) -> dict[str, str]:
    temporary = folder / "tmp"
    temporary.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    asked = {name: value for name, value in server.environment.items() if name != "AWS_ENDPOINT_URL"}
    return (
        kept
        | asked
        | {
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "localhost",
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_SSL_CERT": str(server.certificate),
            "MINISTACK_SSL_KEY": str(server.private_key),
            "USE_SSL": "1",
            "LAMBDA_EXECUTOR": "local",
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "LOG_LEVEL": "INFO",
            "TMPDIR": str(temporary),
        }
    )


def _wait_until_healthy(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if server.ask("GET", f"https://localhost:{server.port}/_ministack/health").status == 200:  # noqa: PLR2004 - HTTP
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
    said = server.log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise CannotEmulate(f"ministack did not start within {_SECONDS_TO_START} s:\n{said}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the emulator at once, with the functions that it started, which are in its process group. Nothing has to be
    kept.
    """
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
