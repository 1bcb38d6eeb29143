"""Decodes a picture in a process of its own, which a hostile file may end without ending this one.

That process has bounds of memory and time (`bounds`), and does not get this one's environment, in which AWS's
credentials are.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from content_api.names.media import Rendition
from imaging.bounds import SECONDS
from imaging.made import File, Made
from imaging.refused import PictureRefused

_SMALLER = "Make it smaller in a program for pictures, save it as a JPEG, and upload that."


def made_apart(path: Path, into: Path, wanted: Sequence[Rendition] = (), *, libraries: str = "") -> Made:
    """As `making.make`; raises PictureRefused also where the process did not come to its end. `libraries` is where this
    machine's own are (LD_LIBRARY_PATH), empty where they need no telling.
    """
    # The packages of layers are where this process has found them; one core's worth of threads.
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "VIPS_CONCURRENCY": "1", "LD_LIBRARY_PATH": libraries}
    try:
        ended = subprocess.run(  # noqa: S603 - our own module, and names that we made
            [sys.executable, "-m", "imaging", str(path), str(into), *(each.name for each in wanted)],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PictureRefused(f"decoding this picture took more than {SECONDS} seconds", hint=_SMALLER) from None
    if ended.returncode:
        raise PictureRefused("decoding this picture took more memory or time than it may", hint=_SMALLER)
    said: dict[str, Any] = json.loads(ended.stdout)
    if refused := said.get("refused"):
        raise PictureRefused(refused["reason"], hint=refused["hint"])
    files = tuple(File(**each) for each in said.pop("files"))
    return Made(**said, files=files)
