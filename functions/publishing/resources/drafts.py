"""Drafts, and pending edits of published articles, under paths of their own: IAM, which decides by method and path, can
tell a writer from an editor.
"""

from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from content_api.content.values import DIGITS, Language
from publishing.answers import answer, removals_to_send
from publishing.requests import JSON, MERGE_PATCH, Requests
from publishing.resources.paths import EDITORIAL, Id, Routes, Strict
from publishing.resources.versions import difference

if TYPE_CHECKING:
    from publishing.desk import Desk
    from publishing.drafting import SavedDraft

_DRAFT = f"{EDITORIAL}/drafts/<id>"

type Onto = Annotated[int | None, Query(ge=1, le=999_999_999), DIGITS]


class Drafts:
    def __init__(self, desk: "Desk", requests: Requests) -> None:
        self._desk = desk
        self._drafting = desk.drafting
        self._requests = requests

    def routes(self) -> Routes:
        return [
            ("GET", f"{EDITORIAL}/drafts", self.listed),
            ("GET", f"{EDITORIAL}/edits", self.edits),
            ("GET", _DRAFT, self.read),
            ("PUT", _DRAFT, self.put),
            ("PATCH", _DRAFT, self.patch),
            ("DELETE", _DRAFT, self.discard),
            ("GET", f"{_DRAFT}/changes", self.changes),
        ]

    def listed(
        self,
        language: Annotated[Language, Query()],
        after: Annotated[str, Query(max_length=96)] = "",
        limit: Annotated[int, Query(ge=1, le=100), DIGITS] = 50,
    ) -> Response[str]:
        found = self._desk.records.drafts(language, after=after, limit=limit)
        return answer({"drafts": found, "next": _next("drafts", language, found, limit)})

    def edits(
        self,
        language: Annotated[Language, Query()],
        after: Annotated[str, Query(max_length=96)] = "",
        limit: Annotated[int, Query(ge=1, le=100), DIGITS] = 50,
    ) -> Response[str]:
        found = self._drafting.edits(language, after=after, limit=limit)
        return answer({"edits": found, "next": _next("edits", language, found, limit)})

    def read(self, id: Id) -> Response[str]:  # noqa: A002 - the route's own word
        draft = self._drafting.read(id)
        body: dict[str, Any] = {
            "id": id,
            "is_pending_edit": bool(draft.digest),
            "version": draft.version,
            "saved_at": draft.saved_at,
            "by": draft.by,
            "article": draft.article.model_dump(mode="json"),
        }
        return answer(body, headers={"etag": entity_tag(draft.version, draft.digest)})

    def put(self, id: Id, onto: Onto = None, strict: Strict = False) -> Response[str]:  # noqa: A002, FBT002 - as above; parameters by name
        act = self._requests.act(may_be_new=True, may_be_edit=True, is_strict=strict)
        return _saved(id, self._drafting.put(id, self._requests.json(JSON), act, onto=onto))

    def patch(self, id: Id, onto: Onto = None, strict: Strict = False) -> Response[str]:  # noqa: A002, FBT002 - as above
        act = self._requests.act(may_be_edit=True, is_strict=strict)
        return _saved(id, self._drafting.patch(id, self._requests.json(MERGE_PATCH), act, onto=onto))

    def discard(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        version = self._drafting.discard(id, self._requests.bare_act(may_be_edit=True))
        return answer({"id": id, "version": version}, version=version)

    def changes(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        """The changes from what is published to the pending edit, as JSON Patch (RFC 6902)."""
        version, published, edit = self._drafting.changes(id)
        return answer({"id": id, "since": version, "patch": difference(published, edit)})


def entity_tag(version: int, digest: str) -> str:
    """The ETag of a draft is that of its version. A pending edit has its digest behind the version that it is on."""
    return f'"{version}-{digest}"' if digest else f'"{version}"'


def _saved(article_id: str, saved: "SavedDraft") -> Response[str]:
    is_new = saved.version == 1 and not saved.digest
    body: dict[str, Any] = {"id": article_id, "is_pending_edit": bool(saved.digest), "version": saved.version}
    if gone := removals_to_send(saved.removed):
        body["removed"] = gone
    headers = {"etag": entity_tag(saved.version, saved.digest)}
    if is_new:
        headers["location"] = f"{EDITORIAL}/drafts/{article_id}"
    return answer(body, status=201 if is_new else 200, headers=headers)


def _next(kind: str, language: str, found: list[dict[str, Any]], limit: int) -> str | None:
    return f"{EDITORIAL}/{kind}?language={language}&after={found[-1]['id']}" if len(found) == limit else None
