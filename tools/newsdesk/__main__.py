"""`content-api`: the command of the newsdesk. It sends requests to the editorial API, on this machine or on AWS."""

import json
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.progress import Progress, track
from rich.table import Table

from content_api.names.subjects import KINDS
from newsdesk import exporting, mirror_commands, verifying
from newsdesk.archive import Imported, Importer, files_under, report
from newsdesk.bulk import Bulk, Change, Journal, ids_in
from newsdesk.client import Refused, removed
from newsdesk.console import Newsdesk
from newsdesk.fetching import Fetcher
from newsdesk.foreign_pictures import Fetched, ForeignPictures
from newsdesk.posts import posts
from newsdesk.releasing import Releasing
from newsdesk.subjects import commands
from newsdesk.uploading import Uploader, described, in_article, named
from newsdesk.writing import Writing

app = typer.Typer(no_args_is_help=True, help=__doc__, pretty_exceptions_show_locals=False)
_desk = Newsdesk()
_out, _err = _desk.out, _desk.err

_FEW = 20  # articles, which are named one by one
_EVERY = 5.0  # seconds between lines of progress where nobody watches a terminal


@app.callback()
def connect(
    url: Annotated[
        str, typer.Option(envvar="CONTENT_API_URL", help="The editorial API: the stack's output EditorialApiUrl.")
    ] = "http://127.0.0.1:8000",
    profile: Annotated[str | None, typer.Option(envvar="AWS_PROFILE", help="The AWS profile to sign with.")] = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="For scripts: what changes and lists print, as a line of JSON each.")
    ] = False,
) -> None:
    _desk.connect(url, profile, as_json=as_json)


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
    """Import files of an archive. May be repeated: articles that are there already stay as they are."""
    files = files_under(paths)
    if not files:
        _desk.fail(Refused(f"There is no file under {', '.join(map(str, paths))}."))
    importer = Importer(_desk.client, language=language, as_drafts=draft, dry_run=dry_run)
    done: list[Imported] = []
    for each in _followed(importer.run(files), "importing", len(files)):
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
    paths: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="Pictures, recordings, captions.", metavar="FILE…")
    ],
    alt: Annotated[str, typer.Option(help="What the picture shows, for those who do not see it.")] = "",
    caption: Annotated[str, typer.Option(help="What stands under the picture.")] = "",
    credit: Annotated[str, typer.Option(help="Who made it.")] = "",
    focal: Annotated[str, typer.Option(help="The point that every crop shows, from 0 to 1.", metavar="X,Y")] = "",
) -> None:
    """Upload pictures, recordings and captions, and print what to put into an article. May be repeated: the same file
    always has the same id.
    """
    try:
        about = named(alt=alt, caption=caption, credit=credit, focal=focal)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--focal") from error
    uploader, failed = Uploader(_desk.client), 0
    with Progress(console=_err, transient=True) as progress:
        for path in paths:
            bar = progress.add_task(path.name, total=None)
            try:
                found = uploader.upload(path, lambda done, of, bar=bar: progress.update(bar, completed=done, total=of))
            except Refused as error:
                failed += 1
                _err.print(f"refused {error}", markup=False, highlight=False, soft_wrap=True)
                continue
            said = f"ready {found['id']}  {described(found)}  {path}"
            _out.print(said, markup=False, highlight=False, soft_wrap=True)
            shown = json.dumps(in_article(found, about), ensure_ascii=False)
            _out.print(shown, markup=False, highlight=False, soft_wrap=True)
    if failed:
        raise typer.Exit(1)


@app.command()
def fetch_pictures(
    article_ids: Annotated[
        list[str] | None, typer.Argument(help="All articles if none is named.", metavar="ID…")
    ] = None,
    *,
    media_host: Annotated[
        list[str] | None, typer.Option(help="A host of yours whose pictures stay where they are. May be repeated.")
    ] = None,
    drop_missing: Annotated[
        bool,
        typer.Option(help="Of a picture that cannot be had, keep only the caption."),
    ] = False,
    report_to: Annotated[
        Path, typer.Option("--report", help="Where to say which pictures cannot be had and why, in JSON Lines.")
    ] = Path("pictures-missing.jsonl"),
) -> None:
    """Fetch the pictures that articles name at other hosts, and let articles name them as uploads. May be repeated."""
    pictures = ForeignPictures(
        _desk.client, fetcher=Fetcher(), media_hosts=media_host or (), drops_missing=drop_missing
    )
    ids = iter(article_ids) if article_ids else exporting.article_ids(_desk.client)
    done: list[Fetched] = []
    with _desk.failing():
        for each in pictures.run(ids):
            done.append(each)
            said = each.refused or f"{each.pictures} pictures, {len(each.missing)} missing"
            _out.print(f"{each.article_id}  {said}", markup=False, highlight=False, soft_wrap=True)
    lines = [{"article": each.article_id, **one} for each in done for one in each.missing]
    lines += [{"article": each.article_id, "url": "", "reason": each.refused} for each in done if each.refused]
    if lines:
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        report_to.write_text(text, encoding="utf-8")
        _err.print(f"{len(lines)} pictures or articles are as they were: {report_to} says why", soft_wrap=True)
        raise typer.Exit(1)


@app.command()
def bulk(  # noqa: PLR0913 - the options of a command
    file: Annotated[typer.FileText, typer.Argument(help="Ids, or what --json list prints; - for standard input.")],
    patch: Annotated[str, typer.Option(help='A JSON Merge Patch, such as {"section": "Culture"}')] = "",
    *,
    publish: Annotated[bool, typer.Option(help="Publish drafts.")] = False,
    withdraw: Annotated[str, typer.Option(help="Withdraw, for this reason, which readers don't see.")] = "",
    reinstate: Annotated[bool, typer.Option(help="Bring withdrawn articles back.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Read every article, change none.")] = False,
    report_to: Annotated[
        Path, typer.Option("--report", help="What became of each, in JSON Lines. A repeated command goes on from it.")
    ] = Path("bulk.jsonl"),
) -> None:
    """Make one change to many articles. May be stopped, and repeated: it goes on where it ended."""
    acts = {"patch": bool(patch), "publish": publish, "withdraw": bool(withdraw), "reinstate": reinstate}
    named = [act for act, is_asked in acts.items() if is_asked]
    if len(named) != 1:
        raise typer.BadParameter("Name one of --patch, --publish, --withdraw and --reinstate.")
    counted: Counter[str] = Counter()
    with _desk.failing():
        change = Change(named[0], _content_of(patch) if patch else {"reason": withdraw} if withdraw else {})
        ids = list(ids_in(file))
        journal = None if dry_run else Journal(report_to, change)
        with closing(Bulk(_desk.client, change, dry_run=dry_run).run(ids, journal)) as outcomes:
            left = len(ids) - len(journal.done & set(ids) if journal else ())
            for each in _followed(outcomes, "changing", left):
                counted[each.outcome] += 1
                if each.outcome == "refused":
                    _desk.complain(f"refused {each.article}: {each.reason}")
    if journal and (earlier := len(journal.done & set(ids))):
        counted["done before"] = earlier
    for outcome, count in sorted(counted.items()):
        _desk.say(f"{outcome}  {count:,}", {"outcome": outcome, "articles": count})
    if counted["refused"]:
        raise typer.Exit(1)


def _content_of(patch: str) -> dict[str, Any]:
    """Raises Refused."""
    try:
        content = json.loads(patch)
    except ValueError as error:
        raise Refused(f"That is not JSON: {error}.") from error
    if not isinstance(content, dict) or not content:
        raise Refused("A patch is a JSON object with the fields to change.")
    return cast("dict[str, Any]", content)


@app.command()
def export(folder: Annotated[Path, typer.Argument(help="Where to put it; made where it is not there.")]) -> None:
    """Export everything as JSON: each version of each article, the fronts, topics and authors. A repeated export goes
    on where the last one ended.
    """
    taken = 0
    with _progress("exporting") as progress, _desk.failing():
        for taken in exporting.export(_desk.client, folder):
            progress(taken)
    _out.print(f"{taken:,} articles are in {folder}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def verify(
    *, repair: Annotated[bool, typer.Option(help="Put right what can be, by the versions in S3.")] = False
) -> None:
    """Check that versions, items, lists, addresses, changes, copies and pictures agree."""
    checked, left = 0, 0
    with _progress("verifying") as progress, _desk.failing():
        for page in verifying.verify(_desk.client, repair=repair):
            checked += page["checked"]
            progress(checked)
            for each in page["findings"]:
                done = "repaired: " if each["is_repaired"] else ""
                left += not each["is_repaired"]
                _out.print(f"{each['id']}: {done}{each['detail']}", markup=False, highlight=False, soft_wrap=True)
    verdict = f"{left:,} findings" + ("" if repair else ": --repair puts right what can be") if left else "all agree"
    _out.print(f"{checked:,} items: {verdict}", markup=False, highlight=False, soft_wrap=True)
    if left:
        raise typer.Exit(1)


@contextmanager
def _progress(doing: str) -> Generator[Callable[[int], None]]:
    """Shows the progress of work whose length is not known."""
    if not _err.is_terminal:
        _err.print(f"{doing} …", markup=False, highlight=False, soft_wrap=True)
        yield _told_now_and_then(doing)
        return
    with _err.status(doing) as status:
        yield lambda done: status.update(f"{doing} {done:,}")


def _told_now_and_then(doing: str) -> Callable[[int], None]:
    last = time.monotonic()

    def told(done: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY:
            last = time.monotonic()
            _err.print(f"{doing} {done:,}", markup=False, highlight=False, soft_wrap=True)

    return told


def _followed[Each](each_done: Iterator[Each], doing: str, total: int) -> Iterator[Each]:
    """Hands on what is done, one by one, and shows how far it is."""
    if _err.is_terminal:
        yield from track(each_done, doing, total=total, console=_err)
        return
    with _progress(doing) as progress:
        for number, each in enumerate(each_done, 1):
            progress(number)
            yield each


app.add_typer(mirror_commands.commands(_desk.say, _desk.complain, _progress), name="mirror")
for _name, _command in (Writing(_desk).commands() | Releasing(_desk).commands()).items():
    app.command(_name)(_command)
app.add_typer(posts(_desk), name="posts")
for _kind in KINDS:
    app.add_typer(commands(_kind, _desk), name=_kind.plural)

if __name__ == "__main__":
    app()
