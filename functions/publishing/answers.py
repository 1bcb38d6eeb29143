"""Answers to editors: the version that was made or read, or a problem."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from content_api.content.complaints import field_of, sentence
from content_api.http.problems import Problem
from content_api.http.response import NOTHING_KEPT
from content_api.names.instants import printed
from content_api.store.errors import (
    AddressTaken,
    AnotherArticle,
    ArticleNotFound,
    ArticleWithdrawn,
    EditedSince,
    LanguageFixed,
    LiesAhead,
    NotADraft,
    NotWithdrawn,
    StoreError,
    VersionNotFound,
)
from publishing.requests import JSON

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

    from content_api.store.versions import Version

_CODES: dict[type[StoreError], str] = {
    ArticleNotFound: "article-not-found",
    VersionNotFound: "version-not-found",
    ArticleWithdrawn: "article-is-withdrawn",
    AddressTaken: "address-taken",
    LanguageFixed: "not-possible-now",
    AnotherArticle: "not-possible-now",
    EditedSince: "not-possible-now",
    LiesAhead: "not-possible-now",
    NotADraft: "not-possible-now",
    NotWithdrawn: "not-possible-now",
}


def answer(
    body: dict[str, Any], *, version: int = 0, status: int = 200, headers: dict[str, str] | None = None
) -> Response[str]:
    """An answer in JSON that no cache stores; `version` becomes its ETag."""
    stated: dict[str, str | list[str]] = {"cache-control": NOTHING_KEPT, **(headers or {})}
    if version:
        stated["etag"] = f'"{version}"'
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(status, content_type=JSON, body=text, headers=stated)


def made(article_id: str, version: int, removed: Iterable[dict[str, Any]] = ()) -> Response[str]:
    """The version that an act made, and what sanitising removed from its markup."""
    headers = {"location": f"/v1/editorial/articles/{article_id}"} if version == 1 else {}
    body: dict[str, Any] = {"id": article_id, "version": version}
    if gone := list(removed):
        body["removed"] = gone
    return answer(body, version=version, status=201 if version == 1 else 200, headers=headers)


def version_answer(version: "Version") -> Response[str]:
    content = (
        {"article": version.article.model_dump(mode="json")} if version.article else {"tombstone": version.tombstone}
    )
    return answer({"id": version.id, **summary(version), **content}, version=version.version)


def summary(version: "Version") -> dict[str, Any]:
    """A version's own data, without the article."""
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
    """The problem for an error of the store. Raises the error itself where editors can do nothing about it."""
    if type(error) not in _CODES:
        raise error
    return Problem(_CODES[type(error)], f"{error}.")


def of_fields(errors: list[dict[str, str]]) -> Problem:
    detail = "; ".join(f"{each['field']}: {each['detail']}" for each in errors[:5])
    return Problem("invalid-article", f"Nothing was changed. {detail}", members={"errors": errors})


def of_parameters(error: "RequestValidationError") -> Problem:
    """`loc` begins with where a parameter stands, such as `query`."""
    return of_fields(
        [
            {"field": field_of(each["loc"][1:]) or str(each["loc"][0]), "detail": sentence(each)}
            for each in error.errors()
        ]
    )
