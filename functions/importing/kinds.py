"""Recognises the kind of a file by its first bytes and characters, and never by its name."""

import re
from typing import Literal

from importing.encodings import utf_16_of
from importing.refused import FileRefused

type Kind = Literal["json", "feed", "html", "text"]

_READ = "Hand in JSON, JSON Feed, HTML, RSS, Atom, a WordPress export or plain text."
_UNPACK = "Hand in the files in it: JSON, HTML, RSS, Atom or plain text."
_PACKED = {
    b"PK\x03\x04": "a zip archive, or a document of an office program",
    b"PK\x05\x06": "an empty zip archive",
    b"\x1f\x8b": "compressed with gzip",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
}
_BINARY = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"RIFF": "a picture or a recording (RIFF)",
    b"II*\x00": "a picture (TIFF)",
    b"MM\x00*": "a picture (TIFF)",
    b"ID3": "a recording (MP3)",
    b"OggS": "a recording (Ogg)",
    b"fLaC": "a recording (FLAC)",
    b"\xd0\xcf\x11\xe0": "a document of an old office program",
    b"{\\rtf": "a document in RTF",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"SQLite format 3": "a database",
    b"\x00\x00\x01\x00": "an icon",
}
_FORMATS = {
    "nitf": "NITF",
    "newsml": "NewsML",
    "newsitem": "NewsML-G2",
    "newsmessage": "NewsML-G2",
    "packageitem": "NewsML-G2",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap",
    "opml": "OPML, a list of feeds",
    "svg": "a picture (SVG)",
    "plist": "a property list",
}
_FEEDS = frozenset({"rss", "feed", "rdf"})
_XML_OF_PAGES = frozenset({"html", "head", "body"})
_NAME = re.compile(r"<([A-Za-z][\w.-]{0,60}:)?([A-Za-z][\w.-]{0,60})")
_TAGS = re.compile(
    r"</?(?:p|br|div|h[1-6]|li|ul|td|tr|table|a|b|i|strong|em|img|span|blockquote)\b[^<>]{0,500}>", re.IGNORECASE
)
# The fields that begin a message (RFC 5322), also after the line that begins one in a mailbox (RFC 4155). A text may
# have one such line, but not three.
_MAIL = re.compile(
    r"(?:From \S{1,300} [^\n]{1,100}\n)?"
    r"(?:(?:From|To|Cc|Subject|Date|Message-ID|MIME-Version|Received|Return-Path|Delivered-To|Reply-To|Content-Type|"
    r"X-[\w-]{1,60}): ?[^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n){0,20}){3}",
    re.IGNORECASE,
)
_FRONT_MATTER = re.compile(
    r"(?P<mark>---|\+\+\+)[ \t]*\n"
    r"(?:\w[\w-]{0,60} ?[:=][^\n]{0,2000}\n|(?:[ \t]|- )[^\n]{0,2000}\n){1,100}"
    r"(?P=mark)"
)
_START = 20_000  # characters that are enough to recognise a file
_FEWEST_TAGS = 3
_SAMPLE = 4096  # bytes that are enough to recognise a binary file
_MOST_CONTROLS = 0.02  # share of control characters; a damaged page has a few
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27} | {127}
_FEWEST_ROWS = 3


def check_bytes(content: bytes) -> None:
    """Raises FileRefused if the file is no text."""
    for start, kind in _PACKED.items():
        if content.startswith(start):
            raise FileRefused(f"this is {kind}", hint=_UNPACK)
    for start, kind in _BINARY.items():
        if content.startswith(start):
            raise FileRefused(f"this is {kind}", hint=_READ)
    if content[4:8] == b"ftyp":
        raise FileRefused("this is a film or a recording (MP4)", hint=_READ)
    sample = content[:_SAMPLE]
    if (
        not sample.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"))
        and not utf_16_of(sample)
        and (sum(each in _CONTROLS for each in sample) > max(2, _MOST_CONTROLS * len(sample)))
    ):
        raise FileRefused("this is a binary file, no text", hint=_READ)


def kind_of(text: str) -> Kind:
    """The kind of a text. Raises FileRefused for a known kind that cannot be imported."""
    start = text[:_START].replace("\r\n", "\n").lstrip("\ufeff \t\r\n\f\v")
    if start.startswith(("{", "[")) and not start.startswith(("[caption", "[gallery")):
        return "json"
    if not start.startswith("<"):
        _check_table(start)
        _check_lines(start)
        return "html" if len(_TAGS.findall(start)) >= _FEWEST_TAGS else "text"
    is_xml = start.startswith("<?xml")
    name = _first_name(start)
    if name in _FEEDS:
        return "feed"
    if name in _FORMATS:
        raise FileRefused(f"this is {_FORMATS[name]}, which is not read", hint=_READ)
    if is_xml and name not in _XML_OF_PAGES and not _TAGS.search(start):
        raise FileRefused(f"this is XML of another kind (its first element is <{name}>)", hint=_READ)
    return "html" if name or _TAGS.search(start) else "text"


def _first_name(start: str) -> str:
    """The name of the first element. Skips comments and declarations, and reads each only once."""
    at = 0
    while at < len(start):
        at = start.find("<", at)
        if at < 0:
            return ""
        if start.startswith("<!--", at):
            at = start.find("-->", at)
        elif start.startswith("<!DOCTYPE", at) and "[" in start[at : start.find(">", at)]:
            at = start.find("]", at)
        elif start.startswith(("<!", "<?"), at):
            at = start.find(">", at)
        elif match := _NAME.match(start, at):
            return match[2].lower()
        else:
            return ""
        if at < 0:
            return ""
    return ""


def _check_lines(start: str) -> None:
    """Raises FileRefused for texts whose first lines are for machines: mail, and Markdown with front matter."""
    if _MAIL.match(start):
        raise FileRefused("this is mail, which is not read", hint="Hand in the article alone: its headline and text.")
    if _FRONT_MATTER.match(start):
        hint = "Hand in the page that is made of it, or the text alone, under its headline."
        raise FileRefused("this is a text with front matter (Markdown), which is not read", hint=hint)


def _check_table(start: str) -> None:
    """Raises FileRefused for CSV, which would become one long headline."""
    rows = start.split("\n")[:_FEWEST_ROWS]
    for sign in (",", ";", "\t"):
        counts = [row.count(sign) for row in rows]
        is_head = all(part.strip(' "').replace("_", "").replace(" ", "").isalnum() for part in rows[0].split(sign))
        if (
            len(rows) == _FEWEST_ROWS
            and min(counts) > 1
            and is_head
            and counts[0] <= min(counts)
            and ". " not in rows[0]
        ):
            raise FileRefused("this is CSV, a table, which is not read", hint=_READ)
