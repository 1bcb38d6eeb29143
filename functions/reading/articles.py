"""GET /v1/articles/{id}: what was made when the article was written, with notices and translations spliced in."""

from __future__ import annotations

import json
import logging

from content_api.aws.dynamodb import StoreUnavailable
from content_api.names.cache_tags import article_tag
from content_api.names.keys import article_key
from content_api.reader_api.articles import document_of, published

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

logger = logging.getLogger(__name__)


def get_article(exchange: Exchange) -> Response:
    article_id = exchange.request.path_parameters.get("id", "")
    item = published(exchange, article_id)
    tags = article_tag(article_id)
    links = ""
    # What was written before there were siblings has those alone that it names.
    siblings = item.get("siblings") or item.get("translations")
    if siblings:
        translations = siblings["S"].split(" ")
        links = _links(exchange, translations, item["language"]["S"])
        # Their headlines stand here, so that this answer goes when they do.
        tags = ",".join([tags, *map(article_tag, translations)])
    members = f'"translations":[{links}],{document_of(item, exchange)[1:-1]}'
    asked_for = exchange.parameters
    version = item["version"]["N"]
    media_type = "application/json"
    if asked_for.get("format") == "jsonld":
        from reading.structured_data import news_article  # noqa: PLC0415 - most ask for an article as it is

        usage = exchange.legal_notices.addresses(exchange.today)
        members = news_article(members, publisher=exchange.settings.publisher_name, usage=usage)
        version, media_type = "", "application/ld+json"
    if "body" in asked_for or "fields" in asked_for:
        from reading.representations import represented  # noqa: PLC0415 - as above

        members, version = represented(members, asked_for), ""
    return exchange.answer(
        item["language"]["S"],
        members,
        media_type=media_type,
        cache_tags=tags,
        entity_tag="" if links else version,
        # It does not say when a translation was last changed.
        last_modified="" if siblings else item["modified"]["S"],
    )


def _links(exchange: Exchange, ids: list[str], language: str) -> str:
    """The links to those translations that are published now, as JSON, in the order of `ids`: the first of each
    language, and none in the article's own. Empty where DynamoDB does not answer: an article without links is better
    than no article.
    """
    try:
        found = exchange.table.get_items([article_key(each) for each in ids], "status link")
    except StoreUnavailable as error:
        logger.warning("answering without translations: %s", error)
        exchange.is_stale = True
        return ""
    published: dict[Any, tuple[Any, str]] = {}
    for each in found:
        if each["status"]["S"] == "published":
            link = each["link"]["S"]
            stated = json.loads(link)
            published[stated["id"]] = stated["language"], link
    shown: dict[Any, str] = {}
    for each in ids:
        if each in published:
            shown.setdefault(*published[each])
    shown.pop(language, None)
    return ",".join(shown.values())
