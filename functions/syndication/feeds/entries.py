"""The entries of a feed: the newest articles of a list, and the articles of its language that were withdrawn."""

from __future__ import annotations

import json

from content_api.aws.objects import ObjectAbsent
from content_api.content.pictures import with_host
from content_api.names.feed_addresses import FULL
from content_api.names.instants import parsed, printed, uniform
from content_api.names.keys import (
    BREAKING,
    HIGHEST_CHANGE,
    article_key,
    change_partition,
    list_partition,
    position,
)
from content_api.reader_api.articles import members_of
from content_api.reader_api.damage import Damaged, cards_of, left_out
from content_api.reader_api.front import breaking
from content_api.reader_api.pages import Stretch, chosen, page
from syndication.feeds.feed import Entry, Identifiers, Withdrawal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from content_api.reader_api.exchange import Exchange
    from content_api.reader_api.page_notices import Notice
    from syndication.feeds.feed import Fields
    from syndication.feeds.topics import Topic

MOST_ENTRIES = 30
# Less than `quotas.LARGEST_BODY`, since the rest of the feed is added to it.
MOST_BYTES = 5_000_000  # of a feed as a JSON string
_MOST_CHANGES = 200
_ATTRIBUTES = "pk status modified document document_key"


def entries(
    exchange: Exchange, topic: Topic, notices: list[Notice], withdrawn: set[str], *, most: int = MOST_ENTRIES
) -> tuple[list[Entry], str]:
    """The newest articles of the list, behind the position that the page begins at, as many as fit into one answer,
    without those in `withdrawn`; and the position that the next page begins behind, empty at the end of the list. An
    article that would not fit into an answer alone is shortened to its summary.
    """
    cards, following = _listed(exchange, topic, most)
    identifiers, public_url = Identifiers(exchange.settings), exchange.settings.public_url
    standing = [_with_host(card, public_url) for card in cards if card["id"] not in withdrawn]
    found: list[Entry] = []
    left = MOST_BYTES
    positions = {card["id"]: position_of(card) for card in standing}
    for fields, written in _documents(exchange, standing) if topic.content == FULL else _cards(exchange, standing):
        entry = Entry(fields, identifiers.of_article(fields["id"]), notices, public_url, written)
        entry.position = positions[fields["id"]]
        if _room(entry) > MOST_BYTES:
            entry.shortened()
        left -= _room(entry)
        if left < 0:
            return found, found[-1].position
        found.append(entry)
    return found, following


def _listed(exchange: Exchange, topic: Topic, most: int) -> tuple[list[Fields], str]:
    """The cards of a page, and the position that the next page begins behind."""
    if topic.facet == BREAKING:
        return breaking(exchange.table, topic.language, now=exchange.now), ""
    listed, having = chosen([topic.lists], 1)
    stretch = Stretch("", "\U0010ffff", newest_first=True, having=tuple(having), after=topic.before)
    partitions = [list_partition(topic.language, each) for each in listed]
    found, following = page(exchange.table, partitions, stretch, most)
    return cards_of(found), following


def _with_host(card: Fields, public_url: str) -> Fields:
    picture, recording = card["lead_image"], card.get("recording")
    if picture:
        card = card | {"lead_image": with_host(picture, public_url)}
    if recording and recording["url"].startswith("/"):
        card = card | {"recording": recording | {"url": f"{public_url}{recording['url']}"}}
    return card


def position_of(card: Fields) -> str:
    """The position of a card in its list."""
    return position(parsed(card["published_at"]) if card["published_at"] else None, card["id"])


def withdrawals(exchange: Exchange, language: str) -> list[Withdrawal]:
    """The withdrawals among the newest changes of the language, newest first. Only the last change of an article
    counts, so an article that was reinstated is not among them.
    """
    items, _ = exchange.table.query(
        change_partition(language),
        attributes="entry",
        limit=_MOST_CHANGES,
        lowest="0",
        highest=HIGHEST_CHANGE,
        newest_first=True,
    )
    identifiers = Identifiers(exchange.settings)
    last: dict[str, Fields] = {}
    try:
        for item in items:
            change: Fields = json.loads(item["entry"]["S"])
            last.setdefault(change["id"], change)
        return [
            Withdrawal(change["id"], identifiers.of_article(change["id"]), uniform(change["at"]))
            for change in last.values()
            if change["change"] == "withdraw"
        ]
    except (KeyError, TypeError, ValueError) as error:
        # A feed without it might go on showing what was withdrawn.
        raise Damaged("a change") from error


def room_in_answer(text: str) -> int:
    """The bytes that a body takes in Lambda's answer, which is JSON in UTF-8."""
    return len(json.dumps(text, ensure_ascii=False).encode())


def _room(entry: Entry) -> int:
    return sum(_most_room(text) for text in (entry.content_html, entry.summary_html, entry.summary_text))


def _most_room(text: str) -> int:
    """An upper bound, in bytes, of the size of a text in an answer. A character may be escaped twice: by the format of
    the feed, and by Lambda's JSON.
    """
    threefold = sum(text.count(each) for each in '<>"\\\n\r\t')
    return len(text.encode()) + 3 * threefold + 4 * text.count("&")


def _documents(exchange: Exchange, cards: list[Fields]) -> Iterator[tuple[Fields, str]]:
    """Each whole article, unpacked when the iterator reaches it, and when it was written. The card stands in for a
    document that is damaged or lost, so that one article does not cost partners the whole feed. Where S3 does not
    answer, nothing stands in: partners' readers would lose texts that they have. Raises StoreUnavailable.
    """
    found = _items(exchange, cards, _ATTRIBUTES)
    for card in cards:
        item = found.get(article_key(card["id"])["pk"])
        if item is None:
            continue
        try:
            if item["status"]["S"] != "published":
                continue
            written = _written(item)
        except (KeyError, TypeError, ValueError):
            left_out("an article")
            continue
        try:
            fields: Fields = members_of(item, exchange)
        except (KeyError, Damaged, ObjectAbsent):
            left_out("the document of an article")
            fields = card
        yield fields, written


def _cards(exchange: Exchange, cards: list[Fields]) -> Iterator[tuple[Fields, str]]:
    """Each card, and when its article was written. That has to be read only for articles without a date."""
    found = _items(
        exchange, [card for card in cards if not card["published_at"] and not card["updated_at"]], "pk modified"
    )
    for card in cards:
        item = found.get(article_key(card["id"])["pk"])
        try:
            yield card, _written(item) if item else ""
        except (KeyError, TypeError, ValueError):
            left_out("an article")


def _items(exchange: Exchange, cards: list[Fields], attributes: str) -> dict[str, Fields]:
    if not cards:
        return {}
    found = exchange.table.get_items([article_key(card["id"]) for card in cards], attributes)
    return {item["pk"]["S"]: item for item in found}


def _written(item: Fields) -> str:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - few articles are without dates

    return printed(parsedate_to_datetime(item["modified"]["S"]))
