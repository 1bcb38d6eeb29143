"""Writes what readers are served: pixels alone. EXIF, XMP, IPTC, colour profiles and comments stay behind, since a
place or a camera's number in them can lead to whoever took the picture.
"""

from typing import TYPE_CHECKING

import pyvips

if TYPE_CHECKING:
    from collections.abc import Callable

# docs/media.md has what each costs, and what it looks like.
_QUALITY = {"avif": 55, "webp": 76, "jpg": 80}
_AVIF_EFFORT = 2  # of 0 to 9: each step more costs twice the time for 1 to 5 % of the bytes
_NOTHING = pyvips.ForeignKeep.NONE
_WHITE = [255.0]


def encoded(image: pyvips.Image, kind: str) -> bytes:
    """An image of one to four bands in sRGB, as `avif`, `webp` or `jpg`; in a JPEG, what is transparent is white."""
    return _WRITERS[kind](image)


def _avif(image: pyvips.Image) -> bytes:
    return bytes(
        image.heifsave_buffer(Q=_QUALITY["avif"], compression="av1", effort=_AVIF_EFFORT, bitdepth=8, keep=_NOTHING)
    )


def _webp(image: pyvips.Image) -> bytes:
    return bytes(image.webpsave_buffer(Q=_QUALITY["webp"], keep=_NOTHING))


def _jpeg(image: pyvips.Image) -> bytes:
    if image.hasalpha():
        image = image.flatten(background=_WHITE)
    return bytes(image.jpegsave_buffer(Q=_QUALITY["jpg"], optimize_coding=True, interlace=True, keep=_NOTHING))


_WRITERS: "dict[str, Callable[[pyvips.Image], bytes]]" = {"avif": _avif, "webp": _webp, "jpg": _jpeg}
