"""What readers get of an article, and when: published, at a time, as breaking news, withdrawn, brought back."""

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict

from content_api.content.article import Instant, Text
from publishing.answers import made
from publishing.requests import Requests
from publishing.resources.paths import ARTICLE, Id, Routes

if TYPE_CHECKING:
    from publishing.desk import Desk


class Schedule(BaseModel):
    model_config = ConfigDict(extra="forbid")

    publish_at: Instant


class Breaking(BaseModel):
    model_config = ConfigDict(extra="forbid")

    until: Instant


class Withdrawal(BaseModel):
    """`reason` stays among editors; `note` is what readers are told."""

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

    def publish(self, id: Id) -> Response[str]:  # noqa: A002 - the route's own word
        return made(id, self._desk.releasing.publish(id, self._requests.bare_act()))

    def schedule(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        act = self._requests.act()
        return made(id, self._desk.releasing.schedule(id, self._requests.body(Schedule).publish_at, act))

    def unschedule(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        return made(id, self._desk.releasing.unschedule(id, self._requests.bare_act()))

    def begin_breaking(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        act = self._requests.act()
        return made(id, self._desk.releasing.mark_breaking(id, self._requests.body(Breaking).until, act))

    def end_breaking(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        return made(id, self._desk.releasing.mark_breaking(id, None, self._requests.bare_act()))

    def withdraw(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        act = self._requests.act()
        stated = self._requests.body(Withdrawal)
        return made(id, self._desk.releasing.withdraw(id, reason=stated.reason, note=stated.note, act=act))

    def reinstate(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        return made(id, self._desk.releasing.reinstate(id, self._requests.bare_act()))
