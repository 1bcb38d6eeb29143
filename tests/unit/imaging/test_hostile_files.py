"""Files made to harm whoever decodes them are refused, within bounds of time and memory."""

import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.unit.imaging.changed_files import Change, changed, changes
from tests.unit.imaging.files import FILES, KINDS, as_file, drawn

from imaging import apart, bounds
from imaging.apart import make_apart
from imaging.decoding import MOST_PIXELS
from imaging.kinds import Kind
from imaging.making import make
from imaging.refused import PictureRefused
from thoroughness import examples

_SECONDS = 5  # that none of these small files may take, on a busy machine
_UNDECODED = 120  # MB that the process has before it decodes anything, and some


# What the system says of the process at its end. (`ru_maxrss` would be that of the process which started it.)
_WATCHED = r"""
import re, sys, time
from imaging.__main__ import main
main(*sys.argv[1:])
print("", time.process_time(), re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1], sep="\n", end="")
"""


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, data: bytes, *more: bytes) -> bytes:
    """Of one grey byte a pixel; `data` is what it unpacks to."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\x00\x00" + bytes(6) + FILES["gif"][13:]


def resized(kind: Kind, width: int, height: int) -> bytes:
    """A small file whose head claims another size."""
    content = FILES[kind]
    match kind:
        case "jpeg":
            at = content.index(b"\xff\xc0") + 5
            return content[:at] + struct.pack(">HH", height, width) + content[at + 4 :]
        case "webp":
            at = content.index(b"\x9d\x01\x2a") + 3
            return content[:at] + struct.pack("<HH", width & 0x3FFF, height & 0x3FFF) + content[at + 4 :]
        case "avif":
            at = content.index(b"ispe") + 8
            return content[:at] + struct.pack(">II", width, height) + content[at + 8 :]
        case _:
            raise AssertionError(kind)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a PNG of 50,000 × 50,000 pixels": lambda: png(50_000, 50_000, bytes(1000)),
    "a PNG of 50,000 × 160 pixels": lambda: png(50_000, 160, bytes(50_001 * 160)),
    "a PNG of 4 billion pixels a side": lambda: png(2**31 - 1, 2**31 - 1, b""),
    "a PNG whose text unpacks to 134 MB": lambda: png(
        400, 300, bytes(100), chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2**27), 9))
    ),
    "a PNG whose profile unpacks to 134 MB": lambda: png(
        400, 300, bytes(100), chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(2**27), 9))
    ),
    "a PNG with less in it than it claims": lambda: png(10_000, 10_000, bytes(10_000)),
    "a GIF of 65,535 × 65,535 pixels": lambda: gif(65_535, 65_535),
    "a JPEG of 65,500 × 65,500 pixels": lambda: resized("jpeg", 65_500, 65_500),
    "a WebP of 16,383 × 16,383 pixels": lambda: resized("webp", 16_383, 16_383),
    "an AVIF that claims 60,000 × 60,000 pixels": lambda: resized("avif", 60_000, 60_000),
    "an AVIF that claims 10,000 × 10,000 pixels": lambda: resized("avif", 10_000, 10_000),
    "a TIFF whose directories go in a circle": lambda: b"II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00",
    "a TIFF of a directory with 65,535 entries": lambda: b"II*\x00\x08\x00\x00\x00\xff\xff" + bytes(12 * 65_535),
}


_SIDE = int(MOST_PIXELS**0.5)
COSTLY: dict[str, Callable[[], bytes]] = {
    "a PNG that unpacks to a thousand times its size": lambda: png(_SIDE, _SIDE, bytes(_SIDE * (_SIDE + 1))),
    "a JPEG of a few bytes, where the standard's own reader fills in the rest": lambda: resized("jpeg", _SIDE, _SIDE),
}


def process_of(content: bytes, folder: Path) -> tuple[str, float, float]:
    """What the process that decodes says, the seconds of processor time that it took, and the MB of memory at most."""
    (folder / "file").write_bytes(content)
    command = [sys.executable, "-c", _WATCHED, str(folder / "file"), str(folder)]
    said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    said, seconds, kilobytes = said.rsplit("\n", 2)
    return said, float(seconds), int(kilobytes) / 1024


@pytest.mark.parametrize("file", HOSTILE)
def test_a_hostile_file_is_refused_within_bounds(file: str, tmp_path: Path) -> None:
    said, seconds, megabytes = process_of(HOSTILE[file](), tmp_path)
    assert said.startswith('{"refused": {"reason": "'), said
    assert seconds < _SECONDS
    assert megabytes < _UNDECODED
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


@pytest.mark.parametrize("file", COSTLY)
def test_the_largest_picture_that_is_taken_in_fits_into_the_bounds(file: str, tmp_path: Path) -> None:
    said, seconds, megabytes = process_of(COSTLY[file](), tmp_path)
    assert f'"width": {_SIDE}' in said
    assert seconds < bounds.PROCESSOR_SECONDS / 4
    assert megabytes < bounds.MEMORY / 2**20 / 2


@pytest.mark.thorough
def test_a_picture_that_takes_too_much_memory_is_refused_for_that(tmp_path: Path) -> None:
    """An AVIF is decoded as a whole, and takes 12 bytes a pixel."""
    image = pyvips.Image.black(_SIDE, _SIDE, bands=3).copy(interpretation="srgb")
    content = bytes(image.heifsave_buffer(Q=10, compression="av1", effort=0))
    said, seconds, megabytes = process_of(content, tmp_path)
    assert said.startswith('{"refused": {"reason": "decoding this picture takes more memory than it may"'), said
    assert seconds < bounds.PROCESSOR_SECONDS / 4
    assert megabytes < bounds.MEMORY / 2**20


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_cut_off_is_refused(kind: Kind, tmp_path: Path) -> None:
    noisy = as_file(kind, Image.effect_noise((400, 300), 90).convert("RGB"))
    for end in (4, 20, len(noisy) // 10, len(noisy) // 2, len(noisy) - 200):
        (tmp_path / "file").write_bytes(noisy[:end])
        with pytest.raises(PictureRefused):
            make(tmp_path / "file", tmp_path)


def test_a_process_that_takes_too_much_is_ended_and_the_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(as_file("png", drawn(3000, 3000)))
    monkeypatch.setattr(apart, "SECONDS", 0.01)
    with pytest.raises(PictureRefused, match="took more than"):
        make_apart(tmp_path / "file", tmp_path)


def test_the_process_that_decodes_has_no_credentials_and_bounds_itself(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"hello")
    (tmp_path / "sitecustomize.py").write_text(
        "import atexit, os, resource\n"
        f"atexit.register(lambda: open({str(tmp_path / 'seen')!r}, 'w').write("
        "f'{sorted(os.environ)} {resource.getrlimit(resource.RLIMIT_AS)[0]}'))\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(tmp_path), *sys.path])
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        with pytest.raises(PictureRefused, match="no picture"):
            make_apart(tmp_path / "file", tmp_path)
    seen = (tmp_path / "seen").read_text()
    assert "AWS" not in seen
    assert seen.endswith(f" {bounds.MEMORY}")


@pytest.mark.sampled
@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_file_is_read_or_refused_and_never_anything_else(kind: Kind, tmp_path: Path) -> None:
    """A fuzzer over each decoder: valid files with bytes changed, taken out, repeated and put elsewhere."""
    valid = as_file(kind, drawn(176, 120))
    places = st.integers(0, len(valid) - 1)

    @settings(max_examples=examples(10, 40))
    @given(changes(places))
    def try_one(how: list[Change]) -> None:
        content = changed(valid, how)
        (tmp_path / "file").write_bytes(content)
        began = time.process_time()
        with suppress(PictureRefused):
            make(tmp_path / "file", tmp_path)
        assert time.process_time() - began < _SECONDS

    try_one()
