"""Plays API Gateway on loopback: each HTTP request becomes the event that the route's function gets in Lambda."""

import base64
import json
import sys
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import BaseServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from content_api.http.this_machine import refusal
from gateway.events import LOCAL_EDITOR, decoded, event
from gateway.partner import partner_page, place_of
from gateway.pictures import PATH, picture
from gateway.template import api_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_JSON = ("application/json", "application/merge-patch+json")

type LambdaHandler = Callable[[dict[str, Any], Any], dict[str, Any]]


@dataclass(frozen=True)
class LambdaContext:
    """The part of Lambda's context object that handlers use."""

    function_name: str = "local"
    aws_request_id: str = field(default_factory=lambda: str(uuid4()))

    def get_remaining_time_in_millis(self) -> int:
        return 25_000


class Gateway:
    """A WSGI application. For each API of template.yaml, `handlers` maps route keys to Lambda handlers."""

    def __init__(self, handlers: dict[str, dict[str, LambdaHandler]], front_door: Response | None = None) -> None:
        """`front_door` is a page for `/`, which the API itself does not have. If it is given, the partner's page and
        drawn pictures are served too.
        """
        self._handlers = handlers
        self._front_door = front_door

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        if refused := _refused(request):
            return refused(environ, start_response)
        if self._front_door and request.method in {"GET", "HEAD"}:
            if request.path == "/":
                return self._front_door(environ, start_response)
            if request.path.startswith(PATH):
                return picture(request.path)(environ, start_response)
            if request.path == "/partner":
                return partner_page(request, self._asked_by_a_server)(environ, start_response)
        return self._answer(request)(environ, start_response)

    def _asked_by_a_server(self, target: str) -> dict[str, Any]:
        handlers = self._handlers["HttpApi"]
        asked = event("GET", target, route_keys=handlers)
        return handlers[asked["routeKey"]](asked, LambdaContext())

    def _answer(self, request: Request) -> Response:
        began = time.perf_counter()
        target = request.environ.get("REQUEST_URI") or request.full_path
        headers = place_of(request) | dict(request.headers)
        # On one machine every connection has the same address. This header stands for another address; no handler sees
        # the header.
        source_ip = headers.pop("X-Source-Ip", None) or request.remote_addr or "127.0.0.1"
        handlers = self._handlers[api_of(decoded(target))]
        # API Gateway finds the principal by the signature. Here everybody is the same editor.
        principal = LOCAL_EDITOR if request.path.startswith("/v1/editorial/") else ""
        asked = event(
            request.method,
            target,
            headers,
            route_keys=handlers,
            source_ip=source_ip,
            body=request.get_data(),
            principal=principal,
        )
        answer = handlers[asked["routeKey"]](asked, LambdaContext())
        milliseconds = (time.perf_counter() - began) * 1000
        print(f"{request.method} {target} {answer['statusCode']} {milliseconds:.1f} ms", file=sys.stderr)
        return _response(answer, request.method)


def _refused(request: Request) -> Response | None:
    """Refuses what the page of another site might have sent: here, every request counts as an editor's."""
    is_editorial = request.path.startswith("/v1/editorial/")
    headers = {name.lower(): value for name, value in request.headers.items()}
    if why := refusal(headers, may_change=is_editorial):
        return _problem(403, why)
    if is_editorial and request.get_data() and request.mimetype not in _JSON:
        return _problem(415, f"State what is sent: content-type {' or '.join(_JSON)}.")
    return None


def _problem(status: int, detail: str) -> Response:
    """A problem document (RFC 9457) of the local server itself."""
    return Response(json.dumps({"status": status, "detail": detail}), status, mimetype="application/problem+json")


def _response(answer: dict[str, Any], method: str) -> Response:
    body = answer.get("body", "")
    content = base64.b64decode(body) if answer.get("isBase64Encoded") else body
    response = Response(content, status=answer["statusCode"])
    response.headers.clear()
    for name, value in answer["headers"].items():
        response.headers[name] = value
    for cookie in answer.get("cookies", []):
        response.headers.add("set-cookie", cookie)
    if method != "HEAD" and response.status_code not in {204, 304}:
        response.headers["content-length"] = str(len(response.get_data()))
    return response


class _QuietRequestHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # otherwise the body of an answer waits until its head is acknowledged

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Prints nothing: the gateway prints a line of its own."""


def listening(application: "WSGIApplication", port: int) -> BaseWSGIServer:
    """A server that listens on 127.0.0.1. Port 0 takes a free port. Raises OSError if the port is taken."""
    return make_server("127.0.0.1", port, application, threaded=True, request_handler=_QuietRequestHandler)


@contextmanager
def in_a_thread(server: BaseServer) -> Generator[None]:
    """Runs a server in a thread of this process, and ends it afterwards."""
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def serving(application: "WSGIApplication") -> Generator[str]:
    """Serves an application on 127.0.0.1. Gives its address without a path."""
    with listening(application, 0) as server, in_a_thread(server):
        yield f"http://127.0.0.1:{server.port}"
