"""Carries requests to moto: those of boto3 in the same process without HTTP, all others over HTTP on kept connections.

werkzeug's server closes each connection after one request. A connection and a thread for each request took a third of
the time of the test suite.
"""

import logging
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session
from moto.core.botocore_stubber import MockRawResponse
from moto.core.request import (
    PRESERVED_HEADER_NAMES_ENVIRON_KEY,
    environ_key_for_header,
    should_preserve_original_header_name,
)

# The WSGI application behind moto's own server comes without types.
from moto.moto_server.werkzeug_app import MotoRequestHandler  # pyright: ignore[reportMissingTypeStubs]

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)

type Answer = tuple[str, list[tuple[str, str]], bytes]


class KeptAlive(MotoRequestHandler):
    """Answers one request of a connection after the other, as DynamoDB and S3 do."""

    protocol_version = "HTTP/1.1"
    # Writes head and body of an answer at once. Otherwise, the body waits on a kept connection until the client
    # acknowledges the head, which takes up to 40 ms (RFC 1122, section 4.2.3.2; RFC 896).
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        self.environ = self.make_environ()
        # All of the body: the next request begins behind it.
        stream = self.environ["wsgi.input"]
        length = None if self.environ.get("wsgi.input_terminated") else int(self.headers.get("Content-Length", "0"))
        self.environ["wsgi.input"] = BytesIO(stream.read(length))
        status, headers, body = answered(self.server.app, self.environ)
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def answered(application: "WSGIApplication", environ: "WSGIEnvironment") -> Answer:
    """The status with its reason, the headers and the body; 500 where the application fails, which is logged."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
        begun.append((status, headers))
        return BytesIO().write

    try:
        content = application(environ, start_response)
        try:
            body = b"".join(content)
        finally:
            if close := getattr(content, "close", None):
                close()
    except Exception:
        logger.exception("moto failed")
        return "500 Internal Server Error", [], b""
    return *begun[-1], body


@contextmanager
def handed_over(url: str, application: "WSGIApplication") -> Generator[None]:
    """Turns boto3's requests to this URL into calls of the application. What is sent and answered is the same."""
    sent = URLLib3Session.send

    def send(session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        if not request.url.startswith(f"{url}/"):
            return sent(session, request)
        status, headers, body = answered(application, _environ(request))
        stated = HTTPHeaders()
        for name, value in headers:
            stated[name] = value
        content = b"" if request.method == "HEAD" else body
        return AWSResponse(request.url, int(status.partition(" ")[0]), stated, MockRawResponse(content))

    URLLib3Session.send = send  # pyright: ignore[reportAttributeAccessIssue] - its parameters have other names
    try:
        yield
    finally:
        URLLib3Session.send = sent


def _environ(request: AWSPreparedRequest) -> "WSGIEnvironment":
    """As moto's server makes it of a request on the wire."""
    parts = urlsplit(request.url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    content = _content(request.body)
    environ: dict[str, Any] = {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
        "QUERY_STRING": parts.query,
        "REQUEST_URI": target,
        "RAW_URI": target,
        "REMOTE_ADDR": parts.hostname,
        "SERVER_NAME": parts.hostname,
        "SERVER_PORT": str(parts.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": parts.netloc,
    }
    kept: dict[str, str] = {}
    for name, value in request.headers.items():
        key = environ_key_for_header(name)
        if should_preserve_original_header_name(name):
            kept[key] = name
        elif "_" in name:
            continue
        environ[key] = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    environ[PRESERVED_HEADER_NAMES_ENVIRON_KEY] = kept
    environ["CONTENT_LENGTH"] = str(len(content))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return environ


def _content(body: Any) -> bytes:  # noqa: ANN401 - bytes, a text or an open file
    match body:
        case None:
            return b""
        case str():
            return body.encode()
        case bytes() | bytearray():
            return bytes(body)
        case _:
            return body.read()
