"""Lists of cards: all of a language, of a section, a tag, an author; breaking news."""

from __future__ import annotations

import json
from hashlib import sha256

from content_api.content.cards import unpacked
from content_api.names.cache_tags import list_tag
from content_api.names.keys import ALL, BREAKING, facet, list_partition
from reading import cursors
from reading.links import next_link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.aws.dynamodb import Item
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

_DEFAULT_LIMIT = 20
_FACETS = ("author", "tag", "section")  # narrowest first, as newsrooms use them
# Where several facets are asked for at once, one list is looked through for the others.
_MOST_QUERIES = 4
_LOOKED_AT_AT_ONCE = 200
_ATTRIBUTES = "sk card"
# An article's position in a list: its instant, or nothing where it has none, and its id.
_PLACES = r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)?#[a-z0-9][a-z0-9-]{0,95}"
_AFTER_ALL = "~"  # behind every `<instant>#<id>` that begins with the instant before it


def get_articles(exchange: Exchange) -> Response:
    """One page of articles, from the narrowest list that was asked for. The cursor names the last article's sort key,
    so articles that appear or go meanwhile do not shift the next page.
    """
    given = exchange.parameters
    language = given["language"]
    facets = [facet(kind, given[kind]) for kind in _FACETS if kind in given]
    newest_first = given.get("order", "-published") == "-published"
    lowest, highest = given.get("from", ""), given.get("to", "")
    listed = facets[0] if facets else ALL
    query = "\n".join([language, *facets, lowest, highest, "down" if newest_first else "up"])
    limit = given.get("limit", _DEFAULT_LIMIT)
    # What has no date sorts before all dates, and is not within any.
    lowest_key = lowest or ("0" if highest else "")
    highest_key = f"{highest}{_AFTER_ALL}" if highest else _AFTER_ALL
    after = ""
    if cursor := given.get("cursor", ""):
        after = cursors.place_in_list(query, cursor, _PLACES, exchange.now, lowest=lowest_key, highest=highest_key)
    found, last = _page(
        exchange,
        list_partition(language, listed),
        tuple(facets[1:]),
        limit,
        lowest=lowest_key,
        highest=highest_key,
        after=after,
        newest_first=newest_first,
    )
    following = f'"{cursors.made(query, last, exchange.now)}"' if last else "null"
    return exchange.answer(
        language,
        f'"articles":[{_cards(exchange, found)}],"next_cursor":{following}',
        cache_tags=list_tag(language, listed),
        entity_tag=_tag(exchange, found, following),
        link=next_link(exchange, following.strip('"')) if last else "",
    )


def get_breaking(exchange: Exchange) -> Response:
    """What is breaking news at this moment, newest first."""
    from content_api.reader_api.front import breaking  # noqa: PLC0415 - lists do without it

    language = exchange.parameters["language"]
    shown: list[Any] = breaking(exchange.table, language, now=exchange.now)
    if "fields" in exchange.parameters:
        from reading.selection import selected  # noqa: PLC0415 - most ask for cards as they are

        shown = selected(shown, exchange.parameters["fields"])
    members = f'"articles":{json.dumps(shown, ensure_ascii=False, separators=(",", ":"))}'
    return exchange.answer(language, members, cache_tags=list_tag(language, BREAKING))


def _page(
    exchange: Exchange,
    partition: str,
    having: tuple[str, ...],
    limit: int,
    *,
    after: str,
    **span: Any,  # noqa: ANN401 - what a query takes
) -> tuple[list[Item], str]:
    """The items, and the sort key to go on from, empty at the end of the list.

    One more than asked for is looked up, so that a page that fills up is not taken for one with another behind it.
    With facets to look for, a page may come short when enough has been looked through; its cursor then goes on.
    """
    found: list[Item] = []
    for _ in range(_MOST_QUERIES if having else 1):
        items, after = exchange.table.query(
            partition,
            attributes=_ATTRIBUTES,
            limit=_LOOKED_AT_AT_ONCE if having else limit + 1,
            after=after,
            having=having,
            **span,
        )
        found += items
        if len(found) > limit:
            return found[:limit], found[limit - 1]["sk"]["S"]
        if not after:
            break
    return found, after


def _tag(exchange: Exchange, items: list[Item], following: str) -> str:
    """The entity tag of a page of whole cards, from the packed cards, which are shorter and so quicker to hash."""
    if "fields" in exchange.parameters:
        return ""
    return sha256(b"".join([following.encode(), *[item["card"]["B"] for item in items]])).hexdigest()[:32]


def _cards(exchange: Exchange, items: list[Item]) -> str:
    cards = unpacked([item["card"]["B"] for item in items])
    if "fields" not in exchange.parameters:
        return cards
    from reading.selection import selected  # noqa: PLC0415 - most ask for cards as they are

    chosen = selected(json.loads(f"[{cards}]"), exchange.parameters["fields"])
    return json.dumps(chosen, ensure_ascii=False, separators=(",", ":"))[1:-1]
