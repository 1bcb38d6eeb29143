"""GET /v1/fronts/{language}: what a reader sees first, in one answer."""

from __future__ import annotations

import json

from content_api.aws.dynamodb import StoreUnavailable
from content_api.names.cache_tags import front_tag, list_tag
from content_api.names.keys import BREAKING
from content_api.reader_api.front import front_of
from content_api.reader_api.parameters import bad_parameters
from content_api.reader_api.parameters import language as language_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange


def get_front(exchange: Exchange) -> Response:
    """From its copy, where DynamoDB gives nothing."""
    try:
        language = language_of(exchange.request.path_parameters.get("language", ""))
    except ValueError as error:
        raise bad_parameters(("language", f"language {error}")) from error
    try:
        members = front_of(exchange.table, language, now=exchange.now)
    except StoreUnavailable as error:
        from content_api.reader_api.stale import front_copy  # noqa: PLC0415 - not for an ordinary answer

        members = front_copy(exchange, language, error)
    return exchange.answer(
        language,
        json.dumps(members, ensure_ascii=False, separators=(",", ":"))[1:-1],
        cache_tags=",".join([front_tag(language), list_tag(language), list_tag(language, BREAKING)]),
    )
