"""GET /v1/resolve?url=…: the article that is, or was, at an address of the publisher's site."""

from __future__ import annotations

from content_api.keys import article_tag, url_key
from content_api.problems import Problem
from content_api.published import published
from content_api.response import ASKED_AGAIN, redirect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.asked import Asked
    from content_api.response import Response


def get_resolved(asked: Asked) -> Response:
    """308 to a path of this API, whatever was asked for: nothing of the address given stands in it."""
    found = asked.table.get_item(url_key(asked.parameters["url"]), "id")
    if found is None:
        raise _not_found()
    article_id = found["id"]["S"]
    try:
        published(asked, article_id)
    except Problem as problem:
        raise (_not_found() if problem.code == "article-not-found" else problem) from None
    path = f"/v1/articles/{article_id}"
    if "notice" in asked.parameters:
        path += "?notice=always"
    return redirect(path, {"cache-control": ASKED_AGAIN, "x-cache-tags": article_tag(article_id)})


def _not_found() -> Problem:
    return Problem("address-not-found", "No article is or was at this address, or it is not an article's.")
