"""A placeholder for apps until the picture is loaded: its colours, blurred, in 28 characters (BlurHash)."""

from typing import Any

import blurhash  # pyright: ignore[reportMissingTypeStubs] - it has no types
import pyvips

_blurhash: Any = blurhash

_ACROSS, _DOWN = 4, 3  # numbers of waves
_WHITE = [255.0]
_WIDEST = 32  # pixels; more make no difference with so few waves


def placeholder(image: pyvips.Image) -> str:
    """The BlurHash of an image in sRGB."""
    small = image.thumbnail_image(_WIDEST, height=_WIDEST, size="down")
    if small.hasalpha():
        small = small.flatten(background=_WHITE)
    values = small.colourspace("srgb").cast("uchar").write_to_memory()
    pixels = [list(values[at : at + 3]) for at in range(0, len(values), 3)]
    lines = [pixels[at : at + small.width] for at in range(0, len(pixels), small.width)]
    return _blurhash.encode(lines, components_x=_ACROSS, components_y=_DOWN)
