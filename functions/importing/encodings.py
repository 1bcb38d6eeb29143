"""Decodes a file in any of the encodings that archives have."""

import codecs
import re
from collections import Counter

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
# KOI8-U has all letters of KOI8-R, and the Ukrainian ones (RFC 2319).
_CYRILLIC = {
    "cp1251": "windows-1251",
    "koi8_r": "koi8-u",
    "koi8_u": "koi8-u",
    "cp866": "cp866",
    "iso8859_5": "iso-8859-5",
}
_SAMPLE = 64 * 1024  # bytes that are enough to recognise an encoding
_SAMPLE_OF_UTF_16 = 4096
_FEWEST_OF_UTF_16 = 20  # characters
_MOSTLY = 0.95
_LEAST_CYRILLIC = 0.3  # share of the letters; a single-byte encoding decodes any bytes, so the text must look Cyrillic
_FEWEST_CYRILLIC = 20  # letters
_STRAY = "surrogateescape"  # a byte that is not UTF-8 becomes U+DC80 to U+DCFF (PEP 383)
_SURROGATE = re.compile("[\\udc80-\\udcff]")
_MOST_STRAYS = 0.1  # share of the text
_MOST_ACCENTS = 0.6  # of the letters without accents: French has 5 in a hundred, a line of it up to 50


def text_of(content: bytes) -> str:
    """The text of a file. It tries, in this order: UTF-8, the encoding of a byte order mark, the old Cyrillic
    encodings, and the encoding that the markup states. The stated encoding comes last, since pages that were converted
    often still state the old one. A few bytes that are not UTF-8 are read as windows-1252, as browsers do. NULs are
    left out. Raises FileRefused.
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace").replace("\0", "")
    if encoding := utf_16_of(content):
        return content.decode(encoding, errors="replace").replace("\0", "")
    return _decoded(content).replace("\0", "")


def utf_16_of(content: bytes) -> str:
    """`utf-16-le` or `utf-16-be` for a text in UTF-16 without a byte order mark, as some editors save it. Empty for
    anything else. In such a text, every second byte is one of a few: that of the script, and 0 for spaces and signs.
    """
    sample = content[:_SAMPLE_OF_UTF_16]
    for encoding, high, low in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        if len(high) < _FEWEST_OF_UTF_16 or low.count(0) or high.count(0) * 20 < len(high):
            continue
        if sum(count for _, count in Counter(high).most_common(3)) >= _MOSTLY * len(high):
            return encoding
    return ""


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
    if strays <= _MOST_STRAYS * len(text) or _is_latin(text, strays):
        return _with_strays(text)
    line = content[:first].count(b"\n") + 1
    reason = f"byte {first} is not UTF-8, nor is the text in an encoding that it names"
    raise FileRefused(reason, place=f"line {line}", hint="Save the file as UTF-8.")


def _is_latin(text: str, strays: int) -> bool:
    """Whether the bytes that are not UTF-8 are accented letters in words of plain ones, as in Latin-1."""
    plain = sum(letter.isascii() and letter.isalpha() for letter in text)
    accented = sum(letter.isalpha() for letter in _with_strays("".join(_SURROGATE.findall(text))))
    return accented > strays / 2 and strays <= _MOST_ACCENTS * plain


def _with_strays(text: str) -> str:
    """The text with bytes that are not UTF-8 read as windows-1252. Five of the bytes are no letters there either."""
    return _SURROGATE.sub(lambda match: bytes([ord(match[0]) - 0xDC00]).decode("cp1252", errors="ignore"), text)


def _as_declared(content: bytes) -> str:
    """The text in the encoding that it states. Empty if it states none, or one that is no text encoding, such as
    hex.
    """
    declared = html_body_declared_encoding(content[:_SAMPLE])
    try:
        return content.decode(declared, errors="replace") if declared and declared != "utf-8" else ""
    except LookupError:
        return ""


def _in_cyrillic(content: bytes) -> str:
    """The text in one of the Cyrillic encodings. Empty if it is in none of them."""
    best = from_bytes(content[:_SAMPLE], cp_isolation=list(_CYRILLIC)).best()
    if best is None or best.encoding not in _CYRILLIC:
        return ""
    text = content.decode(_CYRILLIC[best.encoding], errors="replace")
    letters = [each for each in text[:_SAMPLE] if each.isalpha()]
    cyrillic = sum("\u0400" <= each <= "\u04ff" for each in letters)
    reads = cyrillic >= _FEWEST_CYRILLIC and cyrillic > _LEAST_CYRILLIC * len(letters)
    return text if reads and "\ufffd" not in text else ""
