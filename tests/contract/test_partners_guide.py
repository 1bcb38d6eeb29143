"""What docs/partners.md tells partners to copy, done as it stands there, on the API of make run."""

import json
import re
import subprocess
import sys
import urllib.request
from base64 import b64encode
from hashlib import sha384
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, cast

import feedparser  # pyright: ignore[reportMissingTypeStubs]
import pytest

GUIDE = (Path(__file__).parents[2] / "docs" / "partners.md").read_text(encoding="utf-8")
ARTICLE = "en-2025-10-14-the-librarians-who-lend-seeds"
NOTICE = "RFE/RL has been declared"


def snippets(language: str, address: str) -> list[str]:
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    assert found
    return [each.replace("https://content.example.org", address) for each in found]


def shell(command: str) -> str:
    program = ["bash", "-euo", "pipefail", "-c", command]
    return subprocess.run(program, check=True, capture_output=True, text=True).stdout


def test_the_digest_is_that_of_the_script(address: str) -> None:
    digest, *_ = snippets("bash", address)
    with urllib.request.urlopen(f"{address}/embed.js", timeout=30) as script:
        expected = b64encode(sha384(script.read()).digest()).decode()
    assert shell(digest).strip() == f"sha384-{expected}"


def test_oembed_brings_the_notice(address: str) -> None:
    _, oembed, _ = snippets("bash", address)
    answer = json.loads(shell(oembed))
    assert (answer["type"], answer["width"]) == ("rich", 500)
    assert NOTICE in unescape(answer["html"])
    assert f"{address}/embed/articles/{ARTICLE}" in answer["html"]


def test_feeds_bring_the_notice_in_each_item(address: str) -> None:
    *_, feeds = snippets("bash", address)
    rss, atom, of_a_section, of_a_tag, of_an_author, of_a_topic, breaking = (shell(line) for line in feeds.splitlines())
    for feed in (rss, atom, of_a_tag, of_an_author, of_a_topic):
        entries: list[object] = cast("Any", feedparser).parse(feed)["entries"]
        assert entries
        assert all(NOTICE in str(each) for each in entries)
    # In Ukrainian.
    assert "<entry" in breaking
    assert breaking.count('must-display="true"') > breaking.count("<entry")
    items = json.loads(of_a_section)["items"]
    assert items
    assert all(NOTICE in each["content_html"] for each in items)


@pytest.mark.parametrize("html", ["iframe", "content-article"])
def test_addresses_in_the_markup_lead_somewhere(address: str, html: str) -> None:
    (markup,) = [each for each in snippets("html", address) if f"<{html}" in each]
    for found in re.findall(rf'src="({re.escape(address)}[^"]+)"', markup):
        with urllib.request.urlopen(found, timeout=30) as answer:
            assert answer.status == 200


def test_copies_are_kept_with_the_notice_and_recalled(address: str, tmp_path: Path) -> None:
    (program,) = snippets("python", address)

    def run() -> dict[str, str]:
        subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path, timeout=120)
        return {each.stem: each.read_text(encoding="utf-8") for each in (tmp_path / "copies" / "en").glob("*.html")}

    path = f"{address}/v1/editorial/articles/en-to-be-recalled"
    _editor(
        "PUT", path, {"language": "en", "headline": "A < B", "status": "published", "body": BODY}, "if-none-match", "*"
    )
    copies = run()
    assert "A &lt; B" in copies["en-to-be-recalled"]
    assert all(NOTICE in each for each in copies.values())
    assert "en-2025-11-03-quiz-night-cancelled" not in copies
    assert '<html lang="en" dir="ltr">' in copies["en-to-be-recalled"]
    _editor("POST", f"{path}/withdraw", {"reason": "A test."}, "if-match", '"1"')
    left = copies.keys() - {"en-to-be-recalled"}
    assert run().keys() == left
    (tmp_path / "copies" / "en" / "cursor").write_text("spoiled", encoding="utf-8")
    assert run().keys() == left


def test_no_copy_is_replaced_by_an_older_version(address: str, tmp_path: Path) -> None:
    """As when messages of two writes come in the other order."""
    (program,) = snippets("python", address)
    path = f"{address}/v1/editorial/articles/en-read-out-of-order"
    article = {"language": "en", "headline": "First", "status": "published", "body": BODY}
    _editor("PUT", path, article, "if-none-match", "*")
    copies = tmp_path / "copies" / "en"
    copies.mkdir(parents=True)
    (copies / "versions.json").write_text('{"en-read-out-of-order": 2}', encoding="utf-8")
    (copies / "en-read-out-of-order.html").write_text("the second version", encoding="utf-8")
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path, timeout=120)
    assert (copies / "en-read-out-of-order.html").read_text(encoding="utf-8") == "the second version"


class Api(HTTPServer):
    """Answers as the API may: one article of which the version is not there at first. `asked` are paths."""

    FIRST = (("a", 1, "upsert"), ("b", 2, "withdraw"), ("c", 3, "upsert"))
    LATER = (("c", 3, "upsert"),)  # once more

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[str] = []
        self.is_there = False

    def answer(self, path: str) -> tuple[int, dict[str, Any]]:
        self.asked.append(path)
        if path.startswith("/v1/changes"):
            told = self.LATER if "cursor" in path else self.FIRST
            changes = [{"id": name, "version": version, "change": change} for name, version, change in told]
            return 200, {"changes": changes, "next_cursor": "later", "is_complete": True}
        name = path.removeprefix("/v1/articles/").partition("?")[0]
        if name == "c" and not self.is_there:
            return 503, {}
        article: dict[str, Any] = {
            "language": "en",
            "direction": "ltr",
            "html": "",
            "legal_notices": [],
            "headline": name,
            "byline": [],
        }
        return 200, article | {"version": 4 if name == "c" else 1}


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = cast("Api", self.server)
        status, content = server.answer(self.path)
        self.send_response(status)
        self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        pass


def test_the_program_deletes_without_asking_and_begins_again_where_a_version_is_not_there_yet(tmp_path: Path) -> None:
    copies = tmp_path / "copies" / "en"
    copies.mkdir(parents=True)
    (copies / "b.html").write_text("withdrawn", encoding="utf-8")
    with Api() as api:
        Thread(target=api.serve_forever, daemon=True).start()
        (program,) = snippets("python", f"http://127.0.0.1:{api.server_port}")

        def run() -> bool:
            done = subprocess.run(
                [sys.executable, "-c", program], check=False, capture_output=True, cwd=tmp_path, timeout=60
            )
            return done.returncode == 0

        assert not run()
        assert not (copies / "cursor").exists()
        api.is_there = True
        assert run()
        read = len([path for path in api.asked if path.startswith("/v1/articles/c")])
        # Told of the third version once more, it keeps the fourth.
        assert run()
        api.shutdown()
    assert len([path for path in api.asked if path.startswith("/v1/articles/c")]) == read
    assert not [path for path in api.asked if path.startswith("/v1/articles/b")]
    assert {each.name for each in copies.glob("*.html")} == {"a.html", "c.html"}
    assert json.loads((copies / "versions.json").read_text(encoding="utf-8")) == {"a": 1, "b": 2, "c": 4}


BODY = [{"type": "paragraph", "html": "Text."}]


def _editor(method: str, url: str, body: object, condition: str, value: str) -> None:
    asked = urllib.request.Request(url, json.dumps(body).encode(), method=method)
    asked.add_header("content-type", "application/json")
    asked.add_header(condition, value)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert answer.status in {200, 201}
