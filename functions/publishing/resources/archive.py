"""The archive: articles of its files handed in one by one, and everything held against the versions in S3."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from content_api.content.article import ShortText
from content_api.store.versions import Source
from publishing.acts import Invalid
from publishing.answers import answer
from publishing.requests import Requests
from publishing.resources.cursors import cursor_of, key_in
from publishing.resources.paths import EDITORIAL, Routes

if TYPE_CHECKING:
    from publishing.desk import Desk


class File(BaseModel):
    """Where an imported article comes from; `order` sorts files as they were handed in. `by_title`: its id is made
    of its title, so that only the same file, or the same text, is the same article.
    """

    model_config = ConfigDict(extra="forbid")

    file: ShortText
    order: ShortText
    by_title: bool = False


class Import(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: File
    article: dict[str, Any]


class Step(BaseModel):
    """Of a verification. `cursor` is the one that the step before gave. Several may go through the table at once: each
    through one of `segments`, counted from 0.
    """

    model_config = ConfigDict(extra="forbid")

    repair: bool = False
    cursor: Annotated[str, StringConstraints(max_length=5000)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 25
    segment: Annotated[int, Field(ge=0)] = 0
    segments: Annotated[int, Field(ge=1, le=64)] = 1


class Archive:
    def __init__(self, desk: "Desk", requests: Requests) -> None:
        self._desk = desk
        self._requests = requests

    def routes(self) -> Routes:
        return [
            ("POST", f"{EDITORIAL}/imports", self.take_in),
            ("POST", f"{EDITORIAL}/verifications", self.verify),
        ]

    def take_in(self) -> Response[str]:
        by = self._requests.principal()
        stated = self._requests.body(Import)
        source = Source(stated.source.file, stated.source.order, by_title=stated.source.by_title)
        saved = self._desk.editing.take_in(stated.article, source, by=by, at=self._requests.clock())
        taken_in = saved.taken_in
        made: dict[str, Any] = {"id": saved.id, "version": taken_in.version, "outcome": taken_in.outcome}
        if saved.removed:
            made["removed"] = saved.removed
        return answer(made, version=taken_in.version, status=201 if taken_in.outcome == "created" else 200)

    def verify(self) -> Response[str]:
        """One part of the table, so that a request ends within its time."""
        step = self._requests.body(Step)
        if step.segment >= step.segments:
            raise Invalid([{"field": "segment", "detail": f"is one of 0 to {step.segments - 1}"}])
        after, part = key_in(step.cursor or ""), (step.segment, step.segments)
        page = self._desk.verification.page(after=after, limit=step.limit, repair=step.repair, part=part)
        findings = [asdict(each) for each in page.findings]
        cursor = cursor_of(page.cursor) if page.cursor else None
        return answer({"checked": page.checked, "findings": findings, "cursor": cursor})
