"""What `reading` is held to."""

from dataclasses import dataclass
from typing import Any

from results import BARE, CHECKOUT, FLOOR, READING

_MOST_FLOORS_COLD = 1.5
# Of bare boto3's for the same task. The design's 45 µs an article and 100 µs a list are this share of the 266 and 593
# that bare boto3 took on the machine that they were set on.
_MOST_CLIENT_CPU = 0.17
_MOST_UNPACKED = 2_000_000  # bytes, with its layer
_OURS = (READING, CHECKOUT)


@dataclass(frozen=True)
class Outcome:
    target: str
    limit: str
    found: str
    is_met: bool


def outcomes(side_by_side: dict[str, dict[str, dict[str, Any]]], packages: dict[str, list[int]]) -> list[Outcome]:
    """`packages` are bytes by variant: unpacked, zipped."""
    made: list[Outcome] = []
    for task, variants in side_by_side.items():
        ours = variants[READING]
        floors, cpu, memory = ours["cold_floors"], ours["client_cpu_us"], ours["memory_mb"]
        share_of_boto3 = cpu / variants[BARE]["client_cpu_us"]
        leanest, least = _least({name: each["memory_mb"] for name, each in variants.items()})
        made += [
            _outcome(
                f"{task}: cold", f"≤ {_MOST_FLOORS_COLD:g} × floor", f"{floors:.2f} ×", floors / _MOST_FLOORS_COLD
            ),
            _outcome(
                f"{task}: client CPU",
                f"≤ {_MOST_CLIENT_CPU:g} × {BARE}",
                f"{share_of_boto3:.3f} ×, {cpu:.0f} µs",
                share_of_boto3 / _MOST_CLIENT_CPU,
            ),
            _outcome(
                f"{task}: memory", f"below every peer ({leanest}: {least:.1f} MB)", f"{memory:.1f} MB", memory / least
            ),
        ]
    return [*made, *_packages(packages)]


def _packages(packages: dict[str, list[int]]) -> list[Outcome]:
    (unpacked, zipped), limit = packages[READING], _MOST_UNPACKED / 1e6
    peer, least = _least({name: each[0] for name, each in packages.items()})
    peer_zipped, least_zipped = _least({name: each[1] for name, each in packages.items()})
    return [
        _outcome(
            "package, unpacked",
            f"≤ {limit:g} MB and below every peer ({peer}: {least / 1e6:.1f} MB)",
            f"{unpacked / 1e6:.2f} MB",
            unpacked / min(_MOST_UNPACKED, least),
        ),
        _outcome(
            "package, zipped",
            f"below every peer ({peer_zipped}: {least_zipped / 1e6:.1f} MB)",
            f"{zipped / 1e6:.2f} MB",
            zipped / least_zipped,
        ),
    ]


def _least(figures: dict[str, float]) -> tuple[str, float]:
    """The peer that has the least, and how much."""
    peers = {name: each for name, each in figures.items() if name not in {*_OURS, FLOOR}}
    return min(peers.items(), key=lambda each: each[1])


def _outcome(target: str, limit: str, found: str, share: float) -> Outcome:
    return Outcome(target, limit, found if share <= 1 else f"{found}, {share:.2f} × the limit", is_met=share <= 1)
