"""Uploads drawn pictures for the articles of `make run`, and lets articles name them."""

import datetime as dt
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from content_api.aws import clients
from content_api.content.article import Article, Picture
from content_api.content.picturing import with_pictures
from content_api.names.object_keys import original_key
from content_api.store.media import MediaRecords
from gateway.pictures import drawn

if TYPE_CHECKING:
    from gateway.stack import Stack

_SUBJECTS = ("valley", "lake", "ridge")
_WIDTH, _HEIGHT = 1600, 1066  # pixels


class Uploads:
    """A few pictures for all articles: each costs a second of processor time once the server runs, when imaging reads
    it as it reads every upload. What articles need of them is known already.
    """

    def __init__(self, made: "Stack", *, at: dt.datetime) -> None:
        records = MediaRecords(clients.dynamodb(), table=made.table)
        self._known: list[dict[str, Any]] = []
        for subject in _SUBJECTS:
            content = drawn(subject, _WIDTH, "JPEG")
            media_id = sha256(content).hexdigest()
            clients.s3().put_object(
                Bucket=made.bucket, Key=original_key(media_id), Body=content, ContentType="image/jpeg"
            )
            about = {"width": _WIDTH, "height": _HEIGHT, "placeholder": "L9F~gcof00WB~qj[IUay9Fay%Mof"}
            records.finish(media_id, about | {"files": []}, at=at)
            self._known.append({"media": media_id, "renditions": (), **about})

    def named_in(self, article: Article) -> Article:
        """The article, with one of these pictures in the place of each whose address it states."""

        def change(_field: str, picture: Picture) -> Picture:
            if not picture.renditions:
                return picture
            number = int(sha256(str(picture.renditions[0].url).encode()).hexdigest(), 16)
            return picture.model_copy(update=self._known[number % len(self._known)])

        return with_pictures(article, change)
