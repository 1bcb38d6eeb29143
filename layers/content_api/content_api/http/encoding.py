"""Gzip for the answers that CloudFront does not compress.

CloudFront compresses some media types, and those with three statuses only ("Serve compressed files" in its developer
guide). The others are compressed here, for clients that accept it. CloudFront normalises `Accept-Encoding`, sends it on
and keys its cache by it, since the cache policies enable gzip, so each client gets the copy that it can read.
"""

from __future__ import annotations

import re
import zlib
from binascii import b2a_base64

from content_api.names.quotas import LARGEST_BODY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.response import Response

# The media types that this API answers with.
_TYPES_OF_THE_EDGE = frozenset(
    ("application/json", "application/xml", "application/rss+xml", "text/html", "text/javascript")
)
_STATUSES_OF_THE_EDGE = frozenset((200, 403, 404))
_GZIP = 31  # zlib's name for the gzip format (RFC 1952) with the largest window
_REFUSED = r"\s*q\s*=\s*0(\.0*)?\s*"  # RFC 9110, section 12.4.2


def is_compressed_here(status: int, content_type: str) -> bool:
    """Whether this API compresses an answer itself, because CloudFront does not. `content_type` may have parameters."""
    is_of_the_edge = content_type.partition(";")[0] in _TYPES_OF_THE_EDGE and status in _STATUSES_OF_THE_EDGE
    return bool(content_type) and not is_of_the_edge


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether a value of `Accept-Encoding` (RFC 9110, section 12.5.3) names gzip, or covers it by `*`, without refusing
    it.
    """
    weights: dict[str, str] = {}
    for each in accept_encoding.lower().split(","):
        coding, _, weight = each.partition(";")
        weights[coding.strip()] = weight
    weight = next((weights[name] for name in ("gzip", "x-gzip", "*") if name in weights), None)
    return weight is not None and not re.fullmatch(_REFUSED, weight)


def encode(response: Response, accept_encoding: str) -> None:
    """Compresses the body where that is this API's part, the client accepts it, and the body gets smaller by it.

    Lambda takes a compressed body as base64, a third longer; where that alone would be too large it stays as it is.
    """
    headers = response["headers"]
    if (
        not response["body"]
        or response.get("isBase64Encoded")
        or not is_compressed_here(response["statusCode"], headers.get("content-type", ""))
    ):
        return
    headers["vary"] = "accept-encoding"
    if not accepts_gzip(accept_encoding):
        return
    plain = response["body"].encode(errors="replace")
    compressor = zlib.compressobj(wbits=_GZIP)
    packed = compressor.compress(plain) + compressor.flush()
    text = b2a_base64(packed, newline=False).decode()
    if len(packed) < len(plain) and len(text) <= LARGEST_BODY:
        headers["content-encoding"] = "gzip"
        response["body"] = text
        response["isBase64Encoded"] = True
