"""The names of uploaded files: those of a picture are `<id>/<crop>/<width>.<format>`, both in the bucket and in an
address; a recording's is `<id>/recording.<format>`, and that of captions `<id>/captions.vtt`.

The id is the SHA-256 of the uploaded file, in hexadecimal. A crop is `original`, or a shape (`16x9` or `1x1`) with the
point that must stay visible: `16x9-30-70` keeps the point 30 % from the left and 70 % from the top, and `16x9` the
middle. Each file has exactly one name: `16x9-50-50` and `01` are not names, so nothing is made, kept or purged twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# The media types of files that are accepted, by the kind that their bytes show.
UPLOADED_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
    "tiff": "image/tiff",
}
MOST_BYTES = 100_000_000  # of a file: a photograph of 24 million pixels takes 5 to 12 million as a JPEG, 72 as a TIFF

# The media types of recordings and captions that are accepted, and the name of the file that readers get of each.
RECORDED_FILES = {
    "audio/mpeg": "recording.mp3",
    "audio/mp4": "recording.m4a",
    "audio/ogg": "recording.ogg",
    "audio/webm": "recording.weba",
    "video/mp4": "recording.mp4",
    "video/webm": "recording.webm",
}
CAPTIONS_TYPE, CAPTIONS_FILE = "text/vtt", "captions.vtt"
MOST_RECORDED_BYTES = 500_000_000  # an hour of video at 1.1 Mbit/s, or eight of sound at 128 kbit/s
MOST_CAPTIONS_BYTES = 2_000_000  # an hour of speech takes some 80,000

# Before the keys of all files that readers get.
RENDITIONS = "media/"
WIDTHS = (160, 320, 640, 1080, 1600)  # pixels
SHAPES = {"original": None, "16x9": (16, 9), "1x1": (1, 1)}
MEDIA_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
# Made when a picture is uploaded; the others when somebody first asks.
WIDTHS_AT_ONCE = (320, 640)

_OTHER_FILES = RECORDED_FILES | {CAPTIONS_TYPE: CAPTIONS_FILE}
_MIDDLE = 50
_PERCENT = r"(0|[1-9][0-9]?|100)"
_CROP = re.compile(rf"(original|16x9|1x1)(?:-{_PERCENT}-{_PERCENT})?", re.ASCII)
DIGEST_PATTERN = "^[0-9a-f]{64}$"  # of a SHA-256 in hexadecimal, as pydantic takes it
_ID = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Crop:
    """`x` and `y` are the point that must stay visible, in percent from the left and from the top."""

    shape: str = "original"
    x: int = _MIDDLE
    y: int = _MIDDLE

    @property
    def name(self) -> str:
        is_plain = self.shape == "original" or (self.x, self.y) == (_MIDDLE, _MIDDLE)
        return self.shape if is_plain else f"{self.shape}-{self.x}-{self.y}"


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of a picture. `width` is in pixels, one of WIDTHS; `format` is one of MEDIA_TYPES."""

    crop: Crop
    width: int
    format: str

    @property
    def name(self) -> str:
        return f"{self.crop.name}/{self.width}.{self.format}"


def is_unchanging_file(name: str) -> bool:
    """Whether this is the name of a recording's or of captions' file: there is one, which is never made anew."""
    return name in _OTHER_FILES.values()


def is_media_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def crop_named(name: str) -> Crop | None:
    """The crop with this name. None if no crop has it."""
    found = _CROP.fullmatch(name)
    if found is None:
        return None
    crop = Crop(found[1]) if found[2] is None else Crop(found[1], int(found[2]), int(found[3]))
    return crop if crop.name == name else None


def rendition_named(name: str) -> Rendition | None:
    """The rendition with the name `<crop>/<width>.<format>`. None if no rendition has it."""
    folder, _, file = name.partition("/")
    width, _, kind = file.partition(".")
    crop = crop_named(folder)
    if crop is None or kind not in MEDIA_TYPES or width not in {str(each) for each in WIDTHS}:
        return None
    return Rendition(crop, int(width), kind)


def most_bytes(media_type: str) -> int:
    """The largest file of this type that is accepted."""
    if media_type == CAPTIONS_TYPE:
        return MOST_CAPTIONS_BYTES
    return MOST_RECORDED_BYTES if media_type in RECORDED_FILES else MOST_BYTES


def media_type_of(name: str) -> str:
    """The media type of the file with this name. Raises KeyError if no file of a medium has such a name."""
    if rendition := rendition_named(name):
        return MEDIA_TYPES[rendition.format]
    return {file: media_type for media_type, file in _OTHER_FILES.items()}[name]


def file_key(media_id: str, name: str) -> str:
    """The key of a file that readers get. After a slash, it is also the path of the address."""
    return f"{RENDITIONS}{media_id}/{name}"


def rendition_key(media_id: str, rendition: Rendition) -> str:
    """The key of the object. After a slash, it is also the path of the address."""
    return file_key(media_id, rendition.name)
