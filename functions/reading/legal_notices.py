"""The notices themselves: which are due to this reader, one as data, one as a page for people."""

from __future__ import annotations

import json
import re

from content_api.legal_notices import FALLBACK_LANGUAGE
from content_api.response import NOTHING_KEPT, json_response, page, problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from content_api.legal_notices import Attachment, LegalNotice, LegalNotices
    from content_api.request import Request
    from content_api.response import Response

    # Takes a language.
    type NoticesDue = Callable[[str], Attachment]

_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*", re.ASCII)  # BCP 47, as far as it matters here


def is_language(value: str) -> bool:
    return _LANGUAGE.fullmatch(value) is not None


def get_notices_due(request: Request, notices_due: NoticesDue) -> Response:
    """Those due to whoever asks, in `language`. Never kept: a reader may have travelled since."""
    notices = notices_due(request.query.get("language", FALLBACK_LANGUAGE))
    return json_response(f'{{"legal_notices":{notices.json}}}', {"cache-control": NOTHING_KEPT})


def get_notice(request: Request, notices_due: NoticesDue, legal_notices: LegalNotices) -> Response:
    """One notice as it stands in the data: since when, where, in which words, and what of it lawyers have confirmed."""
    notice = legal_notices.notice(request.path_parameters.get("id", ""))
    if notice is None:
        return _no_such_notice()
    about = {**notice.entry, "more_information_url": legal_notices.more_information_url(notice)}
    notices = notices_due(request.query.get("language", FALLBACK_LANGUAGE))
    body = json.dumps(about, ensure_ascii=False, separators=(",", ":"))
    return json_response(f'{{"legal_notices":{notices.json},{body[1:]}', {"cache-control": NOTHING_KEPT})


def get_notice_page(request: Request, legal_notices: LegalNotices) -> Response:
    notice = legal_notices.notice(request.path_parameters.get("id", ""))
    if notice is None:
        return _no_such_notice()
    return _page(notice)


def _page(notice: LegalNotice) -> Response:
    from reading.legal_notice_page import CONTENT_SECURITY_POLICY, rendered  # noqa: PLC0415 - not on the way to an article

    languages = ", ".join(notice.entry["texts"])
    headers = {
        "cache-control": NOTHING_KEPT,
        "content-language": languages,
        "content-security-policy": CONTENT_SECURITY_POLICY,
    }
    return page(rendered(notice), headers)


def _no_such_notice() -> Response:
    return problem(404, "legal-notice-not-found", "No legal notice has this id. GET /v1/legal-notices lists those due.")
