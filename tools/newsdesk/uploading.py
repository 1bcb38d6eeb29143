"""Uploads a picture: announces it, puts its bytes where the API says, and asks until it is ready or rejected."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from content_api.names.media import MOST_BYTES, UPLOADED_TYPES
from imaging.kinds import kind_of
from imaging.refused import PictureRefused
from newsdesk.client import EditorialClient, Refused, put_file

_MEDIA = "/v1/editorial/media"
_LONGEST = 300  # seconds until a picture is handled; five attempts may take longer
_PAUSES = (0.3, 0.5, 1, 1, 2)  # seconds, of which the last comes again


@dataclass(frozen=True, slots=True)
class Uploader:
    client: EditorialClient

    def upload(self, path: Path, sent: Callable[[int, int], None]) -> dict[str, Any]:
        """What the API says of the picture once it is ready; `sent` is told of bytes, and of how many there are. Raises
        Refused, also where the file is none that is taken in, before any of it is sent.
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
        """`was_rejected`: before this upload, so that the same verdict says something only after a while."""
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


def _content(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise Refused(f"{path} has more than {MOST_BYTES / 1e6:.0f} MB: make it smaller in a program for pictures.")
    return path.read_bytes()


def _media_type(path: Path, content: bytes) -> str:
    try:
        return UPLOADED_TYPES[kind_of(content)]
    except PictureRefused as refused:
        raise Refused(f"{path}: {refused}") from refused
