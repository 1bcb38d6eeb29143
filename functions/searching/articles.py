"""GET /v1/search: the index says which articles may be meant, and the table what readers get of them.

Each hit is read from the table before it is shown, so an article that was withdrawn a second ago is in no answer,
however far the index is behind. Its highlights are made of the text that the table has now. The question is in no log
line.
"""

from __future__ import annotations

import json
import zlib
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from content_api.aws.dynamodb import MOST_ITEMS_AT_ONCE
from content_api.content.rendering import body_text
from content_api.names.cache_tags import article_tag, list_tag
from content_api.names.keys import facet
from content_api.reader_api.damage import UNREADABLE, left_out
from content_api.reader_api.parameters import bad_parameters
from content_search.highlights import highlights
from content_search.misspelt import corrected, query_near, unknown_in, without
from content_search.queries import query_of
from content_search.question import Question, read
from content_search.results import Found, search
from searching.current import current, indexes_of

if TYPE_CHECKING:
    from tantivy import Index, Query

    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

_DEFAULT_LIMIT = 20
_FURTHEST = 2_000  # hits that pages go through; beyond them, a question has to say more
_NARROWING = ("section", "tag", "author", "type")
_LOOKED_AT = 8  # articles, for what may have been meant
_MOST_VALUES = 50  # of a facet
_LARGEST_TEXT = 200_000  # characters of a body in which words are looked for


def get_found(exchange: Exchange) -> Response:
    """A page of cards, best first or newest first. A page that comes short, because articles were withdrawn since they
    were indexed, is filled from the hits that follow.
    """
    given = exchange.parameters
    language, limit = given["language"], given.get("limit", _DEFAULT_LIMIT)
    question = read(given["q"], language)
    asked = json.dumps([given[name] for name in sorted(given.keys() - {"cursor", "notice", "limit"})])
    first = _place(asked, given["cursor"]) if "cursor" in given else 0
    indexes = [] if question.is_empty else indexes_of(exchange, language)
    found = _found(exchange, indexes, question, first + limit)
    shown: list[dict[str, Any]] = []
    at = first
    while at < len(found.hits) and len(shown) < limit:
        window = found.hits[at : at + min(limit - len(shown), MOST_ITEMS_AT_ONCE)]
        shown += _with_highlights(exchange, [hit.id for hit in window], question)
        at += len(window)
    following = _cursor(asked, at) if at < len(found.hits) else None
    instead = None if found.total or not indexes else _corrected(exchange, indexes, question)
    members = {
        "articles": shown,
        "total": {"value": found.total, "is_exact": False},
        "facets": {name: _values(found, name) for name in given.get("facets", ())},
        "did_you_mean": instead.typed if instead else None,
        "next_cursor": following,
    }
    named = instead.ids if instead else [card["id"] for card in shown]
    tags = ",".join(map(article_tag, named)) or list_tag(language)
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))[1:-1]
    return exchange.answer(language, text, cache_tags=tags)


def _found(exchange: Exchange, indexes: list[Index], question: Question, needed: int) -> Found:
    """The first hits, more than are needed now. None for a question without a word, or a language without articles."""
    given = exchange.parameters
    if not indexes:
        return Found([], 0, {})
    return search(
        indexes,
        _query(exchange, question),
        first=min(needed + 2 * MOST_ITEMS_AT_ONCE, _FURTHEST),
        newest_first=given.get("order") == "-published",
        with_facets="facets" in given,
    )


def _query(exchange: Exchange, question: Question) -> Query:
    given = exchange.parameters
    return query_of(
        question,
        given["language"],
        facets=tuple(facet(name, given[name]) for name in _NARROWING if name in given),
        since=given.get("from"),
        until=given.get("to"),
    )


class _Corrected(NamedTuple):
    typed: str
    ids: list[str]  # of the articles in which it was looked for


def _corrected(exchange: Exchange, indexes: list[Index], question: Question) -> _Corrected | None:
    """What finds an article that readers have now, if words without a match are corrected."""
    typed, language = exchange.parameters["q"], exchange.parameters["language"]
    unknown = unknown_in(indexes, typed, question, language)
    if not unknown:
        return None
    query = query_near(_query(exchange, without(question, unknown)), unknown)
    hits = search(indexes, query, first=_LOOKED_AT, newest_first=False, with_facets=False).hits
    found = current(exchange, [hit.id for hit in hits], language)
    texts = ["\n".join(_texts(item, card).values()) for item, card in found]
    said = corrected(typed, unknown, texts, language)
    return _Corrected(said, [card["id"] for _, card in found]) if said else None


def _with_highlights(exchange: Exchange, ids: list[str], question: Question) -> list[dict[str, Any]]:
    language = exchange.parameters["language"]
    return [
        card | {"highlights": highlights(question, language, _texts(item, card))}
        for item, card in current(exchange, ids, language)
    ]


def _texts(item: Any, card: dict[str, Any]) -> dict[str, str]:  # noqa: ANN401 - typed attributes
    """The texts in which words are looked for. A document that is too large for an item has its body in S3: there the
    card says enough.
    """
    texts = {"headline": card["headline"], "standfirst": card["standfirst"] or ""}
    if "document" in item:
        try:
            body = json.loads(zlib.decompress(item["document"]["B"]))["body"]
            texts["body"] = body_text(body)[:_LARGEST_TEXT]
        except UNREADABLE:
            left_out("a body in the table")
    return texts


def _values(found: Found, name: str) -> list[dict[str, Any]]:
    """The values of a facet, the most frequent first."""
    counted = [(value, number) for value, number in found.facets.items() if value.startswith(f"{name}#")]
    counted.sort(key=lambda each: (-each[1], each[0]))
    return [{"value": value.partition("#")[2], "count": number} for value, number in counted[:_MOST_VALUES]]


def _cursor(asked: str, at: int) -> str:
    return f"{at:x}.{_check(asked, at)}"


def _place(asked: str, cursor: str) -> int:
    """Raises BadParameters for a cursor of another question."""
    at = int(cursor.partition(".")[0], 16)
    if cursor != _cursor(asked, at) or at > _FURTHEST:
        raise bad_parameters(("cursor", "cursor was given for another question, or altered: begin again without it"))
    return at


def _check(asked: str, at: int) -> str:
    return sha256(f"{asked}\n{at}".encode()).hexdigest()[:16]
