"""What a picture's files are called: `<id>/<crop>/<width>.<format>`, in a bucket and in an address alike.

The id is the SHA-256 of the file that was uploaded, in hexadecimal. A crop is `original`, or a shape, `16x9` or `1x1`,
with the point that must stay in sight: `16x9-30-70` keeps what lies 30 % from the left and 70 % from the top, `16x9`
the middle. Each file has one name: `16x9-50-50` and `01` are none, so that nothing is made, kept or purged twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Files that are taken in, by what their bytes say they are.
UPLOADED_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
    "tiff": "image/tiff",
}
MOST_BYTES = 100_000_000  # of a file: a photograph of 24 million pixels takes 5 to 12 million as a JPEG, 72 as a TIFF

WIDTHS = (160, 320, 640, 1080, 1600)  # pixels
SHAPES = {"original": None, "16x9": (16, 9), "1x1": (1, 1)}
MEDIA_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
# Made when a picture is uploaded; the others when somebody first asks.
WIDTHS_AT_ONCE = (320, 640)

_MIDDLE = 50
_PERCENT = r"(0|[1-9][0-9]?|100)"
_CROP = re.compile(rf"(original|16x9|1x1)(?:-{_PERCENT}-{_PERCENT})?", re.ASCII)
_ID = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Crop:
    """`x` and `y` say where the point lies that must stay in sight, in percent from the left and from the top."""

    shape: str = "original"
    x: int = _MIDDLE
    y: int = _MIDDLE

    @property
    def name(self) -> str:
        is_plain = self.shape == "original" or (self.x, self.y) == (_MIDDLE, _MIDDLE)
        return self.shape if is_plain else f"{self.shape}-{self.x}-{self.y}"


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of a picture. `width` is in pixels, one of WIDTHS; `format` is one of MEDIA_TYPES."""

    crop: Crop
    width: int
    format: str

    @property
    def name(self) -> str:
        return f"{self.crop.name}/{self.width}.{self.format}"


def is_media_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def crop_named(name: str) -> Crop | None:
    """None for what is no crop's name."""
    found = _CROP.fullmatch(name)
    if found is None:
        return None
    crop = Crop(found[1]) if found[2] is None else Crop(found[1], int(found[2]), int(found[3]))
    return crop if crop.name == name else None


def rendition_named(name: str) -> Rendition | None:
    """Of `<crop>/<width>.<format>`; None for what is no rendition's name."""
    folder, _, file = name.partition("/")
    width, _, kind = file.partition(".")
    crop = crop_named(folder)
    if crop is None or kind not in MEDIA_TYPES or width not in {str(each) for each in WIDTHS}:
        return None
    return Rendition(crop, int(width), kind)


def rendition_key(media_id: str, rendition: Rendition) -> str:
    """Of the object, and, behind a slash, the path of the address."""
    return f"media/{media_id}/{rendition.name}"
