"""GET /v1/fronts/{language}: what a reader sees first, in one answer.

At most four reads, whatever is on the front: what editors chose, the cards of it, breaking news, the newest.
"""

from __future__ import annotations

import json

from content_api.cards import unpacked
from content_api.keys import BREAKING, article_key, front_key, list_partition, list_tag
from content_api.parameters import bad_parameters
from content_api.parameters import language as language_of
from reading.lists import breaking

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.asked import Asked
    from content_api.response import Response

    type Card = dict[str, Any]

_NEWEST = 60  # looked at where editors left something open
_TOP = 8
_SECTIONS = 6
_IN_A_SECTION = 4
_NO_FRONT: dict[str, Any] = {"top": [], "sections": []}


def get_front(asked: Asked) -> Response:
    """`top`, `breaking` and `sections`. Where editors chose nothing, or all of it was withdrawn, the newest stand."""
    try:
        language = language_of(asked.request.path_parameters.get("language", ""))
    except ValueError as error:
        raise bad_parameters(("language", f"language {error}")) from error
    item = asked.table.get_item(front_key(language), "front")
    front = json.loads(item["front"]["S"]) if item else _NO_FRONT
    chosen = _cards_of(asked, front)
    top = [chosen[each] for each in front["top"] if each in chosen]
    sections = [
        {"title": section["title"], "articles": shown}
        for section in front["sections"]
        if (shown := [chosen[each] for each in section["articles"] if each in chosen])
    ]
    if not top or not sections:
        newest = _newest(asked, language)
        top = top or newest[:_TOP]
        sections = sections or _by_section(newest, leaving_out={each["id"] for each in top})
    members = {"language": language, "top": top, "breaking": _breaking(asked, language), "sections": sections}
    return asked.answer(
        language,
        json.dumps(members, ensure_ascii=False, separators=(",", ":"))[1:-1],
        cache_tags=",".join([f"front:{language}", list_tag(language), list_tag(language, BREAKING)]),
    )


def _cards_of(asked: Asked, front: dict[str, Any]) -> dict[str, Card]:
    """The cards of the articles chosen that readers may have, by id."""
    ids = dict.fromkeys([*front["top"], *(each for section in front["sections"] for each in section["articles"])])
    if not ids:
        return {}
    found = asked.table.get_items([article_key(each) for each in ids], "card")
    return {card["id"]: card for card in _read([each["card"]["B"] for each in found if "card" in each])}


def _newest(asked: Asked, language: str) -> list[Card]:
    found, _ = asked.table.query(list_partition(language), attributes="card", limit=_NEWEST, newest_first=True)
    return _read([each["card"]["B"] for each in found])


def _breaking(asked: Asked, language: str) -> list[Card]:
    return _read([each["card"]["B"] for each in breaking(asked, language)])


def _read(cards: list[bytes]) -> list[Card]:
    return json.loads(f"[{unpacked(cards)}]")


def _by_section(newest: list[Card], leaving_out: set[str]) -> list[dict[str, Any]]:
    """The newest of each section, in the order of their newest article."""
    sections: dict[str, list[Card]] = {}
    for card in newest:
        if card["section"] and card["id"] not in leaving_out:
            sections.setdefault(card["section"], []).append(card)
    return [{"title": title, "articles": cards[:_IN_A_SECTION]} for title, cards in list(sections.items())[:_SECTIONS]]
