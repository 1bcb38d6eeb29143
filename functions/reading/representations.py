"""An article in another form than the stored one: with its body as HTML or text, or with only some members."""

from __future__ import annotations

import json

from content_api.content.rendering import body_html, body_text
from reading.selection import selected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_RENDERED = {"html": body_html, "text": body_text}


def represented(members: str, parameters: dict[str, Any]) -> str:
    """The members of a JSON object with `body` in the requested form, and only those that `fields` names. A rendered
    body replaces `body` under a name of its own, so that each name has one type. `fields` may name any of the three.
    """
    article = json.loads(f"{{{members}}}")
    form, fields = parameters.get("body", "blocks"), parameters.get("fields", {})
    blocks = article["body"]
    for name, rendered in _RENDERED.items():
        if form == name or name in fields:
            article[name] = rendered(blocks)
    if form in _RENDERED and "body" not in fields:
        del article["body"]
    return json.dumps(selected(article, fields), ensure_ascii=False, separators=(",", ":"))[1:-1]
