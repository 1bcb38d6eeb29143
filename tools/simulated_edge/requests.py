"""Requests as the edge passes them on: with the origin secret, and with the jurisdiction that the edge function
found.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from gateway.events import event
from imaging.serving import routes as media_routes
from reading import routes as reading_routes
from searching import routes as searching_routes
from syndication import routes as syndication_routes

SECRET = "current-secret-of-the-edge-0123456789abcdef"  # noqa: S105 - of no deployment
ROUTE_KEYS = [
    f"{method} {route.path}"
    for route in (
        *reading_routes.ROUTES,
        *syndication_routes.ROUTES,
        *searching_routes.ROUTES,
        *media_routes.ROUTES,
    )
    for method in ("GET", "HEAD")
]

type Api = Callable[[dict[str, Any]], dict[str, Any]]


def ask(api: Api, target: str, place: str = "elsewhere", method: str = "GET", **headers: str) -> dict[str, Any]:
    """The API's answer to a reader in a place. In the names of headers, `_` is written for `-`."""
    sent = {"x-origin-secret": SECRET, "x-viewer-jurisdiction": place}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return api(event(method, target, sent, route_keys=ROUTE_KEYS))


def body(answer: dict[str, Any]) -> dict[str, Any]:
    """The JSON of an answer with status 200. Raises ValueError for any other status."""
    if answer["statusCode"] != 200:  # noqa: PLR2004 - HTTP's
        raise ValueError(f"{answer['statusCode']}: {answer['body']}")
    return json.loads(answer["body"])


def pages(api: Api, target: str) -> Iterator[dict[str, Any]]:
    """All pages of a list, by `next_cursor`."""
    cursor: str | None = ""
    while cursor is not None:
        page = body(ask(api, f"{target}&cursor={cursor}" if cursor else target))
        yield page
        cursor = page["next_cursor"]
