"""Asks the shards of a language, and puts their hits in one order."""

from dataclasses import dataclass
from typing import Any, cast

from tantivy import Index, Order, Query


@dataclass(frozen=True, slots=True)
class Hit:
    id: str
    version: int
    rank: float


@dataclass(frozen=True, slots=True)
class Found:
    hits: list[Hit]
    total: int
    facets: dict[str, int]


def search(indexes: list[Index], query: Query, *, first: int, newest_first: bool, with_facets: bool) -> Found:
    """The first hits of all shards together, best or newest first. Facets are counted by value, in all shards."""
    hits: list[Hit] = []
    total = 0
    counted: dict[str, int] = {}
    for index in indexes:
        searcher = index.searcher()
        wanted = min(first, searcher.num_docs)
        if not wanted:
            continue
        if newest_first:
            found = searcher.search(query, limit=wanted, order_by_field="published", order=Order.Desc)
        else:
            found = searcher.search(query, limit=wanted)
        total += _number(found)
        for rank, address in found.hits:
            kept = searcher.doc(address)
            hits.append(Hit(kept["id"][0], kept["version"][0], float(rank)))
        if with_facets:
            answer = cast("Any", searcher.aggregate(query, _FACETS))  # pyright: ignore[reportUnknownMemberType] - JSON
            for bucket in answer["facets"]["buckets"]:
                counted[bucket["key"]] = counted.get(bucket["key"], 0) + bucket["doc_count"]
    hits.sort(key=lambda hit: (-hit.rank, hit.id))
    # An article whose date was changed may stand in two shards for a while.
    alone = list({hit.id: hit for hit in reversed(hits)}.values())[::-1]
    return Found(alone[:first], total, counted)


def _number(found: Any) -> int:  # noqa: ANN401 - its type does not say that it has a count
    return found.count or 0


_FACETS = {"facets": {"terms": {"field": "facet", "size": 500}}}
