"""GET /v1/fronts/{language}: what a reader sees first, in one answer."""

from __future__ import annotations

import json

from content_api.dynamodb import StoreUnavailable
from content_api.fronts import front_of
from content_api.keys import BREAKING, list_tag
from content_api.parameters import bad_parameters
from content_api.parameters import language as language_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.asked import Asked
    from content_api.response import Response


def get_front(asked: Asked) -> Response:
    """From its copy, where DynamoDB gives nothing."""
    try:
        language = language_of(asked.request.path_parameters.get("language", ""))
    except ValueError as error:
        raise bad_parameters(("language", f"language {error}")) from error
    try:
        members = front_of(asked.table, language, now=asked.now)
    except StoreUnavailable as error:
        from content_api.fallback import front_copy  # noqa: PLC0415 - not for an ordinary answer

        members = front_copy(asked, language, error)
    return asked.answer(
        language,
        json.dumps(members, ensure_ascii=False, separators=(",", ":"))[1:-1],
        cache_tags=",".join([f"front:{language}", list_tag(language), list_tag(language, BREAKING)]),
    )
