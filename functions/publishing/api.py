"""The editorial API answers the requests of editors. The resources read the requests; the desk carries them out."""

import datetime as dt
import inspect
import logging
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from botocore.exceptions import BotoCoreError, ClientError

from content_api.aws.failures import described, frames
from content_api.content.language import normalised_language
from content_api.http.problems import Problem, problem_response
from content_api.http.response import is_too_large
from content_api.names.subjects import KINDS
from content_store.errors import ArticleNotFound, StoreBusy, StoreError, VersionConflict
from publishing import answers
from publishing.acts import Invalid, NotPossibleNow
from publishing.desk import Desk
from publishing.requests import WRITES, Requests, editor_of, header, shown
from publishing.resources.archive import Archive
from publishing.resources.articles import Articles
from publishing.resources.contract import Contract
from publishing.resources.drafts import Drafts
from publishing.resources.fronts import Fronts
from publishing.resources.media import Media
from publishing.resources.newsroom import OfNewsroom
from publishing.resources.posts import Posts
from publishing.resources.previews import Links
from publishing.resources.publication import Publication
from publishing.resources.subjects import OfKind, kind_named_in
from publishing.resources.versions import Versions

if TYPE_CHECKING:
    from content_api.law.legal_notices import LegalNotices
    from publishing.idempotency import Idempotency
    from publishing.previews import Previews

# A tombstone may be in S3 already; nothing tells it from one that the table has lost, and a withdrawal counts.
_WITHDRAW_AGAIN = (
    "If it still can be read, send the withdrawal again. A withdrawal that was begun is carried out by "
    "`content-api verify --repair`, too."
)

logger = logging.getLogger(__name__)


class EditorialApi:
    """`lambda_handler` is what Lambda calls."""

    def __init__(  # noqa: PLR0913 - by name, what it is made of
        self,
        desk: Desk,
        previews: "Previews",
        legal_notices: "LegalNotices",
        *,
        public_url: str,
        idempotency: "Idempotency | None" = None,
        clock: Callable[[], dt.datetime] | None = None,
        local_editor: str = "",
    ) -> None:
        """`local_editor` is the editor of requests without a signature, on a developer's machine."""
        self._desk = desk
        self._public_url = public_url
        self._idempotency = idempotency
        self._local_editor = local_editor
        self._app = APIGatewayHttpResolver(enable_validation=True)
        requests = Requests(self._app, clock=clock or partial(dt.datetime.now, dt.UTC), local_editor=local_editor)
        # Who answers each route, by API Gateway's key. The contract is held to it.
        self.answered_by: dict[str, Callable[..., Any]] = {}
        self._paths: list[tuple[str, list[str]]] = []
        self._parameters: dict[str, list[str]] = {}
        for resource in (
            Articles(desk, requests),
            Drafts(desk, requests),
            Versions(desk, requests),
            Publication(desk, requests),
            Fronts(desk, requests),
            Links(desk, requests, previews, legal_notices, public_url=public_url),
            Archive(desk, requests),
            OfNewsroom(desk, requests),
            Posts(desk, requests),
            Media(desk, requests),
            Contract(),
            *(OfKind(kind, desk, requests) for kind in KINDS),
        ):
            for method, path, answered in resource.routes():
                self._app.route(path, method)(answered)  # pyright: ignore[reportUnknownMemberType] - loosely typed there
                template = path.replace("<", "{").replace(">", "}")
                self._paths.append((method, template.split("/")))
                self.answered_by[f"{method} {template}"] = answered
                named = inspect.signature(answered).parameters
                self._parameters[f"{method} {template}"] = [each for each in named if f"{{{each}}}" not in template]
        self._app.exception_handler(RequestValidationError)(self._of_parameters)
        self._app.exception_handler(Exception)(_ours_to_answer)
        self._app.not_found(self._no_route)  # pyright: ignore[reportUnknownMemberType] - loosely typed there

    def lambda_handler(self, event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own object
        """Answers one request. A write with an Idempotency-Key is carried out once, even if the request comes again."""
        try:
            if self._idempotency and (principal := self._whose_key_counts(event)):
                return self._idempotency.once(self._answer, event, context, principal=principal)
            return _fitting(self._answer(event, context))
        except Problem as problem:
            return self._refused(problem)
        except (ClientError, BotoCoreError, StoreBusy) as error:
            logger.error("store unavailable: %s", described(error), extra={"frames": frames(error)})  # noqa: TRY400 - it quotes nothing
            detail = "This could not be finished just now. Read the article again: it may or may not have been changed."
            if str(event["rawPath"]).endswith("/withdraw"):
                detail = f"{detail} {_WITHDRAW_AGAIN}"
            members = {"request_id": context.aws_request_id}
            headers = {"retry-after": "1"}
            return self._refused(Problem("temporarily-unavailable", detail, headers=headers, members=members))
        except Exception as error:  # noqa: BLE001 - the process boundary
            logger.error("unexpected: %s", described(error), extra={"frames": frames(error)})  # noqa: TRY400 - it quotes nothing
            members = {"request_id": context.aws_request_id}
            return self._refused(Problem("internal-error", "Something is wrong on our side.", members=members))

    def _whose_key_counts(self, event: dict[str, Any]) -> str:
        """The principal whose Idempotency-Key it is. Empty if the key is ignored: for a read, for a request without a
        signature, and for a link to a preview (whoever has the link can open the draft, so it is never stored). This
        checks first who asks, so that somebody without permission never gets a stored answer. Raises Problem.
        """
        is_write = event["requestContext"]["http"]["method"] in WRITES and not event["rawPath"].endswith("/previews")
        if not is_write or not header(event, "idempotency-key"):
            return ""
        return editor_of(event, self._local_editor)

    def _answer(self, event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
        """Raises Problem."""
        self._check_parameters(event)
        try:
            return self._app.resolve(event, context)
        except VersionConflict as error:
            raise self._conflict(event, error) from error
        except StoreError as error:
            raise answers.of_store(error) from error
        except Invalid as error:
            raise answers.of_fields(error.errors) from error
        except NotPossibleNow as error:
            raise Problem("not-possible-now", f"Not as the article stands: {error}.") from error

    def _check_parameters(self, event: dict[str, Any]) -> None:
        """Refuses a parameter that the path does not take, since what it was meant for would not be done, and a
        parameter that is given twice, since one of its values would be ignored. Raises Problem.
        """
        taken = self._parameters.get(event["routeKey"])
        if taken is None:
            return
        asked = Counter(name for name, _ in parse_qsl(event.get("rawQueryString") or "", keep_blank_values=True))
        takes = f"takes {', '.join(taken)}" if taken else "takes no parameters"
        wrong = {name: f"is unknown: this path {takes}" for name in asked if name not in taken}
        wrong |= {name: "is given more than once, and takes one value" for name in taken if asked[name] > 1}
        if wrong:
            raise answers.of_fields([{"field": shown(each), "detail": wrong[each]} for each in sorted(wrong)])

    def _refused(self, problem: Problem) -> dict[str, Any]:
        return dict(problem_response(problem, self._public_url))

    def _conflict(self, event: dict[str, Any], error: VersionConflict) -> Problem:
        parameters: dict[str, str] = event.get("pathParameters") or {}
        current, named = 0, ""
        if kind := kind_named_in(event["routeKey"]):
            named, current = parameters["id"], self._desk.subjects.version(kind, parameters["id"])
        elif "id" in parameters:
            named, current = parameters["id"], self._current_version(parameters["id"])
        elif "language" in parameters:
            language = normalised_language(parameters["language"])
            named, current = f"The front of {language}", self._desk.fronts.chosen(language)[0]
        headers = {"etag": f'"{current}"'} if current else {}
        detail = f"{error}."
        if header(event, "if-none-match") and current:
            detail = f'{named} is there already, at version {current}: send If-Match: "{current}".'
        return Problem("version-conflict", detail, headers=headers, members={"current_version": current})

    def _current_version(self, article_id: str) -> int:
        try:
            return self._desk.records.latest(article_id).version
        except ArticleNotFound:
            return 0

    def _of_parameters(self, error: RequestValidationError) -> Response[str]:
        raise answers.of_parameters(error, self._app.current_event["routeKey"])

    def _no_route(self, _: NotFoundError) -> Response[str]:
        """The problem for a path without a route: 405 if the path takes other methods, otherwise 404 with the paths
        that exist. Raises Problem.
        """
        event = self._app.current_event
        if event["routeKey"] in self._parameters:  # a name in the path has a character that no route takes
            raise answers.of_path(event["routeKey"])
        path = event.path.split("/")
        if methods := sorted({method for method, template in self._paths if _is_path(path, template)}):
            allowed = ", ".join(methods)
            raise Problem("method-not-allowed", f"This path takes {allowed}.", headers={"allow": allowed})
        paths = ", ".join(sorted({"/".join(template) for _, template in self._paths}))
        raise Problem("no-such-path", f"The editorial API has no such path. It has: {paths}.")


def _fitting(response: dict[str, Any]) -> dict[str, Any]:
    """The answer, if Lambda can hand it on. Only what is read can be so large. Raises Problem."""
    if is_too_large(response["body"]):
        raise Problem("answer-too-large", "The answer is larger than 6 MB. Read the versions one by one instead.")
    return response


def _is_path(path: list[str], template: list[str]) -> bool:
    return len(path) == len(template) and all(
        bool(part) if pattern.startswith("{") else part == pattern for part, pattern in zip(path, template, strict=True)
    )


def _ours_to_answer(error: Exception) -> Response[str]:
    """Raises the error again, so that `_answer` handles it. Powertools would log it with a traceback, and most errors
    are mistakes of editors.
    """
    raise error
