"""Makes the OpenAPI 3.1 document of the editorial API from its operations, the models and the problems."""

import inspect
import re
from typing import Any

from pydantic import BaseModel, TypeAdapter

from content_api.content.values import ID_PATTERN
from content_api.http.problems import PROBLEMS
from content_api.names.media import DIGEST_PATTERN
from content_api.names.subjects import KINDS
from content_api.reader_api.parameters import LANGUAGE
from contract.editorial import OPERATIONS, EditorialOperation
from contract.editorial_models import (
    ArticleVersion,
    ChangedArticle,
    ChangedFront,
    ChangedSubject,
    ChosenFront,
    EditorialProblem,
    ImportedArticle,
    KeptSubject,
    MergedSubject,
    ReadDraft,
    SavedDraft,
)
from contract.schemas import body_reference, body_schemas, reference, schemas

type Schema = dict[str, Any]

_NAME = re.compile(r"\{(\w+)\}")
_EVERY_OPERATION = ("invalid-article", "not-an-editor", "internal-error", "temporarily-unavailable")
_OF_A_VERSION = ("version-conflict", "precondition-required")
_OF_A_WRITE = ("idempotency-key-reused", "request-in-progress")
_WITH_ETAG = (
    ArticleVersion,
    ChangedArticle,
    ChangedFront,
    ChangedSubject,
    ChosenFront,
    ImportedArticle,
    KeptSubject,
    MergedSubject,
    ReadDraft,
    SavedDraft,
)
_UNSIGNED = "/v1/previews/"

_IN_PATH: dict[str, tuple[str, Schema]] = {
    "id": ("The article's id.", {"type": "string", "pattern": ID_PATTERN}),
    "number": ("The version.", {"type": "integer", "minimum": 1, "maximum": 999_999_999}),
    "language": ("BCP 47 tag.", {"type": "string", "pattern": f"^{LANGUAGE}$"}),
    "token": ("What `makePreview` gave.", {"type": "string", "maxLength": 1000}),
}
# By path: the same, where a name means something else.
_IN_PATHS: dict[str, dict[str, tuple[str, Schema]]] = {
    **{
        f"/v1/editorial/{kind.plural}/{{id}}{act}": {
            "id": (f"The id of one {kind.name}.", {"type": "string", "pattern": ID_PATTERN})
        }
        for kind in KINDS
        for act in ("", "/merge")
    },
    "/v1/editorial/media/{id}": {"id": ("The file's SHA-256.", {"type": "string", "pattern": DIGEST_PATTERN})},
}
_IN_QUERY = {
    "limit": "The most entries of a page.",
    "cursor": "Where the page begins: `next` of a page has it.",
    "after": "The id after which the page begins: `next` of a page has it.",
    "before": "Only versions before this one.",
    "q": "Words, each of which must begin a word of the article.",
    "status": "Only articles of this status. `scheduled` are drafts that wait for their time.",
    "section": "Only articles of the section with this name.",
    "author": "Only articles by the author of this name, or with this id.",
    "type": "Only articles of this type.",
    "day": "A date in UTC.",
    "since": "The version to compare with.",
    "language": "BCP 47 tag; for `findArticles` several, separated by commas.",
    "onto": "The pending edit is made on this version from now on. It must be the one that is published.",
    "strict": "Markup that is not allowed is refused with its fields, instead of being taken out.",
    "minor": (
        "The edit is not worth telling, such as a typing error: `updated_at` stays, and with it the article's place on "
        "lists and in feeds. Dates and corrections cannot change with it. Followers get the new version all the same."
    ),
}
_TEXT = {"type": "string"}
_HEADERS: dict[str, tuple[str, bool]] = {
    "If-Match": ('The ETag of the version that the change is made on, such as `"3"`.', True),
    "If-None-Match": ("`*` for something that must not exist yet; then leave If-Match out.", False),
    "Idempotency-Key": (
        (
            "A text of your own, at most 255 characters. A request that comes again with it within 24 hours is carried "
            "out once, and answered as before."
        ),
        False,
    ),
}


def document() -> Schema:
    answers = {each for operation in OPERATIONS.values() for each in operation.answers.values() if each}
    bodies = {operation.body for operation in OPERATIONS.values() if operation.body}
    components = schemas({EditorialProblem, *answers}) | body_schemas(bodies)
    paths: dict[str, Schema] = {}
    for key, operation in OPERATIONS.items():
        method, _, path = key.partition(" ")
        paths.setdefault(path, {})[method.lower()] = _operation(method, path, operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Content API, editorial",
            "version": "1",
            "description": (
                "For editors and their programs. Requests are signed (AWS Signature Version 4, service `execute-api`). "
                "API Gateway itself answers 403 with `message` alone where the signature is missing or wrong, or where "
                "IAM does not allow the method and the path. A change names the version that it is made on, so nobody "
                "overwrites what they have not read. Answers are kept by no cache."
            ),
        },
        "servers": [{"url": "/"}],
        "security": [{"sigv4": list[str]()}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "responses": _problems(),
            "securitySchemes": {
                "sigv4": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "description": "AWS Signature Version 4.",
                    "x-amazon-apigateway-authtype": "awsSigv4",
                }
            },
        },
    }


def _operation(method: str, path: str, operation: EditorialOperation) -> Schema:
    made: Schema = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [*_in_path(path), *_in_query(path, operation), *_in_headers(method, path, operation)],
        "responses": _responses(method, operation),
    }
    if operation.body:
        content = {operation.body_type: {"schema": _body(operation.body, operation.body_type)}}
        made["requestBody"] = {"required": True, "content": content}
    if path.startswith(_UNSIGNED):
        made["security"] = list[Schema]()
    return made


def _body(model: type[BaseModel], media_type: str) -> Schema:
    """The schema of a body. A merge patch may have any of an article's members, and null removes one."""
    if media_type == "application/merge-patch+json":
        return {"$ref": "#/components/schemas/ArticleChanges"}
    return body_reference(model)


def _in_path(path: str) -> list[Schema]:
    described = _IN_PATH | _IN_PATHS.get(path, {})
    return [
        {"name": name, "in": "path", "required": True, "description": text, "schema": schema}
        for name in _NAME.findall(path)
        for text, schema in [described[name]]
    ]


def _in_query(path: str, operation: EditorialOperation) -> list[Schema]:
    """The parameters that the operation's function takes, with the bounds that are checked."""
    made: list[Schema] = []
    for name, parameter in inspect.signature(operation.answered_by, eval_str=True).parameters.items():
        if name == "self" or name in _NAME.findall(path):
            continue
        schema = _without_null(TypeAdapter(parameter.annotation).json_schema())
        if parameter.default not in {parameter.empty, None, ""}:
            schema["default"] = parameter.default
        required = {"required": True} if parameter.default is parameter.empty else {}
        made.append({"name": name, "in": "query", "description": _IN_QUERY[name], **required, "schema": schema})
    return made


def _without_null(schema: Schema) -> Schema:
    """A parameter cannot be null: it can be left out."""
    choices = [each for each in schema.pop("anyOf", []) if each != {"type": "null"}]
    return {**schema, **(choices[0] if choices else {})}


def _in_headers(method: str, path: str, operation: EditorialOperation) -> list[Schema]:
    names: list[str] = []
    if operation.precondition != "none":
        names.append("If-Match")
    if operation.precondition == "version or none yet":
        names.append("If-None-Match")
    if method != "GET" and not path.endswith("/previews"):
        names.append("Idempotency-Key")
    return [
        {
            "name": name,
            "in": "header",
            "required": is_required and operation.precondition == "version",
            "description": text,
            "schema": _TEXT,
        }
        for name in names
        for text, is_required in [_HEADERS[name]]
    ]


def _responses(method: str, operation: EditorialOperation) -> Schema:
    names = {"ETag": "The version, which If-Match takes."} if _has_version(operation) else {}
    done: Schema = {}
    for status, model in operation.answers.items():
        told = names | ({"Location": "The path of what was made."} if status == 201 else {})  # noqa: PLR2004 - Created
        content: Schema = {operation.media_type: {"schema": reference(model)} if model else {}}
        if operation.is_page_too:
            content["text/html"] = {}
        described = {name: {"description": text, "schema": _TEXT} for name, text in told.items()}
        done[str(status)] = {"description": "As asked.", "content": content} | (
            {"headers": described} if described else {}
        )
    codes = [*_EVERY_OPERATION, *operation.problems]
    codes += _OF_A_VERSION if operation.precondition != "none" else ()
    codes += _OF_A_WRITE if method != "GET" else ()
    by_status: dict[str, list[str]] = {}
    for code in codes:
        by_status.setdefault(str(PROBLEMS[code][0]), []).append(code)
    return done | {status: _refusal(some) for status, some in sorted(by_status.items())}


def _has_version(operation: EditorialOperation) -> bool:
    return any(model in _WITH_ETAG for model in operation.answers.values())


def _refusal(codes: list[str]) -> Schema:
    """One response for all problems that share a status. `code` tells them apart."""
    if len(codes) == 1:
        return {"$ref": f"#/components/responses/{codes[0]}"}
    told = " ".join(f"`{code}`: {PROBLEMS[code][1]}. {PROBLEMS[code][2]}" for code in codes)
    schema = {"$ref": "#/components/schemas/EditorialProblem"}
    return {"description": told, "content": {"application/problem+json": {"schema": schema}}}


def _problems() -> Schema:
    used = {*_EVERY_OPERATION, *_OF_A_VERSION, *_OF_A_WRITE}
    used |= {code for operation in OPERATIONS.values() for code in operation.problems}
    schema = {"$ref": "#/components/schemas/EditorialProblem"}
    made: Schema = {}
    for code in sorted(used):
        status, title, advice = PROBLEMS[code]
        example = {"type": f"/v1/docs#{code}", "title": title, "status": status, "code": code, "detail": advice}
        made[code] = {
            "description": f"{title}. {advice}",
            "content": {"application/problem+json": {"schema": schema, "example": example}},
        }
    return made
