"""The text of a file, in whichever encoding archives have it."""

import codecs

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding

from importing.text.units import PageRefused

_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# KOI8-U has the letters of KOI8-R and the Ukrainian ones (RFC 2319).
_CYRILLIC = {"cp1251": "windows-1251", "koi8_r": "koi8-u", "koi8_u": "koi8-u", "cp866": "cp866"}
_SAMPLE = 64 * 1024  # bytes that tell an encoding
_LEAST_CYRILLIC = 0.3  # of the letters: single-byte encodings decode anything, so the text must read as one

_FEWEST_CYRILLIC = 20  # letters


def text_of(content: bytes) -> str:
    """UTF-8, what a byte order mark names, one of the old Cyrillic encodings, or what markup says of itself: in this
    order, since pages that were converted often still name the encoding they had. Raises PageRefused.
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return _decoded(content, encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        refused = error
    if b"\0" not in content and (text := _in_cyrillic(content)):
        return text
    if declared := html_body_declared_encoding(content[:_SAMPLE]):
        return _decoded(content, declared)
    line = content[: refused.start].count(b"\n") + 1
    raise PageRefused(f"byte {refused.start} is not UTF-8: save the page as UTF-8", line) from refused


def _in_cyrillic(content: bytes) -> str:
    """Empty where the text is not in one of the encodings."""
    best = from_bytes(content[:_SAMPLE], cp_isolation=list(_CYRILLIC)).best()
    if best is None or best.encoding not in _CYRILLIC:
        return ""
    text = content.decode(_CYRILLIC[best.encoding], errors="replace")
    letters = [each for each in text[:_SAMPLE] if each.isalpha()]
    cyrillic = sum("\u0400" <= each <= "\u04ff" for each in letters)
    reads = cyrillic >= _FEWEST_CYRILLIC and cyrillic > _LEAST_CYRILLIC * len(letters)
    return text if reads and "\ufffd" not in text else ""


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise PageRefused(f"byte {error.start} is not {encoding}: save the page as UTF-8", line) from error
