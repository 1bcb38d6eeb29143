"""Copies the frames of sound of an MP3 (ISO/IEC 11172-3 and 13818-3, layer III), and nothing else.

ID3, APE and Lyrics3 tags stand before, after and sometimes between the frames. They have names, comments, pictures and
places. What is no frame is left out, so no kind of tag needs to be known.
"""

from dataclasses import dataclass
from mmap import mmap
from typing import BinaryIO

from imaging.refused import RecordingRefused

_VERSION_1, _VERSION_2, _VERSION_2_5 = 3, 2, 0
_KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_HERTZ = {_VERSION_1: (44100, 48000, 32000), _VERSION_2: (22050, 24000, 16000), _VERSION_2_5: (11025, 12000, 8000)}
_LAYER_3 = 1
_IN_A_ROW = 3  # frames that must follow each other before bytes are believed to be sound
_MOST_OTHER_BYTES = 1_000_000  # beside tags that state their length
_HINT = "Export it as an MP3 again, and upload that."


@dataclass(frozen=True, slots=True)
class _Frame:
    length: int  # bytes
    samples: int
    hertz: int


type _Bytes = bytes | mmap


def _frames() -> dict[tuple[int, int], _Frame]:
    """Each valid header, by its second and third byte without the bits that do not matter."""
    found: dict[tuple[int, int], _Frame] = {}
    for version, rates in _HERTZ.items():
        kbits = _KBITS_1 if version == _VERSION_1 else _KBITS_2
        samples = 1152 if version == _VERSION_1 else 576
        for rate, hertz in enumerate(rates):
            for number in range(1, len(kbits)):
                for padding in (0, 1):
                    length = samples // 8 * kbits[number] * 1000 // hertz + padding
                    second = 0xE0 | version << 3 | _LAYER_3 << 1
                    third = number << 4 | rate << 2 | padding << 1
                    found[second, third] = _Frame(length, samples, hertz)
    return found


_FRAMES = _frames()


def begins_as_mp3(content: bytes) -> bool:
    return _frame(content, 0) is not None


def copy_sound(content: mmap, target: BinaryIO) -> float:
    """Writes the frames, and returns how many seconds of sound they are. Raises RecordingRefused."""
    at, others, samples = 0, 0, 0
    hertz = 0
    end = len(content)
    while at < end:
        if tag := _tag(content, at):
            at += tag
            continue
        begun = at
        while (frame := _frame(content, at)) and frame.hertz == (hertz or frame.hertz) and at + frame.length <= end:
            if at == begun and not _is_believed(content, at, frame.hertz):
                break
            hertz, samples, at = frame.hertz, samples + frame.samples, at + frame.length
        if at > begun:
            with memoryview(content) as whole, whole[begun:at] as run:
                target.write(run)
            continue
        following = content.find(b"\xff", at + 1)
        following = end if following < 0 else following
        next_tag = _next_tag(content, at + 1, following)
        others += next_tag - at
        if others > _MOST_OTHER_BYTES:
            raise RecordingRefused("much of this MP3 is no sound", hint=_HINT)
        at = next_tag
    if not samples:
        raise RecordingRefused("this begins as an MP3, and no sound follows", hint=_HINT)
    return samples / hertz


def _frame(content: _Bytes, at: int) -> _Frame | None:
    head = content[at : at + 3]
    if len(head) < 3 or head[0] != 0xFF:  # noqa: PLR2004 - the bytes of a header, and eleven bits that are set
        return None
    return _FRAMES.get((head[1] & 0xFE, head[2] & 0xFE))


def _is_believed(content: mmap, at: int, hertz: int) -> bool:
    """Whether several frames follow each other from here, or fewer up to the end."""
    for _ in range(_IN_A_ROW):
        frame = _frame(content, at)
        if frame is None or frame.hertz != hertz:
            return False
        at += frame.length
        if at >= len(content):
            return True
    return True


def _tag(content: mmap, at: int) -> int:
    """The length of the tag that begins here, if it states it; else 0. ID3v2 (id3.org, "ID3 tag version 2.4.0") and
    APEv2 with a header.
    """
    head = content[at : at + 32]
    if head.startswith(b"ID3") and len(head) >= 10:  # noqa: PLR2004 - the length of ID3's header
        size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
        return 10 + size + (10 if head[5] & 0x10 else 0)
    if head.startswith(b"APETAGEX"):
        return 32 + int.from_bytes(head[12:16], "little")
    return 0


def _next_tag(content: mmap, begin: int, end: int) -> int:
    """Where a tag begins in this part; else its end."""
    found = [at for name in (b"ID3", b"APETAGEX") if (at := content.find(name, begin, end)) >= 0]
    return min(found, default=end)
