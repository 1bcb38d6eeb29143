"""Reads a page from one list of cards, or from several lists as if they were one, in the order of time.

All lists sort by the same keys, a time and the id of an article. So one cursor is a place in all of them, and an
article that stands on two of the lists is found twice in a row. Lists are read piece by piece, as far as the page goes.
The number of queries is bounded: a page that would take more of them ends early, and its cursor goes on from there.
"""

from __future__ import annotations

from operator import itemgetter

from content_api.names.keys import ALL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from content_api.aws.dynamodb import Item, Table

MARKS = "<=+"  # what may stand before the place in a cursor
MOST_LISTS = 30  # that one page is put together from; not fewer than the languages that a request may name
_MORE_QUERIES = 3  # than one for each list
_LOOKED_AT_AT_ONCE = 200  # items, of all lists together, where most may not fit
_FEWEST_AT_ONCE = 25
_ATTRIBUTES = "sk card"


# What stands before the place in a cursor. Nothing: the page goes on behind the place.
_BACK, _BACK_FROM, _ON_FROM = MARKS  # backwards from before the place; backwards, and onwards, with it


class Stretch:
    """A part of the lists, and the way through it. `lowest` and `highest` are sort keys, both included. Reading begins
    behind `after`, if that is not empty. Of each group of facets in `having`, an article has at least one.
    """

    __slots__ = ("after", "having", "highest", "lowest", "newest_first")

    def __init__(
        self,
        lowest: str,
        highest: str,
        *,
        newest_first: bool,
        having: tuple[tuple[str, ...], ...] = (),
        after: str = "",
    ) -> None:
        self.lowest = lowest
        self.highest = highest
        self.newest_first = newest_first
        self.having = having
        self.after = after

    def beginning(self, position: str, *, is_back: bool, is_included: bool) -> Stretch:
        """The same stretch from a position on, or backwards from there."""
        newest_first = self.newest_first != is_back
        lowest, highest, after = self.lowest, self.highest, position
        if is_included:
            lowest, highest, after = (lowest, position, "") if newest_first else (position, highest, "")
        return Stretch(lowest, highest, newest_first=newest_first, having=self.having, after=after)


def chosen(facets: list[tuple[str, ...]], languages: int) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The facets whose lists are read, and those by which they are filtered. The first that are not too many lists are
    read, usually the narrowest; where all are too many, the lists of whole languages.
    """
    for at, each in enumerate(facets):
        if len(each) * languages <= MOST_LISTS:
            return each, facets[:at] + facets[at + 1 :]
    return (ALL,), facets


def turned(
    table: Table, partitions: list[str], stretch: Stretch, place: str, limit: int
) -> tuple[list[Item], str, str]:
    """The items of the page that a cursor's place leads to; and the places of the next page and of the previous one,
    empty where there is none. The first page has an empty place.
    """
    if not place:
        found, last = page(table, partitions, stretch, limit)
        return found, last, ""
    mark, position = (place[0], place[1:]) if place[0] in MARKS else ("", place)
    is_back, is_included = mark in {_BACK, _BACK_FROM}, mark in {_BACK_FROM, _ON_FROM}
    begun = stretch.beginning(position, is_back=is_back, is_included=is_included)
    found, last = page(table, partitions, begun, limit)
    if is_back:
        found.reverse()
        beside = position if is_included else f"{_ON_FROM}{position}"
        return found, found[-1]["sk"]["S"] if found else beside, last and f"{_BACK}{last}"
    beside = f"{_BACK if is_included else _BACK_FROM}{position}"
    return found, last, f"{_BACK}{found[0]['sk']['S']}" if found else beside


def page(table: Table, partitions: list[str], stretch: Stretch, limit: int) -> tuple[list[Item], str]:
    """The items, and the sort key to go on behind; empty at the end of all lists. It looks at one item more than
    `limit`, so that a page which is exactly full does not promise another.
    """
    reader = _Reader(table, stretch, len(partitions), limit)
    walks = [reader.walk(partition) for partition in partitions]
    if len(walks) == 1:
        merged = walks[0]
    else:
        from heapq import merge  # noqa: PLC0415 - most ask for one list

        merged = merge(*walks, key=itemgetter(0), reverse=stretch.newest_first)
    found: list[Item] = []
    last = ""
    for position, item in merged:
        if item is None:
            return found, position
        if position == last:
            continue
        if len(found) == limit:
            return found, last
        found.append(item)
        last = position
    return found, ""


class _Reader:
    """Walks through lists with a number of queries that they share."""

    __slots__ = ("_at_once", "_left", "_stretch", "_table")

    def __init__(self, table: Table, stretch: Stretch, lists: int, limit: int) -> None:
        self._table = table
        self._stretch = stretch
        self._left = _MORE_QUERIES
        if stretch.having:
            self._at_once = max(_LOOKED_AT_AT_ONCE // lists, min(_FEWEST_AT_ONCE, _LOOKED_AT_AT_ONCE))
        else:
            self._at_once = limit + 1 if lists == 1 else limit // 2 + 1

    def walk(self, partition: str) -> Iterator[tuple[str, Any]]:
        """The items of a list with their sort keys. Where the queries end before the list does, the last sort key that
        was read comes with None: nothing behind it is known.
        """
        stretch, after = self._stretch, self._stretch.after
        while True:
            items, after = self._table.query(
                partition,
                attributes=_ATTRIBUTES,
                limit=self._at_once,
                lowest=stretch.lowest,
                highest=stretch.highest,
                after=after,
                newest_first=stretch.newest_first,
                having=stretch.having,
            )
            for item in items:
                yield item["sk"]["S"], item
            if not after:
                return
            if not self._left:
                yield after, None
                return
            self._left -= 1
