"""Makes the OpenAPI 3.1 document from the models, the routes and the problems."""

from typing import Any

from pydantic import BaseModel

from content_api.content.values import ID_PATTERN
from content_api.http.problems import PROBLEMS
from content_api.names.feed_addresses import EXTENSIONS, FULL, SUMMARY
from content_api.names.keys import BREAKING
from content_api.names.media import CAPTIONS_FILE, DIGEST_PATTERN, MEDIA_TYPES, RECORDED_FILES, SHAPES, WIDTHS
from content_api.names.subjects import ID_PATTERN as SUBJECT_ID
from content_api.reader_api.article_page import THEMES
from content_api.reader_api.parameters import LANGUAGE
from content_api.reader_api.routes import Route
from contract.examples import example_of
from contract.fields import paths
from contract.models import ArticleCard, ProblemDetails, PublicArticle
from contract.operations import OPERATIONS, Operation
from contract.schemas import reference, schemas
from imaging.serving.routes import ROUTES as MEDIA
from reading.parameters import CURSOR, LARGEST_PAGE, MOST_FIELDS, MOST_IDS, MOST_VALUES, TYPES
from reading.routes import ROUTES as READING
from searching.parameters import CURSOR as PLACE
from searching.parameters import FACETS, LONGEST_QUESTION
from searching.parameters import LARGEST_PAGE as MOST_FOUND
from searching.related import DEFAULT_LIMIT as MOST_RELATED
from searching.routes import ROUTES as SEARCHING
from searching.suggesting import DEFAULT_LIMIT as MOST_SUGGESTED
from syndication.parameters import AUTO, LARGEST_SIDE, POSITION
from syndication.routes import ROUTES as SYNDICATION

ROUTES = (*READING, *SYNDICATION, *SEARCHING, *MEDIA)
_ID = "en-2025-10-14-the-librarians-who-lend-seeds"
_EVERY_PATH = ("invalid-parameters", "not-through-the-edge", "internal-error", "temporarily-unavailable")
_TOO_MANY = "too-many-requests"
_NAME = {"type": "string", "minLength": 1, "maxLength": 500, "pattern": r"\S"}
_SIDE = {"type": "integer", "minimum": 1, "maximum": LARGEST_SIDE}
_INSTANT = {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}

# By parameter: what it means, its schema, and an example.
PARAMETERS: dict[str, tuple[str, dict[str, Any], Any]] = {
    "language": ("BCP 47 tag.", {"type": "string", "pattern": f"^{LANGUAGE}$"}, "en"),
    "section": ("A section's name.", _NAME, "Culture"),
    "from": (
        "Published at this time or later: a day in UTC, or a date and time with an offset.",
        _INSTANT,
        "2025-10-01",
    ),
    "to": (
        "Published at this time or earlier. A day includes all of that day, in UTC.",
        _INSTANT,
        "2025-10-31T23:59:59Z",
    ),
    "order": (
        "By the time of publication or of the last update; with a hyphen the newest first, otherwise the oldest.",
        {"type": "string", "enum": ["-published", "published", "-updated", "updated"]},
        "-published",
    ),
    "updated_since": (
        "Updated at this time or later: a day in UTC, or a date and time with an offset. Goes with an order by update.",
        _INSTANT,
        "2025-10-01",
    ),
    "limit": (
        "The most entries of a page.",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": 20},
        20,
    ),
    "cursor": (
        "The `next_cursor` or `prev_cursor` of an answer to the same query. For changes, also `now`.",
        {"type": "string", "pattern": f"^{CURSOR}$"},
        None,
    ),
    "fields": (
        (
            "Only these members of the answer, separated by commas. The notices always come. A dotted path, such as "
            "`lead_image.alt`, selects a part of a member, which then lacks members that its schema requires."
        ),
        {"type": "array", "minItems": 1, "maxItems": MOST_FIELDS},
        None,
    ),
    "body": (
        "The form of the body: typed blocks, HTML, or plain text.",
        {"type": "string", "enum": ["blocks", "html", "text"]},
        "html",
    ),
    "version": (
        (
            "The version that a change names. The answer is that version or a newer one. A 503 means that it is not "
            "there yet; a 400 means that the article never had it."
        ),
        {"type": "integer", "minimum": 1, "maximum": 999999},
        None,
    ),
    "format": (
        "`jsonld` gives schema.org's NewsArticle in JSON-LD.",
        {"type": "string", "enum": ["json", "jsonld"], "default": "json"},
        "jsonld",
    ),
    "url": (
        "The address of a page.",
        {"type": "string", "format": "uri", "maxLength": 2048},
        "https://news.example.org/a/the-librarians-who-lend-seeds",
    ),
    "maxwidth": ("The largest width of the embed in pixels.", _SIDE, 480),
    "maxheight": ("The largest height of the embed in pixels. A longer article scrolls.", _SIDE, 480),
    "theme": (
        "The colours of the embed: those that the reader prefers (`auto`), or those that suit the partner's page.",
        {"type": "string", "enum": [*THEMES], "default": AUTO},
        "dark",
    ),
    "content": (
        "Whole articles, or only their standfirsts. The notices are in both.",
        {"type": "string", "enum": [FULL, SUMMARY], "default": FULL},
        "summary",
    ),
    "tag": ("Only articles with this tag.", _NAME, "libraries"),
    "author": ("Only articles by the author with this id, or of this name.", _NAME, "Mira Halvorsen"),
    "topic": (
        "Only articles of the topic with this id.",
        {"type": "string", "pattern": f"^{SUBJECT_ID}$"},
        "libraries",
    ),
    "after": ("Only posts with higher numbers.", {"type": "integer", "minimum": 0, "maximum": 999_999}, 40),
    "only": ("Breaking news alone.", {"type": "string", "enum": [BREAKING]}, BREAKING),
    "before": (
        "An older page of the feed: what the feed names as its next page.",
        {"type": "string", "pattern": f"^{POSITION}$"},
        None,
    ),
    "q": (
        (
            'Words, all of which an article must have, in whatever form; "phrases"; and -words that it must not have. '
            "Anything else is text. It is in no log."
        ),
        {"type": "string", "minLength": 1, "maxLength": LONGEST_QUESTION, "pattern": r"\S"},
        "seeds",
    ),
    "type": ("Only articles of this type.", {"type": "string", "enum": [*TYPES]}, None),
    "facets": (
        "Counts the articles that were found by their sections, tags or years.",
        {"type": "array", "minItems": 1, "maxItems": len(FACETS), "items": {"type": "string", "enum": [*FACETS]}},
        None,
    ),
    "since": (
        "Published at this time or later: a day in UTC, or a date and time with an offset.",
        _INSTANT,
        "2025-10-01",
    ),
    "as": ("The form of the digest.", {"type": "string", "enum": ["html", "text"], "default": "html"}, "text"),
    "save": (
        "`accepted` says that the reader has read the notices and wants the file on the device. Never send it unasked.",
        {"type": "string", "enum": ["accepted"]},
        None,
    ),
    "notice": (
        "`always` gives the notices wherever the reader is. Servers that pass content on to readers must send it.",
        {"type": "string", "enum": ["always"]},
        None,
    ),
}
# By parameter and path: the same, for paths that take other values under this name.
_PARAMETERS_OF: dict[tuple[str, str], tuple[str, dict[str, Any], Any]] = {
    ("/v1/oembed", "url"): (
        "The address of an article: on the publisher's site, of its embed, or in this API.",
        PARAMETERS["url"][1],
        PARAMETERS["url"][2],
    ),
    ("/v1/oembed", "format"): (
        "Only JSON. The answer to any other format is 501.",
        {"type": "string", "enum": ["json"], "default": "json"},
        "json",
    ),
    ("/v1/search", "order"): (
        "The best first, or the newest.",
        {"type": "string", "enum": ["relevance", "-published"], "default": "relevance"},
        "relevance",
    ),
    ("/v1/search", "limit"): (
        "The most articles of a page.",
        {"type": "integer", "minimum": 1, "maximum": MOST_FOUND, "default": 20},
        20,
    ),
    ("/v1/suggest", "q"): (
        "What was typed so far.",
        PARAMETERS["q"][1],
        "librarians wh",
    ),
    ("/v1/suggest", "limit"): (
        "The most words, and the most headlines.",
        {"type": "integer", "minimum": 1, "maximum": MOST_FOUND, "default": MOST_SUGGESTED},
        MOST_SUGGESTED,
    ),
    ("/v1/articles/{id}/related", "limit"): (
        "The most articles.",
        {"type": "integer", "minimum": 1, "maximum": MOST_FOUND, "default": MOST_RELATED},
        MOST_RELATED,
    ),
    ("/v1/search", "cursor"): (
        "The `next_cursor` of an answer to the same question.",
        {"type": "string", "pattern": f"^{PLACE}$"},
        None,
    ),
}
_OF_NAMES = "To name several, repeat the parameter: a comma is a part of a name."
# By parameter: the same for paths that take several values of it. The schema is that of one value. After the example
# come how many there may be, and whether clients separate them by commas.
_SEVERAL: dict[str, tuple[str, dict[str, Any], Any, int, bool]] = {
    "language": (
        (
            "BCP 47 tags, repeated or separated by commas; `*` for all languages of the publisher. The notices come in "
            "the first one."
        ),
        {"type": "string", "pattern": rf"^({LANGUAGE}|\*)$"},
        ["en"],
        MOST_VALUES,
        False,
    ),
    "ids": (
        (
            "The articles with these ids, separated by commas, in this order. Only `language`, `fields` and `notice` "
            "go with it."
        ),
        {"type": "string", "pattern": ID_PATTERN},
        None,
        MOST_IDS,
        True,
    ),
    "type": (
        "Types of articles, any of them, separated by commas.",
        {"type": "string", "enum": [*TYPES]},
        None,
        len(TYPES),
        True,
    ),
    "section": (f"Names of sections, any of them. {_OF_NAMES}", _NAME, None, MOST_VALUES, False),
    "tag": (f"Tags, any of them. {_OF_NAMES}", _NAME, None, MOST_VALUES, False),
    "topic": (
        "Topics, any of them, by their ids, separated by commas. An id that was merged into another means that one.",
        {"type": "string", "pattern": f"^{SUBJECT_ID}$"},
        None,
        MOST_VALUES,
        True,
    ),
    "show": (
        "Shows, any of them, by their ids, separated by commas. An id that was merged into another means that one.",
        {"type": "string", "pattern": f"^{SUBJECT_ID}$"},
        None,
        MOST_VALUES,
        True,
    ),
    "author": (
        f"Authors, any of them: each the id of one of /v1/authors, or a name as bylines have it. {_OF_NAMES}",
        _NAME,
        None,
        MOST_VALUES,
        False,
    ),
}
_NOTICE = {"id": ({"type": "string", "minLength": 1}, "ru-undesirable-organization")}
_ARTICLE = {"id": ({"type": "string", "pattern": ID_PATTERN}, _ID)}
_LANGUAGE = {"language": ({"type": "string", "pattern": f"^{LANGUAGE}$"}, "en")}
_FILE = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"}
_FORMATS = "|".join(EXTENSIONS)
# By path and parameter in the path: its schema and an example.
_PATH_PARAMETERS: dict[str, dict[str, tuple[dict[str, Any], str]]] = {
    "/v1/articles/{id}": _ARTICLE,
    "/v1/articles/{id}/related": _ARTICLE,
    "/embed/articles/{id}": _ARTICLE,
    "/v1/fronts/{language}": _LANGUAGE,
    "/v1/topics/{id}": {"id": ({"type": "string", "pattern": f"^{SUBJECT_ID}$"}, "libraries")},
    "/v1/shows/{id}": {"id": ({"type": "string", "pattern": f"^{SUBJECT_ID}$"}, "mountain-radio")},
    "/v1/articles/{id}/chapters": _ARTICLE,
    "/v1/articles/{id}/posts": _ARTICLE,
    "/v1/articles/{id}/posts/{page}": _ARTICLE | {"page": ({"type": "string", "pattern": "^[1-9][0-9]{0,4}$"}, "1")},
    "/feeds/{language}/shows/{file}": _LANGUAGE
    | {"file": ({"type": "string", "pattern": rf"^{SUBJECT_ID}\.rss$"}, "mountain-radio.rss")},
    "/v1/authors/{id}": {"id": ({"type": "string", "pattern": f"^{SUBJECT_ID}$"}, "mira-halvorsen")},
    "/v1/legal-notices/{id}": _NOTICE,
    "/legal-notices/{id}": _NOTICE,
    "/sitemaps/{language}/{file}": _LANGUAGE
    | {"file": ({"type": "string", "pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])\.xml$"}, "2025-10.xml")},
    "/media/{id}/{crop}/{file}": {
        "id": ({"type": "string", "pattern": DIGEST_PATTERN}, "5" * 64),
        "crop": ({"type": "string", "pattern": rf"^({'|'.join(SHAPES)})(-[0-9]{{1,3}}-[0-9]{{1,3}})?$"}, "original"),
        "file": (
            {"type": "string", "pattern": rf"^({'|'.join(map(str, WIDTHS))})\.({'|'.join(MEDIA_TYPES)})$"},
            "320.avif",
        ),
    },
    "/media/{id}/{file}": {
        "id": ({"type": "string", "pattern": DIGEST_PATTERN}, "8" * 64),
        "file": ({"type": "string", "enum": [*RECORDED_FILES.values(), CAPTIONS_FILE]}, "recording.mp3"),
    },
    "/v1/newsletters/{id}/digest": {"id": (_NAME, "The Weekend Letter")},
    "/v1/bundles/{language}/{span}": _LANGUAGE | {"span": ({"type": "string", "enum": ["day", "week"]}, "day")},
    "/mirror/{file}": {"file": (_FILE, "index.html")},
    "/mirror/{folder}/{file}": {"folder": (_FILE, "en"), "file": (_FILE, "index.html")},
    "/feeds/{file}": {"file": ({"type": "string", "pattern": rf"^{LANGUAGE}\.({_FORMATS})$"}, "en.rss")},
    "/feeds/{language}/{file}": _LANGUAGE
    | {"file": ({"type": "string", "pattern": rf"^[^/]*[^/\s][^/]*\.({_FORMATS})$", "maxLength": 500}, "Culture.json")},
}
_SELECTED: dict[str, type[BaseModel]] = {"article": PublicArticle, "card": ArticleCard}
_HEADERS = {
    "ETag": "Differs whenever a byte of the answer differs, notices included. Send it back as If-None-Match.",
    "Cache-Control": "`private, no-store` if the answer has a notice: a copy on the device is evidence.",
    "Cache-Status": "`content-api; hit; detail=stale` (RFC 9211) if the database did not answer, and this is a copy.",
    "Content-Language": "The language of the content.",
    "Last-Modified": "When the article was last changed. Left out if the answer has a notice.",
    "Link": 'The next page (rel="next"), if there is one.',
    "Deprecation": "The date from which the path is deprecated (RFC 9745).",
    "Sunset": "The date on which the path ends (RFC 8594).",
}


_LANGUAGE_ASKED = "$request.query.language"
# Links from an answer to other operations, by path: the name of the link, the operation, and which parameter gets which
# part of the answer.
_LINKS: dict[str, dict[str, tuple[str, dict[str, str]]]] = {
    "/v1/articles": {"Article": ("getArticle", {"id": "$response.body#/articles/0/id"})},
    "/v1/search": {"Article": ("getArticle", {"id": "$response.body#/articles/0/id"})},
    "/v1/suggest": {"Article": ("getArticle", {"id": "$response.body#/headlines/0/id"})},
    "/v1/articles/{id}/related": {"Article": ("getArticle", {"id": "$response.body#/articles/0/id"})},
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
    "/v1/topics": {
        "Topic": ("getTopic", {"id": "$response.body#/topics/0/id"}),
    },
    "/v1/authors": {
        "Author": ("getAuthor", {"id": "$response.body#/authors/0/id"}),
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
                "Articles as JSON. Every answer has in `legal_notices` the notices that this reader must see by law: "
                "show them before the content. Readers need no key and get no cookie. Every path answers HEAD as it "
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
    if name in route.several:
        return _several_in_query(name, route)
    description, schema, example = _PARAMETERS_OF.get((route.path, name)) or PARAMETERS[name]
    made: dict[str, Any] = {"name": name, "in": "query", "description": description, "schema": schema}
    if name == "fields":
        known = [path for path in paths(_SELECTED[route.selects]) if "." not in path]
        made |= {"style": "form", "explode": False, "schema": schema | {"items": {"type": "string", "enum": known}}}
    if name == "facets":
        made |= {"style": "form", "explode": False}
    if name in route.required:
        made["required"] = True
    return made | ({"example": example} if example is not None and name in route.required else {})


def _several_in_query(name: str, route: Route) -> dict[str, Any]:
    description, schema, example, most, by_commas = _SEVERAL[name]
    made: dict[str, Any] = {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "array", "minItems": 1, "maxItems": most, "items": schema},
        "style": "form",
        "explode": not by_commas,
    }
    if name in route.required:
        made |= {"required": True, "example": example}
    return made


def _responses(route: Route, operation: Operation) -> dict[str, Any]:
    headers = {name: {"description": text, "schema": {"type": "string"}} for name, text in _HEADERS.items()}
    if operation.redirects:
        location = {"description": "The article's path.", "schema": {"type": "string"}}
        done = {"308": {"description": "The article is at this address.", "headers": {"Location": location}}}
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
            "304": {"description": "The answer has not changed since the ETag that you sent."},
        }
        if operation.moves:
            location = {"description": "The path of what stands for it.", "schema": {"type": "string"}}
            done["308"] = {"description": operation.moves, "headers": {"Location": location}}
    return done | _errors(route, operation)


def _schema(answer: type[BaseModel] | None) -> dict[str, Any]:
    return reference(answer) if answer else {}


def _errors(route: Route, operation: Operation) -> dict[str, Any]:
    """The problems of an operation, by status. If two problems share a status, the more specific one is described."""
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
    headers = {"Retry-After": {"description": "Ask again after this many seconds.", "schema": schema}}
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
        "Too many requests from one address, or to the whole API. The gateway answers, without a problem document."
    )
    return responses | {_TOO_MANY: {"description": too_many, **_retry_after(429)}}
