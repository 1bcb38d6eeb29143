"""Serves the mirror: files in S3 that are made when articles are written, with every notice in each
(functions/mirroring). Nobody keeps them on the way to the reader: neither the edge nor the device.
"""

from __future__ import annotations

import re

from content_api.aws.objects import ObjectAbsent
from content_api.http.problems import Problem
from content_api.http.response import NOTHING_KEPT, PAGE, binary, redirect, representation
from content_api.names.mirror_paths import INDEX, mirror_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_BINARY = {"webp": "image/webp", "zip": "application/zip"}


def get_index(_exchange: Exchange) -> Response:
    """Leads to the first page, whose links are relative."""
    return redirect(f"/mirror/{INDEX}", {"cache-control": NOTHING_KEPT})


def get_file(exchange: Exchange) -> Response:
    stated = exchange.request.path_parameters
    names = [stated[name] for name in ("folder", "file") if name in stated]
    if not all(map(_NAME.fullmatch, names)):
        raise _not_there()
    return _file(exchange, "/".join(names))


def _file(exchange: Exchange, path: str) -> Response:
    try:
        content = exchange.bucket.read(mirror_key(path))
    except ObjectAbsent:
        raise _not_there() from None
    headers = {"cache-control": NOTHING_KEPT}
    if media_type := _BINARY.get(path.rpartition(".")[2]):
        return binary(content, headers | {"content-type": media_type})
    kind = PAGE if path.endswith(".html") else {"content-type": "application/json"}
    return representation(content.decode(), headers | kind)


def _not_there() -> Problem:
    return Problem("mirror-file-not-found", "The mirror has no such file: /mirror/ leads to those that it has.")
