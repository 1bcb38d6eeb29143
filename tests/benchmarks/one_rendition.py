"""One rendition by one library, in a process that has loaded no other: says its milliseconds and its MB at most."""

import importlib
import io
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def by_libvips(image: Any, kind: str) -> Callable[[int], bytes]:
    """Encodes a pyvips image, as `imaging.encoding` does, at a quality."""
    options: dict[str, Any] = {
        "avif": {"compression": "av1", "effort": 2, "bitdepth": 8},
        "webp": {},
        "jpg": {"optimize_coding": True, "interlace": True},
    }[kind]
    save = {"avif": image.heifsave_buffer, "webp": image.webpsave_buffer, "jpg": image.jpegsave_buffer}[kind]
    return lambda quality: bytes(save(Q=quality, keep=0, **options))


def by_pillow(image: Any, kind: str) -> Callable[[int], bytes]:
    """Encodes an image of Pillow's at a quality; AVIF at the speed that takes about as long as libvips does."""
    options: dict[str, Any] = {
        "avif": {"format": "AVIF", "speed": 8, "max_threads": 1},
        "webp": {"format": "WEBP"},
        "jpg": {"format": "JPEG", "optimize": True, "progressive": True},
    }[kind]

    def encoded(quality: int) -> bytes:
        content = io.BytesIO()
        image.save(content, quality=quality, **options)
        return content.getvalue()

    return encoded


def read_by_libvips(path: str, width: int) -> Any:
    import pyvips  # noqa: PLC0415 - one of two

    return pyvips.Image.thumbnail(path, width, height=10**7, fail_on="error").copy_memory()


def read_by_pillow(path: str, width: int) -> Any:
    from PIL import Image  # noqa: PLC0415 - one of two

    image = Image.open(path)
    height = round(width * image.height / image.width)
    image.draft("RGB", (2 * width, 2 * height))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def main(library: str, path: str, width: str, kind: str, quality: str) -> None:
    read, encode = {"libvips": (read_by_libvips, by_libvips), "Pillow": (read_by_pillow, by_pillow)}[library]
    importlib.import_module({"libvips": "pyvips", "Pillow": "PIL.Image"}[library])  # before the clock runs
    began = time.process_time()
    encode(read(path, int(width)), kind)(int(quality))
    milliseconds = (time.process_time() - began) * 1000
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+)", status)
    print(milliseconds, int(found[1]) / 1024 if found else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
