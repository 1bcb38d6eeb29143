"""The result of the process that decodes, as it reports it to the process that started it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RenditionFile:
    """A rendition. `name` is that of `names.media`. Sizes are in pixels."""

    name: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Renditions:
    """What the upright picture is, and the files that were made from it."""

    media_type: str
    width: int
    height: int
    frames: int
    placeholder: str
    files: tuple[RenditionFile, ...]
