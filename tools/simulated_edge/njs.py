"""Runs the edge function in njs, the engine of CloudFront Functions: `run(source, store, events)`.

Each run is a process of its own, which takes about 5 ms: njs reads no pipe, and frees no memory before it ends.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from itertools import batched
from pathlib import Path
from typing import Any

from simulated_edge.runs import EngineMissing, Event, FunctionFailed, Ran, Store

_OURS = Path(__file__).with_name("njs")  # CloudFront's module, and the script that runs the function
_AT_ONCE = 1000  # events for one process; each takes about 0.1 MB
_LONGEST = 60  # seconds for one process


def run(source: str, store: Store, events: Sequence[Event], *, now: float | None = None) -> Ran:
    """Runs a function's code (`FunctionCode` in the template) on events of CloudFront Functions. `now` is the time that
    the function sees, in seconds since 1970; the clock's if None. Raises FunctionFailed, and EngineMissing if `njs` is
    not on PATH.
    """
    requests: list[dict[str, Any]] = []
    asked: list[str] = []
    for some in batched(events, _AT_ONCE, strict=False):
        made = _exchanged(source, store, some, now)
        requests += made["requests"]
        asked += made["asked"]
    return Ran(requests, asked)


def version() -> str:
    """The version of njs. Raises EngineMissing."""
    return subprocess.run([_njs(), "-v"], capture_output=True, text=True, check=True, timeout=_LONGEST).stdout.strip()


def _exchanged(source: str, store: Store, events: Sequence[Event], now: float | None) -> Any:  # noqa: ANN401 - JSON
    exchange = {
        "store": {"values": dict(store.values), "is_broken": store.is_broken},
        "events": events,
        "now": None if now is None else int(now * 1000),
    }
    with tempfile.TemporaryDirectory() as folder:
        script, asking, answer = (Path(folder, name) for name in ("function.js", "exchange.json", "answer.json"))
        script.write_text(f"{source}\n{(_OURS / 'after.js').read_text(encoding='utf-8')}", encoding="utf-8")
        asking.write_text(json.dumps(exchange), encoding="utf-8")
        command = [_njs(), "-p", str(_OURS), str(script), str(asking), str(answer)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LONGEST)
        if done.returncode or not answer.exists():
            raise FunctionFailed((done.stdout + done.stderr).strip() or "njs made no answer")
        made = json.loads(answer.read_text(encoding="utf-8"))
    if "error" in made:
        raise FunctionFailed(made["error"])
    return made


def _njs() -> str:
    if found := shutil.which("njs"):
        return found
    raise EngineMissing("njs is not on PATH: install it (Debian and Ubuntu: apt-get install njs)")
