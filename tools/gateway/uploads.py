"""Uploads drawn pictures and a sound for the articles of `make run`, and lets articles name them."""

import datetime as dt
import tempfile
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from content_api.aws import clients
from content_api.content.article import Article, Captions, Picture, Recording
from content_api.content.picturing import with_pictures
from content_api.content.recordings import with_recordings
from content_api.names.object_keys import original_key
from content_store.media import MediaRecords
from gateway.pictures import drawn
from gateway.sounds import CAPTIONS, bells
from imaging.keeping import keep
from imaging.recordings.making import make

if TYPE_CHECKING:
    from gateway.stack import Stack

_SUBJECTS = ("valley", "lake", "ridge")
_WIDTH, _HEIGHT = 1600, 1066  # pixels
_SECONDS = 12


class Uploads:
    """A few pictures and one sound for all articles. Each picture costs a second of processor time once the server
    runs, when imaging reads it as it reads every upload. What articles need of them is known already.
    """

    def __init__(self, made: "Stack", *, at: dt.datetime) -> None:
        self._bucket = made.bucket
        self._records = MediaRecords(clients.dynamodb(), table=made.table)
        self._known: list[dict[str, Any]] = []
        for subject in _SUBJECTS:
            media_id = self._put(drawn(subject, _WIDTH, "JPEG"), "image/jpeg")
            about = {"width": _WIDTH, "height": _HEIGHT, "placeholder": "L9F~gcof00WB~qj[IUay9Fay%Mof"}
            self._records.finish(media_id, about | {"files": []}, at=at)
            self._known.append({"media": media_id, "renditions": (), **about})
        self._sound = self._recorded(bells("mountain radio", _SECONDS), "audio/mpeg", at)
        self._captions = self._recorded(CAPTIONS.encode(), "text/vtt", at)

    def named_in(self, article: Article) -> Article:
        """The article, with one of these pictures in the place of each whose address it states, and the sound in the
        place of each recording.
        """

        def change(_field: str, picture: Picture) -> Picture:
            if not picture.renditions:
                return picture
            number = int(sha256(str(picture.renditions[0].url).encode()).hexdigest(), 16)
            return picture.model_copy(update=self._known[number % len(self._known)])

        def change_recording(_field: str, recording: Recording) -> Recording:
            said = (Captions(media=self._captions, language=article.language),)
            return recording.model_copy(update={"media": self._sound, "renditions": (), "captions": said})

        return with_recordings(with_pictures(article, change), change_recording)

    def _recorded(self, content: bytes, media_type: str, at: dt.datetime) -> str:
        """Uploads a recording or captions, with what readers get of it. Returns the id."""
        media_id = self._put(content, media_type)
        with tempfile.TemporaryDirectory() as folder:
            path, into = Path(folder) / "file", Path(folder) / "made"
            path.write_bytes(content)
            made = asdict(make(path, into))
            name = made.pop("name")
            keep(clients.s3(), self._bucket, media_id, name, into / name)
        files = [{"name": name, "bytes": made.pop("bytes")}]
        self._records.finish(media_id, made | {"bytes": len(content), "files": files}, at=at)
        return media_id

    def _put(self, content: bytes, media_type: str) -> str:
        media_id = sha256(content).hexdigest()
        clients.s3().put_object(Bucket=self._bucket, Key=original_key(media_id), Body=content, ContentType=media_type)
        return media_id
