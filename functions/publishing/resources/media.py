"""Pictures, recordings and captions: the editor's program announces one, uploads it to S3, and then asks until it is
ready.
"""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from content_api.content.values import WHOLE, ShortText
from content_api.http.problems import Problem
from content_api.names.media import (
    CAPTIONS_TYPE,
    DIGEST_PATTERN,
    MOST_RECORDED_BYTES,
    RECORDED_FILES,
    UPLOADED_TYPES,
    most_bytes,
)
from content_store.examination import UNREADABLE
from publishing.acts import Invalid
from publishing.answers import answer
from publishing.requests import Requests
from publishing.resources.paths import EDITORIAL, Routes

if TYPE_CHECKING:
    from content_store.media import Medium
    from publishing.desk import Desk

_TYPES = (*UPLOADED_TYPES.values(), *RECORDED_FILES, CAPTIONS_TYPE)

type MediaId = Annotated[str, Path(pattern=DIGEST_PATTERN)]


class Announced(BaseModel):
    """A file that is about to be uploaded. `sha256` is in hexadecimal. Its bytes decide what it really is."""

    model_config = ConfigDict(extra="forbid")

    file_name: ShortText
    media_type: ShortText
    bytes: Annotated[int, Field(ge=1, le=MOST_RECORDED_BYTES), WHOLE]
    sha256: Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)]


class Media:
    def __init__(self, desk: "Desk", requests: Requests) -> None:
        self._uploads = desk.uploads
        self._records = desk.uploads.records
        self._requests = requests

    def routes(self) -> Routes:
        return [
            ("POST", f"{EDITORIAL}/media", self.announce),
            ("GET", f"{EDITORIAL}/media/<id>", self.read),
        ]

    def announce(self) -> Response[str]:
        """201 with an address for the upload. 200 if the file is known already, with an address unless it is ready
        and nothing of it is lost.
        """
        by, now = self._requests.principal(), self._requests.clock()
        stated = self._requests.body(Announced)
        if stated.media_type not in _TYPES:
            detail = f"is one of {', '.join(_TYPES)}: save the file as one of these"
            raise Invalid([{"field": "media_type", "detail": detail}])
        if stated.bytes > (most := most_bytes(stated.media_type)):
            detail = f"is more than {most:,} bytes, the most that {stated.media_type} may have: make it smaller"
            raise Invalid([{"field": "bytes", "detail": detail}])
        is_new = self._records.announce(stated.sha256, stated.file_name, by=by, at=now)
        try:
            found = self._records.find(stated.sha256)
            is_whole = found is not None and self._uploads.is_whole(found)
        except UNREADABLE:
            self._records.start_over(stated.sha256, stated.file_name, by, at=now)
            found, is_whole = self._records.find(stated.sha256), False
        body: dict[str, Any] = shown(found) if found else {"id": stated.sha256, "state": "awaiting_upload"}
        if not is_whole:
            upload = self._uploads.address(stated.sha256, media_type=stated.media_type, size=stated.bytes, at=now)
            body["upload"] = asdict(upload)
        headers = {"location": f"{EDITORIAL}/media/{stated.sha256}"} if is_new else {}
        return answer(body, status=201 if is_new else 200, headers=headers)

    def read(self, id: MediaId) -> Response[str]:  # noqa: A002 - the route's own word
        try:
            found = self._records.find(id)
        except UNREADABLE as error:
            detail = "What is known of this file cannot be read: upload it again, or run content-api verify --repair."
            raise Problem("not-possible-now", detail) from error
        if found is None:
            raise Problem("media-not-found", f"There is no file {id}: POST {EDITORIAL}/media announces one.")
        return answer(shown(found))


def shown(medium: "Medium") -> dict[str, Any]:
    """What editors get of an uploaded file."""
    body: dict[str, Any] = {
        "id": medium.id,
        "state": medium.state,
        "file_name": medium.file_name,
        "created_at": medium.created_at,
        "by": medium.by,
    }
    if medium.state == "ready":
        body |= medium.about
    if medium.state == "rejected":
        body |= {"reason": medium.reason, "hint": medium.hint}
    return body
