"""Sets of addresses as sorted, disjoint ranges of integers (the first and the last address).

netaddr's IPSet keeps a network for each power of two. That takes minutes for all networks that are announced on the
internet.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

type Range = tuple[int, int]


class Intervals:
    def __init__(self, ranges: Iterable[Range]) -> None:
        joined: list[Range] = []
        for first, last in sorted(ranges):
            if joined and first <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
            else:
                joined.append((first, last))
        self.ranges = joined
        self.size = sum(last - first + 1 for first, last in joined)
        self._firsts = [first for first, _ in joined]

    def __contains__(self, address: int) -> bool:
        at = bisect_right(self._firsts, address) - 1
        return at >= 0 and address <= self.ranges[at][1]

    def within(self, wanted: Range) -> Iterator[Range]:
        """The parts of the set in a range."""
        first, last = wanted
        for at in range(max(bisect_right(self._firsts, first) - 1, 0), len(self.ranges)):
            start, end = self.ranges[at]
            if start > last:
                return
            if end >= first:
                yield max(start, first), min(end, last)

    def covered(self, wanted: Range) -> int:
        """How many addresses of a range are in the set."""
        return sum(last - first + 1 for first, last in self.within(wanted))

    def without(self, other: "Intervals") -> "Intervals":
        left: list[Range] = []
        for first, last in self.ranges:
            start = first
            for held_first, held_last in other.within((first, last)):
                if held_first > start:
                    left.append((start, held_first - 1))
                start = held_last + 1
            if start <= last:
                left.append((start, last))
        return Intervals(left)
