"""GET /v1/resolve?url=…: the article that is, or was, at an address of the publisher's site."""

from __future__ import annotations

from content_api.http.problems import Problem
from content_api.http.response import ASKED_AGAIN, redirect
from content_api.names.cache_tags import TAG_HEADER, article_tag
from content_api.names.keys import url_key
from content_api.reader_api.articles import id_in, published

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange


def get_resolved(exchange: Exchange) -> Response:
    """Redirects (308) to the article's path in this API. Nothing of the given address becomes part of the target, so
    this cannot be used to send readers elsewhere.
    """
    found = exchange.table.get_item(url_key(exchange.parameters["url"]), "id")
    if found is None:
        raise _not_found()
    article_id = id_in(found)
    try:
        published(exchange, article_id)
    except Problem as problem:
        raise (_not_found() if problem.code == "article-not-found" else problem) from None
    path = f"/v1/articles/{article_id}"
    if "notice" in exchange.parameters:
        path += "?notice=always"
    return redirect(path, {"cache-control": ASKED_AGAIN, TAG_HEADER: article_tag(article_id)})


def _not_found() -> Problem:
    return Problem("address-not-found", "There is no article at this address, and there never was.")
