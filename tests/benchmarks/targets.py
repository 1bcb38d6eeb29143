"""What `reading` is held to, and what to say where it misses."""

from dataclasses import dataclass
from typing import Any

from results import FLOOR, READING

_MOST_FLOORS_COLD = 2.0
_MOST_CLIENT_CPU = 60.0  # microseconds
_WHY = {
    "list of 20: client CPU": (
        "A page is 20 KB of JSON. Parsing DynamoDB's answer, decoding and unpacking twenty cards and digesting them "
        "take 67 µs without anything else (measured by itself); with the cards as JSON texts in the items, as peers "
        "have them, 61, since the parser then has their escapes to undo, and a request costs twice the read units, "
        "$0.38 a million."
    ),
}


@dataclass(frozen=True)
class Outcome:
    target: str
    limit: str
    found: str
    is_met: bool
    why: str = ""


def outcomes(side_by_side: dict[str, dict[str, dict[str, Any]]]) -> list[Outcome]:
    made: list[Outcome] = []
    for task, variants in side_by_side.items():
        ours = variants[READING]
        floors, cpu, memory = ours["cold_floors"], ours["client_cpu_us"], ours["memory_mb"]
        peers = {name: each["memory_mb"] for name, each in variants.items() if not name.startswith(("reading", FLOOR))}
        leanest = min(peers, key=lambda name: peers[name])
        made += [
            _outcome(
                f"{task}: cold", f"≤ {_MOST_FLOORS_COLD:g} × floor", f"{floors:.2f} ×", floors / _MOST_FLOORS_COLD
            ),
            _outcome(f"{task}: client CPU", f"≤ {_MOST_CLIENT_CPU:g} µs", f"{cpu:.0f} µs", cpu / _MOST_CLIENT_CPU),
            _outcome(
                f"{task}: memory",
                f"below every peer ({leanest}: {peers[leanest]:.1f} MB)",
                f"{memory:.1f} MB",
                memory / peers[leanest],
            ),
        ]
    return made


def _outcome(target: str, limit: str, found: str, share: float) -> Outcome:
    if share <= 1:
        return Outcome(target, limit, found, is_met=True)
    return Outcome(target, limit, f"{found}, {share:.2f} × the limit", is_met=False, why=_WHY.get(target, ""))
