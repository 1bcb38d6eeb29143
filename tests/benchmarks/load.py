"""`make load`: the API under load, on loopback, for a bounded time: no error, how the slowest compare with most, and no
memory that grows.

wrk asks; it has to be on PATH (Debian's package wrk). Gateway and moto are Python in one process on this machine, so
what counts is the ratio of p99 to p50, and that nothing fails. With `--sam`, the built functions in warm containers.
Memory: the handlers' own process, 100,000 requests against a DynamoDB on loopback with one canned answer.
"""

import argparse
import base64
import gc
import json
import os
import resource
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

import newsroom
from content_api.content.document import compressed, public_document, public_fields
from content_api.law.law_file import load_law, places_told
from content_api.reader_api.api import started
from gateway.ports import free_port
from reading.routes import SURFACE
from simulated_edge.requests import SECRET, ask
from simulated_faults import FaultyService, answer

SCRIPT = Path(__file__).with_name("load.lua")
ARTICLE = "/v1/articles/en-2025-10-14-the-librarians-who-lend-seeds"
TARGETS = {"article": ARTICLE, "list of 20": "/v1/articles?language=en", "front": "/v1/fronts/en"}
CONNECTIONS = (1, 8, 32)
_STARTS_WITHIN = 300  # seconds: containers are built the first time
_SETTLED_AFTER = 20  # seconds
_WARM_UP = 10_000  # requests
_STEPS = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8, help="of each measurement")
    parser.add_argument("--requests", type=int, default=100_000, help="of the handlers' own")
    parser.add_argument("--sam", help="the command that runs SAM; then the built functions in containers are asked")
    arguments = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("make load asks with wrk, and there is none on PATH: apt-get install wrk")
    failed = 0
    measures = ("connections", "requests", "a second", "p50 ms", "p99 ms", "p99/p50", "errors")
    print(f"{'':14}{''.join(f'{name:>12}' for name in measures)}")
    with serving(arguments.sam) as address:
        for name, target in TARGETS.items():
            for connections in CONNECTIONS:
                found = asked(f"{address}{target}", connections, arguments.seconds)
                failed += found["errors"]
                rate, ratio = found["requests"] / found["seconds"], found["p99"] / found["p50"]
                shown = f"{found['p50']:12.1f}{found['p99']:12.1f}{ratio:12.1f}{found['errors']:12}"
                print(f"{name:14}{connections:12}{found['requests']:12,}{rate:12.0f}{shown}", flush=True)
    if not arguments.sam:
        memory(arguments.requests)
    if failed:
        sys.exit(f"{failed} errors")


def asked(url: str, connections: int, seconds: int) -> dict[str, Any]:
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"]
    command += ["--timeout", "30s", "--script", str(SCRIPT), url]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 60)
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def serving(sam: str | None) -> Generator[str]:
    """As make run serves, without its watch on files, or as make sam-local does."""
    port = free_port()
    command = [sys.executable, "-c", f"from gateway.local import serve; serve({port}, None, 'developer')"]
    if sam:
        command = [sys.executable, "-m", "gateway.sam_local", "--port", str(port), "--", *shlex.split(sam)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_until_answered(port, process)
            # What was imported at the start is being propagated meanwhile.
            asked(f"http://127.0.0.1:{port}{ARTICLE}", 1, _SETTLED_AFTER)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_until_answered(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            asked(f"http://127.0.0.1:{port}{ARTICLE}", 1, 1)
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except (OSError, subprocess.CalledProcessError, json.JSONDecodeError):
            time.sleep(1)
        else:
            return
    sys.exit("nothing is served: make run, or make sam-local, says why")


def memory(requests: int) -> None:
    """Resident memory and blocks of Python's allocator, at the start and after each tenth."""
    fields = public_fields(next(iter(newsroom.articles(1))), 1)
    item = {
        "status": {"S": "published"},
        "version": {"N": "1"},
        "language": {"S": "en"},
        "modified": {"S": "Tue, 14 Oct 2025 08:00:00 GMT"},
        "document": {"B": base64.b64encode(compressed(public_document(fields))).decode()},
    }
    said = answer(json.dumps({"Item": item}).encode())
    service = FaultyService("http://127.0.0.1:1")
    service.fault = lambda accepted: accepted.sendall(said)
    api = started(
        SURFACE,
        {
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_ENDPOINT_URL": service.url,
            "CONTENT_TABLE": "Content",
            "CONTENT_BUCKET": "content",
            "PUBLIC_URL": "https://content.example.org",
            "MORE_INFORMATION_URL": "https://content.example.org/legal-notices/{id}",
            "READER_LOCATION": "edge",
            "EDGE_JURISDICTIONS": " ".join(places_told(load_law())),
            "ORIGIN_SECRET_CURRENT": SECRET,
        },
    )

    class Context:
        aws_request_id = "1"

    def handler(event: dict[str, Any]) -> dict[str, Any]:
        return dict(api.lambda_handler(event, Context()))

    forms = ["", "?body=html", "?body=text&fields=headline,text", "?format=jsonld", "?colour=blue"]
    targets = [f"/v1/articles/{fields['id']}{form}" for form in forms]

    def run(times: int) -> None:
        for number in range(times):
            ask(handler, targets[number % len(targets)], ("ru", "elsewhere", "unknown")[number % 3])

    run(_WARM_UP)
    measured = [_memory()]
    for _ in tqdm(range(_STEPS), desc=f"{requests:,} requests", leave=False):
        run(requests // _STEPS)
        measured.append(_memory())
    service.close()
    (resident, blocks), (last_resident, last_blocks) = measured[0], measured[-1]
    print(
        f"\n{requests:,} requests of the handler, after {_WARM_UP:,}: resident {resident / 1024:.1f} → "
        f"{last_resident / 1024:.1f} MiB, {blocks:,} → {last_blocks:,} blocks of Python's"
    )


def _memory() -> tuple[int, int]:
    """KiB that are resident, and blocks that Python has allocated."""
    gc.collect()
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        resident = pages * os.sysconf("SC_PAGE_SIZE") // 1024
    except OSError:
        resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return resident, sys.getallocatedblocks()


if __name__ == "__main__":
    main()
