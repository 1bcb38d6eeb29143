"""What the commands of `content-api` share: they ask the API, and print what came of it."""

import datetime as dt
import json
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from newsdesk.client import Answer, EditorialClient, Refused, article_path, removed

Id = Annotated[str, typer.Argument(help="The article's id.", metavar="ID")]
Language = Annotated[str, typer.Argument(help="Such as en.")]
MINUTES = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
AT = "To the minute, in this machine's time zone."


class Newsdesk:
    """One run of the command. It is connected once the options before the command have been read."""

    def __init__(self) -> None:
        self.out = Console()
        self.err = Console(stderr=True)
        self._client: EditorialClient | None = None
        self._as_json = False

    def connect(self, url: str, profile: str | None, *, as_json: bool) -> None:
        self._as_json = as_json
        with self.failing():
            self._client = EditorialClient(url, profile=profile)

    @property
    def client(self) -> EditorialClient:
        if self._client is None:
            raise RuntimeError("not connected")
        return self._client

    # ---------------------------------------------------------------------------------------------------- asking

    def ask(self, method: str, path: str, content: object = None, **options: Any) -> Answer:  # noqa: ANN401 - the client's own
        """Ends the command if the API refuses."""
        with self.failing():
            return self.client.ask(method, path, content, **options)

    def pages(self, path: str, members: str) -> Iterator[dict[str, Any]]:
        """The members of all pages of a list. Raises Refused."""
        page: str | None = path
        while page:
            found = self.client.ask("GET", page).content
            yield from found[members]
            page = found["next"]

    def waiting(self, article_id: str) -> Answer | None:
        """The draft, or the pending edit; None for a published article without one. Raises Refused."""
        try:
            return self.client.ask("GET", draft_path(article_id))
        except Refused as error:
            if error.code != "draft-not-found":
                raise
            return None

    def change(self, method: str, article_id: str, act: str = "", content: object = None, **options: Any) -> None:  # noqa: ANN401 - the client's own
        """Makes a change to the version that is current now. `more` is said behind it."""
        more = options.pop("more", "")
        with self.failing():
            version = self.client.ask("GET", article_path(article_id)).version
            made = self.client.ask(method, article_path(article_id) + act, content, version=version, **options)
        self.made(article_id, made, more)

    # -------------------------------------------------------------------------------------------------- printing

    def made(self, article_id: str, made: Answer, more: str = "") -> None:
        kind = "has a pending edit of" if made.content.get("is_pending_edit") else "is at"
        self.say(f"{article_id} {kind} version {made.version}{f', {more}' if more else ''}", made.content)
        for sentence in removed(made.content):
            self.complain(sentence)

    def say(self, line: str, content: object = None) -> None:
        """Prints a line; with `--json` the content, if there is one."""
        shown = json.dumps(content, ensure_ascii=False) if self._as_json and content is not None else line
        self.out.print(shown, markup=False, highlight=False, soft_wrap=True)

    def complain(self, line: str) -> None:
        self.err.print(line, markup=False, highlight=False, soft_wrap=True)

    def show(self, content: dict[str, Any]) -> None:
        self.out.print_json(json.dumps(content, ensure_ascii=False), ensure_ascii=False)

    @contextmanager
    def failing(self) -> Generator[None]:
        """Prints why the API refused, and ends the command with status 1."""
        try:
            yield
        except Refused as error:
            self.fail(error)

    def fail(self, error: Refused) -> NoReturn:
        self.complain(str(error))
        raise typer.Exit(1)


type Command = Callable[..., None]


def draft_path(article_id: str) -> str:
    return f"/v1/editorial/drafts/{article_id}"


def said(moment: dt.datetime) -> str:
    """A moment with its zone, and in UTC: `2026-11-28 10:00 CET (09:00 UTC)`."""
    return f"{moment:%Y-%m-%d %H:%M %Z} ({moment.astimezone(dt.UTC):%H:%M} UTC)"
