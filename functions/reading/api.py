"""The public reading API: routes to handlers, problems to answers."""

from __future__ import annotations

import logging
import time
import traceback

from content_api.dynamodb import StoreUnavailable
from content_api.jurisdiction import NotThroughTheEdge, jurisdiction_of_reader
from content_api.problems import Problem, problem_response
from content_api.request import Request
from content_api.response import preflight
from reading import parameters
from reading.asked import Asked
from reading.routes import ROUTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from content_api.jurisdiction import InZone
    from content_api.legal_notices import Attachment
    from content_api.response import Response
    from content_api.settings import ReaderSettings
    from reading.asked import Sources
    from reading.routes import Route

logger = logging.getLogger(__name__)

_ALLOW = "GET, HEAD, OPTIONS"


class ReadingApi:
    """Answers GET, HEAD and preflights; `lambda_handler` is what Lambda calls."""

    def __init__(
        self,
        settings: ReaderSettings,
        sources: Sources,
        *,
        in_zone: InZone | None = None,
        routes: tuple[Route, ...] = ROUTES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock` gives seconds since 1970."""
        self._settings = settings
        self._sources = sources
        self._in_zone = in_zone
        self._clock = clock
        self._paths = [tuple(route.path.split("/")) for route in routes]
        self._routes = {f"{method} {route.path}": route for route in routes for method in ("GET", "HEAD")}

    def lambda_handler(self, event: Mapping[str, Any], context: Any) -> Response:  # noqa: ANN401 - Lambda's own object
        """One request, one answer: whatever happens inside, the reader gets HTTP and the log learns nothing of them."""
        try:
            request = Request(event)
            try:
                response = self._answer(request, event)
            except Problem as problem:
                response = self._problem(problem)
        except StoreUnavailable as error:
            logger.error("store unavailable: %s", error)  # noqa: TRY400 - the message says it all
            return self._problem(
                Problem(
                    "temporarily-unavailable",
                    "This could not be read just now. Try again.",
                    headers={"retry-after": "1"},
                    members={"request_id": context.aws_request_id},
                )
            )
        except Exception as error:  # noqa: BLE001 - the process boundary
            # Frames without the message, which may quote what the reader sent.
            frames = "".join(traceback.format_tb(error.__traceback__))
            logger.error("unexpected %s\n%s", type(error).__name__, frames)  # noqa: TRY400 - as above
            return self._problem(
                Problem(
                    "internal-error",
                    "Something is wrong on our side. Tell us the request_id if it lasts.",
                    members={"request_id": context.aws_request_id},
                )
            )
        if request.method == "HEAD":
            response["body"] = ""
        return response

    def _answer(self, request: Request, event: Mapping[str, Any]) -> Response:
        # First of all: a request that came around the edge learns nothing, not even which paths there are.
        try:
            jurisdiction = jurisdiction_of_reader(
                self._settings.reader_location,
                request.headers,
                self._settings.origin_secrets,
                source_ip=event["requestContext"]["http"].get("sourceIp", ""),
                in_zone=self._in_zone,
            )
        except NotThroughTheEdge:
            raise Problem("not-through-the-edge", "Ask the publisher's public address, not this one.") from None
        route = self._routes.get(request.route)
        if route is None:
            return self._no_route(request)
        given = parameters.read(request.query, route)
        now = self._clock()
        notices_due = self._notices_due(jurisdiction, now, requested="notice" in given)
        return route.answer(Asked(request, given, notices_due, now=now, sources=self._sources))

    def _notices_due(self, jurisdiction: str, now: float, *, requested: bool) -> Callable[[str], Attachment]:
        """What is due to this reader, by language."""
        year, month, day = time.gmtime(now)[:3]
        today = f"{year:04}-{month:02}-{day:02}"
        due = self._sources.legal_notices.due
        return lambda language: due(jurisdiction, language, on=today, requested=requested)

    def _no_route(self, request: Request) -> Response:
        if request.route != "$default":
            raise LookupError("a route of the template that nothing here answers")
        parts = tuple(request.path.split("/"))
        if not any(_is_path(parts, template) for template in self._paths):
            paths = ", ".join("/".join(template) for template in self._paths)
            raise Problem("no-such-path", f"The API has no such path. It has: {paths}.")
        if request.method == "OPTIONS":
            return preflight(_ALLOW)
        raise Problem("method-not-allowed", f"This path takes {_ALLOW}.", headers={"allow": _ALLOW})

    def _problem(self, problem: Problem) -> Response:
        return problem_response(problem, self._settings.public_url)


def _is_path(parts: tuple[str, ...], template: tuple[str, ...]) -> bool:
    return len(parts) == len(template) and all(
        bool(part) if pattern.startswith("{") else part == pattern
        for part, pattern in zip(parts, template, strict=True)
    )
