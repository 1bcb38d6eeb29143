"""How long one reader's request may wait for AWS, all calls together. After that the reader gets a 503.

DynamoDB gets the first part of the time, so that S3 still has some where DynamoDB does not answer. Normally both answer
within tens of milliseconds. A reader waits one second at most; 100 ms of it are left for the function itself.
"""

from __future__ import annotations

import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 0.9
_OF_DYNAMODB = 0.6  # share of the whole time
_LEAST_OF_S3 = 0.3  # share of the whole time that S3 always has
_OF_NEWS = 0.2  # share of the whole time that S3 has to say whether something has changed


class Patience:
    """One function's clock for waiting. Each thread answers one reader at a time and has its own start."""

    __slots__ = ("_clock", "_kept", "_seconds")

    def __init__(self, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._kept = threading.local()

    def begin(self) -> None:
        """Starts the time of a request. If this was never called, each call to AWS has the whole time."""
        self._kept.began = self._clock()

    def for_dynamodb(self) -> float:
        """The moment (of time.monotonic) by which it must have answered."""
        return self._began() + self._seconds * _OF_DYNAMODB

    def for_s3(self) -> float:
        return max(self._began() + self._seconds, self._clock() + self._seconds * _LEAST_OF_S3)

    def for_news(self) -> float:
        """The moment by which S3 must have said whether something has changed. What was there before serves as well,
        so the rest of the time is for DynamoDB.
        """
        return self._began() + self._seconds * _OF_NEWS

    def _began(self) -> float:
        began: float | None = getattr(self._kept, "began", None)
        return self._clock() if began is None else began
