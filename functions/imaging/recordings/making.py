"""Makes the file that readers get of a recording or of captions. `python -m imaging.recordings` calls this in the
process that reads it.
"""

import math
import shutil
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

from content_api.names.media import CAPTIONS_FILE, CAPTIONS_TYPE, MOST_CAPTIONS_BYTES, RECORDED_FILES
from imaging.recordings import mp4, ogg, webm
from imaging.recordings.blanks import damaged
from imaging.recordings.captions import cues_of
from imaging.recordings.kinds import START, Kind, recorded_kind
from imaging.recordings.mpeg_audio import copy_sound
from imaging.recordings.probing import Probed, probed
from imaging.refused import RecordingRefused


@dataclass(frozen=True, slots=True)
class Recording:
    """What readers get: the file `name`, and what it is. `bitrate` is in bits a second, on average. Captions have only
    a length, which is the end of the last one.
    """

    name: str
    media_type: str
    bytes: int
    duration_seconds: int
    bitrate: int | None = None
    codecs: tuple[str, ...] = ()
    width: int | None = None
    height: int | None = None


def make(path: Path, into: Path) -> Recording:
    """Writes the file into the folder. Raises RecordingRefused."""
    with path.open("rb") as file:
        kind = recorded_kind(file.read(START))
    if kind is None:
        raise ValueError(path)
    into.mkdir(parents=True, exist_ok=True)
    return _captions(path, into) if kind == "captions" else _recording(kind, path, into)


def _captions(path: Path, into: Path) -> Recording:
    if path.stat().st_size > MOST_CAPTIONS_BYTES:
        raise RecordingRefused(
            f"these captions have more than {MOST_CAPTIONS_BYTES / 1e6:.0f} MB",
            hint="Split them, and upload the parts.",
        )
    text, end = cues_of(path.read_bytes())
    content = text.encode()
    (into / CAPTIONS_FILE).write_bytes(content)
    return Recording(CAPTIONS_FILE, CAPTIONS_TYPE, len(content), math.ceil(end))


def _recording(kind: Kind, path: Path, into: Path) -> Recording:
    target = into / "recording"
    seconds = 0.0
    if kind == "mp3":
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content, target.open("wb") as copy:
            seconds = copy_sound(content, copy)
    else:
        shutil.copyfile(path, target)
        with target.open("r+b") as file, mmap(file.fileno(), 0) as content:
            seconds = {"mp4": mp4.clean, "ogg": ogg.clean, "webm": webm.clean}[kind](content) or 0
    found = probed(target)
    length = seconds if kind == "mp3" else found.seconds or seconds
    if length <= 0:
        raise damaged("it does not say how long it is")
    media_type = _media_type(kind, found)
    name, size = RECORDED_FILES[media_type], target.stat().st_size
    target.rename(into / name)
    return Recording(
        name,
        media_type,
        size,
        max(1, round(length)),
        round(size * 8 / length),
        found.codecs,
        found.width,
        found.height,
    )


def _media_type(kind: Kind, found: Probed) -> str:
    if kind == "mp3":
        return "audio/mpeg"
    return f"{'video' if found.is_video else 'audio'}/{kind}"
