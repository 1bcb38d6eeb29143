"""GET /v1/articles/{id}/chapters: the chapters of the first recording that has any, as podcast apps read them (JSON
chapters 1.2, podcasting2.org/docs/podcast-namespace/tags/chapters).
"""

from __future__ import annotations

import json

from content_api.content.pictures import plain_file
from content_api.http.problems import Problem
from content_api.names.cache_tags import article_tag
from content_api.reader_api.articles import members_of, published

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

MEDIA_TYPE = "application/json+chapters"
_VERSION = "1.2.0"


def get_chapters(exchange: Exchange) -> Response:
    """Raises Problem as for the article itself, and chapters-not-found."""
    article_id = exchange.request.path_parameters.get("id", "")
    item = published(exchange, article_id)
    article = members_of(item, exchange)
    recordings = [each for each in article["body"] if each["type"] in {"audio", "video"}]
    chapters = next((each["chapters"] for each in recordings if each.get("chapters")), None)
    if chapters is None:
        raise Problem("chapters-not-found", "This article has no recording with chapters.")
    picture = plain_file(article["lead_image"]) if article["lead_image"] else None
    beside = {"img": picture["url"]} if picture else {}
    listed = [{"startTime": each["starts_at"], "title": each["title"], **beside} for each in chapters]
    members = {"version": _VERSION, "title": article["headline"], "chapters": listed}
    return exchange.answer(
        article["language"],
        json.dumps(members, ensure_ascii=False, separators=(",", ":"))[1:-1],
        media_type=MEDIA_TYPE,
        cache_tags=article_tag(article_id),
        last_modified=item["modified"]["S"],
    )
