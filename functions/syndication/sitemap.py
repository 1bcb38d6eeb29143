"""The news sitemap (Google Search Central, "News sitemap"): the articles of the last two days in every language.

It has only articles with an address on the publisher's site: an embed should not be found by a search.
"""

from __future__ import annotations

import re
from heapq import nlargest
from operator import itemgetter
from xml.etree.ElementTree import Element

from content_api.law.legal_notices import FALLBACK_LANGUAGE
from content_api.names.cache_tags import TAG_HEADER, list_tag
from content_api.names.instants import sortable_seconds, uniform
from content_api.names.keys import list_partition
from content_api.reader_api.damage import with_cards
from syndication.feeds.entries import MOST_BYTES, room_in_answer
from syndication.languages import languages
from syndication.notices import as_text
from syndication.uris import uri
from syndication.xml import NEWS, child, document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

    type Card = dict[str, Any]

MOST_ENTRIES = 1000
_AGE = 2 * 24 * 60 * 60  # seconds
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
LONGEST_ADDRESS = 2047  # characters: "less than 2,048" (sitemaps.org)
AFTER_ALL = "~"  # sorts after the position of every article with the same time
_AT_ONCE = 1000  # cards: some 500 KB of the 1 MB that a Query gives
# Google wants Chinese told apart by script, and not by ISO 639.
_TRADITIONAL = ("zh-Hant", "zh-TW", "zh-HK", "zh-MO")


def get_news_sitemap(exchange: Exchange) -> Response:
    """Makes one Query for each language, one after the other. The edge keeps the answer, and a single connection is
    enough.
    """
    spoken = languages()
    found = [each for language in spoken for each in _recent(exchange, language)]
    newest = [card for _, card in nlargest(MOST_ENTRIES, found, key=itemgetter(0))]
    return answered(exchange, _rendered(exchange, newest))


def answered(exchange: Exchange, body: str) -> Response:
    """The answer with a sitemap, which ends at the edge with each withdrawal in any language."""
    headers = {
        "content-type": "application/xml; charset=utf-8",
        TAG_HEADER: ",".join(map(list_tag, languages())),
    }
    return exchange.whole(body, headers, is_due=exchange.notices_due(FALLBACK_LANGUAGE).due)


def comment_of(exchange: Exchange) -> str:
    """The notices, as a comment: the format has no place for them, but whoever opens the file sees them."""
    notices = as_text(exchange.legal_notices.always(FALLBACK_LANGUAGE, on=exchange.today).notices)
    # Two hyphens would end a comment (XML 1.0, section 2.5).
    return f"<!-- {re.sub('-(?=-)', '- ', notices)} -->\n" if notices else ""


def _recent(exchange: Exchange, language: str) -> list[tuple[str, Card]]:
    """The articles with an address, by their position in the list, newest first. Each language may take as long as the
    answer to a reader.
    """
    exchange.patience.begin()
    found: list[tuple[str, Card]] = []
    after = ""
    while len(found) < MOST_ENTRIES:
        items, after = exchange.table.query(
            list_partition(language),
            attributes="sk card",
            limit=_AT_ONCE,
            lowest=sortable_seconds(exchange.now - _AGE),
            highest=f"{sortable_seconds(exchange.now)}{AFTER_ALL}",
            after=after,
            newest_first=True,
        )
        found += [
            (item["sk"]["S"], card | {"url": address})
            for item, card in with_cards(items)
            if card["url"] and len(address := uri(card["url"])) <= LONGEST_ADDRESS
        ]
        if not after:
            break
    return found


def _rendered(exchange: Exchange, cards: list[Card]) -> str:
    """The sitemap. The notices come first. The oldest articles are left out if they do not fit into an answer."""
    comment = comment_of(exchange)
    body = _document(exchange, comment, cards)
    while room_in_answer(body) > MOST_BYTES:
        cards = cards[: len(cards) * 9 // 10]
        body = _document(exchange, comment, cards)
    return body


def _document(exchange: Exchange, comment: str, cards: list[Card]) -> str:
    root = Element("urlset", {"xmlns": SITEMAPS})
    for card in cards:
        page = child(root, "url")
        child(page, "loc", card["url"])
        child(page, "lastmod", uniform(card["updated_at"] or card["published_at"]))
        news = child(page, f"{{{NEWS}}}news")
        publication = child(news, f"{{{NEWS}}}publication")
        child(publication, f"{{{NEWS}}}name", exchange.settings.publisher_name)
        child(publication, f"{{{NEWS}}}language", google_language(card["language"]))
        child(news, f"{{{NEWS}}}publication_date", uniform(card["published_at"]))
        child(news, f"{{{NEWS}}}title", card["headline"])
    return document(root, comment)


def google_language(tag: str) -> str:
    """The code of ISO 639. Simplified Chinese is zh-cn, and Traditional Chinese zh-tw."""
    primary = tag.partition("-")[0]
    if primary != "zh":
        return primary
    return "zh-tw" if tag.startswith(_TRADITIONAL) else "zh-cn"
