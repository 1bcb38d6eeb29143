"""Splits a page into segments: each is a text that a reader sees as one paragraph, line or cell, with its place."""

import re
from dataclasses import dataclass
from typing import Literal

from importing.html.elements import DROPPED, EMBEDS, INLINE
from importing.html.parsing import Element, name_of

type Reference = tuple[Element, Literal["text", "tail"]]

_WORD = re.compile(r"\w+")
# Thai, Japanese, Chinese and others write no spaces between words. There, two letters count as a word.
_WITHOUT_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_FIRST_WITHOUT_SPACES = "\u0e00"
_WORD_OR_LETTERS = re.compile(rf"[{_WITHOUT_SPACES}]{{1,2}}|[^\W{_WITHOUT_SPACES}]+")
_UNREAD = (DROPPED - {"form"}) | EMBEDS | {"video", "audio"}  # old pages have everything in one form
_MOST = 60_000  # the marks in extraction.py cannot count further


@dataclass(frozen=True, slots=True)
class Segment:
    """`references` are the pieces of text in the tree that it consists of. `linked` is the number of its words in
    links.
    """

    at: int
    element: Element
    references: tuple[Reference, ...]
    text: str
    words: int
    linked: int


def segments_of(root: Element) -> list[Segment]:
    """The segments in the order of the page. Two `<br>` end a segment, like a paragraph."""
    walk = _Walk()
    body = root.find("body")
    top = root if body is None else body
    walk.into(top, top, is_linked=False)
    walk.end(top)
    return walk.found[:_MOST]


class _Walk:
    def __init__(self) -> None:
        self.found: list[Segment] = []
        self._pieces: list[tuple[Element, Literal["text", "tail"], str, bool]] = []
        self._breaks = 0
        self._is_after_a_break = False

    def into(self, element: Element, block: Element, *, is_linked: bool) -> None:
        name = name_of(element)
        if not name or name in _UNREAD:
            return
        if name == "br":
            self._breaks += 1
            self._is_after_a_break = True
            return
        is_block = name not in INLINE
        if is_block:
            self.end(block)
            block = element
        is_linked = is_linked or name == "a"
        self._add(element, "text", block, is_linked=is_linked)
        for child in element:
            self.into(child, block, is_linked=is_linked)
            self._add(child, "tail", block, is_linked=is_linked)
        if is_block:
            self.end(element)

    def _add(self, element: Element, where: Literal["text", "tail"], block: Element, *, is_linked: bool) -> None:
        stated = element.text if where == "text" else element.tail
        if not stated:
            return
        if stated.strip():
            if self._breaks > 1:
                self.end(block)
            self._breaks = 0
        shown = f" {stated}" if self._is_after_a_break else stated
        self._is_after_a_break = False
        self._pieces.append((element, where, shown, is_linked))

    def end(self, block: Element) -> None:
        text = " ".join("".join(stated for _, _, stated, _ in self._pieces).split())
        if text:
            references: tuple[Reference, ...] = tuple((element, where) for element, where, _, _ in self._pieces)
            words = _words_in(text)
            linked = sum(_words_in(stated) for _, _, stated, is_linked in self._pieces if is_linked)
            self.found.append(Segment(len(self.found), block, references, text, words, linked))
        self._pieces.clear()
        self._breaks = 0


def _words_in(text: str) -> int:
    if text.isascii() or max(text) < _FIRST_WITHOUT_SPACES:
        return len(_WORD.findall(text))
    return len(_WORD_OR_LETTERS.findall(text))
