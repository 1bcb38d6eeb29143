"""GET /v1/articles/{id}/related: the articles most like one, of which newer ones come first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from content_api.content.rendering import body_text
from content_api.names.cache_tags import article_tag
from content_api.names.instants import parsed
from content_api.names.quotas import CACHE_TAGS
from content_api.reader_api.articles import members_of, published
from content_search.alike import query_alike
from content_search.results import search
from searching.current import current, indexes_of

if TYPE_CHECKING:
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

DEFAULT_LIMIT = 6
_LOOKED_AT = 40  # of the most alike, of which some may be withdrawn, or older than others
_YEAR = 365 * 24 * 60 * 60  # seconds
_OF_AGE = 0.5  # how much an article can lose by its age: it has lost half of that after a year


def get_related(exchange: Exchange) -> Response:
    """Cards of articles in the same language. There may be fewer than asked for, or none."""
    article_id = exchange.request.path_parameters.get("id", "")
    item = published(exchange, article_id)
    language = item["language"]["S"]
    article = members_of(item, exchange)
    text = "\n".join([article["standfirst"] or "", body_text(article["body"])])
    indexes = indexes_of(exchange, language)
    query = query_alike(indexes, article_id, article["headline"], text, language)
    ranks: dict[str, float] = {}
    if query is not None:
        found = search(indexes, query, first=_LOOKED_AT, newest_first=False, with_facets=False)
        ranks = {hit.id: hit.rank for hit in found.hits}
    cards = [card for _, card in current(exchange, list(ranks), language)]
    cards.sort(key=lambda card: (-ranks[card["id"]] * _worth(card["published_at"], exchange.now), card["id"]))
    shown = cards[: min(exchange.parameters.get("limit", DEFAULT_LIMIT), CACHE_TAGS - 1)]
    tags = ",".join(article_tag(each) for each in [article_id, *(card["id"] for card in shown)])
    members = json.dumps({"articles": shown}, ensure_ascii=False, separators=(",", ":"))[1:-1]
    return exchange.answer(language, members, cache_tags=tags)


def _worth(published_at: str | None, now: float) -> float:
    """From 1, for what is new, down to 1 - _OF_AGE, for what is old or has no date."""
    if published_at is None:
        return 1 - _OF_AGE
    age = max(now - parsed(published_at).timestamp(), 0.0) / _YEAR
    return 1 - _OF_AGE * age / (1 + age)
