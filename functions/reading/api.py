"""The public reading API: routes to handlers, errors to statuses."""

from __future__ import annotations

import logging
import time
import traceback

from content_api.dynamodb import StoreUnavailable
from content_api.jurisdiction import NotThroughTheEdge, jurisdiction_of_reader
from content_api.request import Request
from content_api.response import preflight, problem
from reading.articles import get_article
from reading.legal_notices import get_notice, get_notice_page, get_notices_due, is_language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from content_api.jurisdiction import InZone
    from content_api.legal_notices import Attachment, LegalNotices
    from content_api.response import Response
    from content_api.settings import ReaderSettings
    from reading.articles import ReadItem, ReadObject

    # Takes the request and the jurisdiction of its reader.
    type Handler = Callable[[Request, str], Response]

logger = logging.getLogger(__name__)

_ALLOW = "GET, HEAD, OPTIONS"


class BadParameters(Exception):
    """Query parameters that the route does not know, or values that it does not take."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__()
        self.errors = errors


def _today() -> str:
    year, month, day = time.gmtime()[:3]
    return f"{year:04}-{month:02}-{day:02}"


class ReadingApi:
    """Answers GET, HEAD and preflights; `lambda_handler` is what Lambda calls."""

    def __init__(
        self,
        settings: ReaderSettings,
        *,
        read_item: ReadItem,
        read_object: ReadObject,
        legal_notices: LegalNotices,
        in_zone: InZone | None = None,
        today: Callable[[], str] = _today,
    ) -> None:
        self._settings = settings
        self._read_item = read_item
        self._read_object = read_object
        self._legal_notices = legal_notices
        self._in_zone = in_zone
        self._today = today
        paths: dict[str, Handler] = {
            "/v1/articles/{id}": self._article,
            "/v1/legal-notices": self._notices_due,
            "/v1/legal-notices/{id}": self._notice,
            "/legal-notices/{id}": self._notice_page,
        }
        self._paths = [tuple(path.split("/")) for path in paths]
        self._routes: dict[str, Handler] = {"$default": self._no_route}
        for path, handler in paths.items():
            self._routes[f"GET {path}"] = self._routes[f"HEAD {path}"] = handler

    def lambda_handler(self, event: Mapping[str, Any], context: Any) -> Response:  # noqa: ANN401 - Lambda's own object
        """One request, one answer: whatever happens inside, the reader gets HTTP and the log learns nothing of them."""
        settings = self._settings
        try:
            request = Request(event)
            # First of all: a request that came around the edge learns nothing, not even which paths there are.
            jurisdiction = jurisdiction_of_reader(
                settings.reader_location,
                request.headers,
                settings.origin_secrets,
                source_ip=event["requestContext"]["http"].get("sourceIp", ""),
                in_zone=self._in_zone,
            )
            response = self._routes[request.route](request, jurisdiction)
        except NotThroughTheEdge:
            return problem(403, "not-through-the-edge", "Ask the publisher's public address, not this one.")
        except BadParameters as error:
            return problem(
                400,
                "invalid-parameters",
                "; ".join(each["detail"] for each in error.errors),
                members={"errors": error.errors},
            )
        except StoreUnavailable as error:
            logger.error("store unavailable: %s", error)  # noqa: TRY400 - the message says it all
            return problem(
                503,
                "temporarily-unavailable",
                "The article could not be read just now. Try again.",
                headers={"retry-after": "1"},
                members={"request_id": context.aws_request_id},
            )
        except Exception as error:  # noqa: BLE001 - the process boundary
            # Frames without the message, which may quote what the reader sent.
            frames = "".join(traceback.format_tb(error.__traceback__))
            logger.error("unexpected %s\n%s", type(error).__name__, frames)  # noqa: TRY400 - as above
            return problem(
                500,
                "internal-error",
                "Something is wrong on our side. Tell us the request_id if it lasts.",
                members={"request_id": context.aws_request_id},
            )
        if request.method == "HEAD":
            response["body"] = ""
        return response

    def _article(self, request: Request, jurisdiction: str) -> Response:
        notices_due = self._due(request, jurisdiction)
        return get_article(request, read_item=self._read_item, read_object=self._read_object, notices_due=notices_due)

    def _notices_due(self, request: Request, jurisdiction: str) -> Response:
        return get_notices_due(request, self._due(request, jurisdiction, "language"))

    def _notice(self, request: Request, jurisdiction: str) -> Response:
        return get_notice(request, self._due(request, jurisdiction, "language"), self._legal_notices)

    def _notice_page(self, request: Request, jurisdiction: str) -> Response:
        self._due(request, jurisdiction)
        return get_notice_page(request, self._legal_notices)

    def _due(self, request: Request, jurisdiction: str, *parameters: str) -> Callable[[str], Attachment]:
        """What is due to this reader, by language. Raises BadParameters for any but `notice` and those named."""
        requested = _is_notice_requested(request, parameters)
        return lambda language: self._legal_notices.due(jurisdiction, language, on=self._today(), requested=requested)

    def _no_route(self, request: Request, _jurisdiction: str) -> Response:
        parts = tuple(request.path.split("/"))
        if not any(_is_path(parts, template) for template in self._paths):
            return problem(404, "no-such-path", f"The API has no such path. It has: {self._described_paths()}.")
        if request.method == "OPTIONS":
            return preflight(_ALLOW)
        return problem(405, "method-not-allowed", f"This path takes {_ALLOW}.", headers={"allow": _ALLOW})

    def _described_paths(self) -> str:
        return ", ".join("/".join(template) for template in self._paths)


def _is_notice_requested(request: Request, parameters: tuple[str, ...]) -> bool:
    """`notice=always` is for readers who know better than any signal, behind a VPN for one; it can only add.

    Raises BadParameters for a parameter that is neither it nor one of those named, and for a value that is none.
    """
    query = request.query
    if not query:
        return False
    known = ("notice", *parameters)
    errors = [
        {"parameter": name, "detail": f"unknown parameter {name[:100]!r}: this path knows only {', '.join(known)}"}
        for name in query
        if name not in known
    ]
    if set(query.get("notice", "always").split(",")) != {"always"}:
        errors.append({"parameter": "notice", "detail": "notice takes the one value always"})
    if "language" in parameters and not is_language(query.get("language", "en")):
        errors.append({"parameter": "language", "detail": "language takes one BCP 47 tag, such as en or ru"})
    if errors:
        raise BadParameters(errors)
    return "notice" in query


def _is_path(parts: tuple[str, ...], template: tuple[str, ...]) -> bool:
    return len(parts) == len(template) and all(
        bool(part) if pattern.startswith("{") else part == pattern
        for part, pattern in zip(parts, template, strict=True)
    )
