"""Makes the files of a picture. `python -m imaging` calls this in the process that decodes."""

from collections.abc import Sequence
from pathlib import Path

from content_api.content.crops import height_at, widths, widths_at_once
from content_api.names.media import MEDIA_TYPES, UPLOADED_TYPES, Crop, Rendition
from imaging.decoding import opened, pixels
from imaging.encoding import encoded
from imaging.placeholder import placeholder
from imaging.refused import PictureRefused
from imaging.renditions import RenditionFile, Renditions


def make(path: Path, into: Path, wanted: Sequence[Rendition] = ()) -> Renditions:
    """Writes the renditions into the folder, each under its name; if none are given, those that an upload makes. Raises
    PictureRefused, also if a rendition would be wider than its crop.
    """
    picture = opened(path)
    if not wanted:
        at_once = widths_at_once(picture.size)
        wanted = [Rendition(Crop(), width, kind) for width in at_once for kind in MEDIA_TYPES]
    files: list[RenditionFile] = []
    hash_of_colours = ""
    for crop, width in dict.fromkeys((each.crop, each.width) for each in wanted):
        if width not in widths(picture.size, crop):
            raise PictureRefused(f"the crop {crop.name} of this picture is narrower than {width} pixels")
        image = pixels(picture, crop, width)
        hash_of_colours = hash_of_colours or placeholder(image)
        for each in wanted:
            if (each.crop, each.width) == (crop, width):
                content = encoded(image, each.format)
                target = into / each.name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                files.append(RenditionFile(each.name, width, height_at(picture.size, crop, width), len(content)))
    size = picture.size
    return Renditions(
        UPLOADED_TYPES[picture.kind], size.width, size.height, picture.frames, hash_of_colours, tuple(files)
    )
