"""`GET /v1/newsletters/{id}/digest`: what a newsletter has had since a time, for whoever sends it by mail: as HTML, or
as text. Every notice comes first, since nobody knows where the mail is read. Nothing in it is loaded from a host, so
that opening the mail tells nobody.
"""

from __future__ import annotations

import json
from html import escape

from content_api.content.direction import direction
from content_api.http.problems import Problem
from content_api.http.response import PAGE
from content_api.names.cache_tags import TAG_HEADER, list_tag
from content_api.names.keys import NEWSLETTERS, article_key, catalogue_key, facet, fits_keys, list_partition
from content_api.reader_api.damage import cards_of
from content_api.reader_api.page_notices import as_html
from syndication import notices as notices_of
from syndication.feeds.entries import position_of
from syndication.uris import uri

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange
    from content_api.reader_api.page_notices import Notice

    type Card = dict[str, Any]

MOST_BYTES = 100_000  # of a digest: some mail programs cut off what is longer
_MOST_CARDS = 100  # as many as BatchGetItem gives
_FOR_THE_END = 2_000  # bytes of MOST_BYTES


def get_digest(exchange: Exchange) -> Response:
    """The newest first. If not all fit, the header `Link` leads to the next part. Raises Problem."""
    asked = exchange.parameters
    language, name = asked["language"], exchange.request.path_parameters.get("id", "")
    title, listed = _newsletter(exchange, language, name)
    found, last = exchange.table.query(
        list_partition(language, listed),
        attributes="sk",
        limit=_MOST_CARDS,
        lowest=asked["since"],
        after=asked.get("before", ""),
        newest_first=True,
    )
    cards = _cards(exchange, [each["sk"]["S"].rpartition("#")[2] for each in found])
    due = notices_of.always(exchange, language)
    is_text = asked.get("as") == "text"
    opening = _opening_text(due, title) if is_text else _opening_html(due, title, language)
    pieces: list[str] = []
    size = len(opening.encode()) + _FOR_THE_END
    for card in cards:
        piece = _piece_of_text(exchange, card) if is_text else _piece_of_html(exchange, card)
        size += len(piece.encode())
        if size > MOST_BYTES:
            break
        pieces.append(piece)
    is_cut = len(pieces) < len(cards) or bool(last)
    body = opening + "".join(pieces) + ("" if is_text else "</main></body></html>")
    headers = {"content-language": language, TAG_HEADER: list_tag(language, listed)}
    headers |= {"content-type": "text/plain; charset=utf-8"} if is_text else PAGE
    if is_cut and found:
        place = position_of(cards[len(pieces) - 1]) if 0 < len(pieces) < len(cards) else found[-1]["sk"]["S"]
        headers["link"] = f'<{_next(exchange, place)}>; rel="next"'
    return exchange.whole(body, headers, is_due=True)


def _newsletter(exchange: Exchange, language: str, name: str) -> tuple[str, str]:
    """The newsletter's name as its articles have it, and the facet of its list."""
    item = exchange.table.get_item(catalogue_key(NEWSLETTERS, language, name), "entry") if fits_keys(name) else None
    if item is None:
        raise Problem("newsletter-not-found", f"There is no newsletter of this name in {language}.")
    return str(json.loads(item["entry"]["S"])["name"]), facet("newsletter", name)


def _cards(exchange: Exchange, ids: list[str]) -> list[Card]:
    """The cards of articles, in this order. The list of a newsletter has none of its own."""
    found = exchange.table.get_items([article_key(each) for each in ids], "card") if ids else []
    cards = {card["id"]: card for card in cards_of([each for each in found if "card" in each])}
    return [cards[each] for each in ids if each in cards]


def _next(exchange: Exchange, position: str) -> str:
    from urllib.parse import quote, urlencode  # noqa: PLC0415 - few digests are so long

    asked = {
        each: exchange.request.query[each] for each in ("language", "since", "as") if each in exchange.request.query
    }
    path = f"/v1/newsletters/{quote(exchange.request.path_parameters['id'], safe='')}/digest"
    return f"{path}?{urlencode(asked | {'before': position})}"


def _opening_text(due: list[Notice], title: str) -> str:
    return f"{notices_of.as_text(due)}\n\n\n{title}\n"


def _opening_html(due: list[Notice], title: str, language: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="{escape(language)}" dir="{direction(language)}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head><body>{as_html(due)}<main><h1>{escape(title)}</h1>"
    )


def _piece_of_text(exchange: Exchange, card: Card) -> str:
    said = [card["headline"], *([card["standfirst"]] if card["standfirst"] else []), _address(exchange, card)]
    return "\n" + "\n".join(said) + "\n"


def _piece_of_html(exchange: Exchange, card: Card) -> str:
    said = f"<p>{escape(card['standfirst'])}</p>" if card["standfirst"] else ""
    return f'<h2><a href="{escape(_address(exchange, card))}">{escape(card["headline"])}</a></h2>{said}'


def _address(exchange: Exchange, card: Card) -> str:
    return uri(card["url"]) if card["url"] else f"{exchange.settings.public_url}/embed/articles/{card['id']}"
