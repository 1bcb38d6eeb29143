"""Imports the files of an archive, thousands of them. Each ends as an article, or in the report with the reason."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Literal, cast

from content_api.content.article import Article
from importing.files import Found, articles_in, check_size
from importing.refused import FileRefused
from newsdesk.client import EditorialClient, Refused

_AT_ONCE = 8

type Outcome = Literal["created", "replaced", "unchanged", "superseded", "would import", "refused"]


@dataclass(frozen=True, slots=True)
class Imported:
    """The result for a file, or for one article in a file."""

    path: Path
    outcome: Outcome
    article_id: str = ""
    reason: str = ""
    left_out: tuple[str, ...] = ()
    # What sanitising removed from the markup, as the editorial API states it.
    removed: tuple[dict[str, Any], ...] = ()


def files_under(paths: Iterable[Path]) -> list[Path]:
    """Every file that is named, or is in a named folder. Names that begin with a dot are left out."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            below = (each for each in path.rglob("*") if each.is_file())
            found += sorted(each for each in below if not _is_hidden(each.relative_to(path)))
        else:
            found.append(path)
    return found


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


class Importer:
    def __init__(self, client: EditorialClient, *, language: str | None, as_drafts: bool, dry_run: bool) -> None:
        self._client = client
        self._language = language
        self._as_drafts = as_drafts
        self._dry_run = dry_run
        self._began = dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")

    def run(self, paths: list[Path]) -> Iterator[list[Imported]]:
        """The results of each file, as soon as it is done. A repeated import goes on where the last one ended."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            waiting = iter(paths)
            running = [pool.submit(self._file, path) for path in islice(waiting, 2 * _AT_ONCE)]
            while running:
                yield running.pop(0).result()
                running += [pool.submit(self._file, path) for path in islice(waiting, 1)]

    def _file(self, path: Path) -> list[Imported]:
        try:
            check_size(path.stat().st_size)
            found = articles_in(path.read_bytes(), language=self._language)
        except FileRefused as error:
            return [Imported(path, "refused", reason=str(error))]
        except OSError as error:
            return [Imported(path, "refused", reason=f"cannot be read: {error.strerror}")]
        refused = [Imported(path, "refused", reason=str(each)) for each in found.refused]
        taken: list[Imported] = []
        for article in found.articles:
            left_out = tuple(each.what for each in found.left_out if each.article == article.id)
            taken.append(replace(self._article(path, article, found), left_out=left_out))
        return taken + refused

    def _article(self, path: Path, article: Article, found: Found) -> Imported:
        if self._dry_run:
            return Imported(path, "would import", article.id, removed=tuple(found.removed.get(article.id, ())))
        try:
            return self._handed_in(path, article, found)
        except Refused as error:
            return Imported(path, "refused", article.id, str(error))

    def _handed_in(self, path: Path, article: Article, found: Found) -> Imported:
        fields = _stated(article.model_dump(mode="json")) | ({"status": "draft"} if self._as_drafts else {})
        content = json.dumps(fields, sort_keys=True).encode()
        # Of two files with the same article, the one whose digest sorts last wins.
        source: dict[str, object] = {
            "file": str(path.resolve())[-500:],  # the absolute path, so that the same file always has the same name
            "order": f"{self._began} {sha256(content).hexdigest()[:16]}",
        }
        # Sent only if true, since a deployment of an earlier release does not know this member.
        if article.id in found.by_title:
            source["by_title"] = True
        answer = self._client.ask("POST", "/v1/editorial/imports", {"source": source, "article": fields})
        removed = (*found.removed.get(article.id, ()), *answer.content.get("removed", ()))
        return Imported(path, answer.content["outcome"], answer.content["id"], removed=removed)


def report(done: list[Imported]) -> str:
    """JSON Lines, one for each article or file that was refused, or that was taken in without one of its pictures or
    embeds.
    """
    lines = (
        {"file": str(each.path), "article": each.article_id, "reason": each.reason}
        | ({"left_out": each.left_out} if each.left_out else {})
        for each in done
    )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _stated(part: Any) -> Any:  # noqa: ANN401 - JSON
    """Without members that say nothing. A deployment of an earlier release refuses those that it does not know."""
    match part:
        case dict():
            members = cast("dict[str, Any]", part)
            return {
                name: _stated(each)
                for name, each in members.items()
                if each not in (None, []) and (name, each) != ("decorative", False)
            }
        case list():
            return [_stated(each) for each in cast("list[Any]", part)]
        case _:
            return part
