"""Reads an editor's request from the event that API Gateway makes of it."""

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
_DEEPEST = 50  # objects and lists nested in each other; an article has seven
_ENTITY_TAG = re.compile(r'"(\d{1,9})"', re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")


class Requests:
    """Reads the request that is being answered."""

    def __init__(self, app: "APIGatewayHttpResolver", *, clock: Callable[[], dt.datetime], local_editor: str) -> None:
        """`local_editor` is who asks where nobody signs, on a developer's machine."""
        self._app = app
        self._local_editor = local_editor
        self.clock = clock

    @property
    def event(self) -> dict[str, Any]:
        return self._app.current_event.raw_event

    def principal(self) -> str:
        """The ARN that API Gateway found behind the request's signature. Raises Problem."""
        if found := editor_of(self.event, self._local_editor):
            return found
        raise Problem("not-an-editor", "Sign the request (AWS Signature Version 4) as somebody who may edit.")

    def act(self, *, may_be_new: bool = False) -> Act:
        """Who acts, and on which version: If-Match names it, or If-None-Match: * says that the article is new
        (RFC 9110, section 13.1). Raises Problem.
        """
        if_match, if_none_match = header(self.event, "if-match"), header(self.event, "if-none-match")
        if may_be_new and if_none_match.strip() == "*" and not if_match:
            expected = 0
        elif not if_match or if_none_match:
            detail = 'Send If-Match with the ETag that you read, such as If-Match: "3"'
            raise Problem("precondition-required", detail + (", or If-None-Match: *." if may_be_new else "."))
        elif found := _ENTITY_TAG.fullmatch(if_match.strip()):
            expected = int(found[1])
        else:
            raise Problem("precondition-required", 'If-Match takes one ETag as it was given, such as "3".')
        return Act(self.principal(), self.clock(), expected)

    def bare_act(self) -> Act:
        """As `act`, for what takes no body: whoever sends one means something that would not be done. Raises Problem
        and Invalid.
        """
        if content_of(self.event).strip() not in {b"", b"{}"}:
            raise _in_body("is not taken here: leave it out")
        return self.act()

    def body[Model: BaseModel](self, model: type[Model]) -> Model:
        """The request's body, an object that the model describes. Raises Invalid."""
        try:
            return model.model_validate(self.json())
        except ValidationError as error:
            raise Invalid(complaints(error)) from error

    def json(self, media_type: str = JSON) -> dict[str, Any]:
        """The request's body, an object. Raises Invalid."""
        stated = header(self.event, "content-type").partition(";")[0].strip().lower() or JSON
        if stated not in {media_type, JSON}:
            raise Invalid([{"field": "content-type", "detail": f"must be {media_type}"}])
        return object_in(content_of(self.event))


def header(event: Mapping[str, Any], name: str) -> str:
    headers: dict[str, str] = event.get("headers") or {}
    return next((value for key, value in headers.items() if key.lower() == name), "")


def principal_of(event: Mapping[str, Any]) -> str:
    """The ARN of who signed; empty where nobody did."""
    authorizer: dict[str, Any] = event["requestContext"].get("authorizer") or {}
    identity: dict[str, Any] = authorizer.get("iam") or {}
    return str(identity.get("userArn") or "")


def editor_of(event: Mapping[str, Any], local_editor: str) -> str:
    """Who asks: whoever signed, else the local editor where there is one; empty for nobody. Raises Problem for a page
    of another site that asks on a developer's machine.
    """
    found = principal_of(event)
    if found or not local_editor:
        return found
    sent: dict[str, str] = event.get("headers") or {}
    if why := refusal({name.lower(): value for name, value in sent.items()}, may_change=True):
        raise Problem("not-an-editor", why)
    return local_editor


def content_of(event: Mapping[str, Any]) -> bytes:
    """The body's bytes. Raises Invalid."""
    body: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        if "\ufffd" in body:
            # API Gateway hands text on as text, so what was no UTF-8 has become this character on the way.
            raise _in_body(
                "is not in UTF-8, or holds U+FFFD: send UTF-8, and write \\ufffd where you mean that character"
            )
        return body.encode(errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise Invalid([{"field": "body", "detail": "cannot be read: send it as JSON in UTF-8"}]) from error


def object_in(content: bytes) -> dict[str, Any]:
    """Parses a JSON object in UTF-8 with unique names. Raises Invalid, which says where the fault is."""
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
    except ValueError as error:  # a number of more digits than Python reads
        raise _in_body("holds a number that is too long") from error
    if not isinstance(body, dict):
        raise _in_body("must be a JSON object")
    _check(cast("dict[str, Any]", body))
    return cast("dict[str, Any]", body)


_TOO_DEEP = f"has more than {_DEEPEST} levels of objects and lists"


def _in_body(detail: str) -> Invalid:
    return Invalid([{"field": "body", "detail": detail}])


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuses a name that stands twice in one object: RFC 8259 does not say which of the two counts."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid([{"field": shown(twice), "detail": "is given twice in one object: leave one of them out"}])
    return members


def _number(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise _in_body(f"holds the number {text[:20]}, which is too large")
    return value


def _no_number(name: str) -> float:
    raise _in_body(f"is not JSON: {name} is no number")


def _check(body: dict[str, Any]) -> None:
    """Raises Invalid where the body is nested too deeply, or holds text that UTF-8 cannot encode (a lone surrogate)."""
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
    """A name from the body, made short and printable enough to be quoted in an answer."""
    return _SURROGATE.sub("\ufffd", name)[:100]
