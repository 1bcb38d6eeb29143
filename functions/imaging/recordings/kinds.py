"""Recognises a recording or captions by their first bytes, and never by their name.

Recordings are served as they arrive, so only what browsers and podcast apps play is accepted.
"""

from typing import Literal

from imaging.recordings.mpeg_audio import begins_as_mp3
from imaging.refused import RecordingRefused

type Kind = Literal["mp3", "mp4", "ogg", "webm", "captions"]

START = 4096  # bytes in which the kind is recognised
_AGAIN = "Export it as MP3 or M4A (sound) or as MP4 with H.264 and AAC (video), and upload that."
_LARGE = "readers would load much more of it than of an MP3"
# Major brands of pictures (ISO/IEC 23008-12 and the AVIF specification), which are not recognised here.
_PICTURES = {b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OTHERS = {
    b"fLaC": f"this is a FLAC, and {_LARGE}",
    b"caff": "this is a Core Audio file",
    b"0&\xb2u\x8ef\xcf\x11": "this is a Windows Media file",
    b"\x47\x40": "this is an MPEG transport stream",
    b"\x00\x00\x01\xba": "this is an MPEG program stream",
    b"FLV": "this is Flash video",
    b"#!AMR": "this is an AMR recording",
}
_RIFF = {b"WAVE": f"this is a WAV, and {_LARGE}", b"AVI ": "this is an AVI"}


def recorded_kind(start: bytes) -> Kind | None:
    """The kind of a file that begins with these bytes. None if it is no recording and no captions, so perhaps a
    picture. Raises RecordingRefused for recordings of other kinds.
    """
    if start.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        return "captions"
    if start.startswith(b"OggS"):
        return "ogg"
    if start.startswith(b"\x1a\x45\xdf\xa3"):
        return _of_ebml(start)
    if start[4:8] == b"ftyp":
        return _of_brand(start[8:12])
    if start.startswith((b"\xff\xf1", b"\xff\xf9")):
        raise RecordingRefused("this is AAC without a container (ADTS)", hint=_AGAIN)
    if start.startswith(b"ID3") or begins_as_mp3(start):
        return "mp3"
    other = _RIFF.get(start[8:12]) if start.startswith((b"RIFF", b"RF64")) else None
    other = other or next((said for begin, said in _OTHERS.items() if start.startswith(begin)), None)
    if other:
        raise RecordingRefused(other, hint=_AGAIN)
    return None


def _of_ebml(start: bytes) -> Kind:
    if b"webm" not in start[:64]:
        raise RecordingRefused("this is Matroska, and not the part of it that browsers play (WebM)", hint=_AGAIN)
    return "webm"


def _of_brand(brand: bytes) -> Kind | None:
    if brand in _PICTURES:
        return None
    if brand == b"qt  ":
        raise RecordingRefused("this is a QuickTime film (MOV), which not every browser plays", hint=_AGAIN)
    return "mp4"
