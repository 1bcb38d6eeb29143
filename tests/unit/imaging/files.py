"""Pictures to be taken in, made by Pillow, which is not what reads them."""

import io
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from imaging.kinds import Kind

KINDS: tuple[Kind, ...] = ("jpeg", "png", "webp", "avif", "gif", "tiff")
SECRET = b"taken at Anna's flat"


def drawn(width: int = 400, height: int = 300) -> Image.Image:
    """Red above, blue below, a green corner at the top left: it tells which way is up."""
    picture = Image.new("RGB", (width, height), (200, 40, 40))
    picture.paste((40, 40, 200), (0, height // 2, width, height))
    picture.paste((40, 200, 40), (0, 0, width // 4, height // 4))
    return picture


def exif_of(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Artist] = SECRET.decode()
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (50.0, 27.0, 1.0)
    return exif


def as_file(kind: str, picture: Image.Image | None = None, **options: Any) -> bytes:
    content = io.BytesIO()
    (picture or drawn()).save(content, kind.upper(), **options)
    return content.getvalue()


FILES: dict[Kind, bytes] = {kind: as_file(kind) for kind in KINDS}
