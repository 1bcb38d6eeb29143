"""Pages for frames as the checker of the HTML standard's own community (Nu, on Java) finds them."""

import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zone.packages import Package, fetched

_NU = Package(
    name="vnu-jar",
    version="26.9.27",
    date="2026",
    integrity="sha512-TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA==",
    files=("build/dist/vnu.jar",),
    about={},
)
ARTICLES = [
    "en-2025-10-14-the-librarians-who-lend-seeds",
    "en-2025-10-28-night-trains-return-to-the-mountain-line",
    "en-2025-11-03-quiz-night-cancelled",  # withdrawn
    "ru-2025-11-01-kak-zhiteli-poberezhia-schitaiut-led",
    "fa-2025-11-19-lviv-a-bakery-pays-in-flour-0",
    "no-such-article",
    "en-every-block-checked",
]


@pytest.fixture(scope="session")
def nu() -> Callable[[list[Path]], str]:
    """What it says of files: errors and warnings."""
    jar = fetched(_NU, Path(__file__).parents[2] / ".aws-sam" / "nu")["build/dist/vnu.jar"]

    def checked(pages: list[Path]) -> str:
        command = ["java", "-jar", str(jar), "--stdout", "--format", "gnu", *map(str, pages)]
        return subprocess.run(command, check=False, capture_output=True, text=True, timeout=300).stdout

    return checked


def test_the_checker_finds_nothing_in_any_page(
    address: str, nu: Callable[[list[Path]], str], editor: Callable[..., None], article: dict[str, Any], tmp_path: Path
) -> None:
    editor(article | {"id": "en-every-block-checked", "url": "https://news.example.org/every-block"})
    pages: list[Path] = []
    for name in ARTICLES:
        for country in ("RU", "US"):
            url = f"{address}/embed/articles/{name}"
            asked = urllib.request.Request(url, headers={"CloudFront-Viewer-Country": country})
            try:
                with urllib.request.urlopen(asked, timeout=30) as answer:
                    content: bytes = answer.read()
            except urllib.error.HTTPError as problem:
                content = problem.read()
            assert content.startswith(b"<!DOCTYPE html>")
            pages.append(tmp_path / f"{name}-{country}.html")
            pages[-1].write_bytes(content)
    assert nu(pages) == ""


def test_the_checker_finds_what_is_wrong(nu: Callable[[list[Path]], str], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><html lang=en><title>A</title><p id=a><p id=a><b>", encoding="utf-8")
    assert "Duplicate ID" in nu([page])
