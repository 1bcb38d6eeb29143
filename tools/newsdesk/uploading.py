"""Uploads a picture, recording or captions: announces it, puts its bytes where the API says, and asks until it is ready
or rejected.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from content_api.names.media import CAPTIONS_TYPE, MOST_RECORDED_BYTES, RECORDED_FILES, UPLOADED_TYPES, most_bytes
from imaging.kinds import kind_of
from imaging.recordings.kinds import START, recorded_kind
from imaging.refused import UploadRefused
from newsdesk.client import EditorialClient, Refused, put_file

_MEDIA = "/v1/editorial/media"
_LONGEST = 300  # seconds to wait for a result; five attempts may take longer
_POINT = "two numbers from 0 to 1, from the left and from the top, such as 0.5,0.4"
_PAUSES = (0.3, 0.5, 1, 1, 2)  # seconds between questions; the last is repeated


@dataclass(frozen=True, slots=True)
class Uploader:
    client: EditorialClient

    def upload(self, path: Path, sent: Callable[[int, int], None]) -> dict[str, Any]:
        """Uploads a file, and returns what the API says of it once it is ready. `sent` is called with the bytes
        sent, and with how many there are. Raises Refused. A file that the API does not take is refused before anything
        is sent.
        """
        content = _content(path)
        announced: dict[str, Any] = {
            "file_name": path.name[-500:],
            "media_type": _media_type(path, content),
            "bytes": len(content),
            "sha256": sha256(content).hexdigest(),
        }
        known = self.client.ask("POST", _MEDIA, announced).content
        if "upload" not in known:
            return known
        put_file(known["upload"]["url"], content, known["upload"]["headers"], lambda done: sent(done, len(content)))
        return self._handled(path, str(known["id"]), was_rejected=known["state"] == "rejected")

    def _handled(self, path: Path, media_id: str, *, was_rejected: bool) -> dict[str, Any]:
        """Waits until the file is ready or rejected. `was_rejected`: it was rejected before this upload, so for a
        while the state is still the old one.
        """
        waited, attempt = 0.0, 0
        while waited < _LONGEST:
            pause = _PAUSES[min(attempt, len(_PAUSES) - 1)]
            time.sleep(pause)
            waited, attempt = waited + pause, attempt + 1
            found = self.client.ask("GET", f"{_MEDIA}/{media_id}").content
            if found["state"] == "ready":
                return found
            if found["state"] == "rejected" and not (was_rejected and attempt <= len(_PAUSES)):
                raise Refused(f"{path}: {found['reason']}. {found['hint']}")
        raise Refused(f"{path} is uploaded, and still being read after {_LONGEST} seconds: upload it again later.")


def named(*, alt: str, caption: str, credit: str, focal: str) -> dict[str, Any]:
    """What an article says of a picture beside its id. `focal` is the point that every crop shows, such as `0.5,0.4`.
    Raises ValueError.
    """
    stated: dict[str, Any] = {"alt": alt} | {
        name: text for name, text in (("caption", caption), ("credit", credit)) if text
    }
    if focal:
        parts = focal.split(",")
        try:
            x, y = map(float, parts)
        except ValueError:
            raise ValueError(_POINT) from None
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise ValueError(_POINT)
        stated["focal_point"] = {"x": x, "y": y}
    return stated


def in_article(found: dict[str, Any], about: dict[str, Any]) -> dict[str, Any]:
    """What an article says of the upload: a picture as `named` has it, the block of a recording, or captions, whose
    language the editor fills in.
    """
    if found["media_type"] == CAPTIONS_TYPE:
        return {"media": found["id"], "language": ""}
    if found["media_type"] in RECORDED_FILES:
        return {"type": found["media_type"].partition("/")[0], "media": found["id"]}
    return {"media": found["id"], **about}


def described(found: dict[str, Any]) -> str:
    """The size of a picture or video in pixels, and the length of a recording or of captions."""
    parts = [f"{found['width']} × {found['height']}"] if found.get("width") else []
    if seconds := found.get("duration_seconds"):
        parts.append(f"{seconds // 60}:{seconds % 60:02}")
    return ", ".join(parts)


def _content(path: Path) -> bytes:
    if path.stat().st_size > MOST_RECORDED_BYTES:
        raise _too_large(path, MOST_RECORDED_BYTES)
    return path.read_bytes()


def _media_type(path: Path, content: bytes) -> str:
    """What the file is announced as. Whether an MP4 or a WebM has pictures is found when it is read."""
    try:
        kind = recorded_kind(content[:START])
        if kind == "captions":
            media_type = CAPTIONS_TYPE
        elif kind:
            media_type = next(each for each, name in RECORDED_FILES.items() if name.endswith(f".{kind}"))
        else:
            media_type = UPLOADED_TYPES[kind_of(content)]
    except UploadRefused as refused:
        raise Refused(f"{path}: {refused}") from refused
    if len(content) > most_bytes(media_type):
        raise _too_large(path, most_bytes(media_type))
    return media_type


def _too_large(path: Path, most: int) -> Refused:
    return Refused(f"{path} has more than {most / 1e6:.0f} MB: make it smaller.")
