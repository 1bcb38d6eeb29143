"""All problems that a client can get, by the code that its program reads (RFC 9457).

Each problem's `type` is its place on the page /v1/docs, which says what to do.
"""

from __future__ import annotations

import json

from content_api.http.response import EVERYWHERE, NOTHING_KEPT
from content_api.names.keys import DAYS_OF_CHANGES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from content_api.http.response import Response

# Code: status, title, and what to do about it.
PROBLEMS: dict[str, tuple[int, str, str]] = {
    "invalid-parameters": (
        400,
        "A parameter is not as it should be",
        (
            "`errors` names every parameter at fault and says what it takes. A cursor belongs to the query that gave "
            "it: where it is refused, ask the query again without it."
        ),
    ),
    "answer-too-large": (
        400,
        "The answer would be too large",
        "An answer has 6 MB at most. Name what you need of a very long article with `fields`.",
    ),
    "range-required": (
        400,
        "Too large for one answer",
        "Ask for parts of the file, with the header Range. The publisher's public address gives it whole.",
    ),
    "resource-not-public": (401, "Not public", "Editors alone may see it; embed what is published."),
    "not-through-the-edge": (403, "Not this address", "Ask the publisher's public address."),
    "no-such-path": (404, "No such path", "The paths are those listed on this page."),
    "article-not-found": (404, "No such article", "Take ids from lists, feeds and the change feed."),
    "address-not-found": (
        404,
        "No article at that address",
        "No article is or was found at the address asked for. It may be a page that is no article.",
    ),
    "subject-not-found": (404, "No such topic, author or show", "GET /v1/topics, /v1/authors and /v1/shows list them."),
    "posts-not-found": (404, "No such posts", "/v1/articles/{id}/posts has the newest, and leads to the pages before."),
    "chapters-not-found": (404, "No chapters", "The recordings of this article have none."),
    "language-not-found": (404, "No such language", "GET /v1/languages lists the languages that are published in."),
    "sitemap-not-found": (
        404,
        "No such sitemap",
        "/sitemaps/index.xml lists the sitemaps: one of each month in each language.",
    ),
    "feed-not-found": (
        404,
        "No such feed",
        (
            "There is a feed of each language that /v1/languages lists, and of each section that /v1/sections lists. A "
            "section whose name a path cannot hold is a parameter: /feeds/en.rss?section=art%2Flife"
        ),
    ),
    "newsletter-not-found": (
        404,
        "No such newsletter",
        "GET /v1/newsletters lists the newsletters by language. A path takes the name, percent-encoded.",
    ),
    "bundle-not-found": (
        404,
        "No such bundle",
        "There is one of the last day and one of the last week, in each language that is published in.",
    ),
    "mirror-file-not-found": (
        404,
        "No such file of the mirror",
        "The mirror begins at /mirror/, and its pages lead to each other. A file is gone when its article has moved.",
    ),
    "picture-not-found": (
        404,
        "No such picture",
        "Take the addresses of pictures from `renditions` of articles and cards; no others can be made up.",
    ),
    "recording-not-found": (
        404,
        "No such recording",
        "Take the addresses of recordings and captions from articles; no others can be made up.",
    ),
    "legal-notice-not-found": (404, "No such notice", "GET /v1/legal-notices lists those due."),
    "method-not-allowed": (405, "Method not allowed", "The header Allow names the methods that the path takes."),
    "article-withdrawn": (
        410,
        "The article was withdrawn",
        "Remove every copy of it, and do not ask for it again: `recall` asks this of everyone who kept it.",
    ),
    "picture-withdrawn": (
        410,
        "The picture was withdrawn",
        "No article shows it any more. Remove every copy of it, and do not ask for it again.",
    ),
    "recording-withdrawn": (
        410,
        "The recording was withdrawn",
        "No article has it any more. Remove every copy of it, and do not ask for it again.",
    ),
    "cursor-expired": (
        410,
        "The cursor is too old",
        (
            f"Changes are kept for {DAYS_OF_CHANGES} days, and some since this may be gone. Take a new cursor with "
            "cursor=now, then ask for every article that you keep again, and drop those that are 404 or 410."
        ),
    ),
    "invalid-article": (
        400,
        "What was handed in is not as it should be",
        "`errors` names every field at fault and says what it takes. Nothing was changed.",
    ),
    "not-an-editor": (403, "Not signed by an editor", "Sign the request as somebody who may edit."),
    "preview-expired": (403, "The preview is over", "Ask an editor for a new link."),
    "version-not-found": (404, "No such version", "The article's versions are listed under /versions."),
    "draft-not-found": (404, "No pending edit", "PUT or PATCH it with the ETag of the published article to begin one."),
    "media-not-found": (404, "No such picture", "Announce it with POST /v1/editorial/media, and upload it."),
    "front-not-found": (404, "No front is chosen", "PUT one: until then, readers get the newest articles."),
    "article-is-withdrawn": (409, "The article is withdrawn", "Reinstate it before changing it."),
    "not-possible-now": (409, "Not as the article stands", "`detail` says what has to be done first."),
    "address-taken": (409, "The address is another article's", "Change or withdraw that article's address first."),
    "request-in-progress": (
        409,
        "The same request is still being answered",
        "Ask again in a second, with the same key.",
    ),
    "version-conflict": (
        412,
        "Somebody else has changed it",
        "Read the version that `current_version` names, make your change on that, and send it with its ETag.",
    ),
    "range-not-satisfiable": (416, "Behind the end of the file", "`detail` says how many bytes the file has."),
    "idempotency-key-reused": (
        422,
        "The key belongs to another request",
        "Make a new Idempotency-Key for each request.",
    ),
    "precondition-required": (
        428,
        "Say which version you mean",
        "Send If-Match with the ETag of the version that you read, or If-None-Match: * for a new article.",
    ),
    "internal-error": (500, "Something is wrong on our side", "Try again later; tell us the `request_id` if it lasts."),
    "format-not-spoken": (501, "Not in this format", "Leave `format` out, or say format=json."),
    "temporarily-unavailable": (503, "Not just now", "Try again after the seconds that Retry-After says."),
}


class Problem(Exception):
    """A request that cannot be answered as asked. `detail` says to people what was wrong and what to do."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.headers = headers or {}
        self.members = members or {}


class BadParameters(Problem):
    """Parameters are wrong. `errors` names each, and says what it takes."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        detail = "; ".join(each["detail"] for each in errors)
        super().__init__("invalid-parameters", detail, members={"errors": errors})


def problem_response(problem: Problem, public_url: str) -> Response:
    """The problem as an answer. No cache may keep it, since most problems pass."""
    status, title, _ = PROBLEMS[problem.code]
    body = {
        "type": f"{public_url}/v1/docs#{problem.code}",
        "title": title,
        "status": status,
        "code": problem.code,
        "detail": problem.detail,
        **problem.members,
    }
    return {
        "statusCode": status,
        "headers": {
            **EVERYWHERE,
            "content-type": "application/problem+json",
            "cache-control": NOTHING_KEPT,
            **problem.headers,
        },
        "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
    }
