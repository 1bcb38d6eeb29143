"""The files of a picture that was uploaded, as the public JSON lists them. They are computed when an article is
written, from the size of the picture and the point that must stay visible. The files themselves have the same names
(`names.media`).

An address has no host yet: `own_addresses` adds it when an answer is written.
"""

from collections.abc import Iterator
from typing import Any

from content_api.content.crops import Size, height_at, widths
from content_api.content.recordings import files_of, recordings_in
from content_api.names.media import MEDIA_TYPES, SHAPES, Crop, Rendition, rendition_key

type Json = dict[str, Any]


def pictures_in(fields: Json) -> Iterator[Json]:
    """The pictures of an article, given as JSON: the lead image, the images, those in the body, and posters."""
    if fields["lead_image"]:
        yield fields["lead_image"]
    yield from fields["images"]
    for block in fields["body"]:
        if block["type"] == "image":
            yield block
        elif block["type"] == "video" and block["poster"]:
            yield block["poster"]


def listed(picture: Json) -> list[Json]:
    """The renditions of a picture that was uploaded: of the whole picture first, each crop by width."""
    whole = Size(picture["width"], picture["height"])
    return [
        {
            "url": f"/{rendition_key(picture['media'], Rendition(crop, width, kind))}",
            "media_type": media_type,
            "width": width,
            "height": height_at(whole, crop, width),
            "crop": crop.shape,
        }
        for crop in crops_of(picture)
        for width in widths(whole, crop)
        for kind, media_type in MEDIA_TYPES.items()
    ]


def crops_of(picture: Json) -> list[Crop]:
    """The crops that readers get of a picture: each shape around its focal point, which is the middle if none is
    named.
    """
    point = picture["focal_point"]
    if point is None:
        return [Crop(shape) for shape in SHAPES]
    x, y = round(point["x"] * 100), round(point["y"] * 100)
    return [Crop(shape) if SHAPES[shape] is None else Crop(shape, x, y) for shape in SHAPES]


def files_used(fields: Json) -> dict[str, list[str]]:
    """Which files readers may ask for: for each uploaded picture that the article names, its crops, each with its
    largest width (`16x9-30-70/1600`), and of recordings and captions their one file. A crop that is narrower than every
    width is left out.
    """
    found: dict[str, dict[str, None]] = {}
    for picture in pictures_in(fields):
        if picture["media"]:
            whole = Size(picture["width"], picture["height"])
            largest = {crop.name: widths(whole, crop)[-1:] for crop in crops_of(picture)}
            named = [f"{name}/{width}" for name, possible in largest.items() for width in possible]
            found.setdefault(picture["media"], {}).update(dict.fromkeys(named))
    for recording in recordings_in(fields):
        for media_id, name in files_of(recording):
            found.setdefault(media_id, {})[name] = None
    return {media_id: [*named] for media_id, named in found.items()}
