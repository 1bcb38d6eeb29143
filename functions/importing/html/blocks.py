"""Turns HTML into blocks. What the article's model has a block for becomes that block. The text of everything else
becomes paragraphs.
"""

from collections.abc import Iterator
from html import escape

from lxml import etree

from content_api.content.article import (
    Audio,
    Block,
    Embed,
    Heading,
    Html,
    Image,
    List,
    Paragraph,
    Quote,
    Rendition,
    Video,
)
from importing.articles.plain import plain
from importing.html.addresses import completed, media_type_of
from importing.html.captions import (
    LONGEST_ATTRIBUTION,
    LONGEST_TITLE,
    captioned,
    credited,
    names_who_said_it,
    without_dash,
)
from importing.html.elements import DROPPED, EMBEDS, HEADINGS, INLINE, MEDIA, PICTURES, RECORDINGS
from importing.html.embeds import address_of, embed_at, embed_in, is_post
from importing.html.inline import inline, paragraphs_of
from importing.html.parsing import Element, name_of, text_of_element, text_of_markup
from importing.html.pictures import is_counter, picture_in
from importing.html.tables import is_table_of_data
from importing.html.valid_blocks import valid_block

_LONGEST_HEADING = 500  # characters
_LONGEST_CAPTION = 1000  # characters of a text beside a picture, which is not marked as its caption
_MOST_LEFT_OUT = 100  # items of an article that are reported to editors
_LONGEST_SAID = 200  # characters of an address
_LISTS = frozenset({"ul", "ol"})
_UNSHOWN = DROPPED - {"form"}  # old pages have everything in one form


def blocks_of(root: Element, *, base: str = "", left_out: list[str] | None = None) -> list[Block]:
    """The blocks in an element, in order. Addresses are completed from `base`. `left_out` is given a sentence for
    each picture, recording or embed that cannot be shown to readers. Raises FileRefused.
    """
    return list(_Walk(base, [] if left_out is None else left_out).blocks(root))


class _Walk:
    def __init__(self, base: str, left_out: list[str]) -> None:
        self._base = base
        self._left_out = left_out

    def blocks(self, parent: Element) -> Iterator[Block]:
        """Text outside of blocks becomes a paragraph. `<br><br>` ends a paragraph."""
        loose = [escape(parent.text or "", quote=False)]
        for child in parent:
            name = name_of(child)
            if name in INLINE and not _holds_a_block(child):
                loose.append(inline(child, self._base))
            elif name == "script" and address_of(child, self._base):
                yield from _paragraphs(loose)
                yield from _listed(embed_in(child, base=self._base))
            elif name in _UNSHOWN or not name:
                loose.append(" ")
            else:
                yield from _paragraphs(loose)
                yield from self._block(child, name)
            loose.append(escape(child.tail or "", quote=False))
        yield from _paragraphs(loose)

    def _block(self, element: Element, name: str) -> Iterator[Block]:
        if name in HEADINGS:
            yield from self._heading(element, HEADINGS[name])
        elif name in _LISTS:
            yield from self._list(element, name)
        elif name == "dl" and not any(_holds_a_block(each) for each in element.iter("dt", "dd")):
            yield from self._terms(element)
        elif name == "blockquote":
            yield from self._quoted(element)
        elif name in MEDIA:
            yield from self._media(element, name)
        elif name == "pre" or (name == "table" and is_table_of_data(element)):
            source = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
            if text_of_element(element):
                yield from valid_block(lambda: Html(html=source))
            yield from self._media_in(element)
        else:
            yield from self.blocks(element)

    def _heading(self, element: Element, level: int) -> Iterator[Block]:
        text = text_of_element(element)
        if len(text) > _LONGEST_HEADING:
            yield from valid_block(lambda: Paragraph(html=escape(text, quote=False)))
        elif text:
            yield from valid_block(lambda: Heading(level=level, text=text))
        yield from self._media_in(element)

    def _media_in(self, element: Element) -> Iterator[Block]:
        """The pictures, recordings and embeds in a list, a heading or a table. They follow after it."""
        for each in element.iter(*MEDIA):
            if not any(name_of(above) in MEDIA for above in _between(each, element)):
                yield from self._media(each, name_of(each))

    def _list(self, element: Element, name: str) -> Iterator[Block]:
        """A list. If it has text beside its items, it is a text: pages once used lists to indent."""
        if any((text or "").strip() for text in (element.text, *(child.tail for child in element))):
            yield from self.blocks(element)
            return
        shown = (each for each in element.iter("li") if not _UNSHOWN & {*map(name_of, _between(each, element))})
        items = [item for each in shown if (item := self._item(each))]
        yield from valid_block(lambda: List(ordered=name == "ol", items=tuple(items)))
        yield from self._media_in(element)

    def _terms(self, element: Element) -> Iterator[Block]:
        """Each description with its term before it, such as a time and what happened then."""
        items: list[str] = []
        term = ""
        for each in element.iter("dt", "dd"):
            text = self._item(each)
            if name_of(each) == "dt":
                items += [term] if term else []
                term = f"<strong>{text}</strong>" if text else ""
            elif text:
                items.append(f"{term} {text}".strip())
                term = ""
        items += [term] if term else []
        yield from valid_block(lambda: List(items=tuple(items)))

    def _item(self, element: Element) -> str:
        """The text of an item. If it has a list inside, the items of that list are items of their own."""
        parts = [escape(element.text or "", quote=False)]
        for child in element:
            if name_of(child) not in _LISTS | DROPPED | MEDIA:
                parts.append(inline(child, self._base))
            parts.append(escape(child.tail or "", quote=False))
        return "<br>".join(paragraphs_of("".join(parts)))

    def _quoted(self, element: Element) -> Iterator[Block]:
        if is_post(element):
            yield from _listed(embed_in(element, base=self._base))
            return
        cite = next(iter(element.iter("footer", "cite")), None)
        attribution = text_of_element(cite) if cite is not None else ""
        if cite is not None and len(attribution) <= LONGEST_TITLE:
            cite.drop_tree()
        lines: list[str] = []
        beside: list[Block] = []
        for each in self.blocks(element):
            match each:
                case Paragraph() | Quote():
                    lines.append(each.html)
                case Heading():
                    lines.append(f"<strong>{escape(each.text, quote=False)}</strong>")
                case List():
                    lines += each.items
                case _:
                    beside.append(each)
        if not attribution and len(lines) > 1 and names_who_said_it(lines[-1]):
            attribution = text_of_markup(lines.pop())
        if lines:
            yield from valid_block(lambda: Quote(html="<br>".join(lines), attribution=without_dash(attribution)))
        yield from beside

    def _media(self, element: Element, name: str) -> Iterator[Block]:
        if name == "figure":
            yield from self._figure(element)
            return
        shown = list(self._shown(element, name))
        if not shown and len(self._left_out) < _MOST_LEFT_OUT:
            self._left_out += _said_of(element, name)
        yield from shown

    def _shown(self, element: Element, name: str) -> Iterator[Block]:
        if name in EMBEDS:
            yield from _listed(embed_in(element, base=self._base))
        elif name in RECORDINGS:
            yield from self._recording(element, name, element.get("title") or "")
        else:
            picture = picture_in(element, base=self._base)
            if picture is not None:
                yield Image(**dict(picture))

    def _figure(self, element: Element) -> Iterator[Block]:
        """All that a figure contains, in order. Its caption belongs to the first picture or recording; without one, it
        becomes a paragraph below. If the figure marks no caption, the text beside its picture is the caption. If it
        does, that text is the credit of the picture.
        """
        described = next((each for each in element.iter("figcaption")), None)
        caption = text_of_element(described) if described is not None else ""
        held: list[Block] = []
        if described is not None:
            within = list(self._media_in(described))
            described.drop_tree()
            held += within
        pictures = [each for each in element.iter(*PICTURES) if not _within_picture(each)]
        text = text_of_element(element)
        if text.startswith(("https://", "http://")) and " " not in text and not pictures:
            held += _listed(embed_at(completed(text, self._base)))
        else:
            held += self.blocks(element)
        if pictures or any(isinstance(each, Image | Embed | Video | Audio) for each in held):
            beside = [each for each in held if isinstance(each, Paragraph | Heading)]
            said = " ".join(map(plain, beside))
            if len(said) <= (LONGEST_ATTRIBUTION if caption else _LONGEST_CAPTION):
                held = [each for each in held if each not in beside]
                caption, credit = (caption, said) if caption else (said, "")
                held = list(credited(held, credit))
        yield from captioned(held, caption)

    def _recording(self, element: Element, name: str, title: str) -> Iterator[Block]:
        stated = [(element.get("src") or element.get("data-src") or "", "")]
        stated += [(str(each.get("src") or ""), each.get("type") or "") for each in element.iter("source")]
        kind = name.removeprefix("amp-")
        files = {
            url: given.partition(";")[0] or media_type_of(url, default=f"{kind}/mpeg")
            for address, given in stated
            if (url := completed(address, self._base))
        }
        block = Video if kind == "video" else Audio
        yield from valid_block(
            lambda: block(
                title=title[:LONGEST_TITLE] or None,
                renditions=tuple(Rendition(url=url, media_type=given) for url, given in files.items()),
            )
        )


def _said_of(element: Element, name: str) -> list[str]:
    """What editors are told of a picture, recording or embed that is left out. Nothing for counters and
    placeholders.
    """
    kind = "an embed" if name in EMBEDS else "a recording" if name in RECORDINGS else "a picture"
    stated = [each.get(name) or "" for each in element.iter() for name in ("src", "data-src", "srcset", "data-srcset")]
    address = next((each for each in stated if each and not each.startswith(("data:", "about:", "#"))), "")
    if not address or (kind == "a picture" and is_counter(element)):
        return []
    return [f"{kind} whose address cannot be shown: {' '.join(address.split())[:_LONGEST_SAID]}"]


def _within_picture(element: Element) -> bool:
    return any(name_of(each) == "picture" for each in element.iterancestors())


def _between(element: Element, outer: Element) -> Iterator[Element]:
    for each in element.iterancestors():
        if each is outer:
            return
        yield each


def _holds_a_block(element: Element) -> bool:
    return any(name_of(each) not in INLINE | DROPPED for each in element.iter() if each is not element)


def _paragraphs(loose: list[str]) -> Iterator[Block]:
    """The paragraphs of the text so far. Empties the list."""
    markup = "".join(loose)
    loose.clear()
    for text in paragraphs_of(markup):
        yield from valid_block(lambda text=text: Paragraph(html=text))


def _listed(block: Block | None) -> list[Block]:
    return [] if block is None else [block]
