"""A route: a path that readers ask, its parameters, and its handler. The contract is made from the routes."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from content_api.http.problems import Problem
    from content_api.http.request import Request
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange
    from content_api.reader_api.settings import ReaderSettings


class Route:
    """A path that takes GET and HEAD. Its handler is imported at the first request for it, so that a reader of an
    article does not wait for the code of the change feed.
    """

    __slots__ = (
        "_loaded",
        "deprecation",
        "handler",
        "ignores_unknown",
        "parameters",
        "path",
        "problems",
        "required",
        "selects",
        "several",
    )

    def __init__(  # noqa: PLR0913 - what there is to say of a path
        self,
        path: str,
        handler: str,
        parameters: str = "",
        *,
        required: str = "",
        several: str = "",
        selects: str = "",
        ignores_unknown: bool = False,
        problems: str = "",
        deprecation: Deprecation | None = None,
    ) -> None:
        """`handler` is the dotted name of the function that answers, such as `reading.articles.get_article`. `several`
        are the parameters that take more than one value. `problems` is the dotted name of a function that shows a
        problem as a page; without it problems are JSON. `selects` says whose members the parameter `fields` may name:
        `article` or `card`. Every path also takes `notice`, by which a client asks for the notices wherever the reader
        is.
        """
        self.path = path
        self.handler = handler
        self.required = tuple(required.split())
        self.several = tuple(several.split())
        self.parameters = (*self.required, *parameters.split(), "notice")
        self.selects = selects
        self.ignores_unknown = ignores_unknown
        self.problems = problems
        self.deprecation = deprecation
        self._loaded: dict[str, Callable[..., Response]] = {}

    def answer(self, exchange: Exchange) -> Response:
        response = self._function(self.handler)(exchange)
        if self.deprecation:
            self.deprecation.announce(response["headers"])
        return response

    def problem_page(self, problem: Problem, request: Request, settings: ReaderSettings) -> Response:
        return self._function(self.problems)(problem, request, settings)

    def _function(self, name: str) -> Callable[..., Response]:
        if name not in self._loaded:
            module, _, function = name.rpartition(".")
            self._loaded[name] = getattr(import_module(module), function)
        return self._loaded[name]


class Deprecation:
    """Announces that a path will be removed. `since` is when it became deprecated, in seconds since 1970 (RFC 9745).
    `sunset` is the HTTP date after which it is gone (RFC 8594).
    """

    __slots__ = ("since", "sunset")

    def __init__(self, since: int, sunset: str) -> None:
        self.since = since
        self.sunset = sunset

    def announce(self, headers: dict[str, Any]) -> None:
        headers["deprecation"] = f"@{self.since}"
        headers["sunset"] = self.sunset
        link = '</v1/docs#deprecations>; rel="deprecation"; type="text/html"'
        headers["link"] = f"{headers['link']}, {link}" if "link" in headers else link
