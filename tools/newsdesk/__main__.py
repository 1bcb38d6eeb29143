"""`content-api`: the newsdesk's command. It asks the editorial API, on this machine or on AWS."""

import json
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress, track
from rich.table import Column, Table

from newsdesk.archive import Imported, Importer, files_under, report
from newsdesk.client import Answer, EditorialClient, Refused, article_path, removed
from newsdesk.uploading import Uploader

app = typer.Typer(no_args_is_help=True, help=__doc__, pretty_exceptions_show_locals=False)
_out = Console()
_err = Console(stderr=True)

Id = Annotated[str, typer.Argument(help="The article's id.", metavar="ID")]
_AT_ONCE = 8
_MINUTES = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
_FEW = 20  # articles, which are named one by one
_client: list[EditorialClient] = []


@app.callback()
def connect(
    url: Annotated[
        str, typer.Option(envvar="CONTENT_API_URL", help="The editorial API: the stack's output EditorialApiUrl.")
    ] = "http://127.0.0.1:8000",
    profile: Annotated[str | None, typer.Option(envvar="AWS_PROFILE", help="The AWS profile to sign with.")] = None,
) -> None:
    try:
        _client[:] = [EditorialClient(url, profile=profile)]
    except Refused as error:
        _fail(error)


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(exists=True, help="Files, and folders of them.")],
    language: Annotated[str | None, typer.Option(help="Such as en; told from each text where it is not given.")] = None,
    *,
    draft: Annotated[bool, typer.Option(help="New articles wait as drafts.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Read everything, change nothing.")] = False,
    report_to: Annotated[
        Path, typer.Option("--report", help="Where to say what was refused and why, in JSON Lines.")
    ] = Path("import-refused.jsonl"),
) -> None:
    """Import files of an archive. Again is safe: what is there already is left as it is."""
    files = files_under(paths)
    if not files:
        _fail(Refused(f"There is no file under {', '.join(map(str, paths))}."))
    importer = Importer(_client[0], language=language, as_drafts=draft, dry_run=dry_run)
    done: list[Imported] = []
    for each in track(importer.run(files), "importing", total=len(files), console=_err):
        done += each
    refused = [each for each in done if each.outcome == "refused"]
    table = Table("outcome", "articles")
    for outcome, count in sorted(Counter(each.outcome for each in done).items()):
        table.add_row(outcome, str(count))
    _out.print(table)
    for each in done if len(done) <= _FEW else ():
        if each.article_id:
            _out.print(f"{each.outcome} {each.article_id}", markup=False, highlight=False, soft_wrap=True)
    _say_removed(done)
    incomplete = [each for each in done if each.outcome != "refused" and each.left_out]
    if refused or incomplete:
        report_to.write_text(report(refused + incomplete), encoding="utf-8")
    if incomplete:
        count = sum(len(each.left_out) for each in incomplete)
        said = f"{count} pictures, recordings or embeds left out of {len(incomplete)} articles: {report_to} says which"
        _err.print(said, markup=False, highlight=False, soft_wrap=True)
    if refused:
        for each in refused[:5]:
            _err.print(f"refused {each.path}: {each.reason}", markup=False, highlight=False, soft_wrap=True)
        _err.print(f"{len(refused)} refused: {report_to} says why", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1)


def _say_removed(done: list[Imported]) -> None:
    for each in done:
        for sentence in removed({"removed": each.removed}):
            _err.print(f"{each.path}: {sentence}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def upload(
    paths: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Pictures.", metavar="FILE…")],
) -> None:
    """Upload pictures. Again is safe: the same file is one picture."""
    uploader, failed = Uploader(_client[0]), 0
    with Progress(console=_err, transient=True) as progress:
        for path in paths:
            bar = progress.add_task(path.name, total=None)
            try:
                found = uploader.upload(path, lambda done, of, bar=bar: progress.update(bar, completed=done, total=of))
            except Refused as error:
                failed += 1
                _err.print(f"refused {error}", markup=False, highlight=False, soft_wrap=True)
                continue
            said = f"ready {found['id']}  {found['width']} × {found['height']}  {path}"
            _out.print(said, markup=False, highlight=False, soft_wrap=True)
    if failed:
        raise typer.Exit(1)


@app.command()
def show(article_id: Id) -> None:
    """Print an article as editors have it, a draft too."""
    _print(_ask("GET", article_path(article_id)).content)


@app.command()
def history(article_id: Id) -> None:
    """List an article's versions: what was done, when, and by whom."""
    table = Table(*(Column(name, no_wrap=True) for name in ("version", "action", "status", "when")), "by", "reason")
    path: str | None = f"{article_path(article_id)}/versions?limit=100"
    while path:
        page = _ask("GET", path).content
        for each in page["versions"]:
            when, by = each["recorded_at"][:16].replace("T", " "), each["by"].rpartition("/")[2]
            table.add_row(str(each["version"]), each["action"], each["status"], when, by, each.get("reason", ""))
        path = page["next"]
    _out.print(table)


@app.command()
def patch(article_id: Id, change: Annotated[str, typer.Argument(help='Such as {"headline": "Corrected"}')]) -> None:
    """Change some fields of an article (JSON Merge Patch: null removes one)."""
    try:
        content = json.loads(change)
    except ValueError as error:
        _fail(Refused(f"That is not JSON: {error}."))
    _change("PATCH", article_id, "", content, media_type="application/merge-patch+json")


@app.command()
def publish(
    article_id: Id,
    at: Annotated[
        datetime | None,
        typer.Option(formats=_MINUTES, help="To the minute, in this machine's time zone; now without it."),
    ] = None,
) -> None:
    """Publish a draft, now or at a time."""
    if at is None:
        _change("POST", article_id, "/publish")
    else:
        _change("PUT", article_id, "/schedule", {"publish_at": at.astimezone().isoformat()})


@app.command()
def withdraw(
    article_id: Id,
    reason: Annotated[str, typer.Option(prompt=True, help="For the record; readers don't see it.")],
    note: Annotated[str | None, typer.Option(help="What readers are told.")] = None,
) -> None:
    """Take an article away from readers: off every list, and gone wherever it was kept."""
    _change("POST", article_id, "/withdraw", {"reason": reason, "note": note})


@app.command()
def reinstate(article_id: Id) -> None:
    """Bring a withdrawn article back."""
    _change("POST", article_id, "/reinstate")


@app.command()
def export(folder: Annotated[Path, typer.Argument(help="Where to put it; made where it is not there.")]) -> None:
    """Export everything: each version of each article, and the fronts, as JSON. Again goes on where it ended."""
    taken = 0
    languages: set[str] = set()
    with _progress("exporting") as progress:
        for article_id in _article_ids():
            for version in _versions(article_id):
                target = folder / "articles" / article_id / f"{version:06d}.json"
                if not target.exists():
                    _write(target, _ask("GET", f"{article_path(article_id)}/versions/{version}").content)
                article = json.loads(target.read_text(encoding="utf-8")).get("article", {})
                languages.add(article.get("language", ""))
            taken += 1
            progress(taken)
    for language in sorted(languages - {""}):
        front = _front(language)
        if front:
            _write(folder / "fronts" / f"{language}.json", front)
    _out.print(f"{taken:,} articles are in {folder}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def verify(
    *, repair: Annotated[bool, typer.Option(help="Put right what can be, by the versions in S3.")] = False
) -> None:
    """Look whether versions, items, lists, addresses, changes and copies agree."""
    checked, left = 0, 0
    with _progress("verifying") as progress, ThreadPoolExecutor(_AT_ONCE) as pool:
        parts: list[_Part] = [_Part(segment, repair=repair) for segment in range(_AT_ONCE)]
        while parts:
            for page in _pages(pool, parts):
                checked += page["checked"]
                progress(checked)
                for each in page["findings"]:
                    done = "repaired: " if each["is_repaired"] else ""
                    left += not each["is_repaired"]
                    _out.print(f"{each['id']}: {done}{each['detail']}", markup=False, highlight=False, soft_wrap=True)
            parts = [part for part in parts if part.cursor]
    verdict = f"{left:,} findings" + ("" if repair else ": --repair puts right what can be") if left else "all agree"
    _out.print(f"{checked:,} items: {verdict}", markup=False, highlight=False, soft_wrap=True)
    if left:
        raise typer.Exit(1)


def _pages(pool: ThreadPoolExecutor, parts: "list[_Part]") -> Iterator[dict[str, Any]]:
    """One of each part, as they come. Where several fail, the first says why."""
    for done in as_completed([pool.submit(part.step) for part in parts]):
        try:
            page = done.result()
        except Refused as error:
            _fail(error)
        yield page


class _Part:
    """A part of the table that is gone through beside the others."""

    def __init__(self, segment: int, *, repair: bool) -> None:
        self.cursor: str | None = None
        self._asked = {"repair": repair, "segment": segment, "segments": _AT_ONCE}

    def step(self) -> dict[str, Any]:
        """Raises Refused."""
        asked = self._asked | {"cursor": self.cursor}
        page: dict[str, Any] = _client[0].ask("POST", "/v1/editorial/verifications", asked).content
        self.cursor = page["cursor"]
        return page


def _article_ids() -> Iterator[str]:
    path: str | None = "/v1/editorial/articles"
    while path:
        page = _ask("GET", path).content
        yield from page["articles"]
        path = page["next"]


def _versions(article_id: str) -> Iterator[int]:
    path: str | None = f"{article_path(article_id)}/versions?limit=100"
    while path:
        page = _ask("GET", path).content
        yield from (each["version"] for each in page["versions"])
        path = page["next"]


def _front(language: str) -> dict[str, Any] | None:
    """None where editors have chosen none."""
    try:
        return _client[0].ask("GET", f"/v1/editorial/fronts/{language}").content
    except Refused as error:
        if error.code == "version-not-found":
            return None
        _fail(error)


def _write(target: Path, content: dict[str, Any]) -> None:
    """Whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(target)


@contextmanager
def _progress(doing: str) -> Generator[Callable[[int], None]]:
    """Of something whose end nobody knows."""
    if not _err.is_terminal:
        _err.print(f"{doing} …", markup=False, highlight=False, soft_wrap=True)
    with _err.status(doing) as status:
        yield lambda done: status.update(f"{doing} {done:,}")


def _change(method: str, article_id: str, act: str, content: object = None, *, media_type: str = "") -> None:
    """On the version that is current now."""
    path = article_path(article_id)
    version = _ask("GET", path).version
    made = _ask(method, path + act, content, version=version, media_type=media_type)
    _out.print(f"{article_id} is at version {made.version}", markup=False, highlight=False, soft_wrap=True)
    for sentence in removed(made.content):
        _err.print(sentence, markup=False, highlight=False, soft_wrap=True)


def _ask(method: str, path: str, content: object = None, **options: Any) -> Answer:  # noqa: ANN401 - the client's own
    try:
        return _client[0].ask(method, path, content, **options)
    except Refused as error:
        _fail(error)


def _print(content: dict[str, Any]) -> None:
    _out.print_json(json.dumps(content, ensure_ascii=False), ensure_ascii=False)


def _fail(error: Refused) -> NoReturn:
    _err.print(str(error), markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
