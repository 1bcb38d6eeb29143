"""GET /v1/oembed?url=…: the markup that a partner's server puts into a page where an editor pasted the address of an
article (oEmbed 1.0).

The server asks, and other people read. So the markup always has the notices, before the first words of the article. The
frame lies over both, and shows the notices that are due to its own reader, so that nobody sees them twice. Where a page
has no frame, since somebody removed it, the notices below it are seen.
"""

from __future__ import annotations

import json
from html import escape
from urllib.parse import urlsplit

from content_api.content.pictures import thumbnail
from content_api.content.words import Words
from content_api.http.problems import Problem
from content_api.names.cache_tags import article_tag
from content_api.names.keys import url_key
from content_api.reader_api.articles import id_in, members_of, published
from content_api.reader_api.page_notices import as_html
from content_api.reader_api.parameters import bad_parameters
from syndication.embeds.sizes import BEGINNING, height_of
from syndication.notices import always
from syndication.parameters import AUTO, LARGEST_SIDE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange
    from content_api.reader_api.page_notices import Notice

    type Json = dict[str, Any]

_WIDTH = 640  # pixels, if the consumer states no maxwidth
# A notice is as high here as in the frame (article_page.css), which lies over it and gets its height from it.
_LOOK = 'style="border:2px solid #d32f2f;padding:.25em 1em;margin:0 0 1em;font-size:.875em;line-height:1.5"'
_SECONDS_KEPT = 3600  # consumers may show a withdrawn article for so long
_OF_OURS = ("/embed/articles/", "/v1/articles/")
_PREVIEWS = "/v1/previews/"


def get_oembed(exchange: Exchange) -> Response:
    """An answer of the type `rich`, in JSON. Raises Problem with the statuses of the specification (section 2.3.4):
    401 for a preview, 404, and 501 for XML; and with 410 for a withdrawn article.
    """
    if exchange.parameters.get("format", "json") != "json":
        raise Problem("format-not-spoken", "This provider answers in JSON only: leave format out, or give format=json.")
    article_id = _article_id(exchange, exchange.parameters["url"])
    item = published(exchange, article_id)
    language = item["language"]["S"]
    article = members_of(item, exchange)
    notices = always(exchange, language)
    width = min(_WIDTH, exchange.parameters.get("maxwidth", _WIDTH))
    most: int | None = exchange.parameters.get("maxheight")
    height = min(height_of(article, notices, width), most or LARGEST_SIDE)
    public_url = exchange.settings.public_url
    theme = exchange.parameters.get("theme", AUTO)
    # `auto` is left out. Otherwise the edge would keep the same page under two addresses.
    frame = f"{public_url}/embed/articles/{article_id}{'' if theme == AUTO else f'?theme={theme}'}"
    made = {
        "version": "1.0",
        "type": "rich",
        "title": article["headline"],
        **_author(article),
        "provider_name": exchange.settings.publisher_name,
        "provider_url": _site(article["url"]) or exchange.settings.publisher_url or public_url,
        "cache_age": 0 if exchange.is_stale else _SECONDS_KEPT,
        **_thumbnail(article, width, height),
        "html": _html(article, notices, frame, theme, width, most),
        "width": width,
        "height": height,
    }
    members = json.dumps(made, ensure_ascii=False, separators=(",", ":"))[1:-1]
    return exchange.answer(language, members, is_passed_on=True, cache_tags=article_tag(article_id))


def _article_id(exchange: Exchange, url: str) -> str:
    """The id of the article that an address leads to: an address of the publisher's site, or of this API."""
    from content_api.content.addresses import NotAnAddress, comparable  # noqa: PLC0415 - not for addresses of our own

    try:
        address = urlsplit(url)
    except ValueError as error:
        raise _no_address(ValueError("this is no address")) from error
    if address.path.startswith(_PREVIEWS):
        raise Problem(
            "resource-not-public",
            "A preview is only for those who have its link, and cannot be embedded.",
            # A 401 must have one (RFC 9110, section 11.6.1). What is not public is read through the editorial API.
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
        raise Problem("address-not-found", "There is no article at this address, and there never was.")
    return id_in(found)


def _no_address(error: ValueError) -> Problem:
    return bad_parameters(("url", f"url takes an article's address, percent-encoded: {error}"))


def _author(article: Json) -> Json:
    byline = article["byline"]
    if not byline:
        return {}
    named = {"author_name": ", ".join(each["name"] for each in byline)}
    return named | ({"author_url": byline[0]["url"]} if len(byline) == 1 and byline[0]["url"] else {})


def _site(url: str | None) -> str:
    """The address of the publisher's site, as the article's own address has it. Empty if the article has none."""
    return "/".join(url.split("/")[:3]) if url else ""


def _thumbnail(article: Json, width: int, height: int) -> Json:
    """The largest rendition of the lead image within the bounds. Either all three members are there or none (section
    2.3.4).
    """
    picture = article["lead_image"]
    largest = thumbnail(picture, width, height) if picture else None
    if largest is None:
        return {}
    return {
        "thumbnail_url": largest["url"],
        "thumbnail_width": largest["width"],
        "thumbnail_height": largest["height"],
    }


def _html(article: Json, notices: list[Notice], frame: str, theme: str, width: int, most: int | None) -> str:
    """The notices and the first words of the article, a sandboxed frame with the article over them, and a link below.
    At every width the frame is higher by BEGINNING than what it lies over, so that it shows where the article begins.
    If all this is higher than `most` pixels, it scrolls. Long words break, since they would be seen beside the frame.
    On a page of one theme, links outside the frame have the colour of that theme.
    """
    words = Words(article["language"])
    headline = escape(article["headline"])
    standfirst = f"<p>{escape(article['standfirst'])}</p>" if article["standfirst"] else ""
    link = article["url"] or frame
    scheme = "" if theme == AUTO else f";color-scheme:{theme}"
    bound = f";max-height:{most}px;overflow:auto" if most else ""
    return (
        f'<div class="content-article" lang="{article["language"]}" dir="{article["direction"]}"'
        f' style="box-sizing:border-box;width:100%;max-width:{width}px{scheme}{bound}">'
        # The second row belongs to the frame alone. Without the frame there is no such row.
        f'<div style="display:grid;grid-template-columns:minmax(0,1fr);grid-auto-rows:auto {BEGINNING}px">'
        f'<blockquote cite="{escape(link)}" style="grid-area:1/1;margin:0;padding:1em;overflow-wrap:anywhere">'
        f"{as_html(notices, _LOOK)}<p><strong>{headline}</strong></p>{standfirst}</blockquote>"
        f'<iframe src="{escape(frame)}" title="{headline}" loading="lazy" referrerpolicy="no-referrer"'
        ' allow="fullscreen" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" width="100%"'
        ' height="600" style="grid-area:1/1/span 2;border:0;width:100%;height:100%"></iframe></div>'
        f'<p style="margin:.5em 0 0"{words.mark}>{words.with_link("read_at", link)}</p></div>'
    )
