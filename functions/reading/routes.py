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

    __slots__ = ("_handler", "deprecation", "function", "module", "parameters", "path", "required", "selects")

    def __init__(
        self,
        path: str,
        handler: str,
        parameters: str = "",
        *,
        required: str = "",
        selects: str = "",
        deprecation: Deprecation | None = None,
    ) -> None:
        """`handler` is a function of a module of this package, `articles.get_article`; `selects` is what `fields` names
        the members of. Every path takes `notice`, by which a reader asks for the notice whatever is known of the place.
        """
        self.path = path
        self.module, _, self.function = handler.partition(".")
        self.required = tuple(required.split())
        self.parameters = (*self.required, *parameters.split(), "notice")
        self.selects = selects
        self.deprecation = deprecation
        self._handler = None

    def answer(self, asked: Asked) -> Response:
        if self._handler is None:
            self._handler = getattr(import_module(f"reading.{self.module}"), self.function)
        response: Response = self._handler(asked)
        if self.deprecation:
            self.deprecation.announce(response["headers"])
        return response


class Deprecation:
    """That a path will go. `since`: seconds since 1970 (RFC 9745); `sunset`: the HTTP date after which it is gone
    (RFC 8594).
    """

    __slots__ = ("since", "sunset")

    def __init__(self, since: int, sunset: str) -> None:
        self.since = since
        self.sunset = sunset

    def announce(self, headers: dict[str, str]) -> None:
        headers["deprecation"] = f"@{self.since}"
        headers["sunset"] = self.sunset
        link = '</v1/docs#deprecations>; rel="deprecation"; type="text/html"'
        headers["link"] = f"{headers['link']}, {link}" if "link" in headers else link


ROUTES = (
    Route(
        "/v1/articles",
        "lists.get_articles",
        "section tag author from to order limit cursor fields",
        required="language",
        selects="card",
    ),
    Route("/v1/articles/{id}", "articles.get_article", "body fields", selects="article"),
    Route("/v1/resolve", "resolve.get_resolved", required="url"),
    Route("/v1/fronts/{language}", "fronts.get_front"),
    Route("/v1/breaking", "lists.get_breaking", "fields", required="language", selects="card"),
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
