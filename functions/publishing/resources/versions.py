"""The versions of an article: lists, reads, compares and restores them."""

from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from jsonpatch import make_patch  # pyright: ignore[reportUnknownVariableType] - loosely typed there

from content_api.content.document import compact_json
from content_api.content.values import DIGITS
from publishing.answers import answer, change_answer, summary, version_answer
from publishing.requests import Requests
from publishing.resources.paths import ARTICLE, EDITORIAL, Id, Number, Routes

if TYPE_CHECKING:
    from content_store.versions import Version
    from publishing.desk import Desk

_MOST_COMPARED = 100_000  # bytes of JSON: a text of 10,000 words has some 80,000


class Versions:
    def __init__(self, desk: "Desk", requests: Requests) -> None:
        self._desk = desk
        self._requests = requests

    def routes(self) -> Routes:
        return [
            ("GET", f"{ARTICLE}/versions", self.listed),
            ("GET", f"{ARTICLE}/versions/<number>", self.read),
            ("GET", f"{ARTICLE}/versions/<number>/changes", self.changes),
            ("POST", f"{ARTICLE}/versions/<number>/restore", self.restore),
        ]

    def listed(
        self,
        id: Id,  # noqa: A002 - the route's own word
        before: Annotated[int | None, Query(ge=1), DIGITS] = None,
        limit: Annotated[int, Query(ge=1, le=100), DIGITS] = 20,
    ) -> Response[str]:
        history = self._desk.records.history(id)
        versions = list(islice((each for each in history if before is None or each.version < before), limit))
        return answer({"versions": [summary(each) for each in versions], "next": _next(id, versions)})

    def read(self, id: Id, number: Number) -> Response[str]:  # noqa: A002 - as above
        return version_answer(self._desk.records.version(id, number))

    def changes(
        self,
        id: Id,  # noqa: A002 - as above
        number: Number,
        since: Annotated[int, Query(ge=1, le=999_999_999), DIGITS],
    ) -> Response[str]:
        """The changes from one version to another, as JSON Patch (RFC 6902)."""
        old, new = (_content(self._desk.records.version(id, each)) for each in (since, number))
        patch = difference(old, new)
        return answer({"id": id, "since": since, "version": number, "patch": patch})

    def restore(self, id: Id, number: Number) -> Response[str]:  # noqa: A002 - as above
        return change_answer(id, self._desk.editing.restore(id, number, self._requests.bare_act()))


def difference(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
    """What turns one version into another. Where a version is very long, each member that differs is replaced whole:
    comparing two lists takes time by the square of their length.
    """
    if max(len(compact_json(each)) for each in (old, new)) <= _MOST_COMPARED:
        return list(make_patch(old, new))
    gone = [{"op": "remove", "path": f"/{name}"} for name in old if name not in new]
    changed = [name for name in new if name not in old or old[name] != new[name]]
    # RFC 6902, section 4.1: adding a member that exists replaces it.
    return gone + [{"op": "add", "path": f"/{name}", "value": new[name]} for name in changed]


def _next(article_id: str, versions: "list[Version]") -> str | None:
    if not versions or not versions[-1].previous:
        return None
    return f"{EDITORIAL}/articles/{article_id}/versions?before={versions[-1].version}"


def _content(version: "Version") -> dict[str, Any]:
    return version.article.model_dump(mode="json") if version.article else {"tombstone": version.tombstone}
