"""`make bench-compare`: then, now and their ratio, for each figure of two runs.

Fails where one of ours has become worse than the tolerance, as a ratio to the floor (client CPU: to the bare boto3
handler) of its own run, so that another machine or a busy one changes little.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from results import BARE, Results, read

_RATIOS = (
    "cold_floors",
    "cold_tls_floors",
    "warm_p50_floors",
    "memory_floors",
    "client_cpu_bares",
    "package_bytes",
    "package_zipped_bytes",
)
_TOLERANCE = 0.25  # a run beside a busy neighbour is that far from one alone


@dataclass(frozen=True)
class Compared:
    figure: str
    then: float
    now: float
    counts: bool

    @property
    def ratio(self) -> float:
        return self.now / self.then if self.then else 1.0

    def is_worse(self, tolerance: float) -> bool:
        return self.counts and self.ratio > 1 + tolerance


def main(
    then: Path, now: Path, tolerance: Annotated[float, typer.Option(help="0.25 for a quarter worse")] = _TOLERANCE
) -> None:
    found = compared(read(then), read(now))
    print(f"{'':72}{'then':>12}{'now':>12}{'ratio':>8}")
    for each in found:
        mark = "  WORSE" if each.is_worse(tolerance) else ""
        print(f"{each.figure:72}{each.then:12.4g}{each.now:12.4g}{each.ratio:8.2f}{mark}")
    counting, worse = sum(each.counts for each in found), sum(each.is_worse(tolerance) for each in found)
    print(f"{worse} of {counting} ratios of ours are worse by more than {tolerance:.0%}")
    if worse or not counting:
        raise typer.Exit(1)


def compared(then: Results, now: Results) -> list[Compared]:
    """Every figure that both runs have. Ratios of ours count."""
    before, after = dict(_figures(then)), dict(_figures(now))
    return [Compared(" | ".join(name), before[name], after[name], _counts(name)) for name in after if name in before]


def _counts(name: tuple[str, str, str]) -> bool:
    _, subject, figure = name
    return figure in _RATIOS and subject.startswith(("reading", "function"))


def _figures(results: Results) -> Iterator[tuple[tuple[str, str, str], float]]:
    found: dict[str, Any] = results.get("bench", {}).get("found", {"side_by_side": {}, "functions": {}})
    for task, variants in found["side_by_side"].items():
        for variant, figures in variants.items():
            for name, value in _numbers(figures):
                yield (task, variant, name), value
            yield (task, variant, "client_cpu_bares"), figures["client_cpu_us"] / variants[BARE]["client_cpu_us"]
    for variant, (unpacked, zipped) in found.get("packages", {}).items():
        yield ("package", variant, "package_bytes"), float(unpacked)
        yield ("package", variant, "package_zipped_bytes"), float(zipped)
    for function, figures in found["functions"].items():
        for name, value in _numbers(figures):
            yield ("start", f"function {function}", name), value


def _numbers(figures: dict[str, Any]) -> Iterator[tuple[str, float]]:
    for name, value in figures.items():
        if isinstance(value, int | float):
            yield name, float(value)
        elif isinstance(value, dict):
            yield name, float(value["total"])  # pyright: ignore[reportUnknownArgumentType] - dollars, by what they are for


if __name__ == "__main__":
    typer.run(main)
