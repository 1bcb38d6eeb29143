"""Serves the contract: as OpenAPI for programs, and as a page for people. `python -m contract` makes both."""

from __future__ import annotations

from content_api.http.page_policy import CLOSED, hashed
from content_api.http.response import PAGE
from reading.catalogue import contents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange


def get_openapi(exchange: Exchange) -> Response:
    """OpenAPI 3.1. It has no content of the publisher, and so no notices."""
    return exchange.whole(contents("openapi.json"), {"content-type": "application/json"}, is_due=False)


def get_docs(exchange: Exchange) -> Response:
    text = contents("docs.html")
    style = text.partition("<style>")[2].partition("</style>")[0]
    policy = f"default-src 'none'; style-src {hashed(style)}; {CLOSED}"
    headers = {**PAGE, "content-security-policy": policy, "content-language": "en"}
    return exchange.whole(text, headers, is_due=False)
