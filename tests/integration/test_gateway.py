"""`make run` as its user sees it: the command in a process of its own, asked over HTTP."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from urllib.parse import quote

import pytest
from watchfiles import Change

from gateway import ports
from gateway.__main__ import CHANGES, WATCHED
from gateway.events import event, match

ROOT = Path(__file__).parents[2]
# Fewer stories than `make run` makes up, where their number is not what a test is about.
FEW = ("--stories", "3")
PAGE = """Accessibility links

The Bridge Opens At Last

MOSTAR, May 5, 2004 (RFE/RL) -- The bridge opened on Wednesday after nine years of work. Hundreds of people came.

The mayor said that the stones had been cut by hand, as they were the first time.
"""


class Command:
    """A running `make run`, its lines as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._coming: Queue[str | None] = Queue()
        self._reading = Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._coming.put(line.rstrip())
        self._coming.put(None)

    def until(self, pattern: str, seconds: float = 60) -> str:
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._coming.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                raise AssertionError(f"no line like {pattern!r} in {self.lines}") from None
            assert line is not None, f"ended before a line like {pattern!r}: {self.lines}"
            self.lines.append(line)
            if re.search(pattern, line):
                return line

    def close(self) -> None:
        """All processes of it end, and what they said has been read."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._reading.join(20)
        assert self.process.stdout
        self.process.stdout.close()

    def rest(self, seconds: float = 20) -> int:
        code = self.process.wait(seconds)
        while (line := self._coming.get(timeout=5)) is not None:
            self.lines.append(line)
        return code


@contextmanager
def running(*arguments: str, root: Path = ROOT) -> Generator[Command]:
    # A suite started in the background ignores Ctrl-C, and so would what it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    if root != ROOT:
        environment["PYTHONPATH"] = os.pathsep.join(
            str(root / path) for path in ("functions", "layers/content_api", "layers/store", "layers/places", "tools")
        )
    process = subprocess.Popen(
        [sys.executable, "-m", "gateway", *arguments],
        cwd=root,
        env=environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    command = Command(process)
    try:
        yield command
    finally:
        command.close()


def free_port() -> int:
    return ports.free_port()


def get(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    stated = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = urllib.request.Request(url, headers=stated, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Command, str]]:
    """A `make run` for tests that only ask, and its address."""
    port = free_port()
    with running("--port", str(port), *FEW) as command:
        command.until("^listening on")
        yield command, f"http://127.0.0.1:{port}"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "bridge.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "broken.txt").write_text("Accessibility links\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("stories", [("--stories", "8"), pytest.param((), marks=pytest.mark.thorough)])
def test_a_developer_sees_it_work(pages: Path, stories: tuple[str, ...]) -> None:
    port = free_port()
    with running("--port", str(port), "--import", str(pages), *stories) as command:
        command.until(rf"^listening on http://127\.0\.0\.1:{port}$")
        assert "imported en-2004-05-05-the-bridge-opens-at-last  The Bridge Opens At Last" in command.lines
        assert sum(line.startswith("imported en-") for line in command.lines) > 2
        assert sum(line.startswith("imported ru-") for line in command.lines) > 1
        (refused,) = (line for line in command.lines if line.startswith("refused"))
        assert "broken.txt" in refused
        assert not any("Traceback" in line for line in command.lines)

        url = f"http://127.0.0.1:{port}/v1/articles/en-2004-05-05-the-bridge-opens-at-last"
        places = {
            ("RU", ""): "jurisdiction",
            ("UA", "43"): "jurisdiction",
            ("UA", "46"): None,
            ("US", ""): None,
            ("", ""): "unknown_location",
        }
        for (country, region), reason in places.items():
            status, headers, body = get(url, CloudFront_Viewer_Country=country, CloudFront_Viewer_Country_Region=region)
            assert status == 200
            assert [each["reason"] for each in json.loads(body)["legal_notices"]] == ([reason] if reason else [])
            assert headers["access-control-allow-origin"] == "*"

        for line in command.lines[command.lines.index(f"listening on http://127.0.0.1:{port}") :]:
            if line.startswith("curl"):
                assert subprocess.run(line, shell=True, check=True, capture_output=True).stdout  # noqa: S602 - our own line

        # The samples are news, whenever that is.
        sitemap = get(f"http://127.0.0.1:{port}/sitemaps/news.xml", CloudFront_Viewer_Country="US")[2].decode()
        assert 4 < sitemap.count("<url>") < 200
        os.killpg(command.process.pid, signal.SIGINT)  # as a terminal does on Ctrl-C
        ends_cleanly(command, port)


def ends_cleanly(command: Command, port: int) -> None:
    """Of itself, so that nothing is left and the port is free, without a word that looks like a fault. What it prints
    has an end only once the last of its processes has ended.
    """
    began = time.monotonic()
    command.rest()
    assert time.monotonic() - began < 10
    assert "stopped" in command.lines
    assert not [line for line in command.lines if "Traceback" in line or "SIGKILL" in line]
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port)).close()


@pytest.mark.thorough
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_it_leaves_nothing_however_it_is_ended(number: signal.Signals) -> None:
    """The command that was started is sent the signal, and no other of its processes."""
    port = free_port()
    with running("--port", str(port), *FEW) as command:
        command.until("^listening on")
        command.process.send_signal(number)
        ends_cleanly(command, port)


@pytest.mark.thorough
def test_an_interrupt_while_it_starts_ends_it(tmp_path: Path) -> None:
    port = free_port()
    with running("--port", str(port), "--import", str(tmp_path), *FEW) as command:
        command.until("^imported")
        os.killpg(command.process.pid, signal.SIGINT)
        ends_cleanly(command, port)


def test_a_partners_page_shows_what_a_reader_in_a_chosen_place_gets(served: tuple[Command, str]) -> None:
    """Frames are sent no headers: the page's cookie says where the reader is, to what stands in them alone."""
    _, address = served
    places = {"Unknown": True, "Russia": True, "Crimea": True, "Lviv": False, "United States": False}
    places["Abroad behind a VPN"] = True
    for place, is_due in places.items():
        status, headers, body = get(f"{address}/partner?place={quote(place)}&language=Persian")
        assert status == 200
        cookie = headers["Set-Cookie"].partition(";")[0]
        (embed,) = set(re.findall(r'<iframe src="([^"]+)"', body.decode()))
        framed = get(embed, Cookie=cookie)[2].decode()
        assert ("undesirable organization" in framed) == is_due
        assert json.loads(get(f"{address}/v1/legal-notices", Cookie=cookie)[2])["legal_notices"]
        (picture, *_) = re.findall(rf'src="({address}/media/[^"]+)"', framed)
        status, headers, content = get(picture, Cookie=cookie)
        assert (status, headers["content-type"], content[:2]) == (200, "image/jpeg", b"\xff\xd8")
        kept = "private, no-store, stale-if-error=0" if is_due else "private, max-age=31536000, immutable"
        assert headers["cache-control"] == kept
    assert get(f"{address}/partner?place=Atlantis")[0] == 400
    assert get(f"{address}/drawn/no-picture.html")[0] == 404


@pytest.mark.thorough
def test_a_small_deployment_without_an_edge_can_be_tried() -> None:
    port = free_port()
    with running("--port", str(port), "--reader-location", "connection", *FEW) as command:
        command.until("^listening on")
        url = f"http://127.0.0.1:{port}/v1/articles/en-2025-10-14-the-librarians-who-lend-seeds"
        for headers, reasons in (
            ({}, ["unknown_location"]),
            ({"CloudFront_Viewer_Country": "US"}, ["unknown_location"]),
            ({"X_Source_Ip": "10.0.0.1"}, ["unknown_location"]),
        ):
            _, _, body = get(url, **headers)
            assert [each["reason"] for each in json.loads(body)["legal_notices"]] == reasons
        # What the database says of a public address ages with it; that it is asked does not.
        _, _, body = get(url, X_Source_Ip="8.8.8.8")
        assert [each["reason"] for each in json.loads(body)["legal_notices"]] in ([], ["unknown_location"])


def test_what_fits_no_route_is_answered_by_the_api_whose_path_it_would_be(served: tuple[Command, str]) -> None:
    _, address = served
    for method, path, allowed in (
        ("DELETE", "/v1/editorial/articles/x", "GET, PATCH, PUT"),
        ("POST", "/v1/editorial/articles/x/schedule", "DELETE, PUT"),
        ("POST", "/v1/previews/x", "GET"),
        ("POST", "/v1/articles/x", "GET, HEAD, OPTIONS"),
    ):
        status, headers, body = get(address + path, method)
        assert (status, {name.lower(): value for name, value in headers.items()}["allow"]) == (405, allowed), path
        assert json.loads(body)["code"] == "method-not-allowed"
    for method, path, named in (
        ("POST", "/v1/editorial/nothing", "/v1/editorial/drafts"),
        ("GET", "/v1/editorial/articles/x/nothing", "/v1/editorial/drafts"),
        ("GET", "/v1/previews/x/y", "/v1/editorial/drafts"),
        ("GET", "/v1/nothing", "/v1/breaking"),
    ):
        status, _, body = get(address + path, method)
        assert status == 404, path
        assert named in json.loads(body)["detail"], body


def test_the_first_purge_that_is_printed_is_that_of_the_first_write(served: tuple[Command, str]) -> None:
    command, address = served
    time.sleep(5)  # what was made at the start has been propagated
    body = b'{"language": "en", "headline": "A", "status": "published", "body": [{"type": "paragraph", "html": "A"}]}'
    asked = urllib.request.Request(f"{address}/v1/editorial/articles/en-first", body, method="PUT")
    asked.add_header("content-type", "application/json")
    asked.add_header("if-none-match", "*")
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert answer.status == 201
    corrected = urllib.request.Request(asked.full_url, body.replace(b'"A"', b'"B"'), method="PUT")
    corrected.add_header("content-type", "application/json")
    corrected.add_header("if-match", '"1"')
    with urllib.request.urlopen(corrected, timeout=10) as answer:
        assert answer.status == 200
    assert command.until("^purge ") == "purge article:en-first"


def test_the_files_that_it_serves_from_are_watched() -> None:
    for name in ("reading/routes.py", "reading/openapi.json", "reading/docs.html", "syndication/embeds/embed.js"):
        assert CHANGES(Change.modified, str(ROOT / "functions" / name)), name
    assert CHANGES(Change.modified, str(ROOT / "template.yaml"))
    assert not CHANGES(Change.modified, str(ROOT / "functions" / "reading" / "__pycache__" / "routes.pyc"))
    assert [name for name in WATCHED if not (ROOT / name).exists()] == []
    assert {*WATCHED} >= {"functions", "layers", "tools", "template.yaml"}


@pytest.mark.thorough
def test_it_reloads_when_code_changes(tmp_path: Path) -> None:
    """In a copy: whoever else runs the API from this tree, such as another test, would reload too."""
    for path in ("functions", "layers", "tools"):
        shutil.copytree(ROOT / path, tmp_path / path, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "template.yaml", tmp_path)
    changed = tmp_path / "functions" / "reading" / "__init__.py"
    with running("--port", str(free_port()), *FEW, root=tmp_path) as command:
        command.until("^listening on")
        changed.touch()
        command.until("^listening on")


def test_a_port_that_is_taken_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running("--port", str(port)) as command:
            assert command.rest() == 1
            assert command.lines[0].startswith(f"Port {port} cannot be had")
            assert len(command.lines) == 1


def test_a_path_that_is_missing_is_said_in_a_sentence() -> None:
    with running("--port", str(free_port()), "--import", "no/such/folder") as command:
        assert command.rest() == 1
        assert command.lines == ["There is no file or folder no/such/folder: give IMPORT= a path that exists."]


@pytest.mark.parametrize(
    ("method", "path", "key", "parameters"),
    [
        ("GET", "/v1/articles/a", "GET /v1/articles/{id}", {"id": "a"}),
        ("HEAD", "/v1/articles/a", "HEAD /v1/articles/{id}", {"id": "a"}),
        ("GET", "/v1/articles/a%20b", "GET /v1/articles/{id}", {"id": "a b"}),
        ("GET", "/v1/articles/newest", "GET /v1/articles/newest", {}),
        ("GET", "/v1/articles/", "$default", {}),
        ("GET", "/v1/articles/a/b", "$default", {}),
        ("POST", "/v1/articles/a", "$default", {}),
        ("GET", "/", "$default", {}),
    ],
)
def test_requests_find_their_routes_as_in_api_gateway(
    method: str, path: str, key: str, parameters: dict[str, str]
) -> None:
    routes = ["GET /v1/articles/{id}", "HEAD /v1/articles/{id}", "GET /v1/articles/newest"]
    matched = match(method, path, routes)
    assert (matched.key, matched.path_parameters) == (key, parameters)


def test_events_have_lower_case_headers_and_joined_parameters() -> None:
    made = event("GET", "/a?x=1&y=&x=%D1%8F", {"Accept-Language": "en"}, route_keys=["GET /a"])
    assert made["headers"] == {"accept-language": "en"}
    assert made["queryStringParameters"] == {"x": "1,я", "y": ""}
    assert made["rawQueryString"] == "x=1&y=&x=%D1%8F"
