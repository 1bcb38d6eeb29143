"""Sends requests to one AWS service while a reader waits. Each thread has one kept-alive connection. boto3 is not used,
since importing it takes as long as a reader may wait.

A request is sent up to three times within the time that the reader may wait. It is repeated after failures that may
pass: a dropped or refused connection, no answer, a garbled answer, throttling, a 5xx. Where the service refuses a
signature because this machine's clock is wrong, the request is signed again with the service's time. No failure is
remembered for the next request, so a service that has recovered is used at once.
"""

from __future__ import annotations

import logging
import threading
import time

from content_api.aws.connection import Connection, Dropped, Refused, Unusual
from content_api.aws.failures import Tellable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from content_api.aws.endpoint import Endpoint

    type Reader[Content] = Callable[[bytes, dict[bytes, bytes]], Content]

logger = logging.getLogger(__name__)

_ATTEMPTS = 3
_PAUSE = 0.1  # seconds at most after the first refusal, twice that after the second
_SERVICES_OWN = 500  # errors from here on
# By how much a clock may be wrong before a signature does not count: 5 minutes, for S3 15 ("Troubleshoot signed
# requests" in the IAM user guide).
_TOLERATED = 240  # seconds


class StoreUnavailable(Tellable):
    """AWS did not give what was asked, and all that is of use has been tried. Says what and why, and no key."""


class Garbled(Exception):
    """An answer whose content is not what the service says; the message says why, and never what was asked."""


class Service:
    def __init__(self, name: str, endpoint: Endpoint, is_throttling: Callable[[Refused], bool]) -> None:
        """Opens nothing. Threads may share it."""
        self._name = name
        self._endpoint = endpoint
        self._is_throttling = is_throttling
        self._kept = threading.local()
        self._ahead = 0.0  # seconds of the service's clock before ours

    def connect(self, until: float) -> None:
        """Opens the connection early, in Lambda's init phase. A failure is ignored here: the first request meets it."""
        try:
            self._connection(until)
        except (OSError, Unusual):
            logger.info("no connection to %s ahead", self._name)

    def ask[Content](self, signed: Callable[[float], bytes], read: Reader[Content], until: float) -> Content:
        """Sends a request and returns what `read` makes of the body and headers of a 200; `read` raises Garbled where
        it cannot. `signed` makes the request, signed at the given time (seconds since 1970). `until` is the moment, of
        time.monotonic, at which this gives up.

        Raises StoreUnavailable where no attempt succeeds, Unusual, and Refused for an error that would come again.
        """
        failure = ""
        for attempt in range(_ATTEMPTS):
            now = time.monotonic()
            if now >= until:
                break
            # Only this connection may be silent. So the first attempt gets half of the time, and later ones all that is
            # left.
            limit = until if attempt else now + (until - now) / 2
            try:
                return read(*self._connection(limit).ask(signed(time.time() + self._ahead), until=limit))
            except Dropped:
                failure = "dropped"
            except Garbled as garbled:
                failure = f"garbled: {garbled}"
                self._kept.connection.close()
            except OSError as error:
                failure = type(error).__name__
                if isinstance(error, ConnectionRefusedError):
                    _pause(attempt, until)
            except Refused as refused:
                failure = str(refused)
                if refused.status >= _SERVICES_OWN or self._is_throttling(refused):
                    _pause(attempt, until)
                elif not self._took_its_time(refused):
                    raise
            logger.warning("%s, attempt %d: %s", self._name, attempt + 1, failure)
        raise StoreUnavailable(f"{self._name}: {failure or 'no time left'}")

    def _connection(self, until: float) -> Connection:
        connection: Connection | None = getattr(self._kept, "connection", None)
        if connection is None or not connection.is_open:
            endpoint = self._endpoint
            connection = Connection(endpoint.host, endpoint.port, endpoint.wrap, until=until)
            self._kept.connection = connection
        return connection

    def _took_its_time(self, refused: Refused) -> bool:
        """Whether our clock differs so much from the service's that the signature was refused for it. If so, the next
        attempt is signed with the service's time.
        """
        from email.utils import parsedate_to_datetime  # noqa: PLC0415 - clocks are right, but for this

        try:
            theirs = parsedate_to_datetime(refused.headers.get(b"date", b"").decode("latin-1")).timestamp()
        except ValueError:
            return False
        ahead = theirs - time.time()
        if abs(ahead - self._ahead) <= _TOLERATED:
            return False
        self._ahead = ahead
        return True


def _pause(attempt: int, until: float) -> None:
    """Waits a random time, so that clients do not all come back at once, and never longer than `until`."""
    from random import uniform  # noqa: PLC0415 - as above

    if attempt < _ATTEMPTS - 1:
        time.sleep(max(0.0, min(uniform(0.25, 1) * _PAUSE * 2**attempt, until - time.monotonic())))  # noqa: S311 - no secret
