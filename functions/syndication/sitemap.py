"""The news sitemap (Google Search Central, "News sitemap"): what was published in the last two days, in every language.

Only articles with an address of their own are in it: an embed is no page to be found by.
"""

from __future__ import annotations

import json
import re
from heapq import nlargest
from operator import itemgetter
from xml.etree.ElementTree import Element

from content_api.content.cards import unpacked
from content_api.law.legal_notices import FALLBACK_LANGUAGE
from content_api.names.cache_tags import list_tag
from content_api.names.instants import sortable_seconds, uniform
from content_api.names.keys import list_partition
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
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_LONGEST_ADDRESS = 2047  # characters: "less than 2,048" (sitemaps.org)
_AFTER_ALL = "~"  # behind every `<instant>#<id>` that begins with the instant before it
_AT_ONCE = 1000  # cards: some 500 KB of the 1 MB that a Query gives
# Of Chinese, which Google wants told apart by script and not by ISO 639.
_TRADITIONAL = ("zh-Hant", "zh-TW", "zh-HK", "zh-MO")


def get_news_sitemap(exchange: Exchange) -> Response:
    """Languages are asked for in turn, one Query each: the edge keeps the answer, and one connection is open."""
    spoken = languages()
    found = [each for language in spoken for each in _recent(exchange, language)]
    newest = [card for _, card in nlargest(MOST_ENTRIES, found, key=itemgetter(0))]
    headers = {
        "content-type": "application/xml; charset=utf-8",
        "x-cache-tags": ",".join(list_tag(language) for language in spoken),
    }
    return exchange.whole(_rendered(exchange, newest), headers, is_due=exchange.notices_due(FALLBACK_LANGUAGE).due)


def _recent(exchange: Exchange, language: str) -> list[tuple[str, Card]]:
    """Articles with an address, by their place in the list, newest first. A crawler waits for each language as long as
    a reader does for an answer.
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
            highest=f"{sortable_seconds(exchange.now)}{_AFTER_ALL}",
            after=after,
            newest_first=True,
        )
        cards: list[Card] = json.loads(f"[{unpacked([item['card']['B'] for item in items])}]")
        found += [
            (item["sk"]["S"], card | {"url": address})
            for item, card in zip(items, cards, strict=True)
            if card["url"] and len(address := uri(card["url"])) <= _LONGEST_ADDRESS
        ]
        if not after:
            break
    return found


def _rendered(exchange: Exchange, cards: list[Card]) -> str:
    """The notices stand before all else, as a comment: the format has no place for them, and who looks at the file sees
    them. What has no room in an answer is left out, oldest first.
    """
    notices = as_text(exchange.legal_notices.always(FALLBACK_LANGUAGE, on=exchange.today).notices)
    # Two hyphens would end a comment (XML 1.0, section 2.5).
    comment = f"<!-- {re.sub('-(?=-)', '- ', notices)} -->\n" if notices else ""
    body = _document(exchange, comment, cards)
    while room_in_answer(body) > MOST_BYTES:
        cards = cards[: len(cards) * 9 // 10]
        body = _document(exchange, comment, cards)
    return body


def _document(exchange: Exchange, comment: str, cards: list[Card]) -> str:
    root = Element("urlset", {"xmlns": _SITEMAPS})
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
    """The code of ISO 639 alone; Simplified Chinese is zh-cn, Traditional zh-tw."""
    primary = tag.partition("-")[0]
    if primary != "zh":
        return primary
    return "zh-tw" if tag.startswith(_TRADITIONAL) else "zh-cn"
