"""Copies everything that the editorial API has into a folder, as JSON: each version of each article, the fronts,
topics and authors.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from content_api.names.subjects import KINDS
from newsdesk.client import EditorialClient, Refused, article_path
from newsdesk.subjects import exported


def export(client: EditorialClient, folder: Path) -> Iterator[int]:
    """Yields the number of articles so far. Versions that are in the folder are not asked for again, so a repeated
    export goes on where the last one ended. Raises Refused.
    """
    languages: set[str] = set()
    for number, article_id in enumerate(article_ids(client), start=1):
        for version in _versions(client, article_id):
            target = folder / "articles" / article_id / f"{version:06d}.json"
            if not target.exists():
                _write(target, client.ask("GET", f"{article_path(article_id)}/versions/{version}").content)
            article = json.loads(target.read_text(encoding="utf-8")).get("article", {})
            languages.add(article.get("language", ""))
        yield number
    for language in sorted(languages - {""}):
        front = _front(client, language)
        if front:
            _write(folder / "fronts" / f"{language}.json", front)
    for kind in KINDS:
        for each in exported(client.ask, kind):
            _write(folder / kind.plural / f"{each['subject']['id']}.json", each)


def article_ids(client: EditorialClient) -> Iterator[str]:
    path: str | None = "/v1/editorial/articles"
    while path:
        page = client.ask("GET", path).content
        yield from page["articles"]
        path = page["next"]


def _versions(client: EditorialClient, article_id: str) -> Iterator[int]:
    path: str | None = f"{article_path(article_id)}/versions?limit=100"
    while path:
        page = client.ask("GET", path).content
        yield from (each["version"] for each in page["versions"])
        path = page["next"]


def _front(client: EditorialClient, language: str) -> dict[str, Any] | None:
    """The front of a language. None if editors have chosen none."""
    try:
        return client.ask("GET", f"/v1/editorial/fronts/{language}").content
    except Refused as error:
        if error.code in {"front-not-found", "version-not-found"}:  # the latter of an earlier release
            return None
        raise


def _write(target: Path, content: dict[str, Any]) -> None:
    """Writes the whole file, or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(target)
