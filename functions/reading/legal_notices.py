"""The notices: those that this reader must see, one as data, and one as a page for people."""

from __future__ import annotations

import json

from content_api.http.problems import Problem
from content_api.http.response import NOTHING_KEPT, page
from content_api.law.legal_notices import FALLBACK_LANGUAGE
from content_api.law.reader_location import EDGE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.response import Response
    from content_api.law.legal_notices import LegalNotice
    from content_api.reader_api.exchange import Exchange

_NETWORK = "x-viewer-network"
_NETWORKS = frozenset(("hiding", "other", "absent"))  # as in functions/edge/viewer_request.js


def get_notices_due(exchange: Exchange) -> Response:
    """The notices that this reader must see, in `language`. No cache keeps the answer, since the reader may travel.
    Behind the edge, a header says what the edge found about the client's network, so that the canary notices if the
    edge is not told of networks.
    """
    answer = exchange.uncached(_language(exchange))
    network = exchange.request.headers.get(_NETWORK)
    if exchange.settings.reader_location == EDGE and network in _NETWORKS:
        answer["headers"][_NETWORK] = network
    return answer


def get_notice(exchange: Exchange) -> Response:
    """One notice as the data have it: since when, where, its wording, what of it lawyers have confirmed, and in which
    of the publisher's languages it has none.
    """
    notice = _notice(exchange)
    about = {
        **notice.as_data(),
        "languages_lacking": lacking(notice),
        "more_information_url": exchange.legal_notices.more_information_url(notice),
    }
    return exchange.uncached(_language(exchange), json.dumps(about, ensure_ascii=False, separators=(",", ":"))[1:-1])


def get_notice_page(exchange: Exchange) -> Response:
    from reading.legal_notice_page import CONTENT_SECURITY_POLICY, rendered  # noqa: PLC0415 - not on the way to an article

    notice = _notice(exchange)
    headers = {
        "cache-control": NOTHING_KEPT,
        "content-language": ", ".join(notice.entry["texts"]),
        "content-security-policy": CONTENT_SECURITY_POLICY,
    }
    return page(rendered(notice, named(), lacking(notice)), headers)


def named() -> dict[str, str]:
    """The publisher's languages by tag, each named in itself."""
    from reading.catalogue import contents  # noqa: PLC0415 - not on the way to the notices that are due

    return {each["language"]: each["name"] for each in json.loads(contents("languages.json"))}


def lacking(notice: LegalNotice) -> list[str]:
    """The tags of the publisher's languages in which a notice has no words, so that it is shown in English there. Dari
    takes the words of Persian, as readers get them.
    """
    texts = notice.entry["texts"]
    return [tag for tag in named() if tag not in texts and tag.partition("-")[0] not in texts]


def _language(exchange: Exchange) -> str:
    return exchange.parameters.get("language", FALLBACK_LANGUAGE)


def _notice(exchange: Exchange) -> LegalNotice:
    notice = exchange.legal_notices.notice(exchange.request.path_parameters.get("id", ""))
    if notice is None:
        raise Problem("legal-notice-not-found", "No legal notice has this id. GET /v1/legal-notices lists those due.")
    return notice
