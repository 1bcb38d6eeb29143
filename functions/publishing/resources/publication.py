"""What readers get of an article, and when: publishes, schedules, marks as breaking news, withdraws and reinstates."""

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict

from content_api.content.values import Instant, Text
from publishing.answers import change_answer
from publishing.requests import Requests
from publishing.resources.paths import ARTICLE, Id, Minor, Routes

if TYPE_CHECKING:
    from publishing.desk import Desk


class Schedule(BaseModel):
    model_config = ConfigDict(extra="forbid")

    publish_at: Instant


class Breaking(BaseModel):
    model_config = ConfigDict(extra="forbid")

    until: Instant


class Withdrawal(BaseModel):
    """`reason` is for editors only; `note` is public."""

    model_config = ConfigDict(extra="forbid")

    reason: Text
    note: Text | None = None


class Publication:
    def __init__(self, desk: "Desk", requests: Requests) -> None:
        self._desk = desk
        self._requests = requests

    def routes(self) -> Routes:
        return [
            ("POST", f"{ARTICLE}/publish", self.publish),
            ("PUT", f"{ARTICLE}/schedule", self.schedule),
            ("DELETE", f"{ARTICLE}/schedule", self.unschedule),
            ("PUT", f"{ARTICLE}/breaking", self.begin_breaking),
            ("DELETE", f"{ARTICLE}/breaking", self.end_breaking),
            ("POST", f"{ARTICLE}/withdraw", self.withdraw),
            ("POST", f"{ARTICLE}/reinstate", self.reinstate),
        ]

    def publish(self, id: Id, minor: Minor = False) -> Response[str]:  # noqa: A002, FBT002 - the route's own word
        """Publishes a draft, or the pending edit that If-Match names."""
        act = self._requests.bare_act(may_be_edit=True)
        if act.expected_digest:
            return change_answer(id, self._desk.drafting.publish_edit(id, act, is_minor=minor))
        return change_answer(id, self._desk.releasing.publish(id, act))

    def schedule(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        act = self._requests.act()
        return change_answer(id, self._desk.releasing.schedule(id, self._requests.body(Schedule).publish_at, act))

    def unschedule(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        return change_answer(id, self._desk.releasing.unschedule(id, self._requests.bare_act()))

    def begin_breaking(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        act = self._requests.act()
        return change_answer(id, self._desk.releasing.mark_breaking(id, self._requests.body(Breaking).until, act))

    def end_breaking(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        return change_answer(id, self._desk.releasing.mark_breaking(id, None, self._requests.bare_act()))

    def withdraw(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        act = self._requests.act()
        stated = self._requests.body(Withdrawal)
        return change_answer(id, self._desk.releasing.withdraw(id, reason=stated.reason, note=stated.note, act=act))

    def reinstate(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        return change_answer(id, self._desk.releasing.reinstate(id, self._requests.bare_act()))
