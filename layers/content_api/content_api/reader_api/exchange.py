"""What a handler is given, and how it answers: with the notices first, and with the right headers for caches."""

from __future__ import annotations

import time
from hashlib import sha256

from content_api.aws.patience import Patience
from content_api.content.pictures import own_addresses
from content_api.http.encoding import accepts_gzip, is_compressed_here
from content_api.http.response import (
    ANSWERED_STALE,
    ASKED_AGAIN,
    KEPT_FOR_GOOD,
    NOTHING_KEPT,
    is_unmodified_since,
    json_response,
    matches,
    not_modified,
    representation,
)
from content_api.law.jurisdiction import ELSEWHERE
from content_api.law.reader_location import EDGE
from content_api.names.cache_tags import TAG_HEADER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from content_api.aws.dynamodb import Table
    from content_api.aws.objects import Bucket
    from content_api.http.request import Request
    from content_api.http.response import Response
    from content_api.law.legal_notices import Attachment, LegalNotices
    from content_api.reader_api.settings import ReaderSettings

_STALE = '"stale":true'
_OK = 200


class Exchange:
    """One reader's request, with valid parameters.

    A handler that takes its content from a copy in S3, because DynamoDB did not answer, sets `is_stale`. The answer
    then says that it is stale, and has no entity tag and no date, so that no client can confirm it later.
    """

    __slots__ = (
        "_jurisdiction",
        "bucket",
        "is_stale",
        "legal_notices",
        "now",
        "parameters",
        "patience",
        "request",
        "settings",
        "table",
    )

    def __init__(
        self,
        request: Request,
        parameters: dict[str, Any],
        jurisdiction: str,
        *,
        now: float,
        sources: Sources,
    ) -> None:
        """`now` is in seconds since 1970."""
        self.request = request
        self.parameters = parameters
        self.now = now
        self.is_stale = False
        self._jurisdiction = jurisdiction
        self.settings = sources.settings
        self.table = sources.table
        self.bucket = sources.bucket
        self.patience = sources.patience
        self.legal_notices = sources.legal_notices

    @property
    def kept_on_the_device(self) -> str:
        """`Cache-Control` for what never changes under its address. A device may keep it only where it is no evidence
        against its reader. The edge keeps one copy for all places, so behind it a device is told by the edge itself
        (functions/edge/viewer_response.js).
        """
        is_known = self.settings.reader_location != EDGE and self._jurisdiction == ELSEWHERE
        return KEPT_FOR_GOOD if is_known else NOTHING_KEPT

    def notices_due(self, language: str) -> Attachment:
        """The notices that this reader must see, in the given language."""
        return self.legal_notices.due(
            self._jurisdiction, language, on=self.today, requested="notice" in self.parameters
        )

    @property
    def today(self) -> str:
        """The date in UTC (ISO 8601)."""
        year, month, day = time.gmtime(self.now)[:3]
        return f"{year:04}-{month:02}-{day:02}"

    @property
    def _next_second(self) -> str:
        """The next whole second as an HTTP date (RFC 9110, section 5.6.7)."""
        return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(int(self.now) + 1))

    def answer(  # noqa: PLR0913 - what an answer may say of itself
        self,
        language: str,
        members: str,
        *,
        is_passed_on: bool = False,
        media_type: str = "application/json",
        cache_tags: str = "",
        entity_tag: str = "",
        last_modified: str = "",
        link: str = "",
    ) -> Response:
        """A JSON object of the notices due and these members, or 304 where the client has it already.

        The entity tag is strong: it changes with each byte, notices included. A caller who knows a shorter text that
        identifies the members, such as a version, gives it as `entity_tag`.

        `Last-Modified` tells only when the article changed, not which notices were due. So it is sent, and compared,
        only where no notice is due: elsewhere a 304 could confirm a copy without the notice. `If-None-Match: *` is
        not answered with 304 there either. The date is rounded up to a whole second and not sent before that second
        begins, since a second change within it would have the same date.

        `is_passed_on` says that other people than the client will read the answer, as with a partner's server. Such
        an answer carries all notices that are in effect.

        Uploaded pictures in the members get the host of this API.
        """
        members = own_addresses(members, self.settings.public_url)
        due = self.notices_due(language)
        notices = self.legal_notices.always(language, on=self.today) if is_passed_on else due
        tag = f"{entity_tag}-{notices.tag}" if entity_tag else _digest(notices.json, members)
        headers = {
            "cache-control": NOTHING_KEPT if due.due else ASKED_AGAIN,
            "content-language": language,
            "content-type": media_type,
        }
        self._identify(headers, tag)
        if cache_tags:
            headers[TAG_HEADER] = cache_tags
        if link:
            headers["link"] = link
        if self.is_stale:
            marked = f"{_STALE},{members}" if members else _STALE
            return json_response(_with_notices(notices.json, marked), _kept_by_nobody(headers))
        if last_modified and not notices.due and last_modified != self._next_second:
            headers["last-modified"] = last_modified
        if self._has_it(headers["etag"], headers.get("last-modified", ""), is_due=notices.due):
            return not_modified(headers)
        return json_response(_with_notices(notices.json, members), headers)

    def uncached(self, language: str, members: str = "") -> Response:
        """A JSON object of the notices due and these members, which no cache keeps, so it has no tag."""
        notices = self.notices_due(language)
        return json_response(_with_notices(notices.json, members), {"cache-control": NOTHING_KEPT})

    def whole(self, body: str, headers: Mapping[str, str], *, is_due: bool) -> Response:
        """An answer with this body, such as a page or a feed; or 304 where the client has it already. `is_due` says
        that a notice is due to this reader and that the body contains it.
        """
        stated = {"cache-control": NOTHING_KEPT if is_due else ASKED_AGAIN, **headers}
        self._identify(stated, _digest(body))
        if self.is_stale:
            return representation(body, _kept_by_nobody(stated))
        if self._has_it(stated["etag"], "", is_due=is_due):
            return not_modified(stated)
        return representation(body, stated)

    def _identify(self, headers: dict[str, str], tag: str) -> None:
        """Sets the entity tag. An answer that this API compresses itself has one tag for each encoding (RFC 9110,
        section 8.8.3.3), and a `Vary` header that tells caches to keep the encodings apart.
        """
        if is_compressed_here(_OK, headers["content-type"]):
            headers["vary"] = "accept-encoding"
            if accepts_gzip(self.request.headers.get("accept-encoding", "")):
                tag = f"{tag}-gzip"
        headers["etag"] = f'"{tag}"'

    def _has_it(self, tag: str, last_modified: str, *, is_due: bool) -> bool:
        headers = self.request.headers
        if_none_match = headers.get("if-none-match")
        if if_none_match is not None:
            return matches(if_none_match, tag) and not (is_due and if_none_match.strip() == "*")
        since = headers.get("if-modified-since")
        return bool(since and last_modified and is_unmodified_since(since, last_modified))


class Sources:
    """What all requests to one function share: its settings, the table, the bucket and the legal notices."""

    __slots__ = ("bucket", "legal_notices", "patience", "settings", "table")

    def __init__(
        self,
        settings: ReaderSettings,
        table: Table,
        bucket: Bucket,
        legal_notices: LegalNotices,
        patience: Patience | None = None,
    ) -> None:
        """`patience` is the same object that table and bucket wait by."""
        self.patience = patience or Patience()
        self.settings = settings
        self.table = table
        self.bucket = bucket
        self.legal_notices = legal_notices


def _kept_by_nobody(headers: dict[str, str]) -> dict[str, str]:
    """The headers for an answer that no client may keep: no-store, and no entity tag. The cache tags stay. The edge
    keeps the answer for the minimum TTL of its cache policy in spite of no-store, so a purge must still find it.
    """
    kept = headers | {"cache-control": NOTHING_KEPT, "cache-status": ANSWERED_STALE}
    del kept["etag"]
    return kept


def _with_notices(notices: str, members: str) -> str:
    """The JSON object. `members` is empty where `fields` names nothing that this article's document has."""
    return f'{{"legal_notices":{notices},{members}}}' if members else f'{{"legal_notices":{notices}}}'


def _digest(*texts: str) -> str:
    return sha256("\n".join(texts).encode()).hexdigest()[:32]
