"""`make bench-compare` tells a slower program from a slower machine."""

import json
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests" / "benchmarks" / "comparison.py"

type Run = dict[str, Any]


def figures(floors: float, cpu: float) -> Run:
    return {
        "cold_ms": 40.0 * floors,
        "cold_floors": floors,
        "cold_tls_floors": floors,
        "warm_p50_floors": floors,
        "memory_floors": floors,
        "client_cpu_us": cpu,
        "dollars_per_million": {"total": 1.5},
    }


RUN: Run = {
    "bench": {
        "found": {
            "side_by_side": {
                "article": {
                    "floor: a constant": figures(1, 0.1),
                    "reading, as built": figures(1.3, 40),
                    "bare boto3": figures(6, 300),
                }
            },
            "packages": {"reading, as built": [1_000_000, 500_000], "bare boto3": [27_000_000, 19_000_000]},
            "functions": {"DueFunction": {"cold_ms": 500.0, "cold_floors": 12.0, "largest_import": "botocore"}},
        }
    }
}


def compared(now: Run, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    paths = [folder / "then.json", folder / "now.json"]
    for path, run in zip(paths, (RUN, now), strict=True):
        path.write_text(json.dumps(run), encoding="utf-8")
    return subprocess.run(
        [sys.executable, PROGRAM, *paths, *options], capture_output=True, text=True, check=False, cwd=folder
    )


def changed(change: Callable[[dict[str, Any]], None]) -> Run:
    run = deepcopy(RUN)
    change(run["bench"]["found"])
    return run


def test_every_figure_is_printed_with_then_now_and_ratio(tmp_path: Path) -> None:
    now = changed(lambda found: found["side_by_side"]["article"]["reading, as built"].update(cold_ms=104.0))
    done = compared(now, tmp_path)
    (line,) = [each for each in done.stdout.splitlines() if each.startswith("article | reading, as built | cold_ms")]
    assert line.split()[-3:] == ["52", "104", "2.00"]
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_slower_machine_is_not_a_slower_program(tmp_path: Path) -> None:
    def slower(found: dict[str, Any]) -> None:
        for variant in found["side_by_side"]["article"].values():
            variant["cold_ms"] *= 3
            variant["client_cpu_us"] *= 3
        found["functions"]["DueFunction"]["cold_ms"] *= 3

    assert compared(changed(slower), tmp_path).returncode == 0


@pytest.mark.parametrize(
    "figure", ["cold_floors", "cold_tls_floors", "warm_p50_floors", "memory_floors", "client_cpu_us"]
)
def test_reading_that_has_become_slower_beside_the_others_fails(tmp_path: Path, figure: str) -> None:
    def slower(found: dict[str, Any]) -> None:
        found["side_by_side"]["article"]["reading, as built"][figure] *= 1.3

    done = compared(changed(slower), tmp_path)
    assert done.returncode == 1
    assert "WORSE" in done.stdout
    assert compared(changed(slower), tmp_path, "--tolerance", "0.5").returncode == 0


def test_a_function_that_starts_more_slowly_fails(tmp_path: Path) -> None:
    done = compared(changed(lambda found: found["functions"]["DueFunction"].update(cold_floors=16.0)), tmp_path)
    assert done.returncode == 1


@pytest.mark.parametrize("at", [0, 1])
def test_a_package_that_has_grown_fails_and_a_peers_does_not(tmp_path: Path, at: int) -> None:
    def grown(variant: str) -> Callable[[dict[str, Any]], None]:
        def change(found: dict[str, Any]) -> None:
            found["packages"][variant][at] *= 2

        return change

    assert compared(changed(grown("reading, as built")), tmp_path).returncode == 1
    assert compared(changed(grown("bare boto3")), tmp_path).returncode == 0


def test_what_peers_do_is_their_own_affair(tmp_path: Path) -> None:
    now = changed(lambda found: found["side_by_side"]["article"]["bare boto3"].update(cold_floors=60))
    assert compared(now, tmp_path).returncode == 0


def test_a_run_that_measured_nothing_of_ours_proves_nothing(tmp_path: Path) -> None:
    assert compared({}, tmp_path).returncode == 1
