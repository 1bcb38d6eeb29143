"""Answers from the copies in S3, for when DynamoDB does not answer.

Propagation writes a copy within seconds after its article, so a copy may be a version behind, and the answer says that
it is stale. A withdrawal itself replaces the copy by a tombstone before the editor gets an answer, so no copy shows a
withdrawn article. An article without a copy may be only seconds old: the answer is then 503, and never 404.
"""

from __future__ import annotations

import json
import logging

from content_api.aws.dynamodb import StoreUnavailable
from content_api.names.object_keys import copy_key, front_copy_key
from content_api.reader_api.damage import Damaged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.aws.dynamodb import Item
    from content_api.reader_api.exchange import Exchange

logger = logging.getLogger(__name__)

_STATUSES = {"published", "withdrawn", "draft"}


def article_copy(exchange: Exchange, article_id: str, error: StoreUnavailable) -> Item:
    """The copy in the shape of a table item. It has no translations: copies hold none. Raises StoreUnavailable."""
    try:
        content, stated = exchange.bucket.read_with_metadata(copy_key(article_id))
    except StoreUnavailable as no_copy:
        raise _neither(error, no_copy) from no_copy
    text, members = _read(content)
    status = stated.get("status", "")
    # An article that became a draft again has nothing for readers, and so no id.
    version, language = stated.get("version", ""), stated.get("language", "")
    if status not in _STATUSES or (members.get("id") != article_id and status != "draft"):
        raise StoreUnavailable("S3: another copy")
    if not (version.isascii() and version.isdecimal() and language):
        raise StoreUnavailable("S3: a copy that does not say what it is")
    _mark(exchange, error)
    return {
        "status": {"S": status},
        "version": {"N": version},
        "language": {"S": language},
        "modified": {"S": stated.get("modified", "")},
        "copy": {"S": text},
    }


def front_copy(exchange: Exchange, language: str, error: StoreUnavailable) -> dict[str, Any]:
    """The members of a front, without the breaking news that is over by now. Raises StoreUnavailable."""
    try:
        _, members = _read(exchange.bucket.read(front_copy_key(language)))
    except StoreUnavailable as no_copy:
        raise _neither(error, no_copy) from no_copy
    try:
        if members["language"] != language:
            raise StoreUnavailable("S3: another front")
        members["breaking"] = [card for card in members["breaking"] if _is_breaking(card, exchange.now)]
        shown = [*members["top"], *(card for section in members["sections"] for card in section["articles"])]
        if not all(isinstance(card["language"], str) for card in shown):
            raise TypeError  # noqa: TRY301 - told as the others are
    except (KeyError, TypeError, ValueError) as damage:
        raise StoreUnavailable("S3: a front that cannot be read") from damage
    _mark(exchange, error)
    return members


def _is_breaking(card: dict[str, Any], now: float) -> bool:
    """Compares instants, not their text: older copies print instants in other forms."""
    from content_api.names.instants import parsed  # noqa: PLC0415 - mostly there is no breaking news

    until = card["breaking_until"]
    return bool(until) and parsed(until).timestamp() >= int(now)


def _neither(error: StoreUnavailable, no_copy: StoreUnavailable) -> StoreUnavailable:
    """Both failures in one message. DynamoDB's comes first, since it is why a copy was needed."""
    return StoreUnavailable(f"{error}; {no_copy}")


def _read(content: bytes) -> tuple[str, dict[str, Any]]:
    try:
        text = content.decode()
        members: Any = json.loads(text)
    except ValueError as error:
        raise StoreUnavailable("S3: a copy that is none") from error
    if not isinstance(members, dict):
        raise StoreUnavailable("S3: a copy that is none")
    return text, members  # pyright: ignore[reportUnknownVariableType] - JSON


def _mark(exchange: Exchange, error: StoreUnavailable) -> None:
    # A fault of AWS ends by itself. What is damaged stays so until somebody mends it.
    logger.log(logging.ERROR if isinstance(error, Damaged) else logging.WARNING, "answering from a copy: %s", error)
    exchange.is_stale = True
