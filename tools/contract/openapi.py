"""OpenAPI 3.1 from the models, the routes and the problems."""

from typing import Any

from pydantic import BaseModel

from content_api.content.article import ID_PATTERN
from content_api.http.problems import PROBLEMS
from content_api.names.feed_addresses import EXTENSIONS, FULL, SUMMARY
from content_api.reader_api.parameters import LANGUAGE
from content_api.reader_api.routes import Route
from contract.examples import example_of
from contract.fields import paths
from contract.models import ArticleCard, ProblemDetails, PublicArticle
from contract.operations import OPERATIONS, Operation
from contract.schemas import reference, schemas
from reading.parameters import CURSOR, LARGEST_PAGE, MOST_FIELDS
from reading.routes import ROUTES as READING
from syndication.parameters import LARGEST_SIDE
from syndication.routes import ROUTES as SYNDICATION

ROUTES = (*READING, *SYNDICATION)
_ID = "en-2025-10-14-the-librarians-who-lend-seeds"
_EVERY_PATH = ("invalid-parameters", "not-through-the-edge", "internal-error", "temporarily-unavailable")
_TOO_MANY = "too-many-requests"
_NAME = {"type": "string", "minLength": 1, "maxLength": 500, "pattern": r"\S"}
_SIDE = {"type": "integer", "minimum": 1, "maximum": LARGEST_SIDE}
_INSTANT = {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}

# What each parameter means, its schema, an example.
PARAMETERS: dict[str, tuple[str, dict[str, Any], Any]] = {
    "language": ("BCP 47 tag.", {"type": "string", "pattern": f"^{LANGUAGE}$"}, "en"),
    "section": ("A section's name.", _NAME, "Culture"),
    "tag": ("A tag.", _NAME, "libraries"),
    "author": ("An author's name.", _NAME, "Mira Halvorsen"),
    "from": ("Published then or later: a day in UTC, or an instant with its offset.", _INSTANT, "2025-10-01"),
    "to": ("Published then or earlier; a day counts whole.", _INSTANT, "2025-10-31T23:59:59Z"),
    "order": ("Newest first, or oldest first.", {"type": "string", "enum": ["-published", "published"]}, "-published"),
    "limit": (
        "How many at most.",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": 20},
        20,
    ),
    "cursor": (
        "What an answer to the same query gave as `next_cursor`; for changes also `now`.",
        {"type": "string", "pattern": f"^{CURSOR}$"},
        None,
    ),
    "fields": (
        (
            "Only these members, with commas between their names. The notices always come. A dotted path, such as "
            "`lead_image.alt`, takes a part of a member, which then has fewer members than its schema requires."
        ),
        {"type": "array", "minItems": 1, "maxItems": MOST_FIELDS},
        None,
    ),
    "body": (
        "The body as typed blocks, or in one piece.",
        {"type": "string", "enum": ["blocks", "html", "text"]},
        "html",
    ),
    "version": (
        (
            "This version at least, as a change names it. The answer is that one or a newer one; a 503 means: not yet, "
            "a 400 that the article never had it."
        ),
        {"type": "integer", "minimum": 1, "maximum": 999999},
        None,
    ),
    "format": (
        "`jsonld`: schema.org's NewsArticle in JSON-LD, for structured data.",
        {"type": "string", "enum": ["json", "jsonld"], "default": "json"},
        "jsonld",
    ),
    "url": (
        "The address of a page.",
        {"type": "string", "format": "uri", "maxLength": 2048},
        "https://news.example.org/a/the-librarians-who-lend-seeds",
    ),
    "maxwidth": ("The most pixels that the embed may be wide.", _SIDE, 480),
    "maxheight": ("The most pixels that it may be high; what is more, scrolls.", _SIDE, 480),
    "content": (
        "Articles whole, or their standfirsts. The notices stand in either.",
        {"type": "string", "enum": [FULL, SUMMARY], "default": FULL},
        "summary",
    ),
    "notice": (
        "`always`: the notices come whatever is known of the reader's place. Servers that pass content on send it.",
        {"type": "string", "enum": ["always"]},
        None,
    ),
}
# Where a path takes another value by a name.
_PARAMETERS_OF: dict[tuple[str, str], tuple[str, dict[str, Any], Any]] = {
    ("/v1/oembed", "url"): (
        "The address of an article: on the publisher's site, of its embed, or in this API.",
        PARAMETERS["url"][1],
        PARAMETERS["url"][2],
    ),
    ("/v1/oembed", "format"): (
        "JSON alone is spoken; for any other the answer is 501.",
        {"type": "string", "enum": ["json"], "default": "json"},
        "json",
    ),
}
_NOTICE = {"id": ({"type": "string", "minLength": 1}, "ru-undesirable-organization")}
_ARTICLE = {"id": ({"type": "string", "pattern": ID_PATTERN}, _ID)}
_LANGUAGE = {"language": ({"type": "string", "pattern": f"^{LANGUAGE}$"}, "en")}
_FORMATS = "|".join(EXTENSIONS)
# By path and name: schema and example.
_PATH_PARAMETERS: dict[str, dict[str, tuple[dict[str, Any], str]]] = {
    "/v1/articles/{id}": _ARTICLE,
    "/embed/articles/{id}": _ARTICLE,
    "/v1/fronts/{language}": _LANGUAGE,
    "/v1/legal-notices/{id}": _NOTICE,
    "/legal-notices/{id}": _NOTICE,
    "/feeds/{file}": {"file": ({"type": "string", "pattern": rf"^{LANGUAGE}\.({_FORMATS})$"}, "en.rss")},
    "/feeds/{language}/{file}": _LANGUAGE
    | {"file": ({"type": "string", "pattern": rf"^[^/]*[^/\s][^/]*\.({_FORMATS})$", "maxLength": 500}, "Culture.json")},
}
_SELECTED: dict[str, type[BaseModel]] = {"article": PublicArticle, "card": ArticleCard}
_HEADERS = {
    "ETag": "Changes with every byte of the answer, notices included: send it back as If-None-Match.",
    "Cache-Control": "`private, no-store` where a notice is due: a copy on the device is evidence against its reader.",
    "Cache-Status": "`content-api; hit; detail=stale` where the answer is a copy (RFC 9211): the store gave nothing.",
    "Content-Language": "The language of the content.",
    "Last-Modified": "Of an article, where no notice is due.",
    "Link": 'The next page, rel="next", where there is one.',
    "Deprecation": "Since when the path is deprecated (RFC 9745).",
    "Sunset": "When it will be gone (RFC 8594).",
}


_LANGUAGE_ASKED = "$request.query.language"
# Where answers lead: path, name, operation, and what of the answer is its parameter.
_LINKS: dict[str, dict[str, tuple[str, dict[str, str]]]] = {
    "/v1/articles": {"Article": ("getArticle", {"id": "$response.body#/articles/0/id"})},
    "/v1/breaking": {"Article": ("getArticle", {"id": "$response.body#/articles/0/id"})},
    "/v1/fronts/{language}": {"Article": ("getArticle", {"id": "$response.body#/top/0/id"})},
    "/v1/changes": {
        "Article": ("getArticle", {"id": "$response.body#/changes/0/id"}),
        "Since": ("listChanges", {"language": _LANGUAGE_ASKED, "cursor": "$response.body#/next_cursor"}),
    },
    "/v1/sections": {
        "Articles": (
            "listArticles",
            {"language": "$response.body#/sections/0/language", "section": "$response.body#/sections/0/name"},
        )
    },
    "/v1/languages": {"Front": ("getFront", {"language": "$response.body#/languages/0/language"})},
}


def document() -> dict[str, Any]:
    shapes = [
        shape for operation in OPERATIONS.values() for shape in (operation.answer, *dict(operation.also).values())
    ]
    components = schemas({ProblemDetails, *(shape for shape in shapes if shape)})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Content API",
            "version": "1",
            "description": (
                "Articles as JSON. Every answer says in `legal_notices` what the law makes necessary for this reader: "
                "show it before the content. Readers need no key and get no cookie. Every path answers HEAD as it "
                "answers GET, with the headers alone."
            ),
        },
        "servers": [{"url": "/"}],
        "paths": {route.path: _path(route, OPERATIONS[route.path]) for route in ROUTES},
        "components": {"schemas": components, "responses": _problems()},
    }


def _path(route: Route, operation: Operation) -> dict[str, Any]:
    operation_of_path: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [*_in_path(route), *(_in_query(name, route) for name in route.parameters)],
        "responses": _responses(route, operation),
    }
    return {"get": operation_of_path | ({"deprecated": True} if route.deprecation else {})}


def _in_path(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": schema, "example": example}
        for name, (schema, example) in _PATH_PARAMETERS.get(route.path, {}).items()
    ]


def _in_query(name: str, route: Route) -> dict[str, Any]:
    description, schema, example = _PARAMETERS_OF.get((route.path, name)) or PARAMETERS[name]
    made: dict[str, Any] = {"name": name, "in": "query", "description": description, "schema": schema}
    if name == "fields":
        known = [path for path in paths(_SELECTED[route.selects]) if "." not in path]
        made |= {"style": "form", "explode": False, "schema": schema | {"items": {"type": "string", "enum": known}}}
    if name in route.required:
        made["required"] = True
    return made | ({"example": example} if example is not None and name in route.required else {})


def _responses(route: Route, operation: Operation) -> dict[str, Any]:
    headers = {name: {"description": text, "schema": {"type": "string"}} for name, text in _HEADERS.items()}
    if operation.redirects:
        location = {"description": "The article's path.", "schema": {"type": "string"}}
        done = {"308": {"description": "The article is there.", "headers": {"Location": location}}}
    else:
        content: dict[str, Any] = {"schema": _schema(operation.answer)}
        if example := example_of(route.path):
            content["example"] = example
        done: dict[str, Any] = {
            "200": {
                "description": "As asked.",
                "headers": headers,
                "content": {operation.media_type: content}
                | {media: {"schema": _schema(model)} for media, model in operation.also},
                "links": {
                    name: {"operationId": to, "parameters": parameters}
                    for name, (to, parameters) in _LINKS.get(route.path, {}).items()
                },
            },
            "304": {"description": "You have it already."},
        }
    return done | _errors(route, operation)


def _schema(answer: type[BaseModel] | None) -> dict[str, Any]:
    return reference(answer) if answer else {}


def _errors(route: Route, operation: Operation) -> dict[str, Any]:
    """By status; where two problems share one, the more particular is named."""
    codes = (*_EVERY_PATH, *operation.problems)
    if route.problems:
        found: dict[str, Any] = {
            str(PROBLEMS[code][0]): {
                "description": PROBLEMS[code][1],
                **_retry_after(PROBLEMS[code][0]),
                "content": {operation.media_type: {}},
            }
            for code in codes
        }
    else:
        found = {str(PROBLEMS[code][0]): {"$ref": f"#/components/responses/{code}"} for code in codes}
    return found | {"429": {"$ref": f"#/components/responses/{_TOO_MANY}"}}


def _retry_after(status: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 0}
    headers = {"Retry-After": {"description": "Ask again after so many seconds.", "schema": schema}}
    return {"headers": headers} if status in {429, 503} else {}


def _problems() -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for code, (status, title, advice) in PROBLEMS.items():
        example = {"type": f"/v1/docs#{code}", "title": title, "status": status, "code": code, "detail": advice}
        content = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}, "example": example}
        responses[code] = {
            "description": f"{title}. {advice}",
            **_retry_after(status),
            "content": {"application/problem+json": content},
        }
    too_many = (
        "More requests than one address, or the API as a whole, may make. The gateway says so, without a problem."
    )
    return responses | {_TOO_MANY: {"description": too_many, **_retry_after(429)}}
