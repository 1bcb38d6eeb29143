"""What readers may ask for: each path, its parameters, and what answers. The contract is made from this."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.response import Response
    from reading.asked import Asked


class Route:
    """A path that takes GET and HEAD. Its handler is loaded when it is first asked for: a reader of one article should
    not wait for the change feed.
    """

    __slots__ = ("_handler", "deprecated", "function", "module", "parameters", "path", "required", "sunset")

    def __init__(
        self,
        path: str,
        handler: str,
        parameters: str = "",
        *,
        required: str = "",
        deprecated: int = 0,
        sunset: str = "",
    ) -> None:
        """`handler` is a function of a module of this package, `articles.get_article`.

        `deprecated`: since when (seconds since 1970; RFC 9745). `sunset`: the HTTP date after which the path is gone
        (RFC 8594). Every path takes `notice`, by which a reader asks for the notice whatever is known of the place.
        """
        self.path = path
        self.module, _, self.function = handler.partition(".")
        self.required = tuple(required.split())
        self.parameters = (*self.required, *parameters.split(), "notice")
        self.deprecated = deprecated
        self.sunset = sunset
        self._handler = None

    def answer(self, asked: Asked) -> Response:
        if self._handler is None:
            self._handler = getattr(import_module(f"reading.{self.module}"), self.function)
        response: Response = self._handler(asked)
        if self.deprecated:
            response["headers"]["deprecation"] = f"@{self.deprecated}"
            stated = response["headers"].get("link")
            docs = '</v1/docs#deprecations>; rel="deprecation"; type="text/html"'
            response["headers"]["link"] = f"{stated}, {docs}" if stated else docs
            if self.sunset:
                response["headers"]["sunset"] = self.sunset
        return response


ROUTES = (
    Route(
        "/v1/articles",
        "lists.get_articles",
        "section tag author from to order limit cursor fields",
        required="language",
    ),
    Route("/v1/articles/{id}", "articles.get_article", "body fields"),
    Route("/v1/resolve", "resolve.get_resolved", required="url"),
    Route("/v1/fronts/{language}", "fronts.get_front"),
    Route("/v1/breaking", "lists.get_breaking", "fields", required="language"),
    Route("/v1/changes", "changes.get_changes", "cursor", required="language"),
    Route("/v1/sections", "catalogue.get_sections", "language"),
    Route("/v1/languages", "catalogue.get_languages", "language"),
    Route("/v1/newsletters", "catalogue.get_newsletters", "language"),
    Route("/v1/legal-notices", "legal_notices.get_notices_due", "language"),
    Route("/v1/legal-notices/{id}", "legal_notices.get_notice", "language"),
    Route("/legal-notices/{id}", "legal_notices.get_notice_page"),
    Route("/v1/openapi.json", "contract.get_openapi"),
    Route("/v1/docs", "contract.get_docs"),
)
