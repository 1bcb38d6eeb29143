"""`GET /media/{id}/{file}`: the file of a recording, or captions, of a published article.

Behind CloudFront, S3 answers for recordings as soon as their file is there (template.yaml, Distribution), and this is
asked for the rest: what was withdrawn, what is no recording, and captions. Without CloudFront, it is asked for
everything. An answer of Lambda has 6 MB at most, so this gives a large file in parts (RFC 9110, section 14).
"""

from __future__ import annotations

import re

from content_api.http.problems import Problem
from content_api.http.response import binary
from content_api.names.cache_tags import TAG_HEADER, media_tag
from content_api.names.media import file_key, is_media_id, is_unchanging_file, media_type_of
from content_store.uses import is_played
from imaging.serving.uses import state_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

# Base64 makes a third more of it.
MOST_AT_ONCE = 4_000_000  # bytes
_RANGE = re.compile(r"bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))", re.ASCII)


def get_recording(exchange: Exchange) -> Response:
    stated = exchange.request.path_parameters
    media_id, name = stated.get("id", ""), stated.get("file", "")
    if not is_media_id(media_id) or not is_unchanging_file(name):
        raise _not_there()
    _check_played(exchange, media_id, name)
    from imaging.serving.parts import part_of  # noqa: PLC0415 - boto3 only where there is a file to read

    key, tag = file_key(media_id, name), f'"{media_id[:32]}"'
    asked = exchange.request.headers
    wanted = _wanted(asked.get("range", "")) if asked.get("if-range", tag) == tag else None
    part = part_of(exchange, key, wanted or f"bytes=0-{MOST_AT_ONCE - 1}")
    if part is None:
        raise _not_there()
    if not part.content:
        detail = f"The file has {part.size:,} bytes."
        raise Problem("range-not-satisfiable", detail, headers={"content-range": f"bytes */{part.size}"})
    if wanted is None and part.size > len(part.content) and exchange.request.method != "HEAD":
        detail = f"The file has {part.size:,} bytes. Ask for a part of it: send Range: bytes=0-{MOST_AT_ONCE - 1}."
        raise Problem("range-required", detail, headers={"accept-ranges": "bytes"})
    headers = {
        "accept-ranges": "bytes",
        "cache-control": exchange.kept_on_the_device,
        "content-type": media_type_of(name),
        "etag": tag,
        TAG_HEADER: media_tag(media_id),
    }
    answer = binary(part.content, headers)
    if wanted:
        answer["statusCode"] = 206
        answer["headers"]["content-range"] = f"bytes {part.first}-{part.last}/{part.size}"
    return answer


def _wanted(stated: str) -> str | None:
    """The part that is asked for, as much of it as one answer takes. None if the whole file is asked for, or several
    parts, or something that is no range: then the header does not count.
    """
    found = _RANGE.fullmatch(stated.replace(" ", ""))
    if found is None:
        return None
    if found[3]:
        return f"bytes=-{min(int(found[3]), MOST_AT_ONCE)}"
    first = int(found[1])
    last = first + MOST_AT_ONCE - 1
    if found[2]:
        if int(found[2]) < first:
            return None
        last = min(last, int(found[2]))
    return f"bytes={first}-{last}"


def _check_played(exchange: Exchange, media_id: str, name: str) -> None:
    """Raises Problem if no published article has this file: 410 if one did, else 404."""
    state = state_of(exchange.table, media_id, lambda use: is_played(use, name))
    if state == "gone":
        detail = "No article has this recording any more. Remove every copy of it."
        raise Problem("recording-withdrawn", detail, headers={TAG_HEADER: media_tag(media_id)})
    if state == "unknown":
        raise _not_there()


def _not_there() -> Problem:
    return Problem("recording-not-found", "There is no such file: take the addresses from an article's recordings.")
