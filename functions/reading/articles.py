"""GET /v1/articles/{id}: one read, one decompression, and the notices and translations spliced in."""

from __future__ import annotations

import json
import re
import zlib

from content_api.keys import article_key, article_tag
from content_api.problems import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.dynamodb import Item
    from content_api.objects import Bucket
    from content_api.response import Response
    from reading.asked import Asked

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,95}", re.ASCII)
_ATTRIBUTES = "status version language modified translations document document_key"


def get_article(asked: Asked) -> Response:
    article_id = asked.request.path_parameters.get("id", "")
    item = asked.table.get_item(article_key(article_id), _ATTRIBUTES) if _ID.fullmatch(article_id) else None
    if item is None or item["status"]["S"] == "draft":
        raise Problem("article-not-found", "No article has this id. Ids come from lists, feeds and the change feed.")
    document = _document(item, asked.bucket)
    if item["status"]["S"] == "withdrawn":
        raise withdrawn(article_id, document)
    tags = article_tag(article_id)
    links = ""
    if "translations" in item:
        translations = item["translations"]["S"].split(" ")
        links = _links(asked, translations)
        # Their headlines stand here, so that this answer goes when they do.
        tags = ",".join([tags, *map(article_tag, translations)])
    members = f'"translations":[{links}],{document[1:-1]}'
    asked_for = asked.parameters
    version = item["version"]["N"]
    if "body" in asked_for or "fields" in asked_for:
        from reading.representations import represented  # noqa: PLC0415 - most ask for an article as it is

        members, version = represented(members, asked_for), ""
    return asked.answer(
        item["language"]["S"],
        members,
        cache_tags=tags,
        entity_tag="" if links else version,
        # It does not say when a translation was last changed.
        last_modified="" if "translations" in item else item["modified"]["S"],
    )


def withdrawn(article_id: str, document: str) -> Problem:
    return Problem(
        "article-withdrawn",
        "The publisher has withdrawn this article. Remove every copy of it, and do not ask for it again.",
        headers={"x-cache-tags": article_tag(article_id)},
        members=json.loads(document) | {"recall": True},
    )


def _document(item: Item, bucket: Bucket) -> str:
    """The JSON object made when the article was written; one too large for an item stands in S3."""
    packed = item["document"]["B"] if "document" in item else bucket.read(item["document_key"]["S"])
    return zlib.decompress(packed).decode()


def _links(asked: Asked, ids: list[str]) -> str:
    """Those of the translations that readers may have, as they are now, in the order in which they were named."""
    found = asked.table.get_items([article_key(each) for each in ids], "status link")
    published: dict[Any, str] = {}
    for each in found:
        if each["status"]["S"] == "published":
            link = each["link"]["S"]
            published[json.loads(link)["id"]] = link
    return ",".join([published[each] for each in ids if each in published])
