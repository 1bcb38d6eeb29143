"""The paths of search."""

from __future__ import annotations

from content_api.reader_api.routes import Route
from content_api.reader_api.surface import Surface
from searching.parameters import VOCABULARY

ROUTES = (
    Route(
        "/v1/search",
        "searching.articles.get_found",
        "section tag author type from to order facets limit cursor",
        required="language q",
    ),
    Route("/v1/suggest", "searching.suggesting.get_suggestions", "limit", required="language q"),
    Route("/v1/articles/{id}/related", "searching.related.get_related", "limit"),
)
SURFACE = Surface(ROUTES, VOCABULARY)
