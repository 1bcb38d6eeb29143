"""`make bench-imaging`: what a rendition of a photograph costs, by width and format, with libvips and with Pillow.

The photograph is made up: noise whose spectrum falls as that of photographs does (1/f), shapes with sharp edges, a
camera's noise; 6,000 × 4,000 pixels. Each library encodes the same pixels at the quality that comes nearest to one
SSIM, so that bytes can be compared. Time and memory are those of a process that reads the JPEG and writes one
rendition, with one thread. The table goes into docs/media.md.
"""

import argparse
import datetime as dt
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyvips
from one_rendition import by_libvips, by_pillow
from PIL import Image, __version__

from content_api.names.media import WIDTHS

ACROSS, DOWN = 6000, 4000
KINDS = ("avif", "webp", "jpg")
SSIM = 0.95
_ONE = Path(__file__).with_name("one_rendition.py")
_WINDOW = 8  # pixels across, of the windows in which SSIM is measured
_BEGIN, _END = "<!-- make bench-imaging writes from here -->\n", "<!-- to here -->"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path, required=True)
    docs: Path = parser.parse_args().docs
    with tempfile.TemporaryDirectory() as folder:
        photograph = Path(folder) / "photograph.jpg"
        make_photograph(photograph)
        rows = [row(photograph, width, kind) for width in WIDTHS for kind in KINDS]
        size = photograph.stat().st_size
    table = [
        "| width | format | libvips ms | MB | bytes | Pillow ms | MB | bytes |",
        "|---:|---|---:|---:|---:|---:|---:|---:|",
        *rows,
    ]
    load, when = os.getloadavg()[0], dt.datetime.now(dt.UTC).date()
    said = (
        f"A JPEG of {ACROSS:,} × {DOWN:,} pixels and {size / 1e6:.1f} MB; {when}, libvips "
        f"{'.'.join(str(pyvips.version(part)) for part in range(3))}, Pillow {__version__}, "
        f"load average {load:.1f}.\n\n"
    )
    text = docs.read_text(encoding="utf-8")
    head, _, rest = text.partition(_BEGIN)
    docs.write_text(head + _BEGIN + said + "\n".join(table) + "\n" + _END + rest.partition(_END)[2], encoding="utf-8")
    print(said + "\n".join(table))


def make_photograph(path: Path) -> None:
    total: pyvips.Image | None = None
    for octave in range(9):
        coarse = 2 ** (8 - octave)
        width, height = ACROSS // coarse, DOWN // coarse
        noise = pyvips.Image.gaussnoise(width, height, sigma=1.0, mean=0.0, seed=octave) * (70 * 0.62**octave)
        grown = noise.resize(ACROSS / width, vscale=DOWN / height, kernel="cubic").crop(0, 0, ACROSS, DOWN)
        total = grown if total is None else total + grown
    assert total is not None
    tone = total.copy_memory()
    red, green, blue = tone + 128, tone * 0.8 + tone.rot180() * 0.25 + 120, tone * 0.6 + tone.fliphor() * 0.35 + 110
    image = red.bandjoin([green, blue]).cast("uchar").copy(interpretation="srgb")
    image = image.draw_circle([240, 230, 200], 4200, 900, 420, fill=True)
    image = image.draw_rect([30, 40, 60], 700, 2200, 900, 1500, fill=True)
    image.jpegsave(str(path), Q=92)


def row(photograph: Path, width: int, kind: str) -> str:
    reference = pyvips.Image.thumbnail(str(photograph), width, height=10**7).copy_memory()
    pixels = np.frombuffer(reference.write_to_memory(), np.uint8).reshape(reference.height, reference.width, 3)
    cells = [f"| {width} | {kind} "]
    for library, encode in (
        ("libvips", by_libvips(reference, kind)),
        ("Pillow", by_pillow(Image.fromarray(pixels), kind)),
    ):
        quality, size = at_ssim(encode, pixels, SSIM)
        milliseconds, megabytes = of_a_process(library, photograph, width, kind, quality)
        cells.append(f"| {milliseconds:,.0f} | {megabytes:,.0f} | {size:,} ")
    print("".join(cells), file=sys.stderr, flush=True)
    return "".join(cells) + "|"


def at_ssim(encode: Callable[[int], bytes], pixels: Any, wanted: float) -> tuple[int, int]:
    """The lowest quality that reaches the SSIM, and the bytes that it takes, between it and the next lower."""
    low, high = 1, 99
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if ssim(encode(middle), pixels) >= wanted else (middle + 1, high)
    above, below = encode(low), encode(max(low - 1, 1))
    over, under = ssim(above, pixels), ssim(below, pixels)
    share = (wanted - under) / (over - under) if over > under else 1.0
    return low, round(len(below) + (len(above) - len(below)) * min(max(share, 0), 1))


def ssim(content: bytes, pixels: Any) -> float:
    """Of brightness, over windows of 8 × 8 pixels (Wang and others, "Image quality assessment", 2004)."""
    one, other = luma(np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))), luma(pixels)
    a, b = windows(one), windows(other)
    mean_a, mean_b = a.mean(-1), b.mean(-1)
    together = (a * b).mean(-1) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    found = ((2 * mean_a * mean_b + c1) * (2 * together + c2)) / (
        (mean_a**2 + mean_b**2 + c1) * (a.var(-1) + b.var(-1) + c2)
    )
    return float(found.mean())


def luma(pixels: Any) -> Any:
    return pixels.astype(np.float64) @ np.array([0.299, 0.587, 0.114])


def windows(plane: Any) -> Any:
    down, across = (side // _WINDOW * _WINDOW for side in plane.shape)
    cut = plane[:down, :across].reshape(down // _WINDOW, _WINDOW, across // _WINDOW, _WINDOW)
    return cut.swapaxes(1, 2).reshape(down // _WINDOW, across // _WINDOW, -1)


def of_a_process(library: str, photograph: Path, width: int, kind: str, quality: int) -> tuple[float, float]:
    """Milliseconds of processor time, the least of three, and MB at most."""
    command = [sys.executable, str(_ONE), library, str(photograph), str(width), kind, str(quality)]
    environment = {**os.environ, "VIPS_CONCURRENCY": "1"}
    runs = [subprocess.run(command, env=environment, capture_output=True, text=True, check=True) for _ in range(3)]
    said = [[float(each) for each in run.stdout.split()] for run in runs]
    return min(each[0] for each in said), max(each[1] for each in said)


if __name__ == "__main__":
    main()
