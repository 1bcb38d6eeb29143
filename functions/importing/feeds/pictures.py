"""The picture of an item in a feed: from Media RSS (the largest of a group), an enclosure, or a thumbnail."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from content_api.content.article import Picture
from importing.feeds.reading import MEDIA_RSS, Node, all_text, children, local_name, namespace_of
from importing.html.addresses import completed, media_type_of
from importing.html.parsing import text_of_markup
from importing.html.pictures import picture_at

_NUMBER = re.compile(r"\d{1,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _File:
    address: str
    media_type: str
    width: int | None
    height: int | None
    node: Node


def picture_of(entry: Node, base: str) -> Picture | None:
    files = list(_files(entry, base))
    if not files:
        return None
    best = max(files, key=lambda each: each.width or 0)
    described = [best.node, *(each for each in best.node.iterancestors() if _holds_media(each, entry)), entry]
    return picture_at(
        best.address,
        caption=text_of_markup(_said(described, "description") or (_said(described[:-1], "title"))),
        credit=text_of_markup(_said(described, "credit", "copyright")),
        alt=text_of_markup(_said(described[:-1], "title")),
        media_type=best.media_type,
        width=best.width,
        height=best.height,
    )


def _files(entry: Node, base: str) -> Iterator[_File]:
    """The pictures of the entry. Films and recordings are left out; their thumbnails are pictures."""
    listed = [
        each
        for each in entry.iter()
        if local_name(each) in {"content", "thumbnail"} and MEDIA_RSS in namespace_of(each)
    ]
    contents = [each for each in listed if local_name(each) == "content"]
    thumbnails = [each for each in listed if local_name(each) == "thumbnail"]
    enclosures = [
        *children(entry, "enclosure"),
        *(each for each in children(entry, "link") if each.get("rel") == "enclosure"),
    ]
    for group in (contents, enclosures, thumbnails):
        found = [file for each in group if (file := _file(each, base)) is not None]
        if found:
            yield from found
            return


def _file(node: Node, base: str) -> _File | None:
    address = completed(node.get("url") or node.get("href"), base)
    stated = node.get("type") or ("image/" if node.get("medium") == "image" else "")
    kind = stated if "/" in stated and not stated.endswith("/") else media_type_of(address)
    if not address or not kind.startswith("image/"):
        return None
    width, height = (_number(node.get(name)) for name in ("width", "height"))
    return _File(address, kind, width, height, node)


def _number(stated: str | None) -> int | None:
    return int(stated) or None if stated and _NUMBER.fullmatch(stated) else None


def _holds_media(node: Node, entry: Node) -> bool:
    return node is not entry and MEDIA_RSS in namespace_of(node)


def _said(nodes: list[Node], *names: str) -> str:
    """The text of the file, of its group or of the entry. The nearest one comes first."""
    stated = (all_text(each) for node in nodes for each in children(node, *names, namespace=MEDIA_RSS))
    return next((each for each in stated if each), "")
