"""Tells a WebSub hub which feeds changed; the hub tells their subscribers. WebSub does not say how a publisher tells
the hub, so this does what hubs accept: PubSubHubbub 0.3, section 7.1.
"""

import logging
from collections.abc import Iterable
from urllib.parse import urlencode

from content_api.names.feed_addresses import feed_addresses
from content_store.stream import Record, feed_list_of
from propagation.posting import DeliveryFailed, Poster, is_success

_FORM = {"content-type": "application/x-www-form-urlencoded", "user-agent": "content-api-websub"}

logger = logging.getLogger(__name__)


def topics_of(records: Iterable[Record], public_url: str) -> list[str]:
    """The addresses of the feeds that the writes may have changed, in the form in which the feeds state them, each
    once.
    """
    lists = {found for record in records if (found := feed_list_of(record))}
    return [address for language, facet in sorted(lists) for address in feed_addresses(public_url, language, facet)]


class Hub:
    def __init__(self, url: str, poster: Poster) -> None:
        """`url` is empty if there is no hub. Messages for a hub that was removed are then dropped."""
        self._url = url
        self._poster = poster

    def tell(self, topic: str) -> None:
        """Raises DeliveryFailed."""
        if not self._url:
            logger.warning("there is no hub any more to be told of changes")
            return
        body = urlencode({"hub.mode": "publish", "hub.url": topic}).encode()
        status = self._poster.post(self._url, body, _FORM)
        if not is_success(status):
            raise DeliveryFailed(f"the hub answered {status}")
