"""The page at `/` of `make run`. It sends requests as a reader in a chosen place, and shows what the API answers."""

import re
from pathlib import Path

from werkzeug.wrappers import Response

from content_api.http.page_policy import CLOSED, hashed

_PAGE = Path(__file__).with_name("playground.html")


def playground(reader_location: str) -> Response:
    """Makes the page. Its content security policy allows only its own style and script, and this server."""
    text = _PAGE.read_text(encoding="utf-8").replace("{{reader_location}}", reader_location)
    policy = (
        f"default-src 'none'; connect-src 'self'; style-src {_hash_of('style', text)}; "
        f"script-src {_hash_of('script', text)}; {CLOSED}"
    )
    return Response(text, content_type="text/html; charset=utf-8", headers={"content-security-policy": policy})


def _hash_of(element: str, text: str) -> str:
    (content,) = re.findall(f"<{element}>(.*?)</{element}>", text, re.DOTALL)
    return hashed(content)
