"""The text of a file, in whichever encoding archives have it."""

import codecs
import re

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding

from importing.refused import FileRefused

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
_STRAY = "surrogateescape"  # a byte that is none of UTF-8 becomes U+DC80 to U+DCFF (PEP 383)
_SURROGATE = re.compile("[\\udc80-\\udcff]")
_MOST_STRAYS = 0.1  # of all letters, in a text of Latin letters


def text_of(content: bytes) -> str:
    """UTF-8, what a byte order mark names, one of the old Cyrillic encodings, or what markup says of itself: in this
    order, since pages that were converted often still name the encoding they had. A few bytes that are none of UTF-8
    are read as windows-1252, as browsers read them; NULs are left out. Raises FileRefused.
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace").replace("\0", "")
    return _decoded(content).replace("\0", "")


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        first = error.start
    text = content.decode("utf-8", errors=_STRAY)
    strays = len(_SURROGATE.findall(text))
    letters = sum(letter > "\x7f" for letter in text) - strays
    if strays <= max(1, letters // 20) and strays * 500 <= len(text) + 500:
        return _with_strays(text)
    if found := _in_cyrillic(content) or _as_declared(content):
        return found
    if strays <= _MOST_STRAYS * len(text):
        return _with_strays(text)
    line = content[:first].count(b"\n") + 1
    reason = f"byte {first} is not UTF-8, nor is the text in an encoding that it names"
    raise FileRefused(reason, place=f"line {line}", hint="Save the file as UTF-8.")


def _with_strays(text: str) -> str:
    """With bytes of windows-1252 where UTF-8 has none; five of the bytes are no letters there either."""
    return _SURROGATE.sub(lambda match: bytes([ord(match[0]) - 0xDC00]).decode("cp1252", errors="ignore"), text)


def _as_declared(content: bytes) -> str:
    """Empty where nothing is declared, or what is not an encoding of texts, such as hex."""
    declared = html_body_declared_encoding(content[:_SAMPLE])
    try:
        return content.decode(declared, errors="replace") if declared and declared != "utf-8" else ""
    except LookupError:
        return ""


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
