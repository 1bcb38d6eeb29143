"""The front of a language: the articles that editors chose, or else the newest.

It makes at most four reads: the choice of the editors, the cards of the chosen articles, breaking news, and the newest
articles.
"""

from __future__ import annotations

import json

from content_api.names.instants import sortable_seconds
from content_api.names.keys import BREAKING, article_key, front_key, list_partition
from content_api.reader_api.damage import UNREADABLE, cards_of, left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.aws.dynamodb import Table

    type Card = dict[str, Any]

MOST_BREAKING = 20
_NEWEST = 60  # looked at where editors left something open
_TOP = 8
_SECTIONS = 6
_IN_A_SECTION = 4
_NO_FRONT: dict[str, Any] = {"top": [], "sections": []}


def front_of(table: Table, language: str, *, now: float, own_alone: bool = False) -> dict[str, Any]:
    """A dictionary of `language`, `top`, `breaking` and `sections`. Where editors chose nothing, or all that they chose
    was withdrawn, the newest articles take the place. `now` is in seconds since 1970. `own_alone` leaves out articles
    of other languages that editors chose.
    """
    front = _choice(table, language)
    chosen = _chosen(table, front)
    if own_alone:
        chosen = {article_id: card for article_id, card in chosen.items() if card["language"] == language}
    top = [chosen[each] for each in front["top"] if each in chosen]
    sections = [
        {"title": section["title"], "articles": shown}
        for section in front["sections"]
        if (shown := [chosen[each] for each in section["articles"] if each in chosen])
    ]
    if not top or not sections:
        newest = _newest(table, language)
        top = top or newest[:_TOP]
        sections = sections or _by_section(newest, leaving_out={each["id"] for each in top})
    urgent = breaking(table, language, now=now)
    return {"language": language, "top": top, "breaking": urgent, "sections": sections}


def _choice(table: Table, language: str) -> dict[str, Any]:
    """What editors chose; nothing if that cannot be read."""
    item = table.get_item(front_key(language), "front")
    if item is None:
        return _NO_FRONT
    try:
        front: dict[str, Any] = json.loads(item["front"]["S"])
        named = [*front["top"], *(each for section in front["sections"] for each in section["articles"])]
        if all(isinstance(each, str) for each in (*named, *(section["title"] for section in front["sections"]))):
            return front
    except UNREADABLE:
        pass
    left_out("what editors chose for a front")
    return _NO_FRONT


def breaking(table: Table, language: str, *, now: float) -> list[Card]:
    """The cards of the articles that are breaking news at a moment, newest first. They are listed by the time at which
    they stop being breaking news, so the query leaves out those that have ended. Of more than MOST_BREAKING, it gives
    those that end last.
    """
    found, _ = table.query(
        list_partition(language, BREAKING),
        attributes="card",
        limit=MOST_BREAKING,
        lowest=sortable_seconds(now),
        newest_first=True,
    )
    cards = cards_of(found)
    return cards if len(cards) < 2 else sorted(cards, key=_published, reverse=True)  # noqa: PLR2004 - in order already


def _published(card: Card) -> str:
    """The sort key of a card. A card without a date sorts before all others."""
    from content_api.names.instants import parsed, sortable  # noqa: PLC0415 - mostly there is no breaking news

    return sortable(parsed(card["published_at"])) if card["published_at"] else ""


def _chosen(table: Table, front: dict[str, Any]) -> dict[str, Card]:
    """The cards of the articles chosen that readers may have, by id."""
    ids = dict.fromkeys([*front["top"], *(each for section in front["sections"] for each in section["articles"])])
    if not ids:
        return {}
    found = table.get_items([article_key(each) for each in ids], "card")
    return {card["id"]: card for card in cards_of([each for each in found if "card" in each])}


def _newest(table: Table, language: str) -> list[Card]:
    found, _ = table.query(list_partition(language), attributes="card", limit=_NEWEST, newest_first=True)
    return cards_of(found)


def _by_section(newest: list[Card], leaving_out: set[str]) -> list[dict[str, Any]]:
    """The newest of each section, in the order of their newest article."""
    sections: dict[str, list[Card]] = {}
    for card in newest:
        if card["section"] and card["id"] not in leaving_out:
            sections.setdefault(card["section"], []).append(card)
    return [{"title": title, "articles": cards[:_IN_A_SECTION]} for title, cards in list(sections.items())[:_SECTIONS]]
