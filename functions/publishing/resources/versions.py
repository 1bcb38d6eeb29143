"""An article's versions: listed, read, compared, restored."""

from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from jsonpatch import make_patch  # pyright: ignore[reportUnknownVariableType] - loosely typed there

from publishing.answers import answer, made, summary, version_answer
from publishing.requests import Requests
from publishing.resources.paths import ARTICLE, EDITORIAL, Id, Number, Routes

if TYPE_CHECKING:
    from content_api.store.versions import Version
    from publishing.desk import Desk


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
        before: Annotated[int | None, Query(ge=1)] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
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
        since: Annotated[int, Query(ge=1, le=999_999_999)],
    ) -> Response[str]:
        """What turns one version into another, as JSON Patch (RFC 6902)."""
        old, new = (_content(self._desk.records.version(id, each)) for each in (since, number))
        patch = list(make_patch(old, new))
        return answer({"id": id, "since": since, "version": number, "patch": patch})

    def restore(self, id: Id, number: Number) -> Response[str]:  # noqa: A002 - as above
        return made(id, self._desk.editing.restore(id, number, self._requests.bare_act()))


def _next(article_id: str, versions: "list[Version]") -> str | None:
    if not versions or not versions[-1].previous:
        return None
    return f"{EDITORIAL}/articles/{article_id}/versions?before={versions[-1].version}"


def _content(version: "Version") -> dict[str, Any]:
    return version.article.model_dump(mode="json") if version.article else {"tombstone": version.tombstone}
