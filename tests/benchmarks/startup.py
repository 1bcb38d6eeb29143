"""The start of every other function of template.yaml, with the libraries that it spends most of it on."""

import os
import re
import statistics
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from runtime import Lambda, NotMeasured
from variants import BUILD, LAYER

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
    milliseconds of its imports with the library that takes most of them. `step` is called after each start.
    """
    with stack.moto_server():
        made = stack.create(stack.parameters("https://content.example.org"))
        variables = _variables()
        cold: dict[str, list[float]] = {name: [] for name in others()}
        for _ in range(starts):
            for name, taken in cold.items():
                function = made.functions[name]
                with runtime.running(function.handler, _folders(name), variables | function.environment) as started:
                    answer, milliseconds = started.ask(b"{}")
                if _did_not_start(answer):
                    raise NotMeasured(f"{name} answered {answer}")
                taken.append(milliseconds)
                step()
    return {
        name: {
            "cold_ms": statistics.median(taken),
            "cold_min_ms": min(taken),
            "cold_max_ms": max(taken),
            **_imports(
                runtime.interpreter,
                made.functions[name].handler,
                variables | made.functions[name].environment | {"PYTHONPATH": runtime.python_path(_folders(name))},
            ),
        }
        for name, taken in cold.items()
    }


def _folders(name: str) -> list[Path]:
    return [BUILD / name, LAYER]


def _variables() -> dict[str, str]:
    """Those of every function: where moto is, and that this is no deployment, in which no reader would be believed."""
    ours = {name: value for name, value in os.environ.items() if name.startswith("AWS_") or name == "PATH"}
    return ours | {"AWS_SAM_LOCAL": "true"}


def _did_not_start(answer: Any) -> bool:
    """The runtime's own errors: no such module, no such handler, an init phase that raised."""
    return isinstance(answer, dict) and str(cast("Any", answer).get("errorType", "")).startswith("Runtime.")


def _imports(interpreter: list[Path | str], handler: str, environment: dict[str, str]) -> dict[str, Any]:
    """In the least disturbed of some runs, module by module."""
    module = handler.rpartition(".")[0]
    least: dict[str, int] = {}
    for _ in range(_RUNS):
        command = [*interpreter, "-X", "importtime", "-c", f"import {module}"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        for microseconds, name in _LINE.findall(done.stderr):
            least[name] = min(int(microseconds), least.get(name, int(microseconds)))
    spent: Counter[str] = Counter()
    for name, microseconds in least.items():
        spent[name.partition(".")[0]] += microseconds
    ours = {"content_api", module.partition(".")[0]}
    library, microseconds = next(each for each in spent.most_common() if each[0] not in ours)
    return {"imports_ms": spent.total() / 1000, "largest_import": library, "largest_import_ms": microseconds / 1000}
