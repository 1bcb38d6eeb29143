"""HTML as blocks: what an article's model has a block for becomes that block, and what it has none for is left out."""

import re
from collections.abc import Callable, Iterator
from html import escape
from mimetypes import guess_file_type
from urllib.parse import urljoin, urlsplit

from lxml import etree, html
from pydantic import ValidationError

from content_api.content.article import (
    Audio,
    Block,
    Embed,
    Heading,
    Html,
    Image,
    List,
    Paragraph,
    Picture,
    Quote,
    Rendition,
    Video,
)
from content_api.content.complaints import sentence
from importing.refused import FileRefused

type Element = html.HtmlElement

_LONGEST_HEADING = 500  # characters
_DEEPEST = 200  # elements within elements
_MOST_ELEMENTS = 50_000  # a long article has some thousand
_DROPPED = frozenset(
    "script style noscript template form nav button input select textarea svg canvas object applet link meta head "
    "title menu dialog".split()
)
_INLINE = frozenset(
    "a abbr b bdi bdo br cite code del em font i ins kbd mark q s samp small span strong sub sup time tt u var "
    "wbr".split()
)
_HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
_MEDIA = frozenset("figure img picture iframe embed video audio".split())
# Hosts that learn who looks at what they serve; of others we do not know.
_TRACKING = re.compile(
    r"(?:^|\.)(?:youtube\.com|youtu\.be|twitter\.com|x\.com|facebook\.com|instagram\.com|tiktok\.com|t\.me|telegram\.org|"
    r"vk\.com|ok\.ru|rutube\.ru|vimeo\.com|dailymotion\.com|soundcloud\.com|spotify\.com|reddit\.com|google\.com|"
    r"linkedin\.com|flourish\.studio|infogram\.com)$"
)
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_QUOTED_POST = re.compile(r"twitter-tweet|instagram-media|tiktok-embed|fb-post|bluesky-embed|mastodon-embed")


def parsed(text: str) -> Element:
    """Raises FileRefused where there is nothing to read, or so much that no article is."""
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        # A declaration of an encoding no longer counts: the text has been decoded.
        clean = re.sub(r"^\s*<\?xml[^>]*\?>", "", without_control_characters(text))
        root = html.document_fromstring(clean, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise FileRefused(f"this cannot be read as HTML ({error})") from error
    for element in root.iter():
        _clean(element)  # character references say anything
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        raise FileRefused(f"more than {_MOST_ELEMENTS:,} elements, which no article has")
    _check_depth(root)
    return root


def without_control_characters(text: str) -> str:
    """A form feed is white space in HTML, and nothing that XML has."""
    return _NO_TEXT.sub("", text.replace("\f", " "))


def _check_depth(root: Element) -> None:
    """What reads markup goes down into it, and a stack is not endless."""
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise FileRefused(f"elements stand within each other more than {_DEEPEST} deep, which no page needs")


def _clean(element: Element) -> None:
    if element.text and _NO_TEXT.search(element.text):
        element.text = without_control_characters(element.text)
    if element.tail and _NO_TEXT.search(element.tail):
        element.tail = without_control_characters(element.tail)
    for name, value in element.items():
        if _NO_TEXT.search(value):
            element.set(name, without_control_characters(value))


def blocks_of(root: Element, *, base: str = "") -> list[Block]:
    """The blocks under an element, in order; addresses are completed from `base`."""
    return list(_Walk(base).blocks(root))


def text_of_element(element: Element) -> str:
    return " ".join(str(element.text_content()).split())


class _Walk:
    def __init__(self, base: str) -> None:
        self._base = base

    def blocks(self, parent: Element) -> Iterator[Block]:
        """Text that lies loose between blocks is a paragraph; `<br><br>` ends one."""
        loose = [escape(parent.text or "", quote=False)]
        for child in parent:
            name = _name(child)
            if name in _INLINE and not _holds_a_block(child):
                loose.append(self._inline(child))
            elif name in _DROPPED or not name:
                loose.append(" ")
            else:
                yield from _paragraphs("".join(loose))
                loose = []
                yield from self._block(child, name)
            loose.append(escape(child.tail or "", quote=False))
        yield from _paragraphs("".join(loose))

    def _block(self, element: Element, name: str) -> Iterator[Block]:
        made: Block | None = None
        if name in _HEADINGS:
            text = text_of_element(element)
            long = len(text) > _LONGEST_HEADING
            made = _or_none(lambda: Paragraph(html=escape(text)) if long else Heading(level=_HEADINGS[name], text=text))
        elif name in {"ul", "ol"}:
            items = [item for each in element.iter("li") if (item := self._item(each))]
            made = _or_none(lambda: List(ordered=name == "ol", items=tuple(items)))
        elif name == "blockquote":
            made = self._quoted(element)
        elif name in _MEDIA:
            made = self._media(element, name)
        elif name in {"table", "pre"}:
            source = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
            made = _or_none(lambda: Html(html=source)) if text_of_element(element) else None
        else:
            yield from self.blocks(element)
        if made is not None:
            yield made

    def _item(self, element: Element) -> str:
        """Of a list in a list, the inner one's items stand for themselves."""
        parts = [escape(element.text or "", quote=False)]
        for child in element:
            if _name(child) not in {"ul", "ol", *_DROPPED, *_MEDIA}:
                parts.append(self._inline(child))
            parts.append(escape(child.tail or "", quote=False))
        return " ".join("".join(parts).split())

    def _inline(self, element: Element) -> str:
        """The element as markup; the model's sanitiser decides what of it stays."""
        name = _name(element)
        if name in _DROPPED or not name:
            return " "
        if name == "br":
            return "<br>"
        inside = escape(element.text or "", quote=False) + "".join(
            self._inline(child) + escape(child.tail or "", quote=False) for child in element
        )
        if name == "a":
            href = self._address(element.get("href", ""))
            return f'<a href="{escape(href)}">{inside}</a>' if href and inside.strip() else inside
        if name in _INLINE and name not in {"font", "tt", "wbr"}:
            return f"<{name}>{inside}</{name}>"
        return inside if name in _INLINE else f" {inside} "

    def _quoted(self, element: Element) -> Block | None:
        if _QUOTED_POST.search(element.get("class", "")):
            links = [str(each.get("href")) for each in element.iter("a") if each.get("href")]
            stated = element.get("cite") or element.get("data-instgrm-permalink") or (links[-1] if links else "")
            return self._embed(stated, title=text_of_element(element)[:500])
        cite = next(iter(element.iter("cite", "footer")), None)
        attribution = text_of_element(cite)[:500] if cite is not None else ""
        if cite is not None:
            cite.drop_tree()
        paragraphs = [each.html for each in self.blocks(element) if isinstance(each, Paragraph)]
        return _or_none(lambda: Quote(html="<br>".join(paragraphs), attribution=attribution or None))

    def _media(self, element: Element, name: str) -> Block | None:
        caption = ""
        if name == "figure":
            described = next(iter(element.iter("figcaption")), None)
            caption = text_of_element(described) if described is not None else ""
            inner = next((each for each in element.iter(*_MEDIA, "blockquote") if each is not element), None)
            if inner is None:
                return None
            element, name = inner, _name(inner)
        if name == "blockquote":
            return self._quoted(element)
        if name in {"iframe", "embed"}:
            return self._embed(element.get("src") or element.get("data-src") or "", element.get("title") or caption)
        if name in {"video", "audio"}:
            return self._recording(element, name, caption or element.get("title") or "")
        picture = self.picture(element, caption)
        return Image(**dict(picture)) if picture else None

    def picture(self, element: Element, caption: str) -> Picture | None:
        """Of `img` or `picture`; None for what has no address, such as a placeholder, or counts readers."""
        image = element if _name(element) == "img" else next(iter(element.iter("img")), None)
        if image is None:
            return None
        stated = image.get("src") or ""
        address = self._address(stated if not stated.startswith("data:") else image.get("data-src") or "")
        width, height = (_pixels(image.get(name)) for name in ("width", "height"))
        if not address or (width or 2) < 2 or (height or 2) < 2:  # noqa: PLR2004 - one pixel is a counter
            return None
        rendition = Rendition(url=address, media_type=kind_of(address), width=width, height=height)
        alt = " ".join((image.get("alt") or "").split())[:1000]
        return _or_none(lambda: Picture(alt=alt, caption=caption or None, renditions=(rendition,)))

    def _recording(self, element: Element, name: str, title: str) -> Block | None:
        stated = [(element.get("src") or "", "")]
        stated += [(str(each.get("src") or ""), each.get("type") or "") for each in element.iter("source")]
        files = tuple(
            Rendition(url=address, media_type=kind or kind_of(address, default=f"{name}/mpeg"))
            for url, kind in stated
            if (address := self._address(url))
        )
        block = Video if name == "video" else Audio
        return _or_none(lambda: block(title=title[:500] or None, renditions=files))

    def _embed(self, url: str, title: str) -> Block | None:
        address = self._address(url)
        if not address:
            return None
        host = (urlsplit(address).hostname or "").removeprefix("www.")
        tracks = "true" if _TRACKING.search(host) else "unknown"
        return _or_none(lambda: Embed(url=address, provider=host, title=title[:500] or None, tracks=tracks))

    def _address(self, url: str) -> str:
        """Absolute, or empty where it is none that a reader could follow."""
        try:
            whole = urljoin(self._base, url.strip())
            scheme = urlsplit(whole).scheme
        except ValueError:
            return ""
        return whole if scheme in {"http", "https"} or (scheme in {"mailto", "tel"} and url) else ""


def picture_of(element: Element, *, base: str, caption: str = "") -> Picture | None:
    return _Walk(base).picture(element, caption)


def kind_of(address: str, default: str = "image/jpeg") -> str:
    """The media type that an address ends in, such as `image/webp`."""
    return guess_file_type(urlsplit(address).path)[0] or default


def _name(element: Element) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else ""


def _holds_a_block(element: Element) -> bool:
    return any(_name(each) not in _INLINE | _DROPPED for each in element.iter() if each is not element)


def _paragraphs(markup: str) -> Iterator[Block]:
    for part in re.split(r"(?:<br>\s*){2,}", " ".join(markup.split())):
        text = re.sub(r"^(?:<br>\s*)+|(?:\s*<br>)+$", "", part.strip())
        if re.sub(r"<[^>]*>", "", text).strip():
            made = _or_none(lambda text=text: Paragraph(html=text))
            if made is not None:
                yield made


def _or_none[Made](make: Callable[[], Made]) -> Made | None:
    """None where nothing is left, or where a picture or the like has no address. Raises FileRefused for a text that is
    longer than the model takes: nothing that was written is left out.
    """
    try:
        return make()
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            if each["type"] in {"string_too_long", "too_long"}:
                place = str(getattr(error, "title", ""))
                raise FileRefused(sentence(each), place=place, hint="Split it in parts.") from error
        return None


def _pixels(stated: str | None) -> int | None:
    return int(stated) or 1 if stated and re.fullmatch(r"\d{1,5}", stated, re.ASCII) else None
