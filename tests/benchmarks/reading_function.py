"""`make bench`: the reading function's start and its warm CPU, beside the runtime's own floor and a plain boto3 client.

Ratios count, measured in one run on one machine; the milliseconds are this machine's. The cold start is a fresh process
through the real runtime interface client and emulator; the store is a socket on loopback with one canned answer. The
warm CPU is the handler's with that socket stubbed. Functions and layer are those that make build-for-this-machine made.
"""

import argparse
import base64
import importlib
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from botocore.awsrequest import AWSResponse

import newsroom
from content_api import cards
from content_api.article import Article
from content_api.document import compressed, public_document, public_fields
from content_api.keys import position
from gateway.events import saved
from gateway.server import LambdaContext

ROOT = Path(__file__).parents[2]
BUILD = ROOT / ".aws-sam" / "local"
HANDLERS = Path(__file__).with_name("handlers")
SECRET = "a-secret-of-the-edge-that-is-long-enough"
PEERS_TABLE = "TableOfThePeer"
_ROUNDS = 20
VARIANTS = {
    "constant answer (floor)": "constant.lambda_handler",
    "reading": "reading.app.lambda_handler",
    "bare handler + boto3": "bare_boto3.lambda_handler",
}


# What is asked for: the saved event, and what DynamoDB answers to reading, and to its peer.
TASKS = {"article": "get_article_from_russia", "list of 20": "list_articles_from_russia"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True, type=Path, help="a Python 3.13 that is no virtual environment's")
    parser.add_argument("--emulator", required=True, type=Path, help="aws-lambda-rie")
    parser.add_argument("--client", required=True, type=Path, help="the folder that awslambdaric was installed into")
    parser.add_argument("--starts", type=int, default=15)
    parser.add_argument("--requests", type=int, default=20_000)
    arguments = parser.parse_args()
    print(f"{'':38}{'cold ms':>9}{'× floor':>9}{'min':>8}{'max':>8}{'warm µs':>10}")
    for task, event in TASKS.items():
        with canned_dynamodb(task) as port:
            environment = function_environment(port)
            starts: dict[str, list[float]] = {name: [] for name in VARIANTS}
            for _ in range(arguments.starts):
                for name, handler in VARIANTS.items():
                    starts[name].append(cold_start(arguments, handler, environment, event))
        warm = warm_cpu(environment, arguments.requests, task)
        floor = statistics.median(starts["constant answer (floor)"])
        for name, milliseconds in starts.items():
            median = statistics.median(milliseconds)
            spread = f"{min(milliseconds):8.1f}{max(milliseconds):8.1f}"
            print(f"{task:12}{name:26}{median:9.1f}{median / floor:9.2f}{spread}{warm[name]:10.1f}", flush=True)


# ------------------------------------------------------------------------------------------------------ the store


def stored_article() -> bytes:
    """DynamoDB's answer to GetItem: an article of 6.5 KB."""
    words = random.Random(1).choices("the winter road along the coast was closed again after snow".split(), k=1050)
    body = [{"type": "paragraph", "html": " ".join(words[start : start + 75])} for start in range(0, 1050, 75)]
    article = Article.model_validate(
        {
            "id": "en-2025-10-14-the-librarians-who-lend-seeds",
            "language": "en",
            "headline": "The Winter Road",
            "published_at": "2025-10-14T08:00:00Z",
            "body": body,
        }
    )
    document = public_document(public_fields(article, version=1))
    item = {
        "pk": {"S": f"ARTICLE#{article.id}"},
        "sk": {"S": "ARTICLE"},
        "status": {"S": "published"},
        "version": {"N": "1"},
        "language": {"S": "en"},
        "modified": {"S": "Tue, 14 Oct 2025 08:00:00 GMT"},
        "document": {"B": base64.b64encode(compressed(document)).decode()},
    }
    return json.dumps({"Item": item}).encode()


def stored_list(*, is_plain: bool) -> bytes:
    """DynamoDB's answer to Query: the newest of a language, one more than a page has. Plain cards are JSON texts."""
    items: list[dict[str, Any]] = []
    for article in newsroom.articles(84)[::4][: 20 if is_plain else 21]:
        text = cards.as_json(cards.card(public_fields(article, 1)))
        placed = position(article.published_at, article.id)
        shown = {"S": text} if is_plain else {"B": base64.b64encode(cards.packed(text)).decode()}
        items.append({"sk": {"S": placed}, "card": shown})
    return json.dumps({"Items": items, "Count": len(items), "ScannedCount": len(items)}).encode()


def store_answers(task: str, *, is_plain: bool) -> bytes:
    return stored_article() if task == "article" else stored_list(is_plain=is_plain)


def http_answer(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


@contextmanager
def canned_dynamodb(task: str) -> Generator[int]:
    ours, peers = (http_answer(store_answers(task, is_plain=is_plain)) for is_plain in (False, True))

    def converse(accepted: socket.socket) -> None:
        with accepted:
            while received := accepted.recv(65_536):
                accepted.sendall(peers if PEERS_TABLE.encode() in received else ours)

    def serve(listening: socket.socket) -> None:
        while True:
            try:
                accepted, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=converse, args=(accepted,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]


def function_environment(port: int) -> dict[str, str]:
    return {
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "a-secret-of-nobody",
        "AWS_SESSION_TOKEN": "x" * 400,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "CONTENT_TABLE": "Content",
        "CONTENT_BUCKET": "content",
        "PEERS_TABLE": PEERS_TABLE,
        "PUBLIC_URL": "https://content.example.org",
        "MORE_INFORMATION_URL": "https://content.example.org/legal-notices/{id}",
        "READER_LOCATION": "edge",
        "ORIGIN_SECRET_CURRENT": SECRET,
        "ORIGIN_SECRET_NEXT": "unset",
    }


def request_event(name: str) -> dict[str, Any]:
    event = saved(name)
    event["headers"] |= {"x-origin-secret": SECRET, "x-viewer-jurisdiction": "ru"}
    return event


# ------------------------------------------------------------------------------------------------------ cold


def cold_start(arguments: argparse.Namespace, handler: str, environment: dict[str, str], event: str) -> float:
    """Milliseconds from the first request to its answer; on it the emulator starts the runtime."""
    with socket.create_server(("127.0.0.1", 0)) as probe, socket.create_server(("127.0.0.1", 0)) as other:
        ports = probe.getsockname()[1], other.getsockname()[1]
    address, api = (f"127.0.0.1:{port}" for port in ports)
    python_path = [BUILD / "ReadingFunction", BUILD / "CommonLayer" / "python", arguments.client, HANDLERS]
    command = [str(arguments.emulator), "--runtime-interface-emulator-address", address, "--runtime-api-address", api]
    command += [str(arguments.python), "-m", "awslambdaric", handler]
    variables = environment | {"PYTHONPATH": os.pathsep.join(map(str, python_path)), "PATH": os.environ["PATH"]}
    data = json.dumps(request_event(event)).encode()
    with subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_until_open(ports[0])
            began = time.perf_counter()
            url = f"http://{address}/2015-03-31/functions/function/invocations"
            with urllib.request.urlopen(url, data, timeout=30) as response:
                answer = json.load(response)
            taken = (time.perf_counter() - began) * 1000
        finally:
            process.kill()
    if answer.get("statusCode") != 200:
        sys.exit(f"{handler} answered {answer}")
    return taken


def _wait_until_open(port: int) -> None:
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    sys.exit("the emulator opened no port within 5 s")


# ------------------------------------------------------------------------------------------------------ warm


class StubbedSocket:
    """Answers as the store does, without a system call."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def recv(self, _size: int) -> bytes:
        return self._answer

    def sendall(self, _data: bytes) -> None:
        pass

    def settimeout(self, _seconds: float) -> None:
        pass

    def setsockopt(self, *_option: int) -> None:
        pass

    def close(self) -> None:
        pass


def warm_cpu(environment: dict[str, str], requests: int, task: str) -> dict[str, float]:
    """Microseconds of CPU for one request, in the least disturbed of many rounds."""
    event, context = request_event(TASKS[task]), LambdaContext()
    answer, body = http_answer(store_answers(task, is_plain=False)), store_answers(task, is_plain=True)

    nothing: Any = {}
    answered = AWSResponse("http://127.0.0.1/", 200, nothing, None)
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, environment))
        stack.enter_context(mock.patch("socket.create_connection", return_value=StubbedSocket(answer)))
        stack.enter_context(mock.patch("botocore.httpsession.URLLib3Session.send", return_value=answered))
        stack.enter_context(mock.patch.object(AWSResponse, "content", body))
        handlers = {name: _handler(path) for name, path in VARIANTS.items()}
        rounds: dict[str, list[float]] = {name: [] for name in handlers}
        for _ in range(_ROUNDS):
            for name, handler in handlers.items():
                rounds[name].append(_microseconds(lambda handler=handler: handler(event, context), requests // _ROUNDS))
    return {name: min(measured) for name, measured in rounds.items()}


def _handler(path: str) -> Callable[[Any, Any], Any]:
    module, _, name = path.rpartition(".")
    sys.modules.pop(module, None)  # what it opened in the init phase belongs to the task before
    with mock.patch.object(sys, "path", [str(HANDLERS), *sys.path]):
        return getattr(importlib.import_module(module), name)


def _microseconds(call: Callable[[], Any], times: int) -> float:
    call()
    began = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - began) / times * 1e6


if __name__ == "__main__":
    main()
