"""Makes a picture's files: what `python -m imaging` does, in the process that decodes."""

from collections.abc import Sequence
from pathlib import Path

from content_api.names.media import MEDIA_TYPES, UPLOADED_TYPES, Crop, Rendition
from imaging.crops import height_at, widths, widths_at_once
from imaging.decoding import opened, pixels
from imaging.encoding import encoded
from imaging.made import File, Made
from imaging.placeholder import placeholder
from imaging.refused import PictureRefused


def make(path: Path, into: Path, wanted: Sequence[Rendition] = ()) -> Made:
    """Writes the renditions to the folder, each under its name; those that an upload makes, where none is named. Raises
    PictureRefused, also where a rendition would be wider than what it shows.
    """
    picture = opened(path)
    if not wanted:
        at_once = widths_at_once(picture.size)
        wanted = [Rendition(Crop(), width, kind) for width in at_once for kind in MEDIA_TYPES]
    files: list[File] = []
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
                files.append(File(each.name, width, height_at(picture.size, crop, width), len(content)))
    size = picture.size
    return Made(UPLOADED_TYPES[picture.kind], size.width, size.height, picture.frames, hash_of_colours, tuple(files))
