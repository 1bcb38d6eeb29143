"""Imports articles from files of an archive, one request for each, and compares everything with the versions in S3."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from content_api.content.values import WHOLE, ShortText, Truth
from content_store.versions import Source
from publishing.acts import Invalid
from publishing.answers import answer, removals_to_send
from publishing.requests import Requests
from publishing.resources.cursors import cursor_of, key_in
from publishing.resources.paths import EDITORIAL, Routes

if TYPE_CHECKING:
    from publishing.desk import Desk


class File(BaseModel):
    """The file that an imported article comes from. `order` sorts files by the time at which they were handed in.
    `by_title`: the id is made from the title, so only an article from the same file, or with the same text, is the same
    article.
    """

    model_config = ConfigDict(extra="forbid")

    file: ShortText
    order: ShortText
    by_title: Truth = False


class Import(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: File
    article: dict[str, Any]


class Step(BaseModel):
    """A step of a verification. `cursor` comes from the step before. Several clients may go through the table at the
    same time, each through one of `segments`, which are counted from 0.
    """

    model_config = ConfigDict(extra="forbid")

    repair: Truth = False
    cursor: Annotated[str, StringConstraints(max_length=5000)] | None = None
    limit: Annotated[int, Field(ge=1, le=100), WHOLE] = 25
    segment: Annotated[int, Field(ge=0), WHOLE] = 0
    segments: Annotated[int, Field(ge=1, le=64), WHOLE] = 1


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
            made["removed"] = removals_to_send(saved.removed)
        is_new = taken_in.outcome == "created"
        headers = {"location": f"{EDITORIAL}/articles/{saved.id}"} if is_new else {}
        return answer(made, version=taken_in.version, status=201 if is_new else 200, headers=headers)

    def verify(self) -> Response[str]:
        """Checks a part of the table that is small enough for one request."""
        step = self._requests.body(Step)
        if step.segment >= step.segments:
            raise Invalid([{"field": "segment", "detail": f"is one of 0 to {step.segments - 1}"}])
        part = (step.segment, step.segments)
        question = f"verification of part {step.segment} of {step.segments}"
        after = key_in(question, step.cursor or "")
        page = self._desk.verification.page(after=after, limit=step.limit, repair=step.repair, part=part)
        findings = [asdict(each) for each in page.findings]
        cursor = cursor_of(question, page.cursor) if page.cursor else None
        return answer({"checked": page.checked, "findings": findings, "cursor": cursor})
