"""Takes out of a WebM (RFC 9559) what is neither picture nor sound: tags, titles, attachments, chapters, times.

What goes becomes a Void element of the same length, so that positions within the file stay true. An element that is
not known here goes.
"""

from dataclasses import dataclass
from mmap import mmap

from imaging.recordings.blanks import blank, damaged
from imaging.refused import RecordingRefused

_EBML, _SEGMENT, _CLUSTER, _VOID = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0xEC
_SEEK_HEAD, _INFO, _TRACKS, _CUES = 0x114D9B74, 0x1549A966, 0x1654AE6B, 0x1C53BB6B
_SEEK, _TRACK = 0x4DBB, 0xAE
_CODEC = 0x86
_CODECS = {b"V_VP8", b"V_VP9", b"V_AV1", b"A_OPUS", b"A_VORBIS"}
_TIMESTAMP, _SIMPLE_BLOCK, _TICK = 0xE7, 0xA3, 0x2AD7B1
# Beside these two, groups of blocks, the cluster's position, and the length of the one before.
_IN_CLUSTER = {_TIMESTAMP, _SIMPLE_BLOCK, 0xA0, 0xA7, 0xAB}
# What is kept in an element, by its id; None keeps all of it.
_KEPT: dict[int, set[int] | None] = {
    _CUES: None,
    _CLUSTER: None,
    # The scale of time, the length, and names of programs, which are emptied.
    _INFO: {_TICK, 0x4489, 0x4D80, 0x5741},
    _SEEK_HEAD: {_SEEK},
    _TRACKS: {_TRACK},
}
_PROGRAMS = {0x4D80, 0x5741}
# Of a track: number, UID, type, whether it is used, default, forced, laced, caches, length of a frame, timestamps,
# additions, language, codec and what it needs, pictures, sound.
_OF_TRACK = {
    0xD7, 0x73C5, 0x83, 0xB9, 0x88, 0x55AA, 0x9C, 0x6DE7, 0x6DF8, 0x23E383, 0x23314F, 0x55EE, 0x22B59C, 0x86, 0x63A2,
    0x56AA, 0x56BB, 0xE0, 0xE1,
}  # fmt: skip
_LONGEST_ID = 4  # bytes
_MOST_ELEMENTS = 1_000_000


@dataclass(frozen=True, slots=True)
class _Element:
    id: int
    begin: int
    content: int  # where its content begins
    end: int
    is_open: bool  # its length is not stated


class _Clock:
    """When the last block begins. A file that was written live does not state its length."""

    def __init__(self) -> None:
        self._tick = 1_000_000  # nanoseconds
        self._cluster = 0
        self._last = 0

    def read(self, content: mmap, each: _Element) -> None:
        if each.id == _TICK:
            self._tick = int.from_bytes(content[each.content : each.end])
        elif each.id == _TIMESTAMP:
            self._cluster = int.from_bytes(content[each.content : each.end])
        elif each.id == _SIMPLE_BLOCK:
            # After the track's number, the time since that of the cluster.
            at = each.content + 9 - content[each.content].bit_length()
            since = int.from_bytes(content[at : at + 2], signed=True)
            self._last = max(self._last, self._cluster + since)

    @property
    def seconds(self) -> float:
        return self._last * self._tick / 1e9


def clean(content: mmap) -> float:
    """Takes it out of the file. Returns the second at which the last simple block begins. Raises RecordingRefused."""
    end = len(content)
    first = _element(content, 0, end)
    if first.id != _EBML:
        raise damaged("it does not begin as EBML")
    segment = _element(content, first.end, end)
    if segment.id != _SEGMENT or (segment.end != end and not segment.is_open):
        raise damaged("what follows its head is not one whole segment")
    at, count, tracks, clock = segment.content, 0, 0, _Clock()
    while at < end:
        count += 1
        if count > _MOST_ELEMENTS:
            raise damaged("it has more than a million elements")
        each = _element(content, at, end)
        tracks += each.id == _TRACKS
        clock.read(content, each)
        at = _cleaned(content, each, clock)
    if not tracks:
        raise damaged("it says nothing of its tracks")
    return clock.seconds


def _cleaned(content: mmap, each: _Element, clock: _Clock) -> int:
    """Cleans an element of the segment, or of a cluster. Returns where the next one begins."""
    if each.id == _CLUSTER:
        return each.content
    if each.is_open:
        raise damaged("it does not say how long one of its parts is")
    if each.id not in _KEPT and each.id not in _IN_CLUSTER:
        _void(content, each.begin, each.end)
        return each.end
    kept = _KEPT.get(each.id)
    if kept is not None:
        for child in _children(content, each):
            clock.read(content, child)
            if child.id not in kept:
                _void(content, child.begin, child.end)
            elif child.id in _PROGRAMS:
                blank(content, child.content, child.end)
            elif child.id == _TRACK:
                _clean_track(content, child)
            elif child.id == _SEEK and not _is_kept(content, child):
                _void(content, child.begin, child.end)
    return each.end


def _clean_track(content: mmap, track: _Element) -> None:
    for each in _children(content, track):
        if each.id not in _OF_TRACK:
            _void(content, each.begin, each.end)
        elif each.id == _CODEC and content[each.content : each.end].rstrip(b"\0") not in _CODECS:
            raise RecordingRefused(
                "this WebM has a track that is no VP8, VP9, AV1, Opus or Vorbis",
                hint="Export it as MP4 with H.264 and AAC, and upload that.",
            )


def _is_kept(content: mmap, seek: _Element) -> bool:
    """Whether an entry of the directory leads to an element that is kept."""
    for each in _children(content, seek):
        if each.id == 0x53AB:  # noqa: PLR2004 - SeekID
            return int.from_bytes(content[each.content : each.end]) in _KEPT
    return False


def _children(content: mmap, parent: _Element) -> list[_Element]:
    found: list[_Element] = []
    at = parent.content
    while at < parent.end:
        each = _element(content, at, parent.end)
        if each.is_open or len(found) > _MOST_ELEMENTS:
            raise damaged("it does not say how long one of its parts is")
        found.append(each)
        at = each.end
    return found


def _element(content: mmap, at: int, end: int) -> _Element:
    """The element that begins here. Raises RecordingRefused if it ends after `end`."""
    first = content[at] if at < end else 0
    length = 9 - first.bit_length()
    if length > _LONGEST_ID or at + length >= end:
        raise damaged(f"no element begins at byte {at:,}")
    size_at = at + length
    size_length = 9 - content[size_at].bit_length()
    begin = size_at + size_length
    if size_length > 8 or begin > end:  # noqa: PLR2004 - bytes of the longest length
        raise damaged(f"an element at byte {at:,} has no length")
    every = (1 << 7 * size_length) - 1
    size = int.from_bytes(content[size_at:begin]) & every
    is_open = size == every
    if not is_open and begin + size > end:
        raise damaged(f"an element at byte {at:,} ends outside of what it stands in")
    return _Element(int.from_bytes(content[at:size_at]), at, begin, end if is_open else begin + size, is_open)


def _void(content: mmap, begin: int, end: int) -> None:
    """Puts a Void element there; an element has at least two bytes."""
    size = end - begin
    short = 2 + 126
    head = bytes([_VOID, 0x80 | size - 2]) if size <= short else bytes([_VOID, 1]) + (size - 9).to_bytes(7)
    content[begin : begin + len(head)] = head
    blank(content, begin + len(head), end)
