"""The body of an article as HTML and as plain text. Blocks are JSON values, as in documents.

The markup in blocks was sanitised when the article came in. Everything else is escaped here. Only images and posters
load by themselves: recordings wait for a click, and what other hosts serve becomes a link.
"""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from content_api.content.pictures import plain_file, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    type Block = dict[str, Any]

# Our pages set text in a column of 42 rem, and so wide are its pictures.
_SIZES = "(max-width:42rem) 100vw,42rem"

_BREAKS = frozenset("br p div li tr h2 h3 h4 blockquote figcaption dt dd pre caption".split())


def body_html(blocks: list[Block]) -> str:
    return "".join(_HTML[block["type"]](block) for block in blocks)


def body_text(blocks: list[Block]) -> str:
    """The body as plain text. Paragraphs are separated by an empty line."""
    return "\n\n".join(text for block in blocks if (text := _TEXT[block["type"]](block)))


# ------------------------------------------------------------------------------------------------------------ HTML


def _paragraph(block: Block) -> str:
    return f"<p>{block['html']}</p>"


def _heading(block: Block) -> str:
    return f"<h{block['level']}>{_escaped(block['text'])}</h{block['level']}>"


def figure_html(picture: Block) -> str:
    return f"<figure>{picture_html(picture)}{_caption(picture['caption'], picture['credit'])}</figure>"


def picture_html(picture: Block) -> str:
    """A `picture` with its files in each format, or an `img` where there is one format. Empty if only the caption of
    the picture is known.
    """
    of_types = whole(picture)
    if not of_types:
        return ""
    *better, last = of_types.items()
    shown = _img(last[1], picture["alt"])
    if not better:
        return shown
    sources = "".join(
        f'<source type="{_escaped(name)}"{_srcset(files) or _unmeasured(files)}>' for name, files in better
    )
    return f"<picture>{sources}{shown}</picture>"


def _img(files: list[Block], alt: str) -> str:
    largest = files[-1]
    measures = "".join(f' {name}="{largest[name]}"' for name in ("width", "height") if largest[name])
    srcset = _srcset(files) if len(files) > 1 else ""
    return f'<img src="{_escaped(largest["url"])}"{srcset}{measures} alt="{_escaped(alt)}" loading="lazy">'


def _srcset(files: list[Block]) -> str:
    """The attributes `srcset` and `sizes`, or nothing where no file's width is known."""
    measured = ", ".join(f"{_escaped(each['url'])} {each['width']}w" for each in files if each["width"])
    return f' srcset="{measured}" sizes="{_SIZES}"' if measured else ""


def _unmeasured(files: list[Block]) -> str:
    return f' srcset="{_escaped(files[-1]["url"])}"'


def _recording(block: Block) -> str:
    element = block["type"]
    sources = "".join(
        f'<source src="{_escaped(each["url"])}" type="{_escaped(each["media_type"])}">' for each in block["renditions"]
    )
    pictured: Block | None = block.get("poster")
    first = plain_file(pictured) if pictured else None
    poster = f' poster="{_escaped(first["url"])}"' if first else ""
    tracks = "".join(
        f'<track kind="captions" src="{_escaped(each["url"])}" srclang="{_escaped(each["language"])}">'
        for each in block.get("captions") or ()
    )
    # A browser takes captions of another host only where the recording is asked for in this way, too.
    across = ' crossorigin="anonymous"' if tracks else ""
    shown = f'<{element} controls preload="none"{poster}{across}>{sources}{tracks}</{element}>'
    return f"<figure>{shown}{_caption(block['title'], None)}</figure>"


def _caption(caption: str | None, credit: str | None) -> str:
    parts = [_escaped(caption)] if caption else []
    if credit:
        parts.append(f"<small>{_escaped(credit)}</small>")
    return f"<figcaption>{' '.join(parts)}</figcaption>" if parts else ""


def _quote(block: Block) -> str:
    by = block["attribution"]
    attribution = f"<footer>{_escaped(by)}</footer>" if by else ""
    return f"<blockquote><p>{block['html']}</p>{attribution}</blockquote>"


def _list(block: Block) -> str:
    element = "ol" if block["ordered"] else "ul"
    return f"<{element}>{''.join(f'<li>{item}</li>' for item in block['items'])}</{element}>"


def _embed(block: Block) -> str:
    return f"<p>{_link(block['url'], block['title'] or block['provider'] or block['url'])}</p>"


def _promotion(block: Block) -> str:
    name = _link(block["url"], block["name"]) if block["url"] else _escaped(block["name"])
    described = f"<p>{_escaped(block['description'])}</p>" if block["description"] else ""
    return f"<aside><p>{name}</p>{described}</aside>"


def _html(block: Block) -> str:
    return f"<div>{block['html']}</div>"


def _link(url: str, text: str) -> str:
    return f'<a href="{_escaped(url)}" rel="noopener noreferrer">{_escaped(text)}</a>'


def _escaped(text: str) -> str:
    return escape(text, quote=True)


_HTML: dict[str, Callable[[Block], str]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "image": figure_html,
    "audio": _recording,
    "video": _recording,
    "quote": _quote,
    "list": _list,
    "embed": _embed,
    "promotion": _promotion,
    "html": _html,
}

# ------------------------------------------------------------------------------------------------------------ text


class _Text(HTMLParser):
    """Collects the text of some markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's own signature
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def plain(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _lines(*texts: str | None) -> str:
    return "\n".join(text for text in texts if text)


_TEXT: dict[str, Callable[[Block], str]] = {
    "paragraph": lambda block: plain(block["html"]),
    "heading": lambda block: block["text"],
    "image": lambda block: _lines(block["caption"], block["credit"]),
    "audio": lambda block: _lines(block["title"]),
    "video": lambda block: _lines(block["title"]),
    "quote": lambda block: _lines(plain(block["html"]), block["attribution"]),
    "list": lambda block: "\n".join(f"– {plain(item)}" for item in block["items"]),
    "embed": lambda block: _lines(block["title"], block["url"]),
    "promotion": lambda block: _lines(block["name"], block["description"], block["url"]),
    "html": lambda block: plain(block["html"]),
}
