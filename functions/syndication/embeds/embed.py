"""GET /embed/articles/{id}: the article as a page for a frame, with the notices for the place of its reader."""

from __future__ import annotations

from content_api.http.problems import PROBLEMS
from content_api.http.response import NOTHING_KEPT, PAGE, page
from content_api.names.cache_tags import TAG_HEADER, article_tag
from content_api.reader_api.article_page import THEMES, article_page, content_security_policy, page_of
from content_api.reader_api.articles import members_of, published
from content_api.reader_api.live import LIVE
from syndication import notices
from syndication.parameters import AUTO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.problems import Problem
    from content_api.http.request import Request
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange
    from content_api.reader_api.settings import ReaderSettings


def get_embed(exchange: Exchange) -> Response:
    """The article as a page. If a notice is due, browsers may not keep the page. Otherwise they must ask again each
    time, since the reader may have travelled.
    """
    article_id = exchange.request.path_parameters.get("id", "")
    item = published(exchange, article_id)
    language = item["language"]["S"]
    article = members_of(item, exchange)
    due = notices.due(exchange, language)
    tags = article_tag(article_id)
    if article["type"] == LIVE:
        from content_api.names.cache_tags import live_tag  # noqa: PLC0415 - most articles are none
        from content_api.reader_api.live_page import with_posts  # noqa: PLC0415 - as above

        article = with_posts(article, exchange.table, exchange.settings.public_url)
        tags += f",{live_tag(article_id)}"
    headers = {
        **PAGE,
        "content-language": language,
        "content-security-policy": content_security_policy(article),
        TAG_HEADER: tags,
    }
    theme = exchange.parameters.get("theme", AUTO)
    shown = article_page(article, due, public_url=exchange.settings.public_url, theme=theme)
    return exchange.whole(shown, headers, is_due=bool(due))


def problem_page(problem: Problem, request: Request, settings: ReaderSettings) -> Response:
    """The page that a reader sees in the frame if there is a problem. Its language is that of the withdrawn article;
    if none was withdrawn, the one that the id begins with, or English.
    """
    from content_api.content.direction import direction  # noqa: PLC0415 - for a problem alone
    from content_api.content.words import Words  # noqa: PLC0415 - as above
    from content_api.reader_api.problem_text import problem_text, title_of  # noqa: PLC0415 - as above

    language = problem.headers.get("content-language") or _language_of(request.path_parameters.get("id", ""))
    words = Words(language)
    theme = request.query.get("theme", AUTO)
    shown = page_of(
        f"<main>{problem_text(problem, words, settings.publisher_url)}</main>",
        language=language,
        direction=direction(language),
        title=title_of(problem, words),
        theme=theme if theme in THEMES else AUTO,
    )
    headers = {
        "cache-control": NOTHING_KEPT,
        "content-language": language,
        "content-security-policy": content_security_policy(),
        **problem.headers,
    }
    return page(shown, headers, PROBLEMS[problem.code][0])


def _language_of(article_id: str) -> str:
    """The language that an id begins with, as ids that are made here do (`fa-af-2026-11-25-…`), or English."""
    from content_api.content.words import FALLBACK, languages  # noqa: PLC0415 - as above

    begun = [tag for tag in languages() if article_id.startswith(f"{tag.lower()}-")]
    return max(begun, key=len, default=FALLBACK)
