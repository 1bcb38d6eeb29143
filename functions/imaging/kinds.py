"""Recognises the kind of a file by its bytes, and never by its name.

A file that is a picture and something else at once is refused. Somebody who makes a picture that is also a zip archive,
a page or a program wants one program to see the picture, and another to run the rest.
"""

import re
from typing import Literal

from imaging.refused import PictureRefused

# The keys of names.media.UPLOADED_TYPES.
type Kind = Literal["jpeg", "png", "webp", "avif", "gif", "tiff"]

_STARTS: dict[bytes, Kind] = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"II*\x00": "tiff",
    b"MM\x00*": "tiff",
}
_READ = "Upload a JPEG, PNG, WebP, AVIF, GIF or TIFF."
_OTHERS = {
    b"%PDF": "a PDF",
    b"BM": "a bitmap (BMP)",
    b"8BPS": "a Photoshop document",
    b"\x00\x00\x01\x00": "an icon",
    b"\xff\x0a": "a JPEG XL",
    b"\x00\x00\x00\x0cJXL ": "a JPEG XL",
    b"\x00\x00\x00\x0cjP  ": "a JPEG 2000",
    b"II+\x00": "a BigTIFF",
    b"MM\x00+": "a BigTIFF",
    b"PK\x03\x04": "a zip archive, or a document of an office program",
    b"%!PS": "PostScript",
    b"\x1f\x8b": "compressed with gzip",
    b"ID3": "a recording (MP3)",
    b"OggS": "a recording (Ogg)",
}
# ISO/IEC 23008-12 and the AVIF specification: the brands of an `ftyp` box.
_AVIF = {b"avif"}
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_SVG = re.compile(rb"<(?:[a-z]+:)?svg[\s>]", re.IGNORECASE)
_MARKUP = re.compile(rb"<script[\s>]|<html[\s>]|<!doctype\s+html|<\?php|<svg[\s>]", re.IGNORECASE)
_START = 4096  # bytes in which markup is recognised
_PDF_START = 1024  # bytes in which readers look for `%PDF-` (ISO 32000-1, annex H, note 13)
_ZIP_END = b"PK\x05\x06"
_LONGEST_ZIP_END = 22 + 65_535  # the record, and the longest comment (PKWARE's APPNOTE, section 4.3.16)


def kind_of(content: bytes) -> Kind:
    """The kind of the picture. Raises PictureRefused if the file is no picture that can be read, or is something else
    as well.
    """
    kind = _kind(content)
    if other := _also(content):
        raise PictureRefused(f"this is a picture ({kind.upper()}) and {other} at once")
    return kind


def _kind(content: bytes) -> Kind:
    for start, kind in _STARTS.items():
        if content.startswith(start):
            return kind
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp":
        return _of_brands(content)
    if _SVG.search(content[:_START]):
        raise PictureRefused(
            "this is an SVG, which can hold scripts and name files of other servers",
            hint="Export it as a PNG, and upload that.",
        )
    for start, other in _OTHERS.items():
        if content.startswith(start):
            raise PictureRefused(f"this is {other}", hint=_READ)
    if not content:
        raise PictureRefused("this file is empty", hint=_READ)
    raise PictureRefused("this is no picture that we know", hint=_READ)


def _of_brands(content: bytes) -> Kind:
    length = min(int.from_bytes(content[:4]), 256)
    brands = {content[8:12], *(content[at : at + 4] for at in range(16, length, 4))}
    if content[8:12] == b"avis":
        raise PictureRefused("this is an AVIF that moves", hint="Save one of its pictures, and upload that.")
    if brands & _AVIF:
        return "avif"
    if brands & _HEIC:
        raise PictureRefused(
            "this is a HEIC, whose format is patented and not read here",
            hint="Export it as a JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible), and upload that.",
        )
    raise PictureRefused("this is a film or a recording (MP4)", hint=_READ)


def _also(content: bytes) -> str:
    """What else the file is. Empty if it is only a picture."""
    if b"%PDF-" in content[:_PDF_START]:
        return "a PDF"
    if _ends_as_zip(content):
        return "a zip archive"
    if _MARKUP.search(content):
        return "a page or a program"
    return ""


def _ends_as_zip(content: bytes) -> bool:
    """Whether a program for zip archives finds a directory in the file. The four bytes of its signature alone may occur
    in a picture by chance.
    """
    tail_at = max(0, len(content) - _LONGEST_ZIP_END)
    at = content.rfind(_ZIP_END, tail_at)
    if at < 0 or len(content) < at + 22:
        return False
    size = int.from_bytes(content[at + 12 : at + 16], "little")
    return size > 0 and content[max(0, at - size) :].startswith(b"PK\x01\x02")
