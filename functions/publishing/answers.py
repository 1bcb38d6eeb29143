"""Answers to editors: the version that was made or read, or a problem."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from content_api.content.complaints import field_of, sentence
from content_api.http.problems import Problem
from content_api.http.response import NOTHING_KEPT
from content_api.names.instants import printed
from content_store.errors import (
    AddressTaken,
    AnotherArticle,
    ArticleNotFound,
    ArticleWithdrawn,
    CannotMerge,
    EditedSince,
    ItemDamaged,
    LanguageFixed,
    LiesAhead,
    NoPendingEdit,
    NotADraft,
    NotWithdrawn,
    PendingEditConflict,
    PostNotFound,
    StoreError,
    SubjectIsMerged,
    SubjectNotFound,
    SubjectOnTooManyLists,
    VersionNotFound,
)
from publishing.requests import JSON

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

    from content_store.versions import Version

_CODES: dict[type[StoreError], str] = {
    ArticleNotFound: "article-not-found",
    VersionNotFound: "version-not-found",
    NoPendingEdit: "draft-not-found",
    PendingEditConflict: "version-conflict",
    ArticleWithdrawn: "article-is-withdrawn",
    AddressTaken: "address-taken",
    LanguageFixed: "not-possible-now",
    AnotherArticle: "not-possible-now",
    EditedSince: "not-possible-now",
    LiesAhead: "not-possible-now",
    ItemDamaged: "not-possible-now",
    NotADraft: "not-possible-now",
    NotWithdrawn: "not-possible-now",
    SubjectNotFound: "subject-not-found",
    PostNotFound: "posts-not-found",
    SubjectIsMerged: "not-possible-now",
    SubjectOnTooManyLists: "not-possible-now",
    CannotMerge: "not-possible-now",
}

# By what stands in a path, the most telling first: what is not there if the path names nothing.
_NOTHING_THERE = {
    "{token}": "preview-expired",
    "/posts/": "posts-not-found",
    "{number}": "version-not-found",
    "/media/": "media-not-found",
    "/fronts/": "front-not-found",
    "/articles/": "article-not-found",
    "/topics/": "subject-not-found",
    "/shows/": "subject-not-found",
    "/authors/": "subject-not-found",
    "/drafts/": "article-not-found",
}
_NAMED = (
    "an id is of small letters, digits and hyphens, a version is a number, a picture is named by 64 "
    "hexadecimal digits, and a language by its tag, such as en"
)

# What an answer to a body of 6 MB has room for (`quotas.LARGEST_BODY`).
_MOST_FIELDS = 100  # fields
_MOST_NAMES = 50  # names of elements and attributes
_LONGEST_NAME, _LONGEST_FIELD, _LONGEST_DETAIL = 100, 200, 1000  # characters


def answer(
    body: dict[str, Any], *, version: int = 0, status: int = 200, headers: dict[str, str] | None = None
) -> Response[str]:
    """An answer in JSON that no cache keeps. `version` becomes its ETag."""
    stated: dict[str, str | list[str]] = {"cache-control": NOTHING_KEPT, **(headers or {})}
    if version:
        stated["etag"] = f'"{version}"'
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(status, content_type=JSON, body=text, headers=stated)


def change_answer(article_id: str, version: int, removed: Iterable[dict[str, Any]] = ()) -> Response[str]:
    """The answer to a change: the new version, and what sanitising removed from its markup."""
    headers = {"location": f"/v1/editorial/articles/{article_id}"} if version == 1 else {}
    body: dict[str, Any] = {"id": article_id, "version": version}
    if gone := removals_to_send(removed):
        body["removed"] = gone
    return answer(body, version=version, status=201 if version == 1 else 200, headers=headers)


def removals_to_send(removed: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The removals that fit into an answer. The others are counted."""
    gone = list(removed)
    found = [each | {"removed": _first(each["removed"])} for each in gone[:_MOST_FIELDS]]
    if len(gone) > _MOST_FIELDS:
        found.append({"field": "body", "removed": [f"markup of {len(gone) - _MOST_FIELDS:,} more texts"]})
    return found


def _first(names: list[str]) -> list[str]:
    """Names of elements and attributes, each shortened."""
    more = len(names) - _MOST_NAMES
    return [each[:_LONGEST_NAME] for each in names[:_MOST_NAMES]] + ([f"{more:,} more"] if more > 0 else [])


def version_answer(version: "Version") -> Response[str]:
    content = (
        {"article": version.article.model_dump(mode="json")} if version.article else {"tombstone": version.tombstone}
    )
    return answer({"id": version.id, **summary(version), **content}, version=version.version)


def summary(version: "Version") -> dict[str, Any]:
    """What is known of a version, without the article itself."""
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


# ---------------------------------------------------------------------------------------------- Problems


def of_store(error: StoreError) -> Problem:
    """The problem for an error of the store. Raises the error itself if editors can do nothing about it."""
    if type(error) not in _CODES:
        raise error
    return Problem(_CODES[type(error)], f"{error}.")


def of_fields(errors: list[dict[str, str]]) -> Problem:
    """The problem for fields at fault. A body of 6 MB can be at fault in so many that an answer has no room for them;
    then the first are named, and all are counted.
    """
    named = [{"field": each["field"][:_LONGEST_FIELD], "detail": each["detail"][:_LONGEST_DETAIL]} for each in errors]
    detail = "; ".join(f"{each['field']}: {each['detail']}" for each in named[:5])
    if len(errors) > _MOST_FIELDS:
        detail += f"; in all {len(errors):,} faults, of which `errors` names the first {_MOST_FIELDS}"
    return Problem("invalid-article", f"Nothing was changed. {detail}", members={"errors": named[:_MOST_FIELDS]})


def of_path(route: str) -> Problem:
    """The problem for a path whose variables are malformed. There is nothing at such a path, as at one whose id
    is unknown. Whoever PUTs would put something there, and is told that it cannot be. `route` is the route key.
    """
    if route.startswith("PUT "):
        return of_fields([{"field": "path", "detail": f"cannot be: {_NAMED}"}])
    code = next(code for part, code in _NOTHING_THERE.items() if part in route)
    return Problem(code, f"There is nothing at this path: {_NAMED}.")


def of_parameters(error: "RequestValidationError", route: str) -> Problem:
    """The problem for parameters that the path does not take. `loc` of each error begins with where the parameter is,
    such as `query`. `route` is API Gateway's key.
    """
    if not route.startswith("PUT ") and any(each["loc"][0] == "path" for each in error.errors()):
        return of_path(route)
    return of_fields(
        [
            {"field": field_of(each["loc"][1:]) or str(each["loc"][0]), "detail": sentence(each)}
            for each in error.errors()
        ]
    )
