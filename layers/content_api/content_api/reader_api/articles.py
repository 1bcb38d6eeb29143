"""Reads a published article for a reader, with one read of the table; or says why there is none."""

from __future__ import annotations

import json
import re
import zlib

from content_api.aws.dynamodb import StoreUnavailable
from content_api.content.cards import MEMBERS
from content_api.content.pictures import own_addresses
from content_api.http.problems import Problem
from content_api.names.cache_tags import TAG_HEADER, article_tag
from content_api.names.keys import article_key
from content_api.reader_api.damage import Damaged
from content_api.reader_api.parameters import bad_parameters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.aws.dynamodb import Item
    from content_api.reader_api.exchange import Exchange

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,95}", re.ASCII)
_NO_TEXT = {"S": ""}
_ATTRIBUTES = "status never_public version language modified translations siblings document document_key"


def published(exchange: Exchange, article_id: str) -> Item:
    """The article's item. Where DynamoDB does not answer, it is made from the copy in S3, and `exchange` is marked as
    stale.

    Raises Problem with one of these codes: article-not-found, also for a draft and for a withdrawn draft;
    article-withdrawn; invalid-parameters where the request names a version that the article never had;
    temporarily-unavailable where the copy is older than the version in the request. Raises StoreUnavailable where
    neither DynamoDB nor S3 answers.
    """
    item = _item(exchange, article_id) if _ID.fullmatch(article_id) else None
    if item is None or item["status"]["S"] == "draft" or "never_public" in item:
        raise Problem("article-not-found", "No article has this id. Ids come from lists, feeds and the change feed.")
    _check_version(int(item["version"]["N"]), exchange)
    if item["status"]["S"] == "withdrawn":
        raise _withdrawn(article_id, item["language"]["S"], members_of(item, exchange))
    return item


def _item(exchange: Exchange, article_id: str) -> Item | None:
    try:
        item = exchange.table.get_item(article_key(article_id), _ATTRIBUTES)
        if item is not None and not _is_whole(item):
            raise Damaged("an article")
        return item  # noqa: TRY300 - the check is a part of reading
    except StoreUnavailable as error:
        from content_api.reader_api.stale import article_copy  # noqa: PLC0415 - not for an ordinary answer

        return article_copy(exchange, article_id, error)


def _is_whole(item: Item) -> bool:
    """Whether the item has what every answer needs of it, each member of its type."""
    try:
        status = item["status"]["S"]
        if status == "draft":
            return True
        has_document = bool(item["document"]["B"] if "document" in item else item["document_key"]["S"])
        return (
            has_document
            and bool(item["language"]["S"])
            and item["version"]["N"].isdecimal()
            and (status == "withdrawn" or (status == "published" and bool(item["modified"]["S"])))
            and all("S" in item.get(name, _NO_TEXT) for name in ("siblings", "translations"))
        )
    except (KeyError, TypeError):
        return False


def document_of(item: Item, exchange: Exchange) -> str:
    """The article's JSON, as it was written with the article. It is in the item, or in S3 where it is too large for
    an item. Raises StoreUnavailable.
    """
    if "copy" in item:
        return item["copy"]["S"]
    packed = item["document"]["B"] if "document" in item else exchange.bucket.read(item["document_key"]["S"])
    try:
        text = zlib.decompress(packed).decode()
    except (zlib.error, ValueError) as error:
        raise Damaged("a document") from error
    if text[:1] != "{" or text[-1:] != "}":
        raise Damaged("a document")
    return text


def members_of(item: Item, exchange: Exchange) -> dict[str, Any]:
    """The members of the article's JSON, or of the tombstone's. Uploaded pictures have the host of this API in their
    addresses. Raises StoreUnavailable.
    """
    text = own_addresses(document_of(item, exchange), exchange.settings.public_url)
    try:
        members: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise Damaged("a document") from error
    if item["status"]["S"] == "published" and not all(name in members for name in (*MEMBERS, "body")):
        raise Damaged("a document")
    return members


def id_in(address: Item) -> str:
    """The id of the article at an address, by the item of the address. Raises StoreUnavailable."""
    try:
        return address["id"]["S"]
    except KeyError as error:
        raise Damaged("an address") from error


def _check_version(version: int, exchange: Exchange) -> None:
    """The answer is an error, which the edge does not keep: else an older text would stand there under the address of
    a newer version. The table is read consistently, so a version that it does not have does not exist, and whoever
    asks for it has made a mistake. A copy may be a version behind.
    """
    if version >= exchange.parameters.get("version", 0):
        return
    if not exchange.is_stale:
        raise bad_parameters(
            ("version", f"version takes a version that the article has had: the last one is {version}")
        )
    raise Problem(
        "temporarily-unavailable",
        "This version is not here yet. Ask for it again, or without version for what there is.",
        headers={"retry-after": "1"},
    )


def _withdrawn(article_id: str, language: str, tombstone: dict[str, Any]) -> Problem:
    from content_api.names.instants import uniform  # noqa: PLC0415 - few articles are withdrawn

    if at := tombstone.get("withdrawn_at"):
        tombstone["withdrawn_at"] = uniform(at)
    return Problem(
        "article-withdrawn",
        "The publisher has withdrawn this article. Remove every copy of it, and do not ask for it again.",
        headers={TAG_HEADER: article_tag(article_id), "content-language": language},
        members=tombstone | {"recall": True},
    )
