"""An HTTP request as API Gateway hands it over (HTTP API, payload format 2.0), read leniently where senders differ:
header names in any case, repeated parameters joined by commas.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Request:
    """What a handler may ask of a request. It does not offer the reader's address or user agent."""

    __slots__ = ("headers", "method", "path", "path_parameters", "query", "raw_query", "route")

    def __init__(self, event: Mapping[str, Any]) -> None:
        self.route: str = event["routeKey"]
        self.method: str = event["requestContext"]["http"]["method"]
        self.path: str = event["rawPath"]
        self.path_parameters: Mapping[str, str] = event.get("pathParameters") or {}
        self.raw_query: str = event.get("rawQueryString") or ""
        self.query: Mapping[str, str] = event.get("queryStringParameters") or {}
        self.headers = _in_lower_case(event.get("headers") or {})


def _in_lower_case(headers: Mapping[str, str]) -> dict[str, str]:
    """Two spellings of one name are two values of one field, joined as RFC 9110, section 5.3 joins them."""
    lower: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        lower[key] = f"{lower[key]},{value}" if key in lower else value
    return lower
