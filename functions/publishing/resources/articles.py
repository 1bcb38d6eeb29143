"""Articles of every status: reads, replaces, patches and lists them."""

from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from content_api.content.values import DIGITS
from publishing.answers import answer, change_answer, version_answer
from publishing.requests import JSON, MERGE_PATCH, Requests
from publishing.resources.cursors import cursor_of, key_in
from publishing.resources.paths import ARTICLE, EDITORIAL, Id, Minor, Routes, Strict

if TYPE_CHECKING:
    from publishing.desk import Desk

# What the cursors of the list of all articles are for.
_ALL = "articles"


class Articles:
    def __init__(self, desk: "Desk", requests: Requests) -> None:
        self._desk = desk
        self._requests = requests

    def routes(self) -> Routes:
        return [
            ("GET", f"{EDITORIAL}/articles", self.listed),
            ("GET", ARTICLE, self.read),
            ("PUT", ARTICLE, self.put),
            ("PATCH", ARTICLE, self.patch),
        ]

    def read(self, id: Id) -> Response[str]:  # noqa: A002 - the route's own word
        return version_answer(self._desk.records.latest(id))

    def put(self, id: Id, minor: Minor = False, strict: Strict = False) -> Response[str]:  # noqa: A002, FBT002 - as above; parameters by name
        act = self._requests.act(may_be_new=True, is_strict=strict)
        saved = self._desk.editing.put(id, self._requests.json(JSON), act, is_minor=minor)
        return change_answer(id, saved.version, saved.removed)

    def patch(self, id: Id, minor: Minor = False, strict: Strict = False) -> Response[str]:  # noqa: A002, FBT002 - as above
        act = self._requests.act(is_strict=strict)
        saved = self._desk.editing.patch(id, self._requests.json(MERGE_PATCH), act, is_minor=minor)
        return change_answer(id, saved.version, saved.removed)

    def listed(
        self,
        cursor: Annotated[str, Query(max_length=5000)] = "",
        limit: Annotated[int, Query(ge=1, le=1000), DIGITS] = 1000,
    ) -> Response[str]:
        """Articles of every status, in no order. A page may be short or empty; there are more as long as it has a
        `next`.
        """
        found, key = self._desk.verification.articles(after=key_in(_ALL, cursor), limit=limit)
        more = f"{EDITORIAL}/articles?limit={limit}&cursor={cursor_of(_ALL, key)}" if key else None
        return answer({"articles": found, "next": more})
