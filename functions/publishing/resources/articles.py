"""Articles and drafts: read, replaced, patched, listed."""

from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from content_api.content.article import Language
from publishing.answers import answer, made, version_answer
from publishing.requests import JSON, MERGE_PATCH, Requests
from publishing.resources.cursors import cursor_of, key_in
from publishing.resources.paths import ARTICLE, EDITORIAL, Id, Routes

if TYPE_CHECKING:
    from publishing.desk import Desk


class Articles:
    def __init__(self, desk: "Desk", requests: Requests) -> None:
        self._desk = desk
        self._requests = requests

    def routes(self) -> Routes:
        return [
            ("GET", f"{EDITORIAL}/articles", self.listed),
            ("GET", f"{EDITORIAL}/drafts", self.drafts),
            ("GET", ARTICLE, self.read),
            ("PUT", ARTICLE, self.put),
            ("PATCH", ARTICLE, self.patch),
        ]

    def read(self, id: Id) -> Response[str]:  # noqa: A002 - the route's own word
        return version_answer(self._desk.records.latest(id))

    def put(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        act = self._requests.act(may_be_new=True)
        saved = self._desk.editing.put(id, self._requests.json(JSON), act)
        return made(id, saved.version, saved.removed)

    def patch(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        act = self._requests.act()
        saved = self._desk.editing.patch(id, self._requests.json(MERGE_PATCH), act)
        return made(id, saved.version, saved.removed)

    def drafts(
        self,
        language: Annotated[Language, Query()],
        after: Annotated[str, Query(max_length=96)] = "",
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> Response[str]:
        found = self._desk.records.drafts(language, after=after, limit=limit)
        more = f"{EDITORIAL}/drafts?language={language}&after={found[-1]['id']}" if len(found) == limit else None
        return answer({"drafts": found, "next": more})

    def listed(
        self,
        cursor: Annotated[str, Query(max_length=5000)] = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    ) -> Response[str]:
        """Of every status, in no order: a page may be short or empty, and there is more while it says so."""
        found, key = self._desk.verification.articles(after=key_in(cursor), limit=limit)
        more = f"{EDITORIAL}/articles?limit={limit}&cursor={cursor_of(key)}" if key else None
        return answer({"articles": found, "next": more})
