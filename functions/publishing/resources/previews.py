"""Links to drafts, and what whoever opens one gets."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, ConfigDict, Field

from content_api.content.document import public_document, public_fields
from content_api.http.problems import Problem
from content_api.http.response import NOTHING_KEPT
from content_api.names.instants import printed
from publishing.answers import answer
from publishing.previews import LONGEST, NoPreview, Previews
from publishing.requests import JSON, Requests, header
from publishing.resources.paths import ARTICLE, Id, Routes

if TYPE_CHECKING:
    from content_api.law.legal_notices import LegalNotices
    from publishing.desk import Desk


class Preview(BaseModel):
    model_config = ConfigDict(extra="forbid")

    expires_in_seconds: Annotated[int, Field(ge=60, le=int(LONGEST.total_seconds()))] = 24 * 60 * 60


class Links:
    def __init__(self, desk: "Desk", requests: Requests, previews: Previews, legal_notices: "LegalNotices") -> None:
        self._desk = desk
        self._requests = requests
        self._previews = previews
        self._legal_notices = legal_notices

    def routes(self) -> Routes:
        return [
            ("POST", f"{ARTICLE}/previews", self.make),
            ("GET", "/v1/previews/<token>", self.open),
        ]

    def make(self, id: Id) -> Response[str]:  # noqa: A002 - the route's own word
        self._requests.principal()
        seconds = self._requests.body(Preview).expires_in_seconds
        self._desk.records.latest(id)
        expires_at = self._requests.clock().replace(microsecond=0) + dt.timedelta(seconds=seconds)
        event = self._requests.event
        scheme = header(event, "x-forwarded-proto") or "http"
        url = f"{scheme}://{event['requestContext']['domainName']}/v1/previews/{self._previews.token(id, expires_at)}"
        return answer({"url": url, "expires_at": printed(expires_at)}, status=201)

    def open(self, token: Annotated[str, Path(max_length=1000)]) -> Response[str]:
        """Who opens it is nobody we know, wherever they are: the notice is due as in an unknown place."""
        now = self._requests.clock()
        try:
            latest = self._desk.records.latest(self._previews.article_id(token, now=now))
        except NoPreview:
            raise Problem("preview-expired", "This link shows nothing any more. Ask an editor for a new one.") from None
        if latest.article is None:
            raise Problem("article-withdrawn", "The publisher has withdrawn this article.", members={"recall": True})
        document = public_document(public_fields(latest.article, latest.version)).decode()
        notices = self._legal_notices.due("", latest.article.language, on=now.date().isoformat())
        headers: dict[str, str | list[str]] = {"cache-control": NOTHING_KEPT, "x-robots-tag": "noindex"}
        body = f'{{"legal_notices":{notices.json},{document[1:]}'
        return Response(200, content_type=JSON, body=body, headers=headers)
