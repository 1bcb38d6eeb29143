"""Public collections of pages, each page with the text of its article, as they are in the collections' repositories."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from lxml import html


@dataclass(frozen=True, slots=True)
class Page:
    collection: str
    name: str
    content: bytes
    truth: str

    @property
    def is_tuned_on(self) -> bool:
        """Whether the importer's rules were made on this page. That is half of the pages, by the SHA-256 of their
        names. Results are reported for the others.
        """
        return sha256(self.name.encode()).digest()[0] % 2 == 0


def pages_in(folder: Path) -> Iterator[Page]:
    """The pages in a checkout of one of the three collections. Raises FileNotFoundError for any other folder."""
    if (folder / "ground-truth.json").exists():
        yield from _article_extraction_benchmark(folder)
    elif (folder / "test" / "test-pages").exists():
        yield from _readability(folder / "test" / "test-pages")
    elif (folder / "tests" / "data" / "txt").exists():
        yield from _newspaper4k(folder / "tests" / "data")
    else:
        raise FileNotFoundError(
            f"{folder} is no checkout of scrapinghub/article-extraction-benchmark, mozilla/readability or newspaper4k"
        )


def _article_extraction_benchmark(folder: Path) -> Iterator[Page]:
    stated = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for name, each in stated.items():
        path = folder / "html" / f"{name}.html.gz"
        if path.exists():
            yield Page("article-extraction-benchmark", name, gzip.decompress(path.read_bytes()), each["articleBody"])


def _readability(folder: Path) -> Iterator[Page]:
    for path in sorted(folder.glob("*/source.html")):
        expected = (path.parent / "expected.html").read_text(encoding="utf-8")
        truth = " ".join(map(str, html.fromstring(expected).itertext())) if expected.strip() else ""
        yield Page("readability", path.parent.name, path.read_bytes(), truth)


def _newspaper4k(folder: Path) -> Iterator[Page]:
    for path in sorted((folder / "html").glob("*.html")):
        truth = folder / "txt" / f"{path.stem}.txt"
        if truth.exists():
            yield Page("newspaper4k", path.stem, path.read_bytes(), truth.read_text(encoding="utf-8"))
