"""Reads a picture with libvips: within limits, upright, in sRGB, and completely or not at all."""

from dataclasses import dataclass
from pathlib import Path

import pyvips

from content_api.content.crops import Size, box, height_at
from content_api.names.media import MOST_BYTES, WIDTHS, Crop
from imaging.kinds import Kind, kind_of
from imaging.refused import PictureRefused

# Enough for a newsroom's cameras: the largest that is widely sold has 102 million pixels.
MOST_PIXELS = 110_000_000
LONGEST_SIDE = 30_000  # pixels
_SMALLER = "Make it smaller in a program for pictures, and upload that."
_TURNED = range(5, 9)  # EXIF's orientations that swap width and height (CIPA DC-008, tag 0x0112)
_MOST_BANDS = 5  # CMYK and transparency
_READERS = ("Jpeg", "Png", "Webp", "Heif", "Nsgif", "Tiff")

# libvips has readers for many formats. It calls some of them unsafe for untrusted files.
pyvips.operation_block_set("VipsForeignLoad", True)  # noqa: FBT003 - its own signature
for _each in _READERS:
    pyvips.operation_block_set(f"VipsForeignLoad{_each}", False)  # noqa: FBT003 - as above
pyvips.cache_set_max(0)  # each picture is read once


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that is a picture within limits, by its header. Only reading it shows whether it is complete. `size` is
    that of the upright picture. `frames` is more than 1 if it moves; the first frame is shown.
    """

    path: Path
    kind: Kind
    size: Size
    frames: int


def opened(path: Path) -> Picture:
    """Reads the header of a file. Raises PictureRefused."""
    length = path.stat().st_size
    if length > MOST_BYTES:
        raise PictureRefused(
            f"this file has {length / 1e6:.0f} MB, and {MOST_BYTES / 1e6:.0f} MB are the most", hint=_SMALLER
        )
    kind = kind_of(path.read_bytes())
    try:
        head = pyvips.Image.new_from_file(str(path), access="sequential", fail_on="error")
        size = Size(head.width, head.height)
        names = head.get_fields()
        turned = "orientation" in names and head.get("orientation") in _TURNED
        frames = head.get("n-pages") if "n-pages" in names else 1
        bands, stored = head.bands, head.format
    except pyvips.Error as error:
        raise unreadable(error) from None
    if turned:
        size = Size(size.height, size.width)
    _check(size, bands, str(stored))
    return Picture(path, kind, size, frames if isinstance(frames, int) else 1)


def pixels(picture: Picture, crop: Crop, width: int) -> pyvips.Image:
    """The crop at that width, in memory: three bands of sRGB, and a fourth if the picture has transparency. The whole
    file is read for it, so that a damaged one is noticed. Raises PictureRefused.
    """
    part, height = box(picture.size, crop), height_at(picture.size, crop, width)
    scale = width / part.width
    all_across = max(width, round(picture.size.width * scale))
    all_down = max(height, round(picture.size.height * scale))
    left = min(round(part.left * scale), all_across - width)
    top = min(round(part.top * scale), all_down - height)
    try:
        whole = pyvips.Image.thumbnail(
            str(picture.path), all_across, height=all_down, size="force", output_profile="srgb", fail_on="error"
        )
        return whole.colourspace("srgb").cast("uchar").crop(left, top, width, height).copy_memory()
    except pyvips.Error as error:
        raise unreadable(error) from None


def unreadable(error: pyvips.Error) -> PictureRefused:
    """The refusal for an error of libvips. The last line of its message says the most. The name of its own part is left
    out, and so is the name of the file, which is a temporary one.
    """
    said = str(error.detail).strip().splitlines()
    detail = said[-1].rpartition(": ")[2].strip() if said else ""
    if "memory" in detail.lower():
        return PictureRefused("decoding this picture takes more memory than it may", hint=_SMALLER)
    in_detail = f" ({detail})" if detail and "/" not in detail else ""
    return PictureRefused(f"this picture is damaged or incomplete{in_detail}")


def _check(size: Size, bands: int, stored: str) -> None:
    if max(size.width, size.height) > LONGEST_SIDE or size.width * size.height > MOST_PIXELS:
        raise PictureRefused(
            f"this picture has {size.width} × {size.height} pixels: the most are {LONGEST_SIDE:,} a side, "
            f"and {MOST_PIXELS // 1_000_000} million",
            hint=_SMALLER,
        )
    if size.width < WIDTHS[0]:
        raise PictureRefused(
            f"this picture has {size.width} × {size.height} pixels, and the narrowest that is shown has {WIDTHS[0]}",
            hint="Upload a larger one.",
        )
    if bands > _MOST_BANDS or stored not in {"uchar", "ushort"}:
        raise PictureRefused(f"this picture has {bands} bands of colours, each stored as {stored}")
