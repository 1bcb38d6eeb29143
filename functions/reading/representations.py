"""An article as other than it is kept: its body in one piece, or only some of its members."""

from __future__ import annotations

import json

from content_api.problems import BadParameters
from content_api.rendering import body_html, body_text
from reading.selection import selected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from reading.selection import Tree

_RENDERED = {"html": ("body_html", body_html), "text": ("body_text", body_text)}


def represented(members: str, parameters: dict[str, Any]) -> str:
    """The members of a JSON object, with `body` as asked for and of those only what `fields` names.

    A rendered body takes the place of `body` under a name of its own, so that each name has one type.
    """
    article = json.loads(f"{{{members}}}")
    kind = parameters.get("body", "blocks")
    if kind in _RENDERED:
        name, render = _RENDERED[kind]
        article[name] = render(article.pop("body"))
    if "fields" in parameters:
        _check_is_there(parameters["fields"], article)
        article = selected(article, parameters["fields"])
    return json.dumps(article, ensure_ascii=False, separators=(",", ":"))[1:-1]


def _check_is_there(fields: Tree, article: dict[str, Any]) -> None:
    """A body is there in the one form that was asked for. Raises BadParameters."""
    for name, form in (("body", "blocks"), ("body_html", "html"), ("body_text", "text")):
        if name in fields and name not in article:
            raise BadParameters([{"parameter": "fields", "detail": f"fields: {name} comes with body={form}"}])
