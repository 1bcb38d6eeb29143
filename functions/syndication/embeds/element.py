"""GET /embed.js: the custom element for partners' pages. It has the notice, and shows it if the frame is blocked."""

from __future__ import annotations

import json
import re
from pathlib import Path

from content_api.content.direction import direction
from content_api.law.legal_notices import FALLBACK_LANGUAGE
from syndication.notices import always

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

_SCRIPT = Path(__file__).with_name("embed.js")
_NEEDLESS = re.compile(r" *([(){}=;:,+|&<>]) *")
# It contains nothing about a reader or an article, so anybody may keep it. When it changes, the pages of partners who
# pin it (Subresource Integrity) lose the frame, but not the notice: browsers show what stands between the tags.
_KEPT = "public, max-age=3600"


def get_element(exchange: Exchange) -> Response:
    shown = "".join(
        f"<div role=note lang={each['language']} dir={direction(each['language'])}>{each['html']}</div>"
        for each in always(exchange, FALLBACK_LANGUAGE)
    )
    notice = json.dumps(shown, ensure_ascii=False)
    script = _small(_SCRIPT.read_text(encoding="utf-8")).replace("{{notice}}", notice)
    headers = {"content-type": "text/javascript; charset=utf-8", "cache-control": _KEPT}
    return exchange.whole(script, headers, is_due=False)


def _small(script: str) -> str:
    """The script without comments and without spaces beside punctuation. This relies on two facts about embed.js: each
    comment has a line of its own, and no string in it has a space beside punctuation.
    """
    lines = (line.strip() for line in script.splitlines())
    code = "".join(f"{line} " for line in lines if not line.startswith("//"))
    return _NEEDLESS.sub(r"\1", code).strip()
