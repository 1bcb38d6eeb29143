"""Which file of a picture serves where: in a list, in a page, in a feed, as a thumbnail, for a search engine.

Pictures are JSON values, as in documents. A picture that was uploaded has files of several widths, in three formats
and three crops. Its addresses have no host in what is stored, so that all of them follow when the API moves to another
domain: `own_addresses` adds the host when an answer is written. Other pictures have whatever files were handed in.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    type Json = dict[str, Any]

_STORED, _ANSWERED = '"url":"/media/', '"url":"{}/media/'
# What every program reads, for where there is no choice; and what browsers are offered before it, the smallest first.
_EVERYWHERE = "image/jpeg"
_BETTER = ("image/avif", "image/webp")
_WHOLE = "original"
_WIDTHS_IN_LISTS = (320, 640)  # pixels
_SQUARE_IN_LISTS = 160
_MOST_IN_LISTS = 4  # of a picture that was not uploaded
_WIDEST_IN_FEEDS = 1080  # pixels


def own_addresses(text: str, public_url: str) -> str:
    """Compact JSON, with the host in the address of each uploaded picture. In no text can this stand by itself: there,
    JSON escapes quotation marks.
    """
    return text.replace(_STORED, _ANSWERED.format(public_url))


def with_host(picture: Json, public_url: str) -> Json:
    """The picture, with the host in its addresses if it was uploaded."""
    files = picture["renditions"]
    if not _is_uploaded(files):
        return picture
    return picture | {"renditions": [each | {"url": f"{public_url}{each['url']}"} for each in files]}


def in_lists(picture: Json) -> list[Json]:
    """The files for a card: the small ones, since a list needs no others."""
    files: list[Json] = picture["renditions"]
    if not _is_uploaded(files):
        return _by_width(files)[:_MOST_IN_LISTS]
    small = [each for each in files if each["crop"] == "1x1" and each["width"] == _SQUARE_IN_LISTS]
    return [each for each in _whole(files) if each["width"] in _WIDTHS_IN_LISTS] + small or files[:_MOST_IN_LISTS]


def whole(picture: Json) -> dict[str, list[Json]]:
    """The files that show the whole picture, for each media type by width. The types are in the order in which a
    browser should be offered them; the last one is for programs that take what comes.
    """
    of_types: dict[str, list[Json]] = {}
    for each in _by_width(_whole(picture["renditions"])):
        of_types.setdefault(each["media_type"], []).append(each)
    last = _EVERYWHERE if _EVERYWHERE in of_types else next(iter(of_types), "")
    names = [name for name in _BETTER if name in of_types and name != last]
    if not names:
        return {last: _by_width(_whole(picture["renditions"]))} if last else {}
    return {name: of_types[name] for name in (*names, last)}


def plain_file(picture: Json) -> Json | None:
    """The largest file for programs that read one address and one format. None if there is no file."""
    of_types = whole(picture)
    return [*of_types.values()][-1][-1] if of_types else None


def in_feeds(picture: Json) -> Json | None:
    """The file that a feed names beside an article: of an uploaded picture one of middle width, else the first. None
    if there is none.
    """
    files: list[Json] = picture["renditions"]
    if not _is_uploaded(files):
        return files[0] if files else None
    fitting = [each for each in _plain_files(picture) if each["width"] <= _WIDEST_IN_FEEDS]
    return fitting[-1] if fitting else plain_file(picture)


def thumbnail(picture: Json, width: int, height: int) -> Json | None:
    """The widest file within the bounds, in pixels. None if none is known to fit."""
    fitting = [
        each
        for each in _plain_files(picture)
        if each["width"] and each["height"] and each["width"] <= width and each["height"] <= height
    ]
    return fitting[-1] if fitting else None


def for_search_engines(picture: Json) -> list[Json]:
    """The files that structured data lists: the widest of each crop, since search engines choose a shape by
    themselves. All files of a picture that was not uploaded.
    """
    files: list[Json] = picture["renditions"]
    if not _is_uploaded(files):
        return files
    widest = {each["crop"]: each for each in _by_width(files) if each["media_type"] == _EVERYWHERE}
    return [*widest.values()]


def _plain_files(picture: Json) -> list[Json]:
    of_types = whole(picture)
    return [*of_types.values()][-1] if of_types else []


def _is_uploaded(files: list[Json]) -> bool:
    return any(each.get("crop") for each in files)


def _whole(files: list[Json]) -> list[Json]:
    return [each for each in files if each.get("crop") in {None, _WHOLE}]


def _by_width(files: list[Json]) -> list[Json]:
    return sorted(files, key=lambda each: each["width"] or 0)
