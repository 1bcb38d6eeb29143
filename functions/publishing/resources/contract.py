"""The contract of the editorial API: OpenAPI 3.1 for programs, and a page for people. `make contract` writes both."""

from functools import cache
from pathlib import Path

from aws_lambda_powertools.event_handler import Response

from content_api.http.response import NOTHING_KEPT
from publishing.requests import JSON
from publishing.resources.paths import EDITORIAL, Routes

_HERE = Path(__file__).parents[1]


class Contract:
    def routes(self) -> Routes:
        return [
            ("GET", f"{EDITORIAL}/openapi.json", self.openapi),
            ("GET", f"{EDITORIAL}/docs", self.docs),
        ]

    def openapi(self) -> Response[str]:
        return _file("openapi.json", JSON)

    def docs(self) -> Response[str]:
        return _file("docs.html", "text/html; charset=utf-8")


def _file(name: str, media_type: str) -> Response[str]:
    headers: dict[str, str | list[str]] = {"cache-control": NOTHING_KEPT}
    return Response(200, content_type=media_type, body=_text(name), headers=headers)


@cache
def _text(name: str) -> str:
    return _HERE.joinpath(name).read_text(encoding="utf-8")
