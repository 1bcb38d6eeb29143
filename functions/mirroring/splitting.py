"""Divides what is long into pages that arrive. Networks cut connections to foreign hosts after some 16 KB (Cloudflare,
"Russian Internet users are unable to access the open Internet", 2025-06-26). So each page and each file of JSON is at
most MOST_BYTES on the wire, compressed as servers do it.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

MOST_BYTES = 10_000
# Of MOST_BYTES: the head of gzip (RFC 1952), the number of the page, and what a server's compressor does worse.
_RESERVE = 300
_LEVEL = 6  # what servers compress with
_LONGEST_PIECE = 1_500  # characters: at most 6,000 bytes, if nothing can be compressed
_MOST_IN_HEAD = 2_000  # bytes of an article's members beside its text, compressed


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a page that is not divided: its markup, and the same as a JSON value, which is empty if the members
    beside the text say it. `text` is what it says, for a fragment that is too long for a page.
    """

    html: str
    value: dict[str, Any]
    text: str = ""


def pages_of(
    fragments: Iterable[Fragment], *, page: Callable[[str], str], members: Callable[[list[Any]], Any]
) -> list[list[Fragment]]:
    """The fragments of each page. `page` makes the whole page of markup, and `members` the whole JSON of values; both
    for the page that has the most around them. There is always one page.
    """
    pages: list[list[Fragment]] = [[]]
    around = (page("").encode(), compact(members([])).encode())
    fillings = [_Filling(each) for each in around]
    for fragment in _small(fragments, around):
        pieces = (fragment.html.encode(), compact(fragment.value).encode() + b",")
        sizes = [filling.with_(piece) for filling, piece in zip(fillings, pieces, strict=True)]
        if pages[-1] and max(sizes) > MOST_BYTES - _RESERVE:
            pages.append([])
            fillings = [_Filling(each) for each in around]
        for filling, piece in zip(fillings, pieces, strict=True):
            filling.add(piece)
        pages[-1].append(fragment)
    return pages


def compact(value: Any) -> str:  # noqa: ANN401 - JSON is any of its types
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def bounded(members: dict[str, Any]) -> dict[str, Any]:
    """Members for the head of an article's JSON. If they are too long for it, the longest are left out, and named in
    `left_out`.
    """
    kept = dict(members)
    left_out: list[str] = []
    while len(zlib.compress(compact(kept).encode(), _LEVEL)) > _MOST_IN_HEAD:
        longest = max(kept, key=lambda name: len(compact(kept[name])))
        left_out.append(longest)
        del kept[longest]
    return kept | ({"left_out": sorted(left_out)} if left_out else {})


def paragraphs(text: str) -> Iterator[Fragment]:
    """A long text as paragraphs, cut between words."""
    for paragraph in filter(None, text.split("\n")):
        left = paragraph
        while left:
            piece = left[:_LONGEST_PIECE]
            if len(left) > _LONGEST_PIECE and " " in piece:
                piece = piece.rpartition(" ")[0] + " "
            left = left[len(piece) :]
            said = escape(piece.strip(), quote=False)
            if said:
                yield Fragment(f"<p>{said}</p>", {"type": "paragraph", "html": said})


def _small(fragments: Iterable[Fragment], around: tuple[bytes, bytes]) -> Iterator[Fragment]:
    """The fragments. One that would not fit on a page of its own becomes paragraphs of its text, without its markup."""
    for fragment in fragments:
        pieces = (fragment.html.encode(), compact(fragment.value).encode())
        fits = all(
            _Filling(outside).with_(piece) <= MOST_BYTES - _RESERVE
            for outside, piece in zip(around, pieces, strict=True)
        )
        if fits or not fragment.text:
            yield fragment
        else:
            yield from paragraphs(fragment.text)


class _Filling:
    """Counts the bytes of a page as it is filled, as they are after compression."""

    def __init__(self, around: bytes) -> None:
        self._compressor = zlib.compressobj(_LEVEL)
        self._bytes = 0
        self.add(around)

    def add(self, piece: bytes) -> None:
        self._bytes += len(self._compressor.compress(piece))

    def with_(self, piece: bytes) -> int:
        """How many bytes there would be with this piece, too."""
        tried = self._compressor.copy()
        return self._bytes + len(tried.compress(piece)) + len(tried.flush())
