"""GET /v1/oembed?url=…: what a partner's server puts into its page where an editor pasted an address (oEmbed 1.0).

Its readers are not those who ask, so the notice stands in the markup, whatever becomes of the frame beside it.
"""

from __future__ import annotations

import json
from html import escape
from operator import itemgetter
from urllib.parse import urlsplit

from content_api.http.problems import Problem
from content_api.names.cache_tags import article_tag
from content_api.names.keys import url_key
from content_api.reader_api.articles import document_of, published
from content_api.reader_api.parameters import bad_parameters
from syndication.notices import always, as_html

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange
    from syndication.notices import Notice

    type Json = dict[str, Any]

_WIDTH, _HEIGHT = 640, 900  # pixels, where the consumer sets no bounds: the notice takes some 400 of the height
_LEAST_FRAME = 240  # pixels high; the rest scrolls
# Small, since two stand over the article, and the page's own style decides on the rest.
_LOOK = 'style="border:2px solid #d32f2f;padding:.5em 1em;margin:0 0 .5em;font-size:.8125em;line-height:1.4"'
_SECONDS_KEPT = 3600  # as little as a withdrawal can bear
_OF_OURS = ("/embed/articles/", "/v1/articles/")
_PREVIEWS = "/v1/previews/"


def get_oembed(exchange: Exchange) -> Response:
    """`rich`, in JSON alone. Raises Problem with the statuses that the specification has (section 2.3.4): 401 for what
    only those may see who have a link, 404, 501 for XML; and 410 for what was withdrawn.
    """
    if exchange.parameters.get("format", "json") != "json":
        raise Problem("format-not-spoken", "This provider answers in JSON alone: leave format out, or say format=json.")
    article_id = _article_id(exchange, exchange.parameters["url"])
    item = published(exchange, article_id)
    language = item["language"]["S"]
    article = json.loads(document_of(item, exchange))
    width = min(_WIDTH, exchange.parameters.get("maxwidth", _WIDTH))
    height = min(_HEIGHT, exchange.parameters.get("maxheight", _HEIGHT))
    public_url = exchange.settings.public_url
    made = {
        "version": "1.0",
        "type": "rich",
        "title": article["headline"],
        **_author(article),
        "provider_name": exchange.settings.publisher_name,
        "provider_url": _site(article["url"]) or public_url,
        "cache_age": 0 if exchange.is_stale else _SECONDS_KEPT,
        **_thumbnail(article, width, height),
        "html": _html(article, always(exchange, language), f"{public_url}/embed/articles/{article_id}", width, height),
        "width": width,
        "height": height,
    }
    members = json.dumps(made, ensure_ascii=False, separators=(",", ":"))[1:-1]
    return exchange.answer(language, members, is_passed_on=True, cache_tags=article_tag(article_id))


def _article_id(exchange: Exchange, url: str) -> str:
    """The article that an address of the site leads to, or one of this API."""
    from content_api.content.addresses import NotAnAddress, comparable  # noqa: PLC0415 - not for addresses of our own

    try:
        address = urlsplit(url)
    except ValueError as error:
        raise _no_address(error) from error
    if address.path.startswith(_PREVIEWS):
        raise Problem(
            "resource-not-public",
            "A preview is for whoever has its link, and is not embedded.",
            # RFC 9110, section 11.6.1, wants one: what is not public is asked of the editorial API.
            headers={"www-authenticate": 'AWS4-HMAC-SHA256 realm="editorial API"'},
        )
    if f"{address.scheme}://{address.netloc}".lower() == exchange.settings.public_url.lower():
        for path in _OF_OURS:
            if address.path.startswith(path):
                return address.path.removeprefix(path)
    try:
        found = exchange.table.get_item(url_key(comparable(url)), "id")
    except NotAnAddress as error:
        raise _no_address(error) from error
    if found is None:
        raise Problem("address-not-found", "No article is or was at this address, or it is not an article's.")
    return found["id"]["S"]


def _no_address(error: ValueError) -> Problem:
    return bad_parameters(("url", f"url takes an article's address, percent-encoded: {error}"))


def _author(article: Json) -> Json:
    byline = article["byline"]
    if not byline:
        return {}
    named = {"author_name": ", ".join(each["name"] for each in byline)}
    return named | ({"author_url": byline[0]["url"]} if len(byline) == 1 and byline[0]["url"] else {})


def _site(url: str | None) -> str:
    """The publisher's site, where the article has an address on it."""
    return "/".join(url.split("/")[:3]) if url else ""


def _thumbnail(article: Json, width: int, height: int) -> Json:
    """The largest rendition within the bounds; its three members go together (section 2.3.4)."""
    picture = article["lead_image"]
    renditions: list[Json] = picture["renditions"] if picture else []
    fitting = [
        each
        for each in renditions
        if each["width"] and each["height"] and each["width"] <= width and each["height"] <= height
    ]
    if not fitting:
        return {}
    largest = max(fitting, key=itemgetter("width"))
    return {
        "thumbnail_url": largest["url"],
        "thumbnail_width": largest["width"],
        "thumbnail_height": largest["height"],
    }


def _html(article: Json, notices: list[Notice], embed: str, width: int, height: int) -> str:
    """The notice and a link, then the article in a sandboxed frame. The notice stays where the frame is removed or
    blocked. All of it stays within the given size, and scrolls where it is higher.
    """
    headline = escape(article["headline"])
    link = escape(article["url"] or embed)
    frame = min(height, _LEAST_FRAME)
    return (
        f'<div class="content-article" lang="{article["language"]}" dir="{article["direction"]}" style="display:flex;'
        f'flex-direction:column;box-sizing:border-box;width:100%;max-width:{width}px;height:{height}px;overflow:auto">'
        f'<blockquote cite="{link}" style="margin:0">{as_html(notices, _LOOK)}'
        f'<p><a href="{link}" rel="noopener">{headline}</a></p></blockquote>'
        f'<iframe src="{escape(embed)}" title="{headline}" loading="lazy" referrerpolicy="no-referrer"'
        ' allow="fullscreen" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"'
        f' style="border:0;width:100%;flex:1 0 {frame}px"></iframe></div>'
    )
