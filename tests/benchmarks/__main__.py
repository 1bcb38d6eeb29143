"""The commands behind `make bench`, `bench-edge` and `bench-scale`."""

from pathlib import Path
from typing import Annotated, NoReturn

import edge_traffic
import plots
import report
import results
import scale
import sidebyside
import startup
import typer
import variants
from rich.console import Console
from runtime import Lambda
from tqdm import tqdm

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
_console = Console(soft_wrap=True)

Docs = Annotated[Path, typer.Option(help="the folder that is written to")]


@app.command()
def measure(
    python: Annotated[Path, typer.Option(help="a Python 3.13 that is no virtual environment's")],
    emulator: Annotated[Path, typer.Option(help="aws-lambda-rie")],
    client: Annotated[Path, typer.Option(help="the folder that awslambdaric was installed into")],
    uv: Annotated[str, typer.Option(help="installs the peers")],
    starts: int = 12,
    requests: int = 900,
    docs: Docs = results.DOCS,
) -> None:
    """Reading beside its peers and the floor, and the other functions' start."""
    variants.install_peers(uv, python)
    runtime = Lambda(python, emulator, client)
    total = sidebyside.steps(starts) + startup.steps(starts)
    with tqdm(total=total, unit="start", mininterval=1) as bar:
        others = startup.measured(runtime, starts=starts, step=lambda: _advance(bar, 1))
        side_by_side = sidebyside.measured(runtime, starts=starts, requests=requests, step=lambda: _advance(bar, 1))
    found = {
        "side_by_side": side_by_side,
        "packages": {variant.name: list(variant.package()) for variant in variants.VARIANTS},
        "functions": others,
    }
    _written(docs, "bench", found, "make bench")


@app.command("edge")
def measure_edge(seconds: int = 300, docs: Docs = results.DOCS) -> None:
    """What reaches the origin, by cache key."""
    with tqdm(total=edge_traffic.requests(seconds), unit="request", unit_scale=True, mininterval=1) as bar:
        found = edge_traffic.measured(seconds=seconds, step=lambda made: _advance(bar, made))
    _written(docs, "edge", found, "make bench-edge")


@app.command("scale")
def measure_scale(articles: int = 100_000, minutes: float = 12, docs: Docs = results.DOCS) -> None:
    """Reading as the archive grows from a thousand articles to so many, as far as it can be loaded in the time."""
    sizes = [size for size in (1_000, 10_000, 100_000, 1_000_000) if size < articles] + [articles]
    with tqdm(total=articles, unit="article", unit_scale=True, mininterval=1) as bar:
        found = scale.measured(sizes, seconds=60 * minutes, step=lambda made: _advance(bar, made))
    _written(docs, "scale", found, f"make bench-scale ARTICLES={articles}")


def _advance(bar: "tqdm[NoReturn]", made: int) -> None:
    bar.update(made)


def _written(docs: Path, kind: str, found: object, command: str) -> None:
    everything = results.write(docs / "performance.json", kind, found, command)
    made = report.page(everything)
    (docs / "performance.md").write_text(made, encoding="utf-8")
    plots.draw(everything, docs)
    _console.print(made, markup=False, highlight=False)


if __name__ == "__main__":
    app()
