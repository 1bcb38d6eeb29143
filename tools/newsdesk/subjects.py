"""`content-api topics` and `content-api authors`: lists, makes, renames and merges them."""

import json
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from content_api.names.subjects import Kind
from newsdesk.client import Answer, Refused
from newsdesk.console import Newsdesk


class Ask(Protocol):
    def __call__(self, method: str, path: str, content: object = None, *, version: int | None = None) -> Answer: ...


def commands(kind: Kind, desk: Newsdesk) -> typer.Typer:
    """The commands for one kind of subject."""
    app = typer.Typer(no_args_is_help=True, help=f"Lists, makes, renames and merges {kind.plural}.")
    path = f"/v1/editorial/{kind.plural}"

    @app.command("list")
    def listed() -> None:
        """List their ids and names, and into which those were merged that were."""
        with desk.failing():
            found = exported(desk.client.ask, kind)
        for each in found:
            names = ", ".join(f"{name['language']}: {name['name']}" for name in each["subject"]["names"])
            led = f" → {each['merged_into']}" if each["merged_into"] else ""
            desk.say(f"{each['subject']['id']}{led}  {names}")

    @app.command("put")
    def put(
        subject_id: Annotated[str, typer.Argument(metavar="ID")],
        file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON, as docs/publishing.md says.")],
    ) -> None:
        """Make one, or replace what it is called, by a file."""
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise typer.BadParameter(f"{file} is not JSON: {error}") from error
        with desk.failing():
            version = _version(desk.client.ask, f"{path}/{subject_id}")
            made = desk.client.ask("PUT", f"{path}/{subject_id}", content, version=version)
        desk.say(f"{subject_id} is at version {made.version}")

    @app.command("merge")
    def merge(
        subject_id: Annotated[str, typer.Argument(metavar="ID")],
        into: Annotated[str, typer.Argument(help="The one that stands for both from now on.")],
    ) -> None:
        """Merge one into another. Articles stay as they are. It cannot be undone."""
        with desk.failing():
            version = desk.client.ask("GET", f"{path}/{subject_id}").version
            desk.client.ask("POST", f"{path}/{subject_id}/merge", {"into": into}, version=version)
        desk.say(f"{subject_id} leads to {into}")

    return app


def _version(ask: Ask, path: str) -> int:
    """The version that there is; 0 if there is none."""
    try:
        return ask("GET", path).version
    except Refused as error:
        if error.code == "subject-not-found":
            return 0
        raise


def exported(ask: Ask, kind: Kind) -> list[dict[str, Any]]:
    """All subjects of a kind, as editors have them. Raises Refused."""
    found: list[dict[str, Any]] = []
    page: str | None = f"/v1/editorial/{kind.plural}?limit=100"
    while page:
        answered = ask("GET", page).content
        found += answered["subjects"]
        page = answered["next"]
    return found
