"""Plays a newsroom that uses a deployment: its readers, its editors' commands, and a partner that is told of
changes.
"""

import itertools
import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from content_api.aws import clients
from emulated_aws import server, stacks
from gateway.server import in_a_thread

_ROOT = Path(__file__).parents[2]
_SECRET = f"whsec_{'A' * 32}"


class Refused(Exception):
    """A command ended with an error. The message is what it printed."""


def eventually[Found](look: Callable[[], Found | None], *, seconds: float = 60) -> Found:
    """The first result of `look` that is not empty. It looks five times a second. Raises TimeoutError after so many
    seconds.
    """
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.2)
    return found


def run(module: str, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs one of our modules as a process of its own, which finds the emulator by its environment."""
    command = [sys.executable, "-m", module, *arguments]
    everything = os.environ | (environment or {})
    return subprocess.run(command, env=everything, capture_output=True, text=True, check=False, timeout=600, cwd=_ROOT)


@dataclass(frozen=True)
class Notification:
    """A message that the partner got."""

    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Partner:
    """A server at `url` that keeps the messages that it gets."""

    url: str
    secret: str
    told: list[Notification]

    def introduce_to(self, deployed: stacks.Deployed) -> None:
        """Adds this partner's webhook to the deployment."""
        endpoint = {"id": "a-partner", "url": self.url, "secrets": [self.secret]}
        clients.client("secretsmanager").put_secret_value(
            SecretId=deployed.outputs["WebhooksSecretArn"], SecretString=json.dumps({"endpoints": [endpoint]})
        )


@dataclass(frozen=True)
class Newsroom:
    """What a newsroom uses of a deployment: the address for readers, and commands that are signed as an editor's."""

    aws: server.Server
    deployed: stacks.Deployed
    partner: Partner
    folder: Path
    readers: str  # the address that readers use, without a trailing slash
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def get(self, path: str, headers: dict[str, str] | None = None, *, method: str = "GET") -> server.Answer:
        return self.aws.ask(method, self.readers + path, headers)

    def status_becomes(self, path: str, expected: int, headers: dict[str, str] | None = None) -> server.Answer:
        """Asks until the answer has that status, and returns the answer."""

        def look() -> server.Answer | None:
            answer = self.get(path, headers)
            return answer if answer.status == expected else None

        return eventually(look)

    def article(self, name: str, **more: object) -> Path:
        """A file with an article that no other test uses. Its id is en-2026-11-20-NAME."""
        path = self.folder / f"{next(self._numbers)}-{name}.json"
        content = {
            "id": f"en-2026-11-20-{name}",
            "language": "en",
            "headline": name.replace("-", " ").title(),
            "published_at": "2026-11-20T08:00:00Z",
            "body": [{"type": "paragraph", "html": f"What is said of {name}, which nobody may miss."}],
        }
        path.write_text(json.dumps(content | more), encoding="utf-8")
        return path

    def command(self, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Runs `content-api` for this deployment."""
        asked = {"CONTENT_API_URL": self.deployed.outputs["EditorialApiUrl"]}
        return run("newsdesk", *arguments, environment=asked | (environment or {}))

    def done(self, *arguments: str) -> str:
        """Runs `content-api`, and returns what it prints. Raises Refused."""
        made = self.command(*arguments)
        if made.returncode:
            raise Refused(f"{' '.join(arguments)}: {made.stdout}{made.stderr}")
        return made.stdout

    def objects(self, prefix: str) -> list[str]:
        listed = clients.s3().list_objects_v2(Bucket=self.deployed.outputs["ContentBucket"], Prefix=prefix)
        return sorted(each.get("Key", "") for each in listed.get("Contents", []))

    def drop(self, key: str, content: bytes, **more: Any) -> None:  # noqa: ANN401 - arguments of PutObject
        clients.s3().put_object(Bucket=self.deployed.outputs["ContentBucket"], Key=key, Body=content, **more)

    def log_lines(self, group: str) -> list[str]:
        """The lines in a log group, which is named as in the template."""
        logs: Any = clients.client("logs")
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=self.deployed.physical[group])
        return [event["message"] for page in pages for event in page["events"]]


@contextmanager
def listening_partner(aws: server.Server) -> Generator[Partner]:
    """A partner that listens on this machine, at a host whose address looks public to the functions."""
    told: list[Notification] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            told.append(Notification(headers, self.rfile.read(int(headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - named and typed so there
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(aws.certificate, aws.private_key)
        listening.socket = context.wrap_socket(listening.socket, server_side=True)
        with in_a_thread(listening):
            yield Partner(f"https://partner.example.org:{listening.server_address[1]}/changes", _SECRET, told)
