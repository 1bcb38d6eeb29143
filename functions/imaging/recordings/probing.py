"""Says what a recording is, by MediaInfo: its length, its codecs, its size in pixels."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymediainfo import MediaInfo

from imaging.recordings.blanks import damaged
from imaging.refused import RecordingRefused

# MediaInfo's names of the formats that browsers and podcast apps play, and ours.
_VIDEO = {"AVC": "h264", "VP8": "vp8", "VP9": "vp9", "AV1": "av1"}
_AUDIO = {"AAC": "aac", "MPEG Audio": "mp3", "Opus": "opus", "Vorbis": "vorbis"}
_AGAIN = "Export it as MP3 or M4A (sound) or as MP4 with H.264 and AAC (video), and upload that."


@dataclass(frozen=True, slots=True)
class Probed:
    """`seconds` is the length, 0 if the file does not state it. `width` and `height` are in pixels, None for sound."""

    is_video: bool
    seconds: float
    codecs: tuple[str, ...]
    width: int | None
    height: int | None


def probed(path: Path) -> Probed:
    """Raises RecordingRefused if it has no sound and no pictures, or a codec that is not played everywhere. The file
    must be clean: MediaInfo would follow the names of other files.
    """
    tracks: list[dict[str, Any]] = MediaInfo.parse(path).to_data()["tracks"]
    of_types = {name: [each for each in tracks if each["track_type"] == name] for name in ("General", "Video", "Audio")}
    codecs = [_codec(each, _VIDEO) for each in of_types["Video"]] + [_codec(each, _AUDIO) for each in of_types["Audio"]]
    milliseconds = next((float(each["duration"]) for each in of_types["General"] if "duration" in each), 0)
    if not codecs:
        raise damaged("it has no pictures and no sound")
    pictures = of_types["Video"][0] if of_types["Video"] else {}
    return Probed(bool(pictures), milliseconds / 1000, tuple(codecs), pictures.get("width"), pictures.get("height"))


def _codec(track: dict[str, Any], known: dict[str, str]) -> str:
    name = str(track.get("format") or "unknown")
    if name not in known:
        raise RecordingRefused(f"not every browser plays what is in this recording ({name})", hint=_AGAIN)
    return known[name]
