"""The notices themselves: which are due to this reader, one as data, one as a page for people."""

from __future__ import annotations

import json

from content_api.legal_notices import FALLBACK_LANGUAGE
from content_api.problems import Problem
from content_api.response import NOTHING_KEPT, page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.asked import Asked
    from content_api.legal_notices import LegalNotice
    from content_api.response import Response


def get_notices_due(asked: Asked) -> Response:
    """Those due to whoever asks, in `language`. Never kept: a reader may have travelled since."""
    return asked.uncached(_language(asked))


def get_notice(asked: Asked) -> Response:
    """One notice as it stands in the data: since when, where, in which words, and what of it lawyers have confirmed."""
    notice = _notice(asked)
    about = {**notice.entry, "more_information_url": asked.legal_notices.more_information_url(notice)}
    return asked.uncached(_language(asked), json.dumps(about, ensure_ascii=False, separators=(",", ":"))[1:-1])


def get_notice_page(asked: Asked) -> Response:
    from reading.legal_notice_page import CONTENT_SECURITY_POLICY, rendered  # noqa: PLC0415 - not on the way to an article

    notice = _notice(asked)
    headers = {
        "cache-control": NOTHING_KEPT,
        "content-language": ", ".join(notice.entry["texts"]),
        "content-security-policy": CONTENT_SECURITY_POLICY,
    }
    return page(rendered(notice), headers)


def _language(asked: Asked) -> str:
    return asked.parameters.get("language", FALLBACK_LANGUAGE)


def _notice(asked: Asked) -> LegalNotice:
    notice = asked.legal_notices.notice(asked.request.path_parameters.get("id", ""))
    if notice is None:
        raise Problem("legal-notice-not-found", "No legal notice has this id. GET /v1/legal-notices lists those due.")
    return notice
