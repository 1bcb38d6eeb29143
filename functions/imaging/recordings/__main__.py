"""`python -m imaging.recordings FILE FOLDER`: writes what readers get of a recording into a folder, and prints what it
is as JSON.

As `python -m imaging` does, this process limits its own memory and time, gets no credentials, and ends afterwards.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from imaging.bounds import set_on_this_process
from imaging.refused import RecordingRefused


def main(path: str, into: str) -> None:
    set_on_this_process()
    from imaging.recordings.making import make  # noqa: PLC0415 - MediaInfo is loaded within the bounds

    try:
        said = asdict(make(Path(path), Path(into)))
    except RecordingRefused as refused:
        said = {"refused": {"reason": refused.reason, "hint": refused.hint}}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
