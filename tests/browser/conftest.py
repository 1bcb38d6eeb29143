"""`make run` before a real Chromium. Chromium and its driver are the machine's own."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from selenium import webdriver

from chromium import Chromium, chromium
from gateway.own_process import local_server
from zone.packages import Package, fetched

ROOT = Path(__file__).parents[2]
# Deque's rules for accessibility, from npm.
_AXE = Package(
    name="axe-core",
    version="4.14.1",
    date="2026",
    integrity="sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
    files=("axe.min.js",),
    about={},
)


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return fetched(_AXE, ROOT / ".aws-sam" / "axe")["axe.min.js"].read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with local_server() as server:
        yield server.address


@pytest.fixture(scope="session")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("chromium")) as started:
        yield started


@pytest.fixture(scope="session")
def browser(chrome: Chromium) -> webdriver.Chrome:
    return chrome.driver


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """A folder that is kept after the tests, for people to look at."""
    return ROOT / ".aws-sam" / "screenshots"


@pytest.fixture(scope="session")
def editor(address: str) -> Callable[..., None]:
    """Hands in an article, as an editor does, or withdraws it."""

    def publish(article: dict[str, Any], *, withdraw: bool = False) -> None:
        url = f"{address}/v1/editorial/articles/{article['id']}"
        _send("PUT", url, {key: value for key, value in article.items() if key != "id"}, ("If-None-Match", "*"))
        if withdraw:
            _send("POST", f"{url}/withdraw", {"reason": "A test."}, ("If-Match", '"1"'))

    return publish


def _send(method: str, url: str, body: object, condition: tuple[str, str]) -> None:
    asked = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method)
    asked.add_header(*condition)
    with urlopen(asked, timeout=30) as answer:
        assert answer.status in {200, 201}


LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 5


@pytest.fixture(scope="session")
def article(address: str) -> dict[str, Any]:
    """An article of every kind of block, in an order that no editor would choose."""

    def file(name: str, media_type: str, **size: int) -> dict[str, Any]:
        return {"url": f"{address}/drawn/{name}", "media_type": media_type, **size}

    picture = {
        "alt": "Hills in the evening",
        "caption": f"A caption {LONG}",
        "credit": "Mira Halvorsen",
        "renditions": [
            file("odd-480.webp", "image/webp", width=480, height=320),
            file("odd-960.webp", "image/webp", width=960, height=640),
        ],
    }
    table = "".join(
        f"<tr>{''.join(f'<td>{LONG[:30]} {row * column}</td>' for column in range(8))}</tr>" for row in range(3)
    )
    head = f"<thead><tr><th>A</th>{7 * '<th></th>'}</tr></thead>"
    return {
        "id": "en-everything-at-once",
        "language": "en",
        "status": "published",
        "headline": f"Everything at Once: {LONG}",
        "standfirst": LONG,
        "url": "https://news.example.org/everything-at-once",
        "byline": [{"name": "Mira Halvorsen", "url": "https://news.example.org/mira"}, {"name": LONG}],
        "dateline": {"place": "PRAGUE", "date": "2025-11-20", "agency": "EX"},
        "published_at": "2025-11-20T08:00:00Z",
        "updated_at": "2025-11-21T08:00:00Z",
        "lead_image": picture,
        "images": [
            picture,
            picture | {"renditions": []},
            {"decorative": True, "renditions": picture["renditions"][:1]},
            {},
        ],
        "rights": "All rights reserved.",
        "corrections": [{"at": "2025-11-22T08:00:00Z", "text": "The name of a town was wrong."}],
        "body": [
            {"type": "heading", "level": 4, "text": "Begins at the fourth level"},
            {"type": "heading", "level": 2, "text": "Then the second"},
            {"type": "heading", "level": 4, "text": "And the fourth again"},
            {"type": "paragraph", "html": f'A <a href="https://example.org/">link</a>, <code>{LONG}</code>.'},
            {"type": "html", "html": f"<h4>A heading in markup</h4><h3>And <b>over</b> it</h3><pre>{LONG}</pre>"},
            {"type": "html", "html": f"<table><caption>Numbers</caption>{head}<tbody>{table}</tbody></table>"},
            {"type": "html", "html": "<dl><dt>A</dt><dd>B</dd></dl><hr><figure><figcaption>A</figcaption></figure>"},
            {"type": "image", **picture},
            {"type": "audio", "title": "A recording", "renditions": [file("a.mp3", "audio/mpeg")]},
            {"type": "audio", "renditions": [file("a.mp3", "audio/mpeg")]},
            {"type": "video", "title": "A film", "renditions": [file("a.mp4", "video/mp4")], "poster": picture},
            {"type": "video", "renditions": [file("b.mp4", "video/mp4")]},
            {"type": "quote", "html": "<em>Said</em>", "attribution": "Somebody"},
            {"type": "list", "ordered": True, "items": ["One", LONG]},
            {"type": "list", "items": ["<b>One</b>", "Two"]},
            {"type": "embed", "url": "https://video.example.org/watch?v=1&list=2", "title": "Elsewhere"},
            {"type": "promotion", "name": "A newsletter", "description": "Each Monday.", "url": "https://example.org/n"},
            {"type": "paragraph", "html": LONG},
            {"type": "paragraph", "html": f"{'The bridge was opened on Monday after eleven years of work. ' * 20}"},
        ],
    }  # fmt: skip
