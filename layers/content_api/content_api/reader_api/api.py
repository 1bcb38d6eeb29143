"""Answers the requests of readers: finds the route, calls its handler, and turns problems into answers. Reading and
syndication share this, and differ in their routes alone.
"""

from __future__ import annotations

import logging
import time
import traceback

from content_api.aws.dynamodb import StoreUnavailable, Table
from content_api.aws.objects import Bucket
from content_api.aws.patience import Patience
from content_api.aws.settings import SettingsError
from content_api.http.encoding import encode
from content_api.http.problems import Problem, problem_response
from content_api.http.request import Request
from content_api.http.response import NOTHING_KEPT, is_too_large, preflight, redirect
from content_api.law.law_file import entries_of, load_law, not_told
from content_api.law.legal_notices import LegalNotices
from content_api.law.reader_location import CONNECTION, EDGE, NotThroughTheEdge, jurisdiction_of_reader
from content_api.reader_api.exchange import Exchange, Sources
from content_api.reader_api.settings import ReaderSettings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from content_api.http.response import Response
    from content_api.law.law_file import Law
    from content_api.law.reader_location import JurisdictionOfAddress
    from content_api.reader_api.routes import Route
    from content_api.reader_api.surface import Surface

logger = logging.getLogger(__name__)

_ALLOW = "GET, HEAD, OPTIONS"


class ReaderApi:
    """Answers GET, HEAD and preflight requests. Lambda calls `lambda_handler`."""

    def __init__(
        self,
        surface: Surface,
        settings: ReaderSettings,
        sources: Sources,
        *,
        of_address: JurisdictionOfAddress | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock` gives seconds since 1970."""
        self._vocabulary = surface.vocabulary
        self._settings = settings
        self._sources = sources
        self._of_address = of_address
        self._clock = clock
        self._folders = surface.folders
        self._paths = [tuple(path.split("/")) for path in (*(each.path for each in surface.routes), *surface.others)]
        self._routes = {f"{method} {route.path}": route for route in surface.routes for method in ("GET", "HEAD")}

    def lambda_handler(self, event: Mapping[str, Any], context: Any) -> Response:  # noqa: ANN401 - Lambda's own object
        """Answers one request. The reader gets an HTTP answer even where the code fails, and the log never holds
        anything about the reader.
        """
        request: Request | None = None
        route: Route | None = None
        method = accept_encoding = ""
        self._sources.patience.begin()
        try:
            request = Request(event)
            method, route = request.method, self._routes.get(request.route)
            accept_encoding = request.headers.get("accept-encoding", "")
            response = self._answer(request, route, event)
            encode(response, accept_encoding)
            _check_size(response)
        except Problem as problem:
            response = self._problem(problem, request, route)
        except StoreUnavailable as error:
            logger.error("store unavailable: %s", error)  # noqa: TRY400 - the message says it all
            response = self._problem(
                Problem(
                    "temporarily-unavailable",
                    "This could not be read just now. Try again.",
                    headers={"retry-after": "1"},
                    members={"request_id": context.aws_request_id},
                ),
                request,
                route,
            )
        except Exception as error:  # noqa: BLE001 - the process boundary
            _log(error)
            response = self._broken(context.aws_request_id, request, route)
        if response["statusCode"] >= 400:  # noqa: PLR2004 - HTTP's errors
            encode(response, accept_encoding)
        if method == "HEAD":
            response["body"] = ""
            response.pop("isBase64Encoded", None)
        return response

    def _answer(self, request: Request, route: Route | None, event: Mapping[str, Any]) -> Response:
        # This check is the first: a request that came around the edge must not even learn which paths exist.
        try:
            jurisdiction = jurisdiction_of_reader(
                self._settings.reader_location,
                request.headers,
                self._settings.origin_secrets,
                source_ip=event["requestContext"]["http"].get("sourceIp", ""),
                of_address=self._of_address,
            )
        except NotThroughTheEdge:
            raise Problem("not-through-the-edge", "Ask the publisher's public address, not this one.") from None
        if route is None:
            return self._no_route(request)
        given = self._vocabulary.read(request, route)
        return route.answer(Exchange(request, given, jurisdiction, now=self._clock(), sources=self._sources))

    def _no_route(self, request: Request) -> Response:
        if request.route != "$default":
            raise LookupError("template.yaml has a route that this function does not answer")
        parts = tuple(request.path.split("/"))
        if request.path in self._folders and request.method in {"GET", "HEAD"}:
            return redirect(f"{request.path}index.html", {"cache-control": NOTHING_KEPT})
        if not any(_is_path(parts, template) for template in self._paths):
            paths = ", ".join("/".join(template) for template in self._paths)
            raise Problem("no-such-path", f"The API has no such path. It has: {paths}.")
        if request.method == "OPTIONS":
            return preflight(_ALLOW)
        raise Problem("method-not-allowed", f"This path takes {_ALLOW}.", headers={"allow": _ALLOW})

    def _problem(self, problem: Problem, request: Request | None, route: Route | None) -> Response:
        if request and route and route.problems:
            return route.problem_page(problem, request, self._settings)
        return problem_response(problem, self._settings.public_url)

    def _broken(self, request_id: str, request: Request | None, route: Route | None) -> Response:
        """The answer after an error in our code. It is a page if the path shows problems as pages, and JSON if that
        page fails too.
        """
        problem = Problem(
            "internal-error",
            "Something is wrong on our side. Tell us the request_id if it lasts.",
            members={"request_id": request_id},
        )
        try:
            return self._problem(problem, request, route)
        except Exception as error:  # noqa: BLE001 - the process boundary
            _log(error)
            return problem_response(problem, self._settings.public_url)


class AtItsOwnAddress:
    """The API of a deployment without PUBLIC_URL. Its address is the domain that API Gateway states with each request.
    A client cannot invent that domain: API Gateway passes on no request for a domain that is not the API's.
    """

    def __init__(self, configured: Callable[[str], ReaderApi]) -> None:
        self._configured = configured
        self._domain = ""
        self._api: ReaderApi | None = None

    def lambda_handler(self, event: Mapping[str, Any], context: Any) -> Response:  # noqa: ANN401 - Lambda's own object
        domain = event["requestContext"]["domainName"]
        if self._api is None or domain != self._domain:
            self._api, self._domain = self._configured(domain), domain
        return self._api.lambda_handler(event, context)


def started(surface: Surface, environment: Mapping[str, str]) -> ReaderApi | AtItsOwnAddress:
    """Builds the API in Lambda's init phase, and opens the connection to DynamoDB, so that the first reader need not
    wait for it. Raises SettingsError for a deployment that must not start.
    """
    settings = ReaderSettings(environment)
    law = load_law()
    entries = entries_of(law)
    of_address = None
    if settings.reader_location == CONNECTION:
        from content_api.law.zone import connections  # noqa: PLC0415 - only where there is no edge

        found = connections(settings.zone_file)
        of_address = found.jurisdiction_of
        # Without a usable database every place is unknown, and the notice is due everywhere. The log says so.
        if found.told is not None:
            _check_told(law, found.told, "The zone database", "python -m zone.build")
    if settings.reader_location == EDGE:
        _check_told(law, environment.get("EDGE_JURISDICTIONS", "").split(), "The edge function", "make law")
    patience = Patience(settings.patience)
    table = Table(settings.table, environment, patience)
    table.connect()
    bucket = Bucket(settings.bucket, environment, patience)

    def configured(settings: ReaderSettings) -> ReaderApi:
        notices = LegalNotices(entries, settings.more_information_url)
        return ReaderApi(surface, settings, Sources(settings, table, bucket, notices, patience), of_address=of_address)

    if settings.public_url:
        return configured(settings)
    return AtItsOwnAddress(lambda domain: configured(ReaderSettings(environment, domain=domain)))


def _check_told(law: Law, told: Iterable[str], who: str, command: str) -> None:
    """Raises SettingsError if this deployment's data cannot tell who is in the jurisdiction of a notice. Readers there
    would never see the notice.
    """
    if missing := not_told(law, told):
        raise SettingsError(
            f"{who} cannot tell who is in {', '.join(missing)}, and a legal notice is for readers there. It was "
            f"made from another law.json: make it again ({command}), then build and deploy again (make build)."
        )


def _log(error: Exception) -> None:
    """Logs where the error was raised, and not its message, which may quote what the reader sent."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("unexpected %s\n%s", type(error).__name__, frames)


def _check_size(response: Response) -> None:
    if is_too_large(response["body"]):
        raise Problem("answer-too-large", "The answer is larger than 6 MB. Name what you need of it with fields.")


def _is_path(parts: tuple[str, ...], template: tuple[str, ...]) -> bool:
    return len(parts) == len(template) and all(
        bool(part) if pattern.startswith("{") else part == pattern
        for part, pattern in zip(parts, template, strict=True)
    )
