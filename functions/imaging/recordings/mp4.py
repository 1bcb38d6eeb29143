"""Takes out of an MP4 (ISO/IEC 14496-12) what is neither picture, sound nor subtitles: names, places, cameras, times,
comments, covers, and tracks that record where a camera was.

What goes is overwritten in place: its box becomes `free`, which players skip, with zeros in it. So no other box moves,
and tables that say where samples lie stay true. A box that is not known here goes.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from mmap import mmap

from imaging.recordings.blanks import blank, damaged
from imaging.refused import RecordingRefused

# Which boxes hold boxes, by the box that they stand in.
_CONTAINERS: dict[bytes, frozenset[bytes]] = {
    b"": frozenset({b"moov", b"moof", b"mfra"}),
    b"moov": frozenset({b"trak", b"mvex"}),
    b"trak": frozenset({b"mdia", b"edts"}),
    b"mdia": frozenset({b"minf"}),
    b"minf": frozenset({b"stbl", b"dinf"}),
    b"moof": frozenset({b"traf"}),
}
_KEPT = frozenset(
    b"ftyp styp mdat sidx mvhd tkhd mdhd hdlr vmhd smhd nmhd sthd elst dref stsd stts ctts cslg stss stsc stsz stz2"
    b" stco co64 sgpd sbgp sdtp subs trex mehd mfhd tfhd tfdt trun tfra mfro".split()
)
_TIMED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
# Handlers of the tracks that readers get: pictures, sound, subtitles.
_TRACKS = frozenset({b"vide", b"soun", b"sbtl", b"subt", b"clcp"})
_ENCRYPTED = frozenset({b"encv", b"enca", b"drms", b"drmi"})
# What describes a codec, in the entries of stsd; and how many bytes stand before it there, by the handler.
_CODEC_BOXES = frozenset(
    b"esds avcC hvcC av1C vpcC dOps dfLa btrt pasp colr clap chnl srat chan dac3 dec3 fiel mdcv clli".split()
)
_ENTRY_HEAD = {b"vide": 86, b"soun": 36}
_COMPRESSOR_NAME = slice(50, 82)
_MOST_BOXES = 200_000
_MOST_TRACKS = 100
_HINT = "Export it as an ordinary MP4, without other tracks, and upload that."


@dataclass(frozen=True, slots=True)
class _Box:
    type: bytes
    begin: int
    content: int  # where its content begins
    end: int


@dataclass(frozen=True, slots=True)
class _Found:
    box: _Box
    within: tuple[_Box, ...]


def clean(content: mmap) -> None:
    """Takes it out of the file. Raises RecordingRefused if the file is damaged, encrypted or no MP4 that can be
    served.
    """
    boxes = list(_boxes(content))
    types = {found.box.type for found in boxes}
    if not {b"moov", b"mdat"} <= types:
        raise damaged("it has no film (moov) or no samples (mdat)")
    handlers = _handlers(content, boxes)
    dropped = {trak for trak, handler in handlers.items() if handler not in _TRACKS}
    if len(handlers) - len(dropped) not in range(1, _MOST_TRACKS):
        raise damaged("it has no track of pictures or sound, or too many")
    if b"moof" not in types:
        _blank_unused(content, boxes, handlers.keys() - dropped)
    elif dropped:
        raise RecordingRefused("this MP4 is in fragments, and one of its tracks is no picture and no sound", hint=_HINT)
    for found in boxes:
        _treat(content, found, handlers, dropped)


def _treat(content: mmap, found: _Found, handlers: dict[_Box, bytes], dropped: set[_Box]) -> None:
    box, parent = found.box, found.within[-1].type if found.within else b""
    if box in dropped or not (box.type in _KEPT or box.type in _CONTAINERS.get(parent, ())):
        content[box.begin + 4 : box.begin + 8] = b"free"
        blank(content, box.content, box.end)
    elif any(each in dropped for each in found.within):
        pass  # blank already
    elif box.type in _TIMED:
        # When it was made and changed: after the version, in 32 or 64 bits each.
        is_long = box.end > box.content and content[box.content] == 1
        blank(content, box.content + 4, min(box.end, box.content + (20 if is_long else 12)))
    elif box.type == b"hdlr":
        blank(content, min(box.end, box.content + 24), box.end)  # the name of the handler
    elif box.type == b"dref":
        _check_references(content, box)
    elif box.type == b"stsd":
        trak = next((each for each in found.within if each.type == b"trak"), None)
        _clean_entries(content, box, handlers.get(trak, b"") if trak else b"")


def _boxes(content: mmap) -> Iterator[_Found]:
    """Every box, before those in it."""
    waiting: list[tuple[int, int, tuple[_Box, ...]]] = [(0, len(content), ())]
    count = 0
    while waiting:
        at, end, within = waiting.pop()
        if at == end:
            continue
        count += 1
        if count > _MOST_BOXES:
            raise damaged("it has more than 200,000 boxes")
        box = _box(content, at, end, is_outermost=not within)
        yield _Found(box, within)
        waiting.append((box.end, end, within))
        parent = within[-1].type if within else b""
        if box.type in _CONTAINERS.get(parent, ()):
            waiting.append((box.content, box.end, (*within, box)))


def _box(content: mmap, at: int, end: int, *, is_outermost: bool = False) -> _Box:
    size, name, head = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8], 8
    if size == 1:
        size, head = int.from_bytes(content[at + 8 : at + 16]), 16
    elif size == 0 and is_outermost:
        size = end - at
    if size < head or at + size > end:
        raise damaged(f"a box at byte {at:,} ends outside of what it stands in")
    return _Box(name, at, at + head, at + size)


def _handlers(content: mmap, boxes: list[_Found]) -> dict[_Box, bytes]:
    """What kind of samples each track has."""
    found = {each.box: b"" for each in boxes if each.box.type == b"trak" and len(each.within) == 1}
    for each in boxes:
        if each.box.type == b"hdlr" and len(each.within) == 3:  # noqa: PLR2004 - in moov, trak, mdia
            found[each.within[1]] = content[each.box.content + 8 : each.box.content + 12]
    return found


def _check_references(content: mmap, box: _Box) -> None:
    """Refuses a film whose samples lie in another file, whose name would be in this one."""
    at = box.content + 8
    while at < box.end:
        entry = _box(content, at, box.end)
        if not int.from_bytes(content[entry.content : entry.content + 4]) & 1:
            raise RecordingRefused("the samples of this MP4 lie in another file", hint=_HINT)
        blank(content, entry.content + 4, entry.end)
        at = entry.end


def _clean_entries(content: mmap, box: _Box, handler: bytes) -> None:
    at = box.content + 8
    while at < box.end:
        entry = _box(content, at, box.end)
        if entry.type in _ENCRYPTED:
            raise RecordingRefused("this recording is encrypted", hint="Export it without protection, and upload that.")
        if handler == b"vide":
            name = _COMPRESSOR_NAME
            blank(content, min(at + name.start, entry.end), min(at + name.stop, entry.end))
        if handler in _ENTRY_HEAD:
            _clean_codec(content, entry, at + _ENTRY_HEAD[handler])
        at = entry.end


def _clean_codec(content: mmap, entry: _Box, at: int) -> None:
    while at + 8 <= entry.end:
        each = _box(content, at, entry.end)
        if each.type not in _CODEC_BOXES:
            content[each.begin + 4 : each.begin + 8] = b"free"
            blank(content, each.content, each.end)
        at = each.end
    blank(content, min(at, entry.end), entry.end)


# ----------------------------------------------------------------------------------------------- samples of a track


def _blank_unused(content: mmap, boxes: list[_Found], tracks: AbstractSet[_Box]) -> None:
    """Blanks what no track that is kept has among its samples."""
    used = sorted(each for trak in tracks for each in _samples(content, [b.box for b in boxes if trak in b.within]))
    for mdat in (each.box for each in boxes if each.box.type == b"mdat"):
        at = mdat.content
        for begin, end in used:
            blank(content, at, min(begin, mdat.end))
            at = max(at, end)
        blank(content, at, mdat.end)


def _samples(content: mmap, boxes: list[_Box]) -> Iterator[tuple[int, int]]:
    """Where the chunks of a track lie (sections 8.7.3 to 8.7.5)."""
    tables = {each.type: each for each in boxes}
    if not tables.keys() >= {b"stsc", b"stsz"} or not tables.keys() & {b"stco", b"co64"}:
        raise damaged("a track does not say where its samples are")
    width = 4 if b"stco" in tables else 8
    offsets = [int.from_bytes(each) for each in _entries(content, tables[b"stco" if width == 4 else b"co64"], 4, width)]  # noqa: PLR2004 - bytes
    counts = _counts(content, tables[b"stsc"], len(offsets))
    sizes = _sizes(content, tables[b"stsz"])
    total = 0
    for offset, count in zip(offsets, counts, strict=True):
        size = sum(next(sizes, 0) for _ in range(count))
        total += size
        if offset + size > len(content) or total > len(content):
            raise damaged("a track has more samples than the file")
        yield offset, offset + size


def _entries(content: mmap, box: _Box, head: int, width: int) -> Iterator[bytes]:
    """The entries of a table, after its version and `head` more bytes, the last four of which count them."""
    begin = box.content + 4 + head
    count = int.from_bytes(content[begin - 4 : begin])
    if begin + count * width > box.end:
        raise damaged("a table of samples is cut off")
    return (content[at : at + width] for at in range(begin, begin + count * width, width))


def _counts(content: mmap, box: _Box, chunks: int) -> list[int]:
    """How many samples each chunk has."""
    runs = [(int.from_bytes(each[:4]), int.from_bytes(each[4:8])) for each in _entries(content, box, 4, 12)]
    counts: list[int] = []
    for (first, count), (following, _) in pairwise([*runs, (chunks + 1, 0)]):
        if not len(counts) + 1 == first <= following <= chunks + 1 or count > len(content):
            raise damaged("its chunks are in no order")
        counts += [count] * (following - first)
    if len(counts) != chunks:
        raise damaged("its chunks are not counted")
    return counts


def _sizes(content: mmap, box: _Box) -> Iterator[int]:
    fixed = int.from_bytes(content[box.content + 4 : box.content + 8])
    if fixed:
        count = int.from_bytes(content[box.content + 8 : box.content + 12])
        return (fixed for _ in range(min(count, len(content))))
    return (int.from_bytes(each) for each in _entries(content, box, 8, 4))
