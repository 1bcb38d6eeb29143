"""Pictures: announced, then uploaded to S3 by the editor's own program, then asked for until they are ready."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from content_api.content.article import ShortText
from content_api.http.problems import Problem
from content_api.names.media import MOST_BYTES, UPLOADED_TYPES
from publishing.acts import Invalid
from publishing.answers import answer
from publishing.requests import Requests
from publishing.resources.paths import EDITORIAL, Routes

if TYPE_CHECKING:
    from content_api.store.media import Medium
    from publishing.desk import Desk

_ID = "^[0-9a-f]{64}$"

type MediaId = Annotated[str, Path(pattern=_ID)]


class Announced(BaseModel):
    """A file that is about to be uploaded. What it is, its bytes will say; `sha256` is in hexadecimal."""

    model_config = ConfigDict(extra="forbid")

    file_name: ShortText
    media_type: ShortText
    bytes: Annotated[int, Field(ge=1, le=MOST_BYTES)]
    sha256: Annotated[str, StringConstraints(pattern=_ID)]


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
        """201 with an address to upload to; 200 where the picture is known, with one unless it is ready."""
        by, now = self._requests.principal(), self._requests.clock()
        stated = self._requests.body(Announced)
        if stated.media_type not in UPLOADED_TYPES.values():
            detail = f"is one of {', '.join(UPLOADED_TYPES.values())}: save the picture as one of these"
            raise Invalid([{"field": "media_type", "detail": detail}])
        is_new = self._records.announce(stated.sha256, stated.file_name, by=by, at=now)
        found = self._records.find(stated.sha256)
        body: dict[str, Any] = shown(found) if found else {"id": stated.sha256, "state": "awaiting_upload"}
        if body["state"] != "ready":
            upload = self._uploads.address(stated.sha256, media_type=stated.media_type, size=stated.bytes, at=now)
            body["upload"] = asdict(upload)
        headers = {"location": f"{EDITORIAL}/media/{stated.sha256}"} if is_new else {}
        return answer(body, status=201 if is_new else 200, headers=headers)

    def read(self, id: MediaId) -> Response[str]:  # noqa: A002 - the route's own word
        found = self._records.find(id)
        if found is None:
            raise Problem("media-not-found", f"There is no picture {id}: POST {EDITORIAL}/media announces one.")
        return answer(shown(found))


def shown(medium: "Medium") -> dict[str, Any]:
    """As editors are told of it."""
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
