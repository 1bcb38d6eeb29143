"""Overwrites parts of a file in place, so that nothing in it moves."""

from mmap import mmap

from imaging.refused import RecordingRefused

_HINT = "Export it again, and upload that."
_PIECE = bytes(1024 * 1024)


def blank(content: mmap, begin: int, end: int) -> None:
    """Overwrites the bytes with zeros."""
    for at in range(begin, end, len(_PIECE)):
        size = min(len(_PIECE), end - at)
        content[at : at + size] = _PIECE[:size]


def damaged(what: str) -> RecordingRefused:
    return RecordingRefused(f"this recording is damaged or incomplete: {what}", hint=_HINT)
