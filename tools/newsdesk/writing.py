"""Commands for articles: they list, show, write, compare and restore them."""

import datetime as dt
import difflib
import json
import re
import unicodedata
from html import escape
from itertools import islice
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import click
import typer
from rich.table import Column, Table

from content_api.names.instants import parsed
from newsdesk.client import Refused, article_path
from newsdesk.console import Command, Id, Language, Newsdesk, draft_path, said
from reading.catalogue import contents

_LONGEST_SLUG = 60  # characters
_NOT_WRITTEN = ("id", "status")  # members of an article that no editor writes


class Writing:
    def __init__(self, desk: Newsdesk) -> None:
        self._desk = desk

    def commands(self) -> dict[str, Command]:
        return {
            "list": self.listed,
            "log": self.log,
            "show": self.show,
            "history": self.history,
            "drafts": self.drafts,
            "scheduled": self.scheduled,
            "new": self.new,
            "edit": self.edit,
            "patch": self.patch,
            "diff": self.diff,
            "discard": self.discard,
            "restore": self.restore,
        }

    # ---------------------------------------------------------------------------------------------------- finding

    def listed(
        self,
        words: Annotated[list[str] | None, typer.Argument(help="Words of the headline, and so on.")] = None,
        *,
        language: Annotated[str, typer.Option(help="Only articles in these languages, such as en,uk.")] = "",
        status: Annotated[str, typer.Option(help="Only these: draft, scheduled, published or withdrawn.")] = "",
        section: Annotated[str, typer.Option(help="Only articles of this section.")] = "",
        author: Annotated[str, typer.Option(help="Only articles by this author: a name, or an id.")] = "",
        most: Annotated[int, typer.Option(min=1, help="The most articles to list.")] = 50,
    ) -> None:
        """Find articles of every status, those that were changed last first."""
        if status not in {"", "draft", "scheduled", "published", "withdrawn"}:
            raise typer.BadParameter("is draft, scheduled, published or withdrawn", param_hint="--status")
        query = {"q": " ".join(words or []), "language": language, "status": status, "section": section}
        asked = urlencode({name: text for name, text in (query | {"author": author}).items() if text})
        with self._desk.failing():
            path = f"/v1/editorial/search?limit={min(most, 100)}{'&' if asked else ''}{asked}"
            for each in islice(self._desk.pages(path, "articles"), most):
                state = "scheduled" if each.get("publish_at") else each["status"]
                when = each["changed_at"][:16].replace("T", " ")
                self._desk.say(f"{state:9}  {when}  {each['id']}  {each['headline']}".rstrip(), each)

    def log(
        self,
        day: Annotated[str, typer.Option(help="A date in UTC, such as 2026-11-27; today if none is named.")] = "",
    ) -> None:
        """Say what was done on a day, by whom and when, the newest first."""
        with self._desk.failing():
            for each in self._desk.pages(f"/v1/editorial/log?limit=100{f'&day={day}' if day else ''}", "done"):
                version = f" {each['version']}" if "version" in each else ""
                by = each["by"].rpartition("/")[2]
                line = f"{each['at'][11:19]}  {each['action']:9}  {each['what']} {each['id']}{version}  {by}"
                self._desk.say(line, each)

    def show(self, article_id: Id) -> None:
        """Print an article as editors have it, even a draft."""
        self._desk.show(self._desk.ask("GET", article_path(article_id)).content)

    def history(self, article_id: Id) -> None:
        """List an article's versions: what was done, when, and by whom."""
        table = Table(*(Column(name, no_wrap=True) for name in ("version", "action", "status", "when")), "by", "reason")
        with self._desk.failing():
            for each in self._desk.pages(f"{article_path(article_id)}/versions?limit=100", "versions"):
                when, by = each["recorded_at"][:16].replace("T", " "), each["by"].rpartition("/")[2]
                table.add_row(str(each["version"]), each["action"], each["status"], when, by, each.get("reason", ""))
        self._desk.out.print(table)

    def drafts(self, language: Language) -> None:
        """List the drafts of a language, and the pending edits of its published articles."""
        with self._desk.failing():
            for kind, word in (("drafts", "draft"), ("edits", "edit")):
                for each in self._desk.pages(f"/v1/editorial/{kind}?language={language}", kind):
                    due = f"  to be published at {each['publish_at']}" if each.get("publish_at") else ""
                    line = f"{word:5}  {each['id']}  {each.get('headline', '')}{due}".rstrip()
                    self._desk.say(line, {"kind": word, **each})

    def scheduled(self) -> None:
        """List the drafts of all languages that have a time to be published, the earliest first."""
        with self._desk.failing():
            due = [
                {**each, "language": language}
                for language in [each["language"] for each in json.loads(contents("languages.json"))]
                for each in self._desk.pages(f"/v1/editorial/drafts?language={language}", "drafts")
                if each.get("publish_at")
            ]
        for each in sorted(due, key=lambda each: (each["publish_at"], each["id"])):
            at = parsed(each["publish_at"]).astimezone()
            self._desk.say(f"{said(at)}  {each['language']}  {each['id']}  {each.get('headline', '')}".rstrip(), each)
        if not due:
            self._desk.say("nothing is scheduled", {"scheduled": 0})

    # ---------------------------------------------------------------------------------------------------- writing

    def new(
        self,
        language: Language,
        headline: Annotated[str, typer.Argument(help="In quotes.")],
        text: Annotated[
            Path | None,
            typer.Option(exists=True, dir_okay=False, help="A file of text, instead of your editor (EDITOR)."),
        ] = None,
        article_id: Annotated[str, typer.Option("--id", help="Made of language, date and headline without it.")] = "",
    ) -> None:
        """Begin a draft. An empty line ends a paragraph of its text."""
        written = text.read_text(encoding="utf-8") if text else click.edit(require_save=False) or ""
        body = blocks_of(written)
        if not body:
            self._desk.fail(Refused("A draft needs some text: write it in your editor, or name a file with --text."))
        content = {"language": language, "headline": headline, "body": body}
        name = article_id or id_of(language, headline, dt.datetime.now().astimezone().date())
        self._desk.made(name, self._desk.ask("PUT", draft_path(name), content, version=0))

    def edit(self, article_id: Id) -> None:
        """Open a draft in your editor (EDITOR). Of a published article, what you save is a pending edit."""
        with self._desk.failing():
            before = self._desk.waiting(article_id) or self._desk.client.ask("GET", article_path(article_id))
        article: dict[str, Any] = before.content["article"]
        asked = {name: value for name, value in article.items() if name not in _NOT_WRITTEN}
        text = json.dumps(asked, ensure_ascii=False, indent=2) + "\n"
        written = click.edit(text, extension=".json")
        if written is None or written == text:
            self._desk.say(f"{article_id} is as it was", {"id": article_id, "version": before.version})
            return
        kept = Path(f"{article_id}.unsaved.json")
        kept.write_text(written, encoding="utf-8")  # until it is saved: nothing that was written is lost
        with self._desk.failing():
            try:
                made = self._desk.client.ask("PUT", draft_path(article_id), json.loads(written), etag=before.etag)
            except ValueError as error:
                raise Refused(f"That is not JSON: {error}. What you wrote is in {kept}.") from error
            except Refused as error:
                raise Refused(f"{error} What you wrote is in {kept}.") from error
        kept.unlink()
        self._desk.made(article_id, made)

    def patch(
        self, article_id: Id, change: Annotated[str, typer.Argument(help='Such as {"headline": "Corrected"}')]
    ) -> None:
        """Change some fields of an article (JSON Merge Patch: null removes one)."""
        try:
            content = json.loads(change)
        except ValueError as error:
            self._desk.fail(Refused(f"That is not JSON: {error}."))
        self._desk.change("PATCH", article_id, "", content, media_type="application/merge-patch+json")

    def diff(
        self,
        article_id: Id,
        since: Annotated[int | None, typer.Option(help="A version: what changed since it, until now.")] = None,
    ) -> None:
        """Compare a pending edit with what is published, or what is current with an earlier version."""
        path = article_path(article_id)
        before, after = (path, draft_path(article_id)) if since is None else (f"{path}/versions/{since}", path)
        old, new = (_lines(self._desk.ask("GET", each).content.get("article")) for each in (before, after))
        for line in difflib.unified_diff(old, new, "before", "after", lineterm="", n=1):
            self._desk.say(line)

    def discard(self, article_id: Id) -> None:
        """Discard a draft that was never public, or a pending edit."""
        before = self._desk.ask("GET", draft_path(article_id))
        made = self._desk.ask("DELETE", draft_path(article_id), etag=before.etag)
        self._desk.say(f"{article_id} is at version {made.version}, without what was discarded", made.content)

    def restore(self, article_id: Id, version: Annotated[int, typer.Argument(help="As in its history.")]) -> None:
        """Make an article what an earlier version said. Its corrections stay."""
        self._desk.change("POST", article_id, f"/versions/{version}/restore")


def blocks_of(written: str) -> list[dict[str, Any]]:
    """The paragraphs of a plain text, as blocks. An empty line ends a paragraph."""
    paragraphs = re.split(r"\n\s*\n", written.strip()) if written.strip() else []
    return [{"type": "paragraph", "html": escape(" ".join(each.split()), quote=False)} for each in paragraphs]


def id_of(language: str, headline: str, on: dt.date) -> str:
    """`en-2026-11-27-a-bridge-opens`. Letters that are not Latin are left out, so an id may end with its date."""
    plain = unicodedata.normalize("NFKD", headline).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-")
    return "-".join(filter(None, (language.lower(), on.isoformat(), slug)))


def _lines(article: dict[str, Any] | None) -> list[str]:
    """An article as lines of JSON; none if it was withdrawn."""
    return json.dumps(article, ensure_ascii=False, indent=2).splitlines() if article else []
