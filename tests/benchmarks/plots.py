"""The plots of docs/: small SVGs, the same for the same numbers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from results import Results

_OURS, _THEIRS = "#1b6ca8", "#b8b8b8"
_PANELS: tuple[tuple[str, Callable[[dict[str, Any]], float], str], ...] = (
    ("cold start, × floor", lambda each: each["cold_floors"], "{:.1f}"),
    ("client CPU, µs", lambda each: each["client_cpu_us"], "{:.3g}"),
    ("peak memory, MB", lambda each: each["memory_mb"], "{:.0f}"),
    ("$ a million requests", lambda each: each["dollars_per_million"]["total"], "{:.2f}"),
)
mpl.rcParams.update(
    {
        "svg.fonttype": "none",  # text stays text
        "svg.hashsalt": "content-api",
        "font.family": "sans-serif",
        "font.size": 8,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
)


def draw(results: Results, folder: Path) -> None:
    if "bench" in results:
        _side_by_side(results["bench"]["found"]["side_by_side"], folder / "performance.svg")
    if "edge" in results:
        _edge(results["edge"]["found"]["keys"], folder / "edge.svg")
    if "scale" in results:
        _scale(results["scale"]["found"]["sizes"], folder / "scale.svg")


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None, "Creator": None})


def _bars(axes: Any, names: list[str], values: list[float], form: str) -> None:
    colours = [_OURS if name.startswith(("reading", "jurisdiction")) else _THEIRS for name in names]
    bars = axes.barh(names, values, color=colours)
    axes.bar_label(bars, [form.format(value) for value in values], padding=2)
    axes.invert_yaxis()
    axes.set_xlim(0, max(values) * 1.2)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _side_by_side(side_by_side: dict[str, dict[str, dict[str, Any]]], path: Path) -> None:
    figure = Figure(figsize=(10, 4.4), layout="constrained")
    grid: Any = figure.subplots(len(side_by_side), len(_PANELS), sharey=True)
    for row, (task, variants) in zip(grid, side_by_side.items(), strict=True):
        for axes, (title, value, form) in zip(row, _PANELS, strict=True):
            _bars(axes, list(variants), [value(each) for each in variants.values()], form)
            axes.set_title(f"{task}: {title}", fontsize=8, loc="left")
    # Axes that are shared are turned as often as they are drawn.
    for row in grid:
        if not row[0].yaxis_inverted():
            row[0].invert_yaxis()
    _save(figure, path)


def _edge(keys: dict[str, dict[str, float]], path: Path) -> None:
    figure = Figure(figsize=(6, 1.6), layout="constrained")
    axes: Any = figure.subplots()
    _bars(axes, list(keys), [each["origin_per_million"] for each in keys.values()], "{:,.0f}")
    axes.set_title("requests that reach the origin, of a million; by cache key", fontsize=8, loc="left")
    _save(figure, path)


def _scale(sizes: list[dict[str, Any]], path: Path) -> None:
    figure = Figure(figsize=(8, 2.6), layout="constrained")
    grid: Any = figure.subplots(1, 2)
    for axes, figure_of, title in zip(grid, ("p50_ms", "read_units"), ("latency, ms (p50)", "read units"), strict=True):
        for question in sizes[0]["questions"]:
            values = [each["questions"][question][figure_of] for each in sizes]
            axes.plot([each["articles"] for each in sizes], values, marker="o", markersize=3, label=question)
        axes.set_xscale("log")
        axes.minorticks_off()
        axes.set_ylim(0, 1.15 * max(each["questions"][name][figure_of] for each in sizes for name in each["questions"]))
        axes.set_xlabel("articles")
        axes.set_title(title, fontsize=8, loc="left")
    grid[1].legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    _save(figure, path)
