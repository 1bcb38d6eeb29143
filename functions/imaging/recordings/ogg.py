"""Empties the comments of an Ogg file with Opus or Vorbis: names, places, pictures.

Opus has them in its second packet (RFC 7845, section 5.2), and Vorbis too (Vorbis I, section 5). Their bytes become an
empty list and zeros, so no page grows or moves; only the checksums of those pages change (RFC 3533, section 6).
"""

from dataclasses import dataclass, field
from mmap import mmap

from imaging.recordings.blanks import damaged
from imaging.refused import RecordingRefused

_HEAD = 27  # bytes of a page before the lengths of its segments
_BEGINS = 2  # flag: the first page of a stream
_MOST_BYTES = 20_000_000  # of comments, with pictures in them
_EMPTY = {b"\x01vorbis": b"\x03vorbis" + bytes(8) + b"\x01", b"OpusHead": b"OpusTags" + bytes(8)}
_HINT = "Export it as Ogg with Opus, or as MP3, and upload that."


def _checksums() -> list[int]:
    table: list[int] = []
    for number in range(256):
        value = number << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
        table.append(value)
    return table


_CHECKSUMS = _checksums()


@dataclass(slots=True)
class _Stream:
    """The comments of one stream, as far as they were read: which bytes of the file they are, and in which pages."""

    empty: bytes
    packets: int = 0  # that have ended
    parts: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    pages: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


def clean(content: mmap) -> None:
    """Empties them in the file. Raises RecordingRefused."""
    streams: dict[bytes, _Stream] = {}
    at = 0
    while at < len(content):
        head = content[at : at + _HEAD]
        if len(head) < _HEAD or not head.startswith(b"OggS"):
            raise damaged(f"no page begins at byte {at:,}")
        body = at + _HEAD + head[26]
        segments = content[at + _HEAD : body]
        end = body + sum(segments)
        if end > len(content):
            raise damaged("its last page is cut off")
        serial = head[14:18]
        if head[5] & _BEGINS:
            streams[serial] = _Stream(_empty_comments(content[body : body + 8]))
        stream = streams.get(serial)
        if stream is None:
            raise damaged("a page belongs to no stream")
        if stream.packets <= 1:
            _read_on(content, stream, (at, end), body, segments)
        at = end
    if not streams or any(each.packets <= 1 for each in streams.values()):
        raise damaged("it ends before its sound")


def _empty_comments(start: bytes) -> bytes:
    found = next((empty for name, empty in _EMPTY.items() if start.startswith(name)), None)
    if found is None:
        raise RecordingRefused("this Ogg file holds something other than Opus or Vorbis", hint=_HINT)
    return found


def _read_on(content: mmap, stream: _Stream, page: tuple[int, int], body: int, segments: bytes) -> None:
    """Goes through the packets of a page, up to the end of the comments."""
    at = body
    for length in segments:
        if stream.packets == 1:
            stream.parts.append((at, at + length))
            if page not in stream.pages:
                stream.pages.append(page)
        at += length
        if length < 255:  # noqa: PLR2004 - a packet ends at a segment that is not full
            stream.packets += 1
            if stream.packets > 1:
                _write_empty(content, stream)
                return
    if sum(end - begin for begin, end in stream.parts) > _MOST_BYTES:
        raise RecordingRefused("the comments of this recording are larger than 20 MB", hint=_HINT)


def _write_empty(content: mmap, stream: _Stream) -> None:
    size = sum(end - begin for begin, end in stream.parts)
    if size < len(stream.empty):
        raise damaged("its comments are cut off")
    empty = stream.empty + bytes(size - len(stream.empty))
    done = 0
    for begin, end in stream.parts:
        content[begin:end] = empty[done : done + end - begin]
        done += end - begin
    for begin, end in stream.pages:
        content[begin + 22 : begin + 26] = bytes(4)
        content[begin + 22 : begin + 26] = _checksum(content[begin:end]).to_bytes(4, "little")


def _checksum(page: bytes) -> int:
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ _CHECKSUMS[value >> 24 ^ byte]
    return value
