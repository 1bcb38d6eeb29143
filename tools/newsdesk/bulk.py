"""One change to many articles: resumable, stoppable, tried first, and reported line by line."""

import json
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from newsdesk.client import EditorialClient, Refused, article_path
from publishing.merge_patch import merged

_AT_ONCE = 8  # requests
_ATTEMPTS = 3  # at an article that somebody else changes meanwhile
_MERGE_PATCH = "application/merge-patch+json"
_DONE = frozenset({"changed", "unchanged"})


@dataclass(frozen=True)
class Change:
    """What is done to each article: a JSON Merge Patch, or an act (`publish`, `withdraw`, `reinstate`) with a body."""

    act: str
    content: dict[str, Any]

    def digest(self) -> str:
        return sha256(json.dumps([self.act, self.content], sort_keys=True).encode()).hexdigest()[:16]

    def is_made(self, status: str, article: dict[str, Any] | None) -> bool:
        """Whether the article already is as the change would make it."""
        match self.act:
            case "patch":
                return article is not None and merged(article, self.content) == article
            case "withdraw":
                return status == "withdrawn"
            case _:
                return status == "published"


@dataclass(frozen=True)
class Outcome:
    """`outcome` is changed, unchanged, would change or refused; `reason` says why it was refused."""

    article: str
    outcome: str
    version: int = 0
    reason: str = ""


class Journal:
    """The report of a job, which a repeated job goes on from: JSON Lines. The first says what the change is."""

    def __init__(self, path: Path, change: Change) -> None:
        """Raises Refused if the file reports another change."""
        self._path = path
        self.done: set[str] = set()
        begun = {"act": change.act, "change": change.digest()}
        if not path.exists():
            path.write_text(json.dumps(begun) + "\n", encoding="utf-8")
            return
        lines = path.read_text(encoding="utf-8").splitlines()
        stated: object = None
        outcomes: list[dict[str, Any]] = []
        try:
            stated = json.loads(lines[0]) if lines else None
            # The last line may be torn, where the machine went down: what it was about is done again.
            outcomes = [json.loads(line) for line in lines[1:] if line.endswith("}")]
        except ValueError:
            stated = None
        if stated != begun:
            raise Refused(f"{path} is no report of this change: name another with --report, or remove it.")
        if not path.read_bytes().endswith(b"\n"):
            with path.open("a", encoding="utf-8") as file:
                file.write("\n")
        self.done = {each["article"] for each in outcomes if each["outcome"] in _DONE}

    def add(self, outcome: Outcome) -> None:
        line = {name: value for name, value in vars(outcome).items() if value}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


class Bulk:
    def __init__(self, client: EditorialClient, change: Change, *, dry_run: bool = False) -> None:
        self._client = client
        self._change = change
        self._dry_run = dry_run

    def run(self, ids: Iterable[str], journal: Journal | None) -> Generator[Outcome]:
        """What becomes of each article that the journal does not have as done. Whoever stops the iteration stops the
        job: requests that were sent are waited for, and none is begun.
        """
        waiting = (each for each in ids if journal is None or each not in journal.done)
        pool = ThreadPoolExecutor(_AT_ONCE)
        running: list[Future[Outcome]] = []
        try:
            running += [pool.submit(self._one, each) for each in islice(waiting, 2 * _AT_ONCE)]
            while running:
                outcome = running.pop(0).result()
                if journal:
                    journal.add(outcome)
                yield outcome
                running += [pool.submit(self._one, each) for each in islice(waiting, 1)]
        finally:
            pool.shutdown(cancel_futures=True)
            for each in running:
                if journal and not each.cancelled():
                    journal.add(each.result())

    def _one(self, article_id: str) -> Outcome:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._changed(article_id)
            except Refused as error:
                if error.code != "version-conflict" or attempt == _ATTEMPTS:
                    return Outcome(article_id, "refused", reason=str(error))
        raise AssertionError("the last attempt returns")

    def _changed(self, article_id: str) -> Outcome:
        path = article_path(article_id)
        before = self._client.ask("GET", path)
        if self._change.is_made(before.content["status"], before.content.get("article")):
            return Outcome(article_id, "unchanged", before.version)
        if self._dry_run:
            return Outcome(article_id, "would change", before.version)
        if self._change.act == "patch":
            made = self._client.ask(
                "PATCH", path, self._change.content, version=before.version, media_type=_MERGE_PATCH
            )
        else:
            content = self._change.content or None
            made = self._client.ask("POST", f"{path}/{self._change.act}", content, version=before.version)
        return Outcome(article_id, "changed", made.version)


def ids_in(lines: Iterable[str]) -> Iterator[str]:
    """The ids of articles, each once: one a line, or what `content-api --json list` prints. Raises Refused."""
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        if text.startswith("{"):
            try:
                text = str(json.loads(text)["id"])
            except (ValueError, KeyError) as error:
                raise Refused(f"Line {number} is neither an id nor a line that has one: {text[:60]}") from error
        if text not in seen:
            seen.add(text)
            yield text
