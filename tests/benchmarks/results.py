"""`docs/performance.json`: what was measured last, by kind of measurement, and where it was measured."""

import datetime as dt
import json
import os
import platform
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
# Of variants.
FLOOR, READING, CHECKOUT, BARE = "floor: a constant", "reading, as built", "reading, checkout", "bare boto3"
_DIGITS = 4

type Results = dict[str, Any]


def read(path: Path) -> Results:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(path: Path, kind: str, found: Any, command: str) -> Results:
    """Puts what was found in the place of the last of its kind; returns all there is."""
    results = read(path)
    results[kind] = {
        "command": command,
        "on": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": _machine(),
        "load": os.getloadavg()[1],  # of five minutes, this run's own included
        "found": _rounded(found),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return results


def _machine() -> str:
    stated = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    processor = stated[1] if stated else platform.machine()
    return f"{os.cpu_count()} × {processor}, Python {platform.python_version()}"


def _rounded(found: Any) -> Any:
    """To as many digits as mean anything."""
    if isinstance(found, float):
        return float(f"{found:.{_DIGITS}g}")
    if isinstance(found, dict):
        return {name: _rounded(each) for name, each in found.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(found, list):
        return [_rounded(each) for each in found]  # pyright: ignore[reportUnknownVariableType]
    return found
