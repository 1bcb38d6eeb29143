"""An HTTP request as API Gateway hands it over (HTTP API, payload format 2.0)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Request:
    """The parts of a request that handlers use. The reader's address and user agent are left out on purpose.

    `repeated` are the names of parameters that were given more than once. API Gateway joins their values with commas in
    `query`, where they cannot be told from one value with a comma in it.
    """

    __slots__ = ("headers", "method", "path", "path_parameters", "query", "raw_query", "repeated", "route")

    def __init__(self, event: Mapping[str, Any]) -> None:
        self.route: str = event["routeKey"]
        self.method: str = event["requestContext"]["http"]["method"]
        self.path: str = event["rawPath"]
        self.path_parameters: Mapping[str, str] = event.get("pathParameters") or {}
        self.raw_query: str = event.get("rawQueryString") or ""
        self.query: Mapping[str, str] = event.get("queryStringParameters") or {}
        self.repeated = _repeated(self.raw_query, len(self.query))
        self.headers = _in_lower_case(event.get("headers") or {})

    def values(self, name: str) -> list[str]:
        """The values of a parameter in their order, each as it was given."""
        if name not in self.repeated:
            return [self.query[name]]
        from urllib.parse import parse_qsl  # noqa: PLC0415 - few queries are so

        return [value for each, value in parse_qsl(self.raw_query, keep_blank_values=True) if each == name]

    def is_utf8(self) -> bool:
        """Whether the query string is UTF-8, percent-encoded. API Gateway decodes it, and puts U+FFFD where it is not;
        a name that has this character itself cannot be told from that in `query`.
        """
        from urllib.parse import unquote_to_bytes  # noqa: PLC0415 - few queries are so

        try:
            unquote_to_bytes(self.raw_query).decode()
        except UnicodeError:
            return False
        return True


def _repeated(raw_query: str, different: int) -> frozenset[str]:
    """The names that a query string has more than once. `different` is the number of different names."""
    if not raw_query or raw_query.count("&") < different:
        return frozenset()
    from urllib.parse import parse_qsl  # noqa: PLC0415 - few queries are so

    names = [name for name, _ in parse_qsl(raw_query, keep_blank_values=True)]
    last = {name: at for at, name in enumerate(names)}  # counting each name would take time by the square of the query
    return frozenset(name for at, name in enumerate(names) if last[name] != at)


def _in_lower_case(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by lower-case name. Two spellings of a name are one header with two values, joined as RFC 9110, section
    5.3 says.
    """
    lower: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        lower[key] = f"{lower[key]},{value}" if key in lower else value
    return lower
