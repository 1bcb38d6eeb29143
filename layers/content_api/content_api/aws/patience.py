"""How long a reader's request waits for AWS, in all its calls together: who is not answered by then is told so.

DynamoDB has the first part, so that S3 still has time where DynamoDB gives nothing. Healthy, both answer within tens of
milliseconds; 100 ms of the second that a reader may have to wait are left for the function itself.
"""

from __future__ import annotations

import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 0.9
_OF_DYNAMODB = 0.6  # of all of it
_LEAST_OF_S3 = 0.3  # likewise, whatever has been used before


class Patience:
    """Of one function; each thread answers one reader at a time."""

    __slots__ = ("_clock", "_kept", "_seconds")

    def __init__(self, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._kept = threading.local()

    def begin(self) -> None:
        """A reader has asked. Where nobody ever did, each call has the whole time."""
        self._kept.began = self._clock()

    def for_dynamodb(self) -> float:
        """The moment (of time.monotonic) by which it must have answered."""
        return self._began() + self._seconds * _OF_DYNAMODB

    def for_s3(self) -> float:
        return max(self._began() + self._seconds, self._clock() + self._seconds * _LEAST_OF_S3)

    def _began(self) -> float:
        began: float | None = getattr(self._kept, "began", None)
        return self._clock() if began is None else began
