"""Reads an uploaded file in a process of its own. A hostile file may end that process, but not this one.

The process has limits of memory and time (`bounds`). It does not get this one's environment, which has AWS's
credentials.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from content_api.names.media import Rendition
from imaging.bounds import SECONDS
from imaging.refused import PictureRefused, RecordingRefused
from imaging.renditions import RenditionFile, Renditions

_SMALLER = "Make it smaller in a program for pictures, save it as a JPEG, and upload that."
_EXPORT = "Export it again, or in parts, and upload that."


def make_apart(path: Path, into: Path, wanted: Sequence[Rendition] = (), *, libraries: str = "") -> Renditions:
    """Does what `making.make` does. Raises PictureRefused also if the process ends early. `libraries` is the folder of
    this machine's libraries (LD_LIBRARY_PATH); empty if they are found without it.
    """
    said = _said_by("imaging", [str(path), str(into), *(each.name for each in wanted)], libraries)
    if isinstance(said, str):
        raise PictureRefused(f"decoding this picture took {said}", hint=_SMALLER)
    if refused := said.get("refused"):
        raise PictureRefused(refused["reason"], hint=refused["hint"])
    files = tuple(RenditionFile(**each) for each in said.pop("files"))
    return Renditions(**said, files=files)


def make_recording_apart(path: Path, into: Path, *, libraries: str = "") -> dict[str, Any]:
    """Does what `recordings.making.make` does, and returns the members of its Recording. Raises RecordingRefused also
    if the process ends early.
    """
    said = _said_by("imaging.recordings", [str(path), str(into)], libraries)
    if isinstance(said, str):
        raise RecordingRefused(f"reading this recording took {said}", hint=_EXPORT)
    if refused := said.get("refused"):
        raise RecordingRefused(refused["reason"], hint=refused["hint"])
    return said


def _said_by(module: str, arguments: Sequence[str], libraries: str) -> dict[str, Any] | str:
    """What the process printed. If it ended early, what it took too much of."""
    # The packages of the layers are where this process has found them. libvips gets one thread.
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "VIPS_CONCURRENCY": "1", "LD_LIBRARY_PATH": libraries}
    try:
        ended = subprocess.run(  # noqa: S603 - our own module, and names that we made
            [sys.executable, "-m", module, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"more than {SECONDS} seconds"
    return "more memory or time than it may" if ended.returncode else json.loads(ended.stdout)
