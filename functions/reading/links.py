"""Where a list goes on."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.reader_api.exchange import Exchange

_ENCODED = r"[A-Za-z0-9_.~!$'()*,;:@/?%&=+-]*"  # RFC 3986, section 3.4


def next_link(exchange: Exchange, cursor: str) -> str:
    """Where the next page is (RFC 8288), as a path: which host the client asked, the origin does not know."""
    request = exchange.request
    kept = [each for each in request.raw_query.split("&") if not each.startswith("cursor=")]
    query = "&".join([*kept, f"cursor={cursor}"])
    if not re.fullmatch(_ENCODED, query):
        from urllib.parse import quote  # noqa: PLC0415 - clients encode what they send

        query = quote(query, safe="&=%+")
    return f'<{request.path}?{query}>; rel="next"'
