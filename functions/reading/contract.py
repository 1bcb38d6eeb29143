"""The contract itself: for programs, and as a page for people. Both are made by `python -m contract`."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from content_api.response import ASKED_AGAIN, json_response, matches, not_modified, page
from reading.catalogue import contents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from content_api.response import Response
    from reading.asked import Asked


def get_openapi(asked: Asked) -> Response:
    """OpenAPI 3.1. No content, so no notices."""
    return _served(asked, contents("openapi.json"), json_response, {})


def get_docs(asked: Asked) -> Response:
    text = contents("docs.html")
    style = text.partition("<style>")[2].partition("</style>")[0]
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return _served(asked, text, page, {"content-security-policy": policy, "content-language": "en"})


def _served(
    asked: Asked, text: str, response: Callable[[str, Mapping[str, str]], Response], headers: dict[str, str]
) -> Response:
    tag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    headers = {"cache-control": ASKED_AGAIN, "etag": tag, **headers}
    if matches(asked.request.headers.get("if-none-match"), tag):
        return not_modified(headers)
    return response(text, headers)
