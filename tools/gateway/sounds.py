"""Plays sounds: bells, of which some notes follow each other. The same name always gives the same sound. `make run`
uploads one for its articles.
"""

import io
from hashlib import sha256
from random import Random
from typing import Any

import av
import numpy as np

_RATE = 44_100  # samples a second
_NOTE = 1.5  # seconds
_SCALE = (261.6, 293.7, 329.6, 392.0, 440.0, 523.3)  # Hz

# Its own types do not tell reading from writing.
_opened: Any = av.open


def bells(name: str, seconds: float) -> bytes:
    """An MP3."""
    random = Random(sha256(name.encode()).digest())  # noqa: S311 - a sound, no secret
    times = np.arange(round(_NOTE * _RATE)) / _RATE
    notes = [
        sum(np.sin(times * 2 * np.pi * pitch * part) * np.exp(-times * (2 + part)) / part for part in (1, 2, 3))
        for pitch in random.choices(_SCALE, k=round(seconds / _NOTE))
    ]
    samples = (np.concatenate(notes) * 9000).astype(np.int16).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
    frame.sample_rate, frame.pts = _RATE, 0
    target = io.BytesIO()
    with _opened(target, "w", format="mp3") as file:
        voice = file.add_stream("libmp3lame", rate=_RATE, layout="mono")
        voice.bit_rate = 48_000
        for each in (frame, None):
            file.mux(voice.encode(each))
    return target.getvalue()


CAPTIONS = """WEBVTT

00:00.000 --> 00:03.000
A bell.

00:06.000 --> 00:12.000
The clock of the station.
"""
