"""What stands in a feed: the newest articles of a list, and those of its language that were withdrawn."""

from __future__ import annotations

import json

from content_api.content.cards import unpacked
from content_api.names.feed_addresses import FULL
from content_api.names.instants import printed, uniform
from content_api.names.keys import HIGHEST_CHANGE, article_key, change_partition, list_partition
from content_api.reader_api.articles import document_of
from syndication.feeds.feed import Entry, Identifiers, Withdrawal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from content_api.reader_api.exchange import Exchange
    from syndication.feeds.feed import Fields
    from syndication.feeds.topics import Topic
    from syndication.notices import Notice

MOST_ENTRIES = 30
# Below `quotas.LARGEST_BODY`, since what stands around the entries is added to it.
MOST_BYTES = 5_000_000  # of a feed as a JSON string
_MOST_CHANGES = 200
_ATTRIBUTES = "pk status modified document document_key"


def entries(exchange: Exchange, topic: Topic, notices: list[Notice], withdrawn: set[str]) -> list[Entry]:
    """The newest articles of the list, as many as one answer has room for, without those in `withdrawn`. An article
    that alone is too large for an answer is shortened to its summary.
    """
    listed, _ = exchange.table.query(
        list_partition(topic.language, topic.facet), attributes="card", limit=MOST_ENTRIES, newest_first=True
    )
    cards: list[Fields] = json.loads(f"[{unpacked([item['card']['B'] for item in listed])}]")
    standing = [card for card in cards if card["id"] not in withdrawn]
    identifiers, public_url = Identifiers(exchange.settings.public_url), exchange.settings.public_url
    found: list[Entry] = []
    left = MOST_BYTES
    for fields, written in _documents(exchange, standing) if topic.content == FULL else _cards(exchange, standing):
        entry = Entry(fields, identifiers.of_article(fields["id"]), notices, public_url, written)
        if _room(entry) > MOST_BYTES:
            entry.shortened()
        left -= _room(entry)
        if left < 0:
            break
        found.append(entry)
    return found


def withdrawals(exchange: Exchange, language: str) -> list[Withdrawal]:
    """The withdrawals among the language's newest changes, newest first. An article that was reinstated since is not
    among them: its last change counts.
    """
    items, _ = exchange.table.query(
        change_partition(language),
        attributes="entry",
        limit=_MOST_CHANGES,
        lowest="0",
        highest=HIGHEST_CHANGE,
        newest_first=True,
    )
    identifiers = Identifiers(exchange.settings.public_url)
    last: dict[str, Fields] = {}
    for item in items:
        change: Fields = json.loads(item["entry"]["S"])
        last.setdefault(change["id"], change)
    return [
        Withdrawal(change["id"], identifiers.of_article(change["id"]), uniform(change["at"]))
        for change in last.values()
        if change["change"] == "withdraw"
    ]


def room_in_answer(text: str) -> int:
    """The bytes that a body takes in Lambda's answer, which its runtime writes as JSON in UTF-8."""
    return len(json.dumps(text, ensure_ascii=False).encode())


def _room(entry: Entry) -> int:
    return sum(_most_room(text) for text in (entry.content_html, entry.summary_html, entry.summary_text))


def _most_room(text: str) -> int:
    """An upper bound, in bytes, of a text's size in an answer. A character may be escaped twice: by the feed's format,
    and again by Lambda's JSON.
    """
    threefold = sum(text.count(each) for each in '<>"\\\n\r\t')
    return len(text.encode()) + 3 * threefold + 4 * text.count("&")


def _documents(exchange: Exchange, cards: list[Fields]) -> Iterator[tuple[Fields, str]]:
    """Each article in full, unpacked when its turn comes, and when it was written."""
    found = _items(exchange, cards, _ATTRIBUTES)
    for card in cards:
        item = found.get(article_key(card["id"])["pk"])
        if item and item["status"]["S"] == "published":
            yield json.loads(document_of(item, exchange)), _written(item)


def _cards(exchange: Exchange, cards: list[Fields]) -> Iterator[tuple[Fields, str]]:
    """Each card, and when its article was written. Only articles without dates need that looked up."""
    found = _items(
        exchange, [card for card in cards if not card["published_at"] and not card["updated_at"]], "pk modified"
    )
    for card in cards:
        item = found.get(article_key(card["id"])["pk"])
        yield card, _written(item) if item else ""


def _items(exchange: Exchange, cards: list[Fields], attributes: str) -> dict[str, Fields]:
    if not cards:
        return {}
    found = exchange.table.get_items([article_key(card["id"]) for card in cards], attributes)
    return {item["pk"]["S"]: item for item in found}


def _written(item: Fields) -> str:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - few articles are without dates

    return printed(parsedate_to_datetime(item["modified"]["S"]))
