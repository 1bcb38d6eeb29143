"""Makes links to drafts, and shows the draft to whoever opens one."""

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, ConfigDict, Field

from content_api.content.document import public_document, public_fields
from content_api.content.pictures import own_addresses
from content_api.content.values import WHOLE
from content_api.http.problems import Problem
from content_api.http.response import NOTHING_KEPT, PAGE
from content_api.names.instants import printed
from content_api.reader_api.article_page import content_security_policy, preview_page
from content_api.reader_api.page_notices import beside_each_other
from content_store.errors import ArticleWithdrawn, NoPendingEdit
from publishing.answers import answer
from publishing.previews import LONGEST, NoPreview, Previews
from publishing.requests import JSON, Requests, header
from publishing.resources.paths import ARTICLE, EDITORIAL, Id, Routes

if TYPE_CHECKING:
    from content_api.law.legal_notices import LegalNotices
    from publishing.desk import Desk


class Preview(BaseModel):
    model_config = ConfigDict(extra="forbid")

    expires_in_seconds: Annotated[int, Field(ge=60, le=int(LONGEST.total_seconds())), WHOLE] = 24 * 60 * 60


class Links:
    def __init__(
        self, desk: "Desk", requests: Requests, previews: Previews, legal_notices: "LegalNotices", *, public_url: str
    ) -> None:
        self._desk = desk
        self._requests = requests
        self._previews = previews
        self._legal_notices = legal_notices
        self._public_url = public_url

    def routes(self) -> Routes:
        return [
            ("POST", f"{ARTICLE}/previews", self.make),
            ("POST", f"{EDITORIAL}/drafts/<id>/previews", self.make_of_draft),
            ("GET", "/v1/previews/<token>", self.open),
        ]

    def make(self, id: Id) -> Response[str]:  # noqa: A002 - the route's own word
        """A link to the article as it is, published or not."""
        self._requests.principal()
        stated = self._requests.body(Preview)
        self._desk.drafting.latest(id)
        return self._link(id, stated, of_edit=False)

    def make_of_draft(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        """A link to the draft, or to the pending edit of a published article."""
        self._requests.principal()
        stated = self._requests.body(Preview)
        return self._link(id, stated, of_edit=bool(self._desk.drafting.read(id).digest))

    def _link(self, article_id: str, stated: Preview, *, of_edit: bool) -> Response[str]:
        expires_at = self._requests.clock().replace(microsecond=0) + dt.timedelta(seconds=stated.expires_in_seconds)
        event = self._requests.event
        scheme = header(event, "x-forwarded-proto") or "http"
        token = self._previews.token(article_id, expires_at, of_edit=of_edit)
        url = f"{scheme}://{event['requestContext']['domainName']}/v1/previews/{token}"
        return answer({"url": url, "expires_at": printed(expires_at)}, status=201, headers={"location": url})

    def open(self, token: Annotated[str, Path(max_length=1000)]) -> Response[str]:
        """Shows the draft: as a page, or as JSON to whoever asks for that. Nothing is known about the place of whoever
        opens it, so the notices for an unknown place are due.
        """
        now = self._requests.clock()
        try:
            article_id, of_edit = self._previews.opened(token, now=now)
            draft = self._desk.drafting.read(article_id) if of_edit else self._desk.drafting.latest(article_id)
        except (NoPreview, NoPendingEdit):
            raise Problem("preview-expired", "This link shows nothing any more. Ask an editor for a new one.") from None
        except ArticleWithdrawn:
            detail = "The publisher has withdrawn this article."
            raise Problem("article-withdrawn", detail, members={"recall": True}) from None
        fields = public_fields(draft.article, draft.version)
        document = own_addresses(public_document(fields).decode(), self._public_url)
        headers: dict[str, str | list[str]] = {
            "cache-control": NOTHING_KEPT, "vary": "accept", "x-robots-tag": "noindex",
        }  # fmt: skip
        today = now.date().isoformat()
        if JSON in header(self._requests.event, "accept"):
            notices = self._legal_notices.due("", draft.article.language, on=today)
            body = f'{{"legal_notices":{notices.json},{document[1:]}'
            return Response(200, content_type=JSON, body=body, headers=headers)
        article = json.loads(document)
        shown = beside_each_other(
            self._legal_notices, lambda each: self._legal_notices.due("", each, on=today), draft.article.language
        )
        headers |= PAGE | {
            "content-language": draft.article.language,
            "content-security-policy": f"{content_security_policy(article)}; frame-ancestors 'none'",
        }
        return Response(200, content_type=PAGE["content-type"], body=preview_page(article, shown), headers=headers)
