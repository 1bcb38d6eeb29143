"""GET /v1/articles/{id}: the JSON that was made when the article was written, with notices and translations added."""

from __future__ import annotations

import json
import logging

from content_api.aws.dynamodb import StoreUnavailable
from content_api.content.pictures import own_addresses
from content_api.names.cache_tags import article_tag, subject_tag
from content_api.names.keys import article_key
from content_api.reader_api.articles import document_of, published
from content_api.reader_api.damage import UNREADABLE, Damaged, left_out

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
    # An article that an earlier release wrote has no siblings yet, but the translations that it names.
    siblings = item.get("siblings") or item.get("translations")
    if siblings:
        translations = siblings["S"].split(" ")
        links = _links(exchange, translations, item["language"]["S"])
        # The answer has the headlines of the translations, so it is purged when one of them changes.
        tags = ",".join([tags, *map(article_tag, translations)])
    members = f'"translations":[{links}],{document_of(item, exchange)[1:-1]}'
    asked_for = exchange.parameters
    version = item["version"]["N"]
    media_type = "application/json"
    subjects: list[str] = []
    if asked_for.get("format") == "jsonld":
        version, media_type = "", "application/ld+json"
        members, subjects = _in_json_ld(members, exchange)
        tags = ",".join([tags, *subjects])
    elif "body" in asked_for or "fields" in asked_for:
        version, members = "", _otherwise(members, exchange)
    return exchange.answer(
        item["language"]["S"],
        members,
        media_type=media_type,
        cache_tags=tags,
        entity_tag="" if links else version,
        # The date would not say when a translation or a topic was last changed.
        last_modified="" if siblings or subjects else item["modified"]["S"],
    )


def _otherwise(members: str, exchange: Exchange) -> str:
    """The members in the form that the request names. Raises Damaged if they are not an article's.

    The host comes first into the addresses of uploaded pictures: in HTML and in JSON-LD they stand under other names,
    where `Exchange.answer` does not find them.
    """
    from reading.representations import represented  # noqa: PLC0415 - most ask for an article as it is

    try:
        return represented(own_addresses(members, exchange.settings.public_url), exchange.parameters)
    except UNREADABLE as error:
        raise Damaged(f"a document ({type(error).__name__})") from error


def _in_json_ld(members: str, exchange: Exchange) -> tuple[str, list[str]]:
    """The members of the JSON-LD, and the cache tags of the topics that it names. Raises Damaged as above."""
    from reading.structured_data import news_article  # noqa: PLC0415 - as above

    settings = exchange.settings
    usage = exchange.legal_notices.addresses(exchange.today)
    try:
        article = json.loads(f"{{{own_addresses(members, settings.public_url)}}}")
        about, tags = _topics(exchange, article.get("topics", []), article["language"])
        posts: list[dict[str, Any]] | None = None
        if article["type"] == "live":
            from content_api.names.cache_tags import live_tag  # noqa: PLC0415 - most articles are none
            from content_api.reader_api.live import Head  # noqa: PLC0415 - as above

            posts = Head(exchange.table, article["id"], settings.public_url).posts
            tags = [*tags, live_tag(article["id"])]
        made = news_article(
            article,
            publisher=settings.publisher_name,
            logo=settings.publisher_logo,
            usage=usage,
            about=about,
            posts=posts,
        )
    except UNREADABLE as error:
        raise Damaged(f"a document ({type(error).__name__})") from error
    return made, tags


def _topics(exchange: Exchange, ids: list[str], language: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The article's topics, and their cache tags. A topic that cannot be read is left out; so are all of them if
    DynamoDB does not answer, as with translations.
    """
    if not ids:
        return [], []
    from content_api.names.subjects import TOPIC  # noqa: PLC0415 - as above
    from content_api.reader_api.subjects import standing  # noqa: PLC0415 - as above
    from reading.structured_data import thing  # noqa: PLC0415 - as above

    # By the id of the topic that stands for it: one tag each, since an answer has few (`quotas.CACHE_TAGS`).
    shown: dict[str, dict[str, Any]] = {each: {} for each in ids}
    try:
        found = standing(exchange.table, TOPIC, tuple(ids))
        url = f"{exchange.settings.public_url}/v1/topics"
        things = {each.id: thing(each.id, each.name_in(language), f"{url}/{each.id}") for each in found.values()}
        shown = {each: {} for each in ids if each not in found} | things
    except Damaged:
        left_out("a topic")
    except StoreUnavailable as error:
        logger.warning("answering without topics: %s", error)
        exchange.is_stale = True
    return [each for each in shown.values() if each], [subject_tag(TOPIC.name, each) for each in shown]


def _links(exchange: Exchange, ids: list[str], language: str) -> str:
    """The links to those translations that are published now, as JSON, in the order of `ids`: the first of each
    language, and none in the article's own. Empty if DynamoDB does not answer, since an article without links is better
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
        try:
            if each["status"]["S"] == "published":
                link = each["link"]["S"]
                stated = json.loads(link)
                published[stated["id"]] = stated["language"], link
        except (KeyError, TypeError, ValueError):
            left_out("a translation")
    shown: dict[Any, str] = {}
    for each in ids:
        if each in published:
            shown.setdefault(*published[each])
    shown.pop(language, None)
    return ",".join(shown.values())
