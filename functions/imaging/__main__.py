"""`python -m imaging FILE FOLDER [CROP/WIDTH.FORMAT …]`: writes the renditions of a picture into a folder, and prints
what the picture is as JSON.

This process decodes files that strangers made. It limits its own memory and time, gets no credentials, and ends
afterwards.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from content_api.names.media import rendition_named
from imaging.bounds import set_on_this_process
from imaging.refused import PictureRefused


def main(path: str, into: str, *names: str) -> None:
    set_on_this_process()
    from imaging.making import make  # noqa: PLC0415 - libvips is loaded within the bounds

    try:
        said = asdict(make(Path(path), Path(into), [each for name in names if (each := rendition_named(name))]))
    except PictureRefused as refused:
        said = {"refused": {"reason": refused.reason, "hint": refused.hint}}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
