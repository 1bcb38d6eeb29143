"""The links to the pages of a list that come next and before."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.reader_api.exchange import Exchange

_ENCODED = r"[A-Za-z0-9_.~!$'()*,;:@/?%&=+-]*"  # RFC 3986, section 3.4


def page_links(exchange: Exchange, following: str, previous: str = "") -> str:
    """The links to the next page and to the previous one (RFC 8288), by their cursors; empty where there is no such
    page. They are paths, since the origin does not know which host the client asked.
    """
    links = [_link(exchange, cursor, to) for cursor, to in ((following, "next"), (previous, "prev")) if cursor]
    return ", ".join(links)


def _link(exchange: Exchange, cursor: str, to: str) -> str:
    request = exchange.request
    kept = [each for each in request.raw_query.split("&") if not each.startswith("cursor=")]
    query = "&".join([*kept, f"cursor={cursor}"])
    if not re.fullmatch(_ENCODED, query):
        from urllib.parse import quote  # noqa: PLC0415 - clients encode what they send

        query = quote(query, safe="&=%+")
    return f'<{request.path}?{query}>; rel="{to}"'
