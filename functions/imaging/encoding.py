"""Encodes renditions, which have pixels and nothing else. EXIF, XMP, IPTC, colour profiles and comments are left out: a
place or the number of a camera can lead to the photographer.
"""

from typing import TYPE_CHECKING

import pyvips

if TYPE_CHECKING:
    from collections.abc import Callable

# docs/media.md shows what each quality costs, and how it looks.
_QUALITY = {"avif": 55, "webp": 76, "jpg": 80}
_AVIF_EFFORT = 2  # from 0 to 9; each step takes twice the time and saves 1 to 5 % of the bytes
_NOTHING = pyvips.ForeignKeep.NONE
_WHITE = [255.0]


def encoded(image: pyvips.Image, kind: str) -> bytes:
    """Encodes an image of one to four bands in sRGB as `avif`, `webp` or `jpg`. In a JPEG, transparent parts are
    white.
    """
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
