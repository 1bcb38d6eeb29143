"""What EventBridge Scheduler starts when the time of an article has come."""

import datetime as dt
import os
import time
from typing import Any

from content_api.aws import clients
from content_api.aws.failures import Tellable, failing_plainly
from content_api.names.instants import parsed
from content_store.articles import ArticleStore
from content_store.errors import VersionConflict
from content_store.settings import StoreSettings
from publishing.embargoes import publish_due

_LONGEST_EARLY = 5  # seconds by which clocks may differ
_ATTEMPTS = 5

_settings = StoreSettings.read(os.environ)
_store = ArticleStore(clients.dynamodb(), clients.s3(), table=_settings.table, bucket=_settings.bucket)


class TooEarly(Tellable):
    """The time has not come yet. The scheduler tries again a minute later."""


@failing_plainly
def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Publishes an article. `event` has `article_id` and `publish_at`. After an error, Lambda tries twice more, and
    then keeps the event as a dead letter.
    """
    publish_at = parsed(event["publish_at"])
    early = (publish_at - dt.datetime.now(dt.UTC)).total_seconds()
    if early > _LONGEST_EARLY:
        raise TooEarly(event["publish_at"])
    time.sleep(max(0.0, early))
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return {"published": publish_due(_store, event["article_id"], publish_at, now=dt.datetime.now(dt.UTC))}
        except VersionConflict:
            # An editor has just changed the article. Their new version is the one to publish.
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")
