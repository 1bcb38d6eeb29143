"""Commands for what readers get, and when: they preview, publish, schedule, mark, withdraw and choose fronts."""

import datetime as dt
from typing import Annotated, Any

import typer

from content_api.names.instants import parsed
from newsdesk.client import Answer, Refused, article_path
from newsdesk.console import AT, MINUTES, Command, Id, Language, Newsdesk, draft_path, said


class Releasing:
    def __init__(self, desk: Newsdesk) -> None:
        self._desk = desk

    def commands(self) -> dict[str, Command]:
        return {
            "preview": self.preview,
            "publish": self.publish,
            "schedule": self.schedule,
            "unschedule": self.unschedule,
            "breaking": self.breaking,
            "front": self.front,
            "withdraw": self.withdraw,
            "reinstate": self.reinstate,
        }

    def preview(
        self,
        article_id: Id,
        hours: Annotated[float, typer.Option(min=0.1, max=168, help="How long the link opens it.")] = 24,
    ) -> None:
        """Print a link that shows a draft or a pending edit to whoever has it."""
        with self._desk.failing():
            path = draft_path(article_id) if self._desk.waiting(article_id) else article_path(article_id)
        made = self._desk.ask("POST", f"{path}/previews", {"expires_in_seconds": int(hours * 3600)}).content
        until = parsed(made["expires_at"]).astimezone()
        self._desk.say(f"{made['url']}  until {said(until)}", made)

    def publish(
        self,
        article_id: Id,
        at: Annotated[dt.datetime | None, typer.Option(formats=MINUTES, help=f"{AT} Now without it.")] = None,
        *,
        minor: Annotated[bool, typer.Option(help="Of a pending edit: not worth telling, so its date stays.")] = False,
    ) -> None:
        """Publish a draft, now or at a time, or the pending edit of a published article."""
        if at is not None:
            self.schedule(article_id, at)
            return
        with self._desk.failing():
            waiting = self._desk.waiting(article_id)
        if waiting is None:
            self._desk.change("POST", article_id, "/publish")
            return
        act = "/publish?minor=true" if minor else "/publish"
        self._desk.made(article_id, self._desk.ask("POST", article_path(article_id) + act, etag=waiting.etag))

    def schedule(self, article_id: Id, at: Annotated[dt.datetime, typer.Argument(formats=MINUTES, help=AT)]) -> None:
        """Publish a draft at a time."""
        moment = at.astimezone()
        content = {"publish_at": moment.isoformat()}
        self._desk.change("PUT", article_id, "/schedule", content, more=f"to be published at {said(moment)}")

    def unschedule(self, article_id: Id) -> None:
        """Let a draft wait again."""
        self._desk.change("DELETE", article_id, "/schedule")

    def breaking(
        self,
        article_id: Id,
        hours: Annotated[float, typer.Option(min=0.1, max=72, help="For so long from now on.")] = 2,
        *,
        end: Annotated[bool, typer.Option(help="It is breaking news no more.")] = False,
    ) -> None:
        """Mark an article as breaking news."""
        if end:
            self._desk.change("DELETE", article_id, "/breaking")
            return
        until = (dt.datetime.now().astimezone() + dt.timedelta(hours=hours)).replace(microsecond=0)
        content = {"until": until.isoformat()}
        self._desk.change("PUT", article_id, "/breaking", content, more=f"breaking until {said(until)}")

    def front(
        self,
        language: Language,
        top: Annotated[list[str] | None, typer.Argument(metavar="ID…", help="What stands on top, in order.")] = None,
    ) -> None:
        """Show what editors chose for the front of a language, or choose what stands on top. Its sections stay."""
        path = f"/v1/editorial/fronts/{language}"
        with self._desk.failing():
            try:
                before = self._desk.client.ask("GET", path)
            except Refused as error:
                if error.code != "front-not-found":
                    raise
                before = Answer(0, {"front": {"top": [], "sections": []}})
        chosen: dict[str, Any] = before.content["front"]
        if top:
            content = {"top": top, "sections": chosen["sections"]}
            made = self._desk.ask("PUT", path, content, version=before.version)
            self._desk.say(f"the front of {language} is at version {made.version}", made.content)
            return
        for each in chosen["top"]:
            self._desk.say(f"top  {each}", {"top": each})
        for section in chosen["sections"]:
            self._desk.say(f"{section['title']}  {' '.join(section['articles'])}", section)

    def withdraw(
        self,
        article_id: Id,
        reason: Annotated[str, typer.Option(prompt=True, help="For the record; readers don't see it.")],
        note: Annotated[str | None, typer.Option(help="What readers are told.")] = None,
    ) -> None:
        """Take an article from readers: it leaves every list, and copies of it are removed everywhere."""
        self._desk.change("POST", article_id, "/withdraw", {"reason": reason, "note": note})

    def reinstate(self, article_id: Id) -> None:
        """Bring a withdrawn article back."""
        self._desk.change("POST", article_id, "/reinstate")
