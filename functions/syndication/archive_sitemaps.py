"""The sitemaps of the archive: an index, and a sitemap of each month in each language (sitemaps.org). Each article
names its translations (hreflang; Google Search Central, "Localized versions of your pages").

As in the news sitemap, only articles with an address on the publisher's site are in it.
"""

from __future__ import annotations

import json
import logging
import re
from xml.etree.ElementTree import Element

from content_api.http.problems import Problem
from content_api.names.instants import sortable_seconds, uniform
from content_api.names.keys import article_key, list_partition
from content_api.names.quotas import BATCH_READS
from content_api.reader_api.damage import UNREADABLE, left_out, with_cards
from syndication.feeds.entries import MOST_BYTES, room_in_answer
from syndication.languages import languages
from syndication.sitemap import AFTER_ALL, LONGEST_ADDRESS, SITEMAPS, answered, comment_of
from syndication.uris import uri
from syndication.xml import XHTML, child, document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from content_api.aws.dynamodb import Item
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

    type Card = dict[str, Any]
    # The address of each translation, by language.
    type Translations = dict[str, str]

logger = logging.getLogger(__name__)

MOST_ENTRIES = 5_000  # of a month in a language
_AT_ONCE = 1000  # cards: some 500 KB of the 1 MB that a Query gives
_FILE = r"([0-9]{4})-(0[1-9]|1[0-2])\.xml"


def get_index(exchange: Exchange) -> Response:
    """The months from the oldest article of each language to its newest. It makes two Queries for each language."""
    root = Element("sitemapindex", {"xmlns": SITEMAPS})
    child(child(root, "sitemap"), "loc", f"{exchange.settings.public_url}/sitemaps/news.xml")
    for language in languages():
        exchange.patience.begin()
        for month in _months(exchange, language):
            address = f"{exchange.settings.public_url}/sitemaps/{language}/{month}.xml"
            child(child(root, "sitemap"), "loc", address)
    return answered(exchange, document(root, comment_of(exchange)))


def get_month(exchange: Exchange) -> Response:
    """A sitemap of a month, the newest article first. A month without any article is a 404, as sitemaps.org's schema
    has no sitemap without a page.
    """
    named = exchange.request.path_parameters
    language, month = named.get("language", ""), re.fullmatch(_FILE, named.get("file", ""))
    cards = _cards(exchange, language, month[0][:7]) if month and language in languages() else []
    if not cards:
        raise Problem(
            "sitemap-not-found",
            "No article with an address was published in that month in that language: /sitemaps/index.xml lists the "
            "sitemaps, such as /sitemaps/en/2025-10.xml.",
        )
    translations = _translations(exchange, cards)
    comment = comment_of(exchange)
    body = _rendered(cards, translations, comment)
    while room_in_answer(body) > MOST_BYTES:
        cards = cards[: len(cards) * 9 // 10]
        logger.error("the sitemap of %s in %s has no room for all articles", month and month[0], language)
        body = _rendered(cards, translations, comment)
    return answered(exchange, body)


def _months(exchange: Exchange, language: str) -> Iterator[str]:
    """The months from the newest article's to the oldest's, such as 2025-11."""
    ends: list[str] = []
    for newest_first in (False, True):
        found, _ = exchange.table.query(
            list_partition(language),
            attributes="sk",
            limit=1,
            lowest="0",
            highest=f"{sortable_seconds(exchange.now)}{AFTER_ALL}",
            newest_first=newest_first,
        )
        ends += [each["sk"]["S"] for each in found]
    if not ends:
        return
    (first, last) = ((int(each[:4]), int(each[5:7])) for each in ends)
    year, month = last
    while (year, month) >= first:
        yield f"{year:04}-{month:02}"
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def _cards(exchange: Exchange, language: str, month: str) -> list[Card]:
    """The cards of a month's articles that have an address, each with that address as a URI."""
    found: list[Card] = []
    after = ""
    # No day is later than 31, and "~" sorts after each time.
    highest = min(f"{month}-31{AFTER_ALL}", f"{sortable_seconds(exchange.now)}{AFTER_ALL}")
    while True:
        exchange.patience.begin()
        items, after = exchange.table.query(
            list_partition(language),
            attributes="sk card",
            limit=_AT_ONCE,
            lowest=month,
            highest=highest,
            after=after,
            newest_first=True,
        )
        found += [
            card | {"url": address}
            for _, card in with_cards(items)
            if card["url"] and len(address := uri(card["url"])) <= LONGEST_ADDRESS
        ]
        if len(found) > MOST_ENTRIES:
            logger.error("the sitemap of %s in %s leaves out articles: it takes %d", month, language, MOST_ENTRIES)
            return found[:MOST_ENTRIES]
        if not after:
            return found


def _translations(exchange: Exchange, cards: list[Card]) -> dict[str, Translations]:
    """The addresses of each article's published translations, by its id."""
    named: dict[str, list[str]] = {}
    for item in _items(exchange, [card["id"] for card in cards], "pk siblings translations"):
        siblings = item.get("siblings") or item.get("translations")
        if siblings and "S" in siblings:
            named[item["pk"]["S"].partition("#")[2]] = siblings["S"].split(" ")
    wanted = dict.fromkeys(each for ids in named.values() for each in ids)
    links: dict[str, tuple[str, str]] = {}
    for item in _items(exchange, list(wanted), "status link"):
        try:
            if item["status"]["S"] == "published":
                link = json.loads(item["link"]["S"])
                if link["url"] and len(address := uri(link["url"])) <= LONGEST_ADDRESS:
                    links[link["id"]] = link["language"], address
        except UNREADABLE:
            left_out("a translation")
    found: dict[str, Translations] = {}
    for article_id, ids in named.items():
        shown: Translations = {}
        for each in ids:
            if each in links:
                shown.setdefault(*links[each])
        found[article_id] = shown
    return found


def _items(exchange: Exchange, ids: list[str], attributes: str) -> Iterator[Item]:
    for at in range(0, len(ids), BATCH_READS):
        exchange.patience.begin()
        keys = [article_key(each) for each in ids[at : at + BATCH_READS]]
        yield from exchange.table.get_items(keys, attributes)


def _rendered(cards: list[Card], translations: dict[str, Translations], comment: str) -> str:
    root = Element("urlset", {"xmlns": SITEMAPS})
    for card in cards:
        page = child(root, "url")
        child(page, "loc", card["url"])
        child(page, "lastmod", uniform(card["updated_at"] or card["published_at"]))
        others = {**translations.get(card["id"], {})}
        others.pop(card["language"], None)
        # Each of them names all, itself too.
        for language, address in sorted({card["language"]: card["url"], **others}.items()) if others else ():
            child(page, f"{{{XHTML}}}link", rel="alternate", hreflang=language, href=address)
    return document(root, comment)
