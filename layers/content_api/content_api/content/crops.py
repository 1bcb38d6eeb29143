"""Which part of a picture a crop shows, in pixels of the whole picture. Pure."""

from dataclasses import dataclass

from content_api.names.media import SHAPES, WIDTHS, WIDTHS_AT_ONCE, Crop


@dataclass(frozen=True, slots=True)
class Size:
    """In pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, from the left and from the top."""

    left: int
    top: int
    width: int
    height: int


def box(whole: Size, crop: Crop) -> Box:
    """The largest rectangle with the shape of the crop. Its point is as near to the middle as the edges of the picture
    allow.
    """
    shape = SHAPES[crop.shape]
    if shape is None:
        return Box(0, 0, whole.width, whole.height)
    across, down = shape
    width = min(whole.width, max(1, round(whole.height * across / down)))
    height = min(whole.height, max(1, round(whole.width * down / across)))
    return Box(_start(whole.width, width, crop.x), _start(whole.height, height, crop.y), width, height)


def height_at(whole: Size, crop: Crop, width: int) -> int:
    """The height of the crop at a width, in pixels; at least 1."""
    part = box(whole, crop)
    return max(1, round(part.height * width / part.width))


def widths(whole: Size, crop: Crop) -> tuple[int, ...]:
    """The widths that the crop can have without being enlarged. None if the crop is narrower than the smallest
    width.
    """
    return tuple(width for width in WIDTHS if width <= box(whole, crop).width)


def widths_at_once(whole: Size) -> tuple[int, ...]:
    """The widths of the whole picture that are made at the upload. A narrow picture gets its widest one."""
    possible = widths(whole, Crop())
    return tuple(width for width in WIDTHS_AT_ONCE if width in possible) or possible[-1:]


def _start(whole: int, part: int, percent: int) -> int:
    middle = whole * percent / 100
    return round(min(max(middle - part / 2, 0), whole - part))
