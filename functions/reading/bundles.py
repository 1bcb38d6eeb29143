"""`GET /v1/bundles/{language}/{span}`: the articles of a day or a week as one file. To save what the publisher writes
is what the law punishes where a notice is due. So an app first gets the notices, and the file only once it says that
its reader has read them and wants the file.
"""

from __future__ import annotations

from content_api.aws.objects import ObjectAbsent
from content_api.http.problems import Problem
from content_api.http.response import NOTHING_KEPT, redirect
from content_api.names.mirror_paths import bundle_path, mirror_key
from content_api.reader_api.parameters import language as language_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

_SPANS = ("day", "week")


def get_bundle(exchange: Exchange) -> Response:
    """What the file is, with every notice; with `save=accepted`, a redirect to it. Raises Problem."""
    stated = exchange.request.path_parameters
    span = stated.get("span", "")
    try:
        language = language_of(stated.get("language", ""))
    except ValueError as error:
        raise _not_there() from error
    if span not in _SPANS:
        raise _not_there()
    if "save" in exchange.parameters:
        return redirect(f"/mirror/{bundle_path(language, span, 'zip')}", {"cache-control": NOTHING_KEPT})
    try:
        said = exchange.bucket.read(mirror_key(bundle_path(language, span, "json"))).decode()
    except ObjectAbsent:
        raise _not_there() from None
    url = f"/v1/bundles/{language}/{span}?save=accepted"
    members = f'"language":"{language}","span":"{span}","url":"{url}",{said[1:-1]}'
    return exchange.answer(language, members, is_passed_on=True)


def _not_there() -> Problem:
    return Problem("bundle-not-found", "There is no such bundle: ask for /v1/bundles/en/day or /v1/bundles/en/week.")
