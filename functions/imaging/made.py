"""What was made of a picture, as the process that decodes says it to the one that asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """A rendition that was made. `name` is as `names.media` has it; sizes are in pixels."""

    name: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Made:
    """What the picture is, as it is looked at, and the files that were made of it."""

    media_type: str
    width: int
    height: int
    frames: int
    placeholder: str
    files: tuple[File, ...]
