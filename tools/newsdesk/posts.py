"""`content-api posts`: the posts of a live blog."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from newsdesk.client import Answer, article_path
from newsdesk.console import Id, Newsdesk
from newsdesk.writing import blocks_of

Number = Annotated[int, typer.Argument(min=1, help="The number of the post.")]
Headline = Annotated[str, typer.Option(help="A headline; a key event needs one.")]
Words = Annotated[str, typer.Argument(help="The text, with an empty line between paragraphs; - reads it.")]
KeyEvent = Annotated[bool, typer.Option(help="It stands in the list of key events.")]
Pinned = Annotated[bool, typer.Option(help="It stands above all others.")]
Blocks = Annotated[Path | None, typer.Option("--post", exists=True, dir_okay=False, help="A whole post, in JSON.")]


def posts(desk: Newsdesk) -> typer.Typer:
    """The commands."""
    app = typer.Typer(no_args_is_help=True, help="Adds, corrects, withdraws and lists posts of a live blog.")

    @app.command("list")
    def listed(article_id: Id) -> None:
        """List the posts, the newest first."""
        with desk.failing():
            for each in desk.pages(f"{article_path(article_id)}/posts?limit=100", "posts"):
                desk.say(_line(each), each)

    @app.command("add")
    def add(
        article_id: Id,
        text: Words = "",
        *,
        headline: Headline = "",
        key_event: KeyEvent = False,
        pin: Pinned = False,
        post: Blocks = None,
    ) -> None:
        """Add a post, which readers get within some seconds."""
        content = _content(text, post) | _marks(headline, is_key_event=key_event, is_pinned=pin)
        made = desk.ask("POST", f"{article_path(article_id)}/posts", content)
        _say(desk, article_id, made)

    @app.command("correct")
    def correct(  # noqa: PLR0913 - the options of a command
        article_id: Id,
        number: Number,
        text: Words = "",
        *,
        headline: Headline = "",
        key_event: Annotated[bool | None, typer.Option(help="Whether it is a key event.")] = None,
        pin: Annotated[bool | None, typer.Option(help="Whether it stands above all others.")] = None,
        post: Blocks = None,
    ) -> None:
        """Correct a post: its text, its headline or its marks. What is not named stays as it is."""
        path = f"{article_path(article_id)}/posts/{number}"
        with desk.failing():
            found = desk.client.ask("GET", path)
            before: dict[str, Any] = found.content["post"] or {}
            before.pop("updated_at", None)
            content = (
                before | (_content(text, post) if text or post else {}) | ({"headline": headline} if headline else {})
            )
            content |= {
                name: mark for name, mark in (("is_key_event", key_event), ("is_pinned", pin)) if mark is not None
            }
            made = desk.client.ask("PUT", path, content, version=found.version)
        _say(desk, article_id, made)

    @app.command("withdraw")
    def withdraw(article_id: Id, number: Number) -> None:
        """Withdraw a post. The others keep their numbers."""
        path = f"{article_path(article_id)}/posts/{number}"
        with desk.failing():
            version = desk.client.ask("GET", path).version
            desk.client.ask("DELETE", path, version=version)
        desk.say(f"post {number} of {article_id} is withdrawn")

    return app


def _content(text: str, post: Path | None) -> dict[str, Any]:
    if post:
        try:
            return json.loads(post.read_text(encoding="utf-8"))
        except ValueError as error:
            raise typer.BadParameter(f"{post} is not JSON: {error}", param_hint="--post") from error
    words = typer.get_text_stream("stdin").read() if text == "-" else text
    if not words.strip():
        raise typer.BadParameter("is empty: say something, or name a file with --post", param_hint="TEXT")
    return {"body": blocks_of(words)}


def _marks(headline: str, *, is_key_event: bool, is_pinned: bool) -> dict[str, Any]:
    marks = {"headline": headline, "is_key_event": is_key_event, "is_pinned": is_pinned}
    return {name: mark for name, mark in marks.items() if mark}


def _line(each: dict[str, Any]) -> str:
    post = each["post"]
    if post is None:
        return f"{each['number']:4}  withdrawn"
    marks = [name for name, mark in (("key", post["is_key_event"]), ("pinned", post["is_pinned"])) if mark]
    said = post["headline"] or next((block["html"] for block in post["body"] if "html" in block), "")
    return f"{each['number']:4}  {post['at'][:16].replace('T', ' ')}  {' '.join([*marks, said])[:100]}"


def _say(desk: Newsdesk, article_id: str, made: Answer) -> None:
    number, version = made.content["number"], made.content["version"]
    desk.say(f"post {number} of {article_id} is at version {version}", made.content)
