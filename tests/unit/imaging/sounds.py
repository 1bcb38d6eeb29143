"""Recordings to be taken in, made by PyAV (FFmpeg), which is not what reads them; and the same with what must not be
served.
"""

import io
from functools import cache
from typing import Any

import av
import numpy as np

SECRET = b"recorded at Anna's flat"
# Format, codecs of sound and pictures, by the media type.
_MADE: dict[str, tuple[str, str | None, str | None]] = {
    "audio/mpeg": ("mp3", "libmp3lame", None),
    "audio/mp4": ("ipod", "aac", None),
    "audio/ogg": ("ogg", "libopus", None),
    "audio/webm": ("webm", "libopus", None),
    "video/mp4": ("mp4", "aac", "libx264"),
    "video/webm": ("webm", "libopus", "libvpx"),
}
TYPES = tuple(_MADE)
_TITLE = {"title": SECRET.decode(), "comment": SECRET.decode(), "artist": "Anna", "location": "+50.0755+014.4378/"}


# Its own types do not tell reading from writing.
opened: Any = av.open


@cache
def recorded(
    media_type: str,
    seconds: float = 1.0,
    *,
    container: str = "",
    sound: str = "",
    film: str = "",
    option: tuple[str, str] = ("fflags", "+bitexact"),
    **metadata: str,
) -> bytes:
    """A file of this type, which says its secret wherever FFmpeg lets it; or with another container or codec."""
    usual, audio, video = _MADE[media_type]
    video = film or video
    target = io.BytesIO()
    with opened(target, "w", format=container or usual, options=dict([option])) as file:
        file.metadata.update(_TITLE | metadata)
        streams: list[tuple[Any, Any]] = []
        if video:
            pictures = file.add_stream(video, rate=10)
            pictures.width, pictures.height, pictures.pix_fmt = 160, 120, "yuv420p"
            streams.append((pictures, _pictures(seconds)))
        # FFmpeg has an encoder of Vorbis that it calls an experiment, and which takes two channels.
        voice = file.add_stream(sound or audio, rate=48000, options={"strict": "experimental"})
        layout = "stereo" if sound == "vorbis" else "mono"
        voice.layout = layout
        streams.append((voice, _voice(seconds, layout)))
        for stream, frames in streams:
            for frame in frames:
                file.mux(stream.encode(frame))
            file.mux(stream.encode(None))
    return target.getvalue()


def _pictures(seconds: float) -> list[av.VideoFrame]:
    made: list[av.VideoFrame] = []
    for number in range(round(seconds * 10)):
        frame = av.VideoFrame.from_ndarray(np.full((120, 160, 3), number * 20 % 255, np.uint8), format="rgb24")
        frame.pts = number
        made.append(frame)
    return made


def _voice(seconds: float, layout: str) -> list[av.AudioFrame]:
    times = np.arange(round(seconds * 48000)) / 48000
    samples = (np.sin(times * 2 * np.pi * 440) * 8000).astype(np.int16)
    interleaved = np.repeat(samples, 2 if layout == "stereo" else 1).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(interleaved, format="s16", layout=layout)
    frame.sample_rate = 48000
    frame.pts = 0
    return [frame]


def played(content: bytes) -> tuple[list[bytes], list[bytes], str]:
    """What FFmpeg decodes of it: the samples of sound, the pictures; and all metadata as one text."""
    with opened(io.BytesIO(content)) as file:
        said = str([dict(file.metadata), [dict(each.metadata) for each in file.streams]])
        frames = list(file.decode())
        sound = [each.to_ndarray().tobytes() for each in frames if isinstance(each, av.AudioFrame)]
        pictures = [each.to_ndarray().tobytes() for each in frames if isinstance(each, av.VideoFrame)]
    return sound, pictures, said
