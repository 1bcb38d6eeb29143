"""GET /embed/articles/{id}: the article as a page for a frame, by the place of the reader who opens it."""

from __future__ import annotations

import json
from html import escape

from content_api.http.problems import PROBLEMS
from content_api.http.response import NOTHING_KEPT, PAGE, page
from content_api.names.cache_tags import article_tag
from content_api.reader_api.articles import document_of, published
from syndication import notices
from syndication.embeds.page import article_page, content_security_policy, page_of
from syndication.embeds.words import Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.problems import Problem
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

_GONE = "article-withdrawn"


def get_embed(exchange: Exchange) -> Response:
    """The article as a page. A browser may not keep it where a notice is due. Elsewhere it must ask again each time,
    since the reader may have travelled.
    """
    article_id = exchange.request.path_parameters.get("id", "")
    item = published(exchange, article_id)
    language = item["language"]["S"]
    article = json.loads(document_of(item, exchange))
    due = notices.due(exchange, language)
    headers = {
        **PAGE,
        "content-language": language,
        "content-security-policy": content_security_policy(article),
        "x-cache-tags": article_tag(article_id),
    }
    public_url = exchange.settings.public_url
    return exchange.whole(article_page(article, due, public_url=public_url), headers, is_due=bool(due))


def problem_page(problem: Problem, _public_url: str) -> Response:
    """The page that a reader sees in the frame when there is a problem: in the article's language for a withdrawn
    article, else in English.
    """
    from content_api.content.direction import direction  # noqa: PLC0415 - for a problem alone

    status, title, _ = PROBLEMS[problem.code]
    language = problem.headers.get("content-language", "en")
    if problem.code == _GONE:
        words = Words(language)
        note = problem.members.get("note")
        said = f"<h1{words.mark}>{words['withdrawn']}</h1><p{words.mark}>{words['withdrawn_text']}</p>"
        said += f"<p>{escape(str(note))}</p>" if note else ""
        title = words["withdrawn"]
    else:
        said = f"<h1>{escape(title)}</h1><p>{escape(problem.detail)}</p>"
    headers = {
        "cache-control": NOTHING_KEPT,
        "content-language": language,
        "content-security-policy": content_security_policy(),
        **problem.headers,
    }
    shown = page_of(f"<main>{said}</main>", language=language, direction=direction(language), title=title)
    return page(shown, headers, status)
