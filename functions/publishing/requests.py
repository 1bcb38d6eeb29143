"""Reads the request of an editor from API Gateway's event."""

import base64
import binascii
import datetime as dt
import json
import math
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, ValidationError

from content_api.content.complaints import complaints
from content_api.http.problems import Problem
from content_api.http.this_machine import refusal
from publishing.acts import Act, Invalid

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_DEEPEST = 50  # levels of objects and lists; an article has seven
_ENTITY_TAG = re.compile(r'"(\d{1,9})(?:-([0-9a-f]{16}))?"', re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")


class Requests:
    """Reads the current request."""

    def __init__(self, app: "APIGatewayHttpResolver", *, clock: Callable[[], dt.datetime], local_editor: str) -> None:
        """`local_editor` is the editor of requests without a signature, on a developer's machine."""
        self._app = app
        self._local_editor = local_editor
        self.clock = clock

    @property
    def event(self) -> dict[str, Any]:
        return self._app.current_event.raw_event

    def principal(self) -> str:
        """The ARN of the principal that signed the request. Raises Problem if it has no signature."""
        if found := editor_of(self.event, self._local_editor):
            return found
        raise Problem("not-an-editor", "Sign the request (AWS Signature Version 4) as somebody who may edit.")

    def act(self, *, may_be_new: bool = False, may_be_edit: bool = False, is_strict: bool = False) -> Act:
        """Who acts, and on which version. If-Match names the version, or a pending edit; If-None-Match: * says that the
        article must not exist yet (RFC 9110, section 13.1). Raises Problem.
        """
        if_match, if_none_match = header(self.event, "if-match"), header(self.event, "if-none-match")
        expected, digest = 0, ""
        if may_be_new and if_none_match.strip() == "*" and not if_match:
            pass
        elif not if_match or if_none_match:
            detail = 'Send If-Match with the ETag that you read, such as If-Match: "3"'
            raise Problem("precondition-required", detail + (", or If-None-Match: *." if may_be_new else "."))
        elif (found := _ENTITY_TAG.fullmatch(if_match.strip())) and (may_be_edit or not found[2]):
            expected, digest = int(found[1]), found[2] or ""
        else:
            raise Problem("precondition-required", 'If-Match takes one ETag as it was given, such as "3".')
        return Act(self.principal(), self.clock(), expected, digest, is_strict)

    def bare_act(self, *, may_be_edit: bool = False) -> Act:
        """As `act`, for a request without a body. A body is refused, since what it says would not be done. Raises
        Problem and Invalid.
        """
        if content_of(self.event).strip() not in {b"", b"{}"}:
            raise _in_body("is not taken here: leave it out")
        return self.act(may_be_edit=may_be_edit)

    def body[Model: BaseModel](self, model: type[Model]) -> Model:
        """The body of the request as the model. Raises Invalid."""
        try:
            return model.model_validate(self.json())
        except ValidationError as error:
            raise Invalid(complaints(error)) from error

    def json(self, media_type: str = JSON) -> dict[str, Any]:
        """The body of the request, a JSON object. Raises Invalid."""
        stated = header(self.event, "content-type").partition(";")[0].strip().lower() or JSON
        if stated not in {media_type, JSON}:
            raise Invalid([{"field": "content-type", "detail": f"must be {media_type}"}])
        return object_in(content_of(self.event))


def header(event: Mapping[str, Any], name: str) -> str:
    headers: dict[str, str] = event.get("headers") or {}
    return next((value for key, value in headers.items() if key.lower() == name), "")


def principal_of(event: Mapping[str, Any]) -> str:
    """The ARN of the principal that signed the request. Empty if it has no signature."""
    authorizer: dict[str, Any] = event["requestContext"].get("authorizer") or {}
    identity: dict[str, Any] = authorizer.get("iam") or {}
    return str(identity.get("userArn") or "")


def editor_of(event: Mapping[str, Any], local_editor: str) -> str:
    """The editor: the principal that signed, or the local editor if there is one. Empty if there is neither. Raises
    Problem if the page of another site sends the request on a developer's machine.
    """
    found = principal_of(event)
    if found or not local_editor:
        return found
    sent: dict[str, str] = event.get("headers") or {}
    if why := refusal({name.lower(): value for name, value in sent.items()}, may_change=True):
        raise Problem("not-an-editor", why)
    return local_editor


def content_of(event: Mapping[str, Any]) -> bytes:
    """The bytes of the body. Raises Invalid."""
    body: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        if "\ufffd" in body:
            # API Gateway decodes text. It replaces bytes that are not UTF-8 with this character.
            raise _in_body(
                "is not in UTF-8, or holds U+FFFD: send UTF-8, and write \\ufffd where you mean that character"
            )
        return body.encode(errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise Invalid([{"field": "body", "detail": "cannot be read: send it as JSON in UTF-8"}]) from error


def object_in(content: bytes) -> dict[str, Any]:
    """The JSON object in UTF-8 text, in which every name is unique. Raises Invalid, which says where the fault is."""
    try:
        body: Any = json.loads(
            content.decode("utf-8"), parse_constant=_no_number, parse_float=_number, object_pairs_hook=_members
        )
    except UnicodeDecodeError as error:
        raise _in_body(f"is not in UTF-8: byte {error.start} cannot be read") from error
    except json.JSONDecodeError as error:
        raise _in_body(f"is not JSON: look at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise _in_body(_TOO_DEEP) from error
    except ValueError as error:  # a number with more digits than Python reads
        raise _in_body("holds a number that is too long") from error
    if not isinstance(body, dict):
        raise _in_body("must be a JSON object")
    _check(cast("dict[str, Any]", body))
    return cast("dict[str, Any]", body)


_TOO_DEEP = f"has more than {_DEEPEST} levels of objects and lists"


def _in_body(detail: str) -> Invalid:
    return Invalid([{"field": "body", "detail": detail}])


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object. Refuses a name that occurs twice, since RFC 8259 does not say which value counts."""
    members = dict(pairs)
    if len(members) < len(pairs):
        last = {name: at for at, (name, _) in enumerate(pairs)}
        twice = next(name for at, (name, _) in enumerate(pairs) if last[name] != at)
        raise Invalid([{"field": shown(twice), "detail": "is given twice in one object: leave one of them out"}])
    return members


def _number(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise _in_body(f"holds the number {text[:20]}, which is too large")
    return value


def _no_number(name: str) -> float:
    raise _in_body(f"is not JSON: {name} is no number")


def _check(body: dict[str, Any]) -> None:
    """Raises Invalid if the body has too many levels, or text that UTF-8 cannot encode (a lone surrogate)."""
    waiting: list[tuple[str, int, Any]] = [("", 1, body)]
    while waiting:
        field, depth, value = waiting.pop()
        if depth > _DEEPEST:
            raise _in_body(_TOO_DEEP)
        if isinstance(value, str):
            if _SURROGATE.search(value):
                raise Invalid([{"field": field, "detail": "holds half a character (a surrogate): take it out"}])
            continue
        inner: list[tuple[str, Any]] = []
        if isinstance(value, dict):
            inner = list(cast("dict[str, Any]", value).items())
        elif isinstance(value, list):
            inner = [(str(at), each) for at, each in enumerate(cast("list[Any]", value))]
        for name, each in inner:
            where = f"{field}.{name}" if field else name
            if _SURROGATE.search(name):
                raise Invalid([{"field": shown(where), "detail": "holds half a character (a surrogate) in its name"}])
            waiting.append((where, depth + 1, each))


def shown(name: str) -> str:
    """A name from the body, shortened and made printable, to be quoted in an answer."""
    return _SURROGATE.sub("\ufffd", name)[:100]
