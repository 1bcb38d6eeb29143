"""GET /v1/articles/{id}/posts: the newest posts of a live blog, and GET /v1/articles/{id}/posts/{page}: an older page,
which never changes, unless one of its posts is corrected or withdrawn.
"""

from __future__ import annotations

import json

from content_api.http.problems import Problem
from content_api.names.cache_tags import article_tag, live_tag, posts_tag
from content_api.reader_api.articles import published
from content_api.reader_api.live import Head, full_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

_MOST_DIGITS = 5


def get_posts(exchange: Exchange) -> Response:
    """With `after`, only posts with higher numbers."""
    article_id = exchange.request.path_parameters.get("id", "")
    item = published(exchange, article_id)
    head = Head(exchange.table, article_id, exchange.settings.public_url)
    after = exchange.parameters.get("after", 0)
    members = {
        "article_id": article_id,
        "count": head.count,
        "posts": [each for each in head.posts if each["number"] > after],
        "withdrawn": [each for each in head.withdrawn if each > after],
        "pinned": head.pinned,
        "key_events": head.key_events,
        "older": _page(article_id, head.pages),
    }
    tags = f"{article_tag(article_id)},{live_tag(article_id)}"
    return exchange.answer(item["language"]["S"], _members(members), cache_tags=tags)


def get_page(exchange: Exchange) -> Response:
    """Raises Problem (posts-not-found) for a page that is not full yet: its posts are among the newest."""
    named = exchange.request.path_parameters
    article_id, number = named.get("id", ""), named.get("page", "")
    item = published(exchange, article_id)
    is_number = number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS and not number.startswith("0")
    found = full_page(exchange.table, article_id, int(number), exchange.settings.public_url) if is_number else None
    if found is None:
        raise Problem(
            "posts-not-found", f"There is no such page: /v1/articles/{article_id}/posts leads to those there are."
        )
    posts, withdrawn = found
    members = {
        "article_id": article_id,
        "page": int(number),
        "posts": posts,
        "withdrawn": withdrawn,
        "older": _page(article_id, int(number) - 1),
    }
    tags = f"{article_tag(article_id)},{posts_tag(article_id, int(number))}"
    return exchange.answer(item["language"]["S"], _members(members), cache_tags=tags)


def _page(article_id: str, number: int) -> str | None:
    return f"/v1/articles/{article_id}/posts/{number}" if number else None


def _members(members: dict[str, Any]) -> str:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))[1:-1]
