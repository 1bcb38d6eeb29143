"""`content-api mirror`: tells whether a copy of the mirror can be trusted, and brings one to a disk."""

import datetime as dt
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from newsdesk.mirrors import Folder, NoMirror, Site, Source, Verdict, export, verify

_MOST_NAMED = 20  # files, which are named one by one

Key = Annotated[
    str,
    typer.Option(envvar="CONTENT_MIRROR_KEY", help="The publisher's public key, in hexadecimal. Take it from them."),
]
type Progress = Callable[[str], AbstractContextManager[Callable[[int], None]]]


def commands(say: Callable[[str], None], complain: Callable[[str], None], progress: Progress) -> typer.Typer:
    """`say` prints a line of the answer and `complain` one of an error. `progress` shows how far the work is."""
    app = typer.Typer(no_args_is_help=True, help="Checks copies of the mirror, and brings one to a disk.")

    @contextmanager
    def failing() -> Generator[None]:
        try:
            yield
        except (NoMirror, OSError) as error:
            complain(str(error))
            raise typer.Exit(1) from error

    @app.command("verify")
    def verify_(
        where: Annotated[str, typer.Argument(help="An address or a folder.", metavar="URL-OR-FOLDER")], key: Key = ""
    ) -> None:
        """Tell whether every file of a copy is as the publisher made it, and whether the copy is too old."""
        with failing(), progress("verifying") as checked:
            verdict = verify(_source(where), key=key, now=dt.datetime.now(dt.UTC), checked=checked)
        _report(verdict, say, complain, is_key_given=bool(key))
        if not verdict.is_good:
            raise typer.Exit(1)

    @app.command("export")
    def export_(
        folder: Annotated[Path, typer.Argument(help="An empty folder, or one of an earlier export.", metavar="DIR")],
        source: Annotated[
            str, typer.Option("--from", envvar="CONTENT_MIRROR_URL", help="The address of the mirror.")
        ] = "http://127.0.0.1:8000/mirror/",
        key: Key = "",
    ) -> None:
        """Bring the mirror to a folder. A repeated export copies only what has changed, and deletes what is gone."""
        copied = 0
        with failing(), progress("exporting") as done:
            for copied, _ in enumerate(export(_source(source), folder, key=key), start=1):
                done(copied)
        say(f"{copied:,} files copied to {folder}")

    return app


def _source(where: str) -> Source:
    return Site(where) if where.startswith(("http://", "https://")) else Folder(Path(where))


def _report(
    verdict: Verdict, say: Callable[[str], None], complain: Callable[[str], None], *, is_key_given: bool
) -> None:
    manifest = verdict.manifest
    say(f"made     {manifest.made_at:%Y-%m-%d %H:%M} UTC")
    say(f"trusted  until {manifest.valid_until:%Y-%m-%d %H:%M} UTC{', which is over' if verdict.is_expired else ''}")
    say(f"key      {manifest.key}{'' if is_key_given else ': compare it with the one that the publisher names'}")
    for each in manifest.next_mirrors:
        say(f"next     {each}")
    for path, wrong in list(verdict.wrong.items())[:_MOST_NAMED]:
        complain(f"{path}: {wrong}")
    if len(verdict.wrong) > _MOST_NAMED:
        complain(f"and {len(verdict.wrong) - _MOST_NAMED:,} more")
    if verdict.is_expired:
        complain("The copy is too old: articles may have been withdrawn since. Get a newer one.")
    say(f"{len(manifest.files):,} files: {f'{len(verdict.wrong):,} wrong' if verdict.wrong else 'all as signed'}")
