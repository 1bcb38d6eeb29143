"""The editorial API: what editors ask over HTTP, done at the desk, answered with the version that it made."""

import base64
import datetime as dt
import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from content_api.aws.failures import described, frames
from content_api.content.article import ID_PATTERN, Instant, Language, ShortText, Text
from content_api.content.document import public_document, public_fields
from content_api.http.problems import Problem, problem_response
from content_api.http.response import NOTHING_KEPT
from content_api.names.instants import printed
from content_api.store.errors import (
    AddressTaken,
    ArticleNotFound,
    ArticleWithdrawn,
    EditedSince,
    LanguageFixed,
    LiesAhead,
    NotADraft,
    NotWithdrawn,
    StoreBusy,
    StoreError,
    VersionConflict,
    VersionNotFound,
)
from content_api.store.versions import Source
from publishing.desk import Act, Desk, Invalid, NotPossibleNow, errors_of
from publishing.previews import LONGEST, NoPreview, Previews

if TYPE_CHECKING:
    from content_api.law.legal_notices import LegalNotices
    from content_api.store.versions import Version
    from publishing.idempotency import Idempotency

logger = logging.getLogger(__name__)

_ENTITY_TAG = re.compile(r'"(\d{1,9})"', re.ASCII)
_JSON = "application/json"
_PATCH = "application/merge-patch+json"

type Id = Annotated[str, Path(pattern=ID_PATTERN)]
type Number = Annotated[int, Path(ge=1)]
type LanguageTag = Annotated[Language, Path()]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Schedule(_Body):
    publish_at: Instant


class Breaking(_Body):
    until: Instant


class Withdrawal(_Body):
    """`reason` stays among editors; `note` is what readers are told."""

    reason: Text
    note: Text | None = None


class File(_Body):
    """Where an imported article comes from; `order` sorts files as they were handed in."""

    file: ShortText
    order: ShortText


class Import(_Body):
    source: File
    article: dict[str, Any]


class VerificationStep(_Body):
    """`cursor` is the one that the step before gave. Several may go through the table at once: each through one of
    `segments`, counted from 0.
    """

    repair: bool = False
    cursor: Annotated[str, StringConstraints(max_length=4096)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 25
    segment: Annotated[int, Field(ge=0)] = 0
    segments: Annotated[int, Field(ge=1, le=64)] = 1


class Preview(_Body):
    expires_in_seconds: Annotated[int, Field(ge=60, le=int(LONGEST.total_seconds()))] = 24 * 60 * 60


class EditorialApi:
    """`lambda_handler` is what Lambda calls."""

    def __init__(  # noqa: PLR0913 - by name, what it is made of
        self,
        desk: Desk,
        previews: Previews,
        legal_notices: "LegalNotices",
        *,
        public_url: str,
        idempotency: "Idempotency | None" = None,
        clock: Callable[[], dt.datetime] | None = None,
        local_editor: str = "",
    ) -> None:
        """`local_editor` is who asks where nobody signs, on a developer's machine."""
        self._desk = desk
        self._previews = previews
        self._legal_notices = legal_notices
        self._public_url = public_url
        self._idempotency = idempotency
        self._local_editor = local_editor
        self._clock = clock or partial(dt.datetime.now, dt.UTC)
        self._app = APIGatewayHttpResolver(enable_validation=True)
        self._add_routes()

    def lambda_handler(self, event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own object
        """One request, one answer. A request with an Idempotency-Key is carried out once, however often it comes."""
        try:
            if self._idempotency and _header(event, "idempotency-key"):
                return self._idempotency.once(self._answer, event, context)
            return self._answer(event, context)
        except Problem as problem:
            return self._refused(problem)
        except (ClientError, BotoCoreError, StoreBusy) as error:
            logger.error("store unavailable: %s", described(error), extra={"frames": frames(error)})  # noqa: TRY400 - it quotes nothing
            detail = "This could not be finished just now. Read the article again: it may or may not have been changed."
            members = {"request_id": context.aws_request_id}
            headers = {"retry-after": "1"}
            return self._refused(Problem("temporarily-unavailable", detail, headers=headers, members=members))
        except Exception as error:  # noqa: BLE001 - the process boundary
            logger.error("unexpected: %s", described(error), extra={"frames": frames(error)})  # noqa: TRY400 - it quotes nothing
            members = {"request_id": context.aws_request_id}
            return self._refused(Problem("internal-error", "Something is wrong on our side.", members=members))

    def _answer(self, event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
        """Raises Problem."""
        try:
            return self._app.resolve(event, context)
        except VersionConflict as error:
            raise self._conflict(event, error) from error
        except StoreError as error:
            raise _problem_of(error) from error
        except Invalid as error:
            raise _invalid(error.errors) from error
        except NotPossibleNow as error:
            raise Problem("not-possible-now", f"Not as the article stands: {error}.") from error

    def _refused(self, problem: Problem) -> dict[str, Any]:
        return dict(problem_response(problem, self._public_url))

    def _conflict(self, event: dict[str, Any], error: VersionConflict) -> Problem:
        parameters: dict[str, str] = event.get("pathParameters") or {}
        current = 0
        if "id" in parameters:
            current = self._current_version(parameters["id"])
        elif "language" in parameters:
            current, _ = self._desk.front(parameters["language"])
        headers = {"etag": f'"{current}"'} if current else {}
        return Problem("version-conflict", f"{error}.", headers=headers, members={"current_version": current})

    def _current_version(self, article_id: str) -> int:
        try:
            return self._desk.latest(article_id).version
        except ArticleNotFound:
            return 0

    # ---------------------------------------------------------------------------------------- Routes

    def _add_routes(self) -> None:
        app = self._app
        article = "/v1/editorial/articles/<id>"
        app.get("/v1/editorial/articles")(self._list_articles)
        app.get("/v1/editorial/drafts")(self._list_drafts)
        app.post("/v1/editorial/verifications")(self._verify)
        app.get(article)(self._get_article)
        app.put(article)(self._put_article)
        app.patch(article)(self._patch_article)  # pyright: ignore[reportUnknownMemberType] - loosely typed there
        app.post("/v1/editorial/imports")(self._take_in)
        app.get(f"{article}/versions")(self._list_versions)
        app.get(f"{article}/versions/<number>")(self._get_version)
        app.get(f"{article}/versions/<number>/changes")(self._get_changes)
        app.post(f"{article}/versions/<number>/restore")(self._restore)
        app.post(f"{article}/publish")(self._publish)
        app.put(f"{article}/schedule")(self._put_schedule)
        app.delete(f"{article}/schedule")(self._delete_schedule)
        app.put(f"{article}/breaking")(self._put_breaking)
        app.delete(f"{article}/breaking")(self._delete_breaking)
        app.post(f"{article}/withdraw")(self._withdraw)
        app.post(f"{article}/reinstate")(self._reinstate)
        app.post(f"{article}/previews")(self._make_preview)
        app.get("/v1/editorial/fronts/<language>")(self._get_front)
        app.put("/v1/editorial/fronts/<language>")(self._put_front)
        app.get("/v1/previews/<token>")(self._get_preview)
        app.exception_handler(RequestValidationError)(_of_parameters)
        app.exception_handler(Exception)(_ours_to_answer)
        app.not_found(_no_such_path)  # pyright: ignore[reportUnknownMemberType] - as above

    def _get_article(self, id: Id) -> Response[str]:  # noqa: A002 - the route's own word
        return _version_response(self._desk.latest(id))

    def _put_article(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        act = self._act(may_be_new=True)
        version = self._desk.put(id, self._json(_JSON), act)
        return self._made(id, version)

    def _patch_article(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        return self._made(id, self._desk.patch(id, self._json(_PATCH), self._act()))

    def _take_in(self) -> Response[str]:
        try:
            imported = Import.model_validate(self._json(_JSON))
        except ValidationError as error:
            raise Invalid(errors_of(error)) from error
        by = self._principal()
        source = Source(imported.source.file, imported.source.order)
        article_id, taken_in = self._desk.take_in(imported.article, source, by=by, at=self._clock())
        made = {"id": article_id, "version": taken_in.version, "outcome": taken_in.outcome}
        status = 201 if taken_in.outcome == "created" else 200
        return _json_response(made, version=taken_in.version, status=status)

    def _list_versions(
        self,
        id: Id,  # noqa: A002 - as above
        before: Annotated[int | None, Query(ge=1)] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> Response[str]:
        versions = self._desk.versions(id, before=before, limit=limit)
        listed = [_summary(each) for each in versions]
        return _json_response({"versions": listed, "next": _next(id, versions)})

    def _get_version(self, id: Id, number: Number) -> Response[str]:  # noqa: A002 - as above
        return _version_response(self._desk.version(id, number))

    def _get_changes(self, id: Id, number: Number, since: Annotated[int, Query(ge=1)]) -> Response[str]:  # noqa: A002 - as above
        patch = self._desk.changes(id, since=since, until=number)
        return _json_response({"id": id, "since": since, "version": number, "patch": patch})

    def _restore(self, id: Id, number: Number) -> Response[str]:  # noqa: A002 - as above
        return self._made(id, self._desk.restore(id, number, self._act()))

    def _publish(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        return self._made(id, self._desk.publish(id, self._act()))

    def _put_schedule(self, id: Id, schedule: Annotated[Schedule, Body()]) -> Response[str]:  # noqa: A002 - as above
        return self._made(id, self._desk.schedule(id, schedule.publish_at, self._act()))

    def _delete_schedule(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        return self._made(id, self._desk.unschedule(id, self._act()))

    def _put_breaking(self, id: Id, breaking: Annotated[Breaking, Body()]) -> Response[str]:  # noqa: A002 - as above
        return self._made(id, self._desk.breaking(id, breaking.until, self._act()))

    def _delete_breaking(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        return self._made(id, self._desk.breaking(id, None, self._act()))

    def _withdraw(self, id: Id, withdrawal: Annotated[Withdrawal, Body()]) -> Response[str]:  # noqa: A002 - as above
        act = self._act()
        return self._made(id, self._desk.withdraw(id, reason=withdrawal.reason, note=withdrawal.note, act=act))

    def _reinstate(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        return self._made(id, self._desk.reinstate(id, self._act()))

    def _make_preview(self, id: Id, preview: Annotated[Preview, Body()]) -> Response[str]:  # noqa: A002 - as above
        self._desk.latest(id)
        expires_at = self._clock().replace(microsecond=0) + dt.timedelta(seconds=preview.expires_in_seconds)
        event = self._app.current_event.raw_event
        scheme = _header(event, "x-forwarded-proto") or "http"
        url = f"{scheme}://{event['requestContext']['domainName']}/v1/previews/{self._previews.token(id, expires_at)}"
        return _json_response({"url": url, "expires_at": printed(expires_at)}, status=201)

    def _get_preview(self, token: Annotated[str, Path(max_length=1000)]) -> Response[str]:
        """Who opens it is nobody we know, wherever they are: the notice is due as in an unknown place."""
        now = self._clock()
        try:
            latest = self._desk.latest(self._previews.article_id(token, now=now))
        except NoPreview:
            raise Problem("preview-expired", "This link shows nothing any more. Ask an editor for a new one.") from None
        if latest.article is None:
            raise Problem("article-withdrawn", "The publisher has withdrawn this article.", members={"recall": True})
        document = public_document(public_fields(latest.article, latest.version)).decode()
        notices = self._legal_notices.due("", latest.article.language, on=now.date().isoformat())
        headers = {"cache-control": NOTHING_KEPT, "x-robots-tag": "noindex"}
        body = f'{{"legal_notices":{notices.json},{document[1:]}'
        return Response(200, content_type=_JSON, body=body, headers=headers)

    def _list_drafts(
        self,
        language: Annotated[Language, Query()],
        after: Annotated[str, Query(max_length=96)] = "",
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> Response[str]:
        drafts = self._desk.drafts(language, after=after, limit=limit)
        more = f"/v1/editorial/drafts?language={language}&after={drafts[-1]['id']}" if len(drafts) == limit else None
        return _json_response({"drafts": drafts, "next": more})

    def _list_articles(
        self,
        cursor: Annotated[str, Query(max_length=4096)] = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    ) -> Response[str]:
        """Of every status, in no order: a page may be short or empty, and there is more while it says so."""
        articles, key = self._desk.verification.articles(after=_key_in(cursor), limit=limit)
        more = f"/v1/editorial/articles?limit={limit}&cursor={_cursor_of(key)}" if key else None
        return _json_response({"articles": articles, "next": more})

    def _verify(self, step: Annotated[VerificationStep, Body()]) -> Response[str]:
        """One part of the table, so that a request ends within its time."""
        if step.segment >= step.segments:
            raise Invalid([{"field": "segment", "detail": f"is one of 0 to {step.segments - 1}"}])
        after, part = _key_in(step.cursor or ""), (step.segment, step.segments)
        page = self._desk.verification.page(after=after, limit=step.limit, repair=step.repair, part=part)
        findings = [asdict(each) for each in page.findings]
        cursor = _cursor_of(page.cursor) if page.cursor else None
        return _json_response({"checked": page.checked, "findings": findings, "cursor": cursor})

    def _get_front(self, language: LanguageTag) -> Response[str]:
        version, front = self._desk.front(language)
        if front is None:
            raise Problem("version-not-found", f"Editors have chosen no front for {language}: PUT one.")
        return _json_response({"version": version, "front": front.model_dump(mode="json")}, version=version)

    def _put_front(self, language: LanguageTag) -> Response[str]:
        expected = self._act(may_be_new=True).expected_version
        version = self._desk.put_front(language, self._json(_JSON), expected)
        return _json_response(
            {"language": language, "version": version}, version=version, status=200 if expected else 201
        )

    # ---------------------------------------------------------------------------------------- Requests

    def _act(self, *, may_be_new: bool = False) -> Act:
        """Who does it, and on which version: If-Match, or If-None-Match: * for what is new (RFC 9110, section 13.1)."""
        event = self._app.current_event.raw_event
        if_match, if_none_match = _header(event, "if-match"), _header(event, "if-none-match")
        if may_be_new and if_none_match.strip() == "*" and not if_match:
            expected = 0
        elif not if_match or if_none_match:
            detail = 'Send If-Match with the ETag that you read, such as If-Match: "3"'
            raise Problem("precondition-required", detail + (", or If-None-Match: *." if may_be_new else "."))
        elif found := _ENTITY_TAG.fullmatch(if_match.strip()):
            expected = int(found[1])
        else:
            raise Problem("precondition-required", 'If-Match takes one ETag as it was given, such as "3".')
        return Act(self._principal(), self._clock(), expected)

    def _principal(self) -> str:
        """The ARN that API Gateway found behind the request's signature."""
        authorizer: dict[str, Any] = self._app.current_event.raw_event["requestContext"].get("authorizer") or {}
        identity: dict[str, Any] = authorizer.get("iam") or {}
        found = str(identity.get("userArn") or self._local_editor)
        if not found:
            raise Problem("not-an-editor", "Sign the request (AWS Signature Version 4) as somebody who may edit.")
        return found

    def _json(self, media_type: str) -> dict[str, Any]:
        """The request's body, an object. Raises Invalid."""
        stated = (self._app.current_event.headers.get("content-type") or _JSON).partition(";")[0].strip().lower()
        if stated not in {media_type, _JSON}:
            raise Invalid([{"field": "content-type", "detail": f"must be {media_type}"}])
        try:
            body = json.loads(self._app.current_event.decoded_body or "", parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise Invalid([{"field": "body", "detail": f"is not JSON: {error}"}]) from error
        if not isinstance(body, dict):
            raise Invalid([{"field": "body", "detail": "must be a JSON object"}])
        return body  # pyright: ignore[reportUnknownVariableType] - JSON

    def _made(self, article_id: str, version: int) -> Response[str]:
        headers = {"location": f"/v1/editorial/articles/{article_id}"} if version == 1 else {}
        made = {"id": article_id, "version": version}
        return _json_response(made, version=version, status=201 if version == 1 else 200, headers=headers)


def _header(event: Mapping[str, Any], name: str) -> str:
    headers: dict[str, str] = event.get("headers") or {}
    return next((value for key, value in headers.items() if key.lower() == name), "")


def _cursor_of(key: tuple[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _key_in(cursor: str) -> tuple[str, str] | None:
    """Raises Invalid."""
    if not cursor:
        return None
    try:
        pk, sk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, RecursionError):
        pk = sk = None
    if not (isinstance(pk, str) and isinstance(sk, str) and pk and sk):
        raise Invalid([{"field": "cursor", "detail": "is none that was given: begin without one"}])
    return pk, sk


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")


def _summary(version: "Version") -> dict[str, Any]:
    found: dict[str, Any] = {
        "version": version.version,
        "status": version.status,
        "recorded_at": version.recorded_at,
        "by": version.by,
        "action": version.action,
    }
    if version.reason:
        found["reason"] = version.reason
    if version.publish_at:
        found["publish_at"] = printed(version.publish_at)
    return found


def _version_response(version: "Version") -> Response[str]:
    content = (
        {"article": version.article.model_dump(mode="json")} if version.article else {"tombstone": version.tombstone}
    )
    return _json_response({"id": version.id, **_summary(version), **content}, version=version.version)


def _next(article_id: str, versions: "list[Version]") -> str | None:
    if not versions or not versions[-1].previous:
        return None
    return f"/v1/editorial/articles/{article_id}/versions?before={versions[-1].version}"


def _json_response(
    body: dict[str, Any], *, version: int = 0, status: int = 200, headers: dict[str, str] | None = None
) -> Response[str]:
    stated: dict[str, str | list[str]] = {"cache-control": NOTHING_KEPT, **(headers or {})}
    if version:
        stated["etag"] = f'"{version}"'
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(status, content_type=_JSON, body=text, headers=stated)


def _of_parameters(error: RequestValidationError) -> Response[str]:
    errors = [
        {"field": ".".join(str(part) for part in each["loc"][1:]) or str(each["loc"][0]), "detail": str(each["msg"])}
        for each in error.errors()
    ]
    raise _invalid(errors)


def _ours_to_answer(error: Exception) -> Response[str]:
    """Unhandled, Powertools would log it whole, with a traceback, though most are an editor's own mistake."""
    raise error


def _no_such_path(_: NotFoundError) -> Response[str]:
    raise Problem("no-such-path", "The editorial API has no such path, or it does not take this method.")


def _invalid(errors: list[dict[str, str]]) -> Problem:
    detail = "; ".join(f"{each['field']}: {each['detail']}" for each in errors[:5])
    return Problem("invalid-article", f"Nothing was changed. {detail}", members={"errors": errors})


def _problem_of(error: StoreError) -> Problem:
    codes: dict[type[StoreError], str] = {
        ArticleNotFound: "article-not-found",
        VersionNotFound: "version-not-found",
        ArticleWithdrawn: "article-is-withdrawn",
        AddressTaken: "address-taken",
        LanguageFixed: "not-possible-now",
        EditedSince: "not-possible-now",
        LiesAhead: "not-possible-now",
        NotADraft: "not-possible-now",
        NotWithdrawn: "not-possible-now",
    }
    if type(error) not in codes:
        raise error
    message = str(error)
    return Problem(codes[type(error)], f"{message[0].upper()}{message[1:]}.")
