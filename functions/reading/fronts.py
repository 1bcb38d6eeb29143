"""GET /v1/fronts/{language}: the articles that a reader sees first, in one answer."""

from __future__ import annotations

import json

from content_api.aws.dynamodb import StoreUnavailable
from content_api.http.problems import Problem
from content_api.names.cache_tags import front_tag, list_tag
from content_api.names.keys import BREAKING, last_change_key
from content_api.reader_api.front import front_of
from content_api.reader_api.parameters import language as language_of
from reading.catalogue import contents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange


_PARTS = ("top", "breaking", "sections")


def get_front(exchange: Exchange) -> Response:
    """The front of a language; its copy if DynamoDB does not answer. Raises Problem (language-not-found) for a language
    in which the publisher never published. A language without articles has an empty front.
    """
    language = _language(exchange.request.path_parameters.get("language", ""))
    try:
        members = front_of(exchange.table, language, now=exchange.now)
    except StoreUnavailable as error:
        from content_api.reader_api.stale import front_copy  # noqa: PLC0415 - not for an ordinary answer

        members = front_copy(exchange, language, error)
    if not any(members[part] for part in _PARTS) and not _is_known(exchange, language):
        raise _not_found()
    return exchange.answer(
        language,
        json.dumps(members, ensure_ascii=False, separators=(",", ":"))[1:-1],
        cache_tags=",".join(_tags(language, members)),
    )


def _tags(language: str, members: dict[str, Any]) -> list[str]:
    """The cache tags of the front. They include the lists of other languages whose articles are on it, so that a
    withdrawal there purges it.
    """
    cards = [*members["top"], *(card for section in members["sections"] for card in section["articles"])]
    others = sorted({card["language"] for card in cards} - {language})
    return [front_tag(language), list_tag(language), list_tag(language, BREAKING), *map(list_tag, others)]


def _language(text: str) -> str:
    try:
        return language_of(text)
    except ValueError as error:
        raise _not_found() from error


def _is_known(exchange: Exchange, language: str) -> bool:
    """Whether the publisher publishes in a language, or ever did. The number of its changes is kept for ever."""
    listed = any(each["language"] == language for each in json.loads(contents("languages.json")))
    return listed or exchange.is_stale or exchange.table.get_item(last_change_key(language), "number") is not None


def _not_found() -> Problem:
    return Problem(
        "language-not-found", "Nothing is published in this language. GET /v1/languages lists the languages."
    )
