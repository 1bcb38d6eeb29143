"""CreateInvalidation and ListInvalidations of the simulated CloudFront, with its quotas.

It follows CloudFront's developer guide, "Concurrent invalidation request maximum" (3,000 paths may be in progress for a
distribution, and besides them 15 with a wildcard) and "What you need to know when invalidating tags" (a tag counts as a
path), and the API reference, "CreateInvalidation": a request with the reference of an earlier one is that earlier
request.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from content_api.aws import clients
from content_api.names.quotas import INVALIDATIONS_IN_PROGRESS, WILDCARDS_IN_PROGRESS


@dataclass
class Invalidation:
    """`items` are those of the request, such as `#article:en-a`. Times are in seconds."""

    items: list[str]
    reference: str
    at: float
    completed: float

    @property
    def wildcards(self) -> int:
        return sum("*" in item for item in self.items)


@dataclass
class Invalidations:
    """Has the two methods of boto3's client that propagation calls. `clock` gives seconds. A request is completed after
    `takes` seconds. With `is_throttling`, every call is refused. `forget` is called with each item of a request.
    """

    clock: Callable[[], float]
    takes: float = 10.0
    is_throttling: bool = False
    forget: Callable[[str], None] = lambda _item: None
    seen: list[Invalidation] | None = None  # an older answer of ListInvalidations, if a test sets one
    taken: list[Invalidation] = field(default_factory=list[Invalidation])
    refused: int = 0

    def create_invalidation(self, *, DistributionId: str, InvalidationBatch: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 - AWS's names
        assert DistributionId  # noqa: S101 - a simulation checks what it is asked
        items: list[str] = InvalidationBatch["Paths"]["Items"]
        assert InvalidationBatch["Paths"]["Quantity"] == len(items) == len(set(items))  # noqa: S101 - as above
        reference: str = InvalidationBatch["CallerReference"]
        if made := next((each for each in self.taken if each.reference == reference), None):
            assert made.items == items, "a reference of another request"  # noqa: S101 - as above
            return _answer(made)
        asked = Invalidation(items, reference, self.clock(), self.clock() + self.takes)
        going_on = self.in_progress()
        wildcards = sum(each.wildcards for each in going_on)
        paths = sum(len(each.items) - each.wildcards for each in going_on)
        if self.is_throttling:
            self._refuse("ThrottlingException")
        if (
            wildcards + asked.wildcards > WILDCARDS_IN_PROGRESS
            or paths + len(items) - asked.wildcards > INVALIDATIONS_IN_PROGRESS
        ):
            self._refuse("TooManyInvalidationsInProgress")
        self.taken.append(asked)
        for item in items:
            self.forget(item)
        return _answer(asked)

    def list_invalidations(self, *, DistributionId: str, MaxItems: str) -> dict[str, Any]:  # noqa: N803 - as above
        """The requests, the newest first."""
        assert DistributionId  # noqa: S101 - as above
        now = self.clock()
        newest = list(reversed(self.taken if self.seen is None else self.seen))[: int(MaxItems)]
        found = [{"Status": "InProgress" if each.completed > now else "Completed"} for each in newest]
        return {"InvalidationList": {"Items": found} if found else {}}

    @property
    def tags(self) -> list[set[str]]:
        """The cache tags of each request, or `/*` if it was for everything."""
        return [{item.removeprefix("#") for item in each.items} for each in self.taken]

    def in_progress(self) -> list[Invalidation]:
        now = self.clock()
        return [each for each in self.taken if each.completed > now]

    def _refuse(self, code: str) -> None:
        self.refused += 1
        raise clients.client("cloudfront").exceptions.from_code(code)({"Error": {"Code": code}}, "CreateInvalidation")


def _answer(made: Invalidation) -> dict[str, Any]:
    return {"Invalidation": {"Id": "I1", "CreateTime": dt.datetime.fromtimestamp(made.at, dt.UTC)}}
