"""Which part of a picture a crop shows: pure, in pixels of the whole picture."""

from dataclasses import dataclass

from content_api.names.media import SHAPES, WIDTHS, WIDTHS_AT_ONCE, Crop


@dataclass(frozen=True, slots=True)
class Size:
    """In pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Box:
    """In pixels, from the left and from the top."""

    left: int
    top: int
    width: int
    height: int


def box(whole: Size, crop: Crop) -> Box:
    """The largest part of the crop's shape, with its point as near to the middle as the picture's edges allow."""
    shape = SHAPES[crop.shape]
    if shape is None:
        return Box(0, 0, whole.width, whole.height)
    across, down = shape
    width = min(whole.width, max(1, round(whole.height * across / down)))
    height = min(whole.height, max(1, round(whole.width * down / across)))
    return Box(_start(whole.width, width, crop.x), _start(whole.height, height, crop.y), width, height)


def height_at(whole: Size, crop: Crop, width: int) -> int:
    """How high the crop is at a width, in pixels; at least 1."""
    part = box(whole, crop)
    return max(1, round(part.height * width / part.width))


def widths(whole: Size, crop: Crop) -> tuple[int, ...]:
    """Those that the crop has without being enlarged; none where it is narrower than the least."""
    return tuple(width for width in WIDTHS if width <= box(whole, crop).width)


def widths_at_once(whole: Size) -> tuple[int, ...]:
    """Those of the whole picture that are made when it is uploaded: a narrow one has its widest."""
    possible = widths(whole, Crop())
    return tuple(width for width in WIDTHS_AT_ONCE if width in possible) or possible[-1:]


def _start(whole: int, part: int, percent: int) -> int:
    middle = whole * percent / 100
    return round(min(max(middle - part / 2, 0), whole - part))
