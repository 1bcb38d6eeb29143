"""The start of every other function of template.yaml, with the libraries that it spends most of it on."""

import os
import re
import statistics
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from results import FLOOR
from runtime import Lambda, NotMeasured
from variants import BUILD, HANDLERS, LAYER, LIBRARIES

from gateway import stack, template

_READING = "ReadingFunction"
_RUNS = 5
_LINE = re.compile(r"import time: +(\d+) \| +\d+ \| +(\S+)")


def others() -> dict[str, Any]:
    """Names to resources."""
    found = template.load()["Resources"].items()
    return {name: each for name, each in found if each["Type"] == "AWS::Serverless::Function" and name != _READING}


def measured(runtime: Lambda, *, starts: int, step: Callable[[], None]) -> dict[str, dict[str, Any]]:
    """By function: milliseconds to the first answer to an event that is nobody's, whatever that answer is, and
    milliseconds of its imports with the library that takes most of them. `step` is called after each of
    `steps(starts)`.
    """
    with stack.moto_server():
        made = stack.create(stack.parameters("https://content.example.org"))
        variables = _variables()
        started = {
            name: _Started(each.handler, _folders(name), variables | each.environment)
            for name, each in made.functions.items()
            if name in others()
        }
        floor = _Started("constant.lambda_handler", [HANDLERS], variables)
        cold: dict[str, list[float]] = {name: [] for name in [FLOOR, *started]}
        for _ in range(starts):
            for name, function in {FLOOR: floor, **started}.items():
                cold[name].append(_start(runtime, name, function))
                step()
    return {
        name: {
            "cold_ms": statistics.median(cold[name]),
            "cold_min_ms": min(cold[name]),
            "cold_max_ms": max(cold[name]),
            "cold_floors": statistics.median(cold[name]) / statistics.median(cold[FLOOR]),
            **_imports(runtime, function),
        }
        for name, function in started.items()
    }


def steps(starts: int) -> int:
    return starts * (1 + len(others()))


@dataclass(frozen=True)
class _Started:
    handler: str
    folders: list[Path]
    environment: dict[str, str]


def _start(runtime: Lambda, name: str, function: _Started) -> float:
    with runtime.running(function.handler, function.folders, function.environment) as running:
        answer, milliseconds = running.ask(b"{}")
    if _did_not_start(answer):
        raise NotMeasured(f"{name} answered {answer}")
    return milliseconds


def _folders(name: str) -> list[Path]:
    """With the layers that template.yaml attaches where there is an edge."""
    carries_libraries = {"Ref": "LibrariesLayer"} in others()[name]["Properties"].get("Layers", [])
    return [BUILD / name, LAYER, *([LIBRARIES] if carries_libraries else [])]


def _variables() -> dict[str, str]:
    """Those of every function: where moto is, and that this is no deployment, in which no reader would be believed."""
    ours = {name: value for name, value in os.environ.items() if name.startswith("AWS_") or name == "PATH"}
    return ours | {"AWS_SAM_LOCAL": "true"}


def _did_not_start(answer: Any) -> bool:
    """The runtime's own errors: no such module, no such handler, an init phase that raised."""
    return isinstance(answer, dict) and str(cast("Any", answer).get("errorType", "")).startswith("Runtime.")


def _imports(runtime: Lambda, function: _Started) -> dict[str, Any]:
    """In the least disturbed of some runs, module by module."""
    module = function.handler.rpartition(".")[0]
    environment = function.environment | {"PYTHONPATH": runtime.python_path(function.folders)}
    least: dict[str, int] = {}
    for _ in range(_RUNS):
        command = [*runtime.interpreter, "-X", "importtime", "-c", f"import {module}"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        for microseconds, name in _LINE.findall(done.stderr):
            least[name] = min(int(microseconds), least.get(name, int(microseconds)))
    spent: Counter[str] = Counter()
    for name, microseconds in least.items():
        spent[name.partition(".")[0]] += microseconds
    ours = {"content_api", module.partition(".")[0]}
    library, microseconds = next(each for each in spent.most_common() if each[0] not in ours)
    return {"imports_ms": spent.total() / 1000, "largest_import": library, "largest_import_ms": microseconds / 1000}
