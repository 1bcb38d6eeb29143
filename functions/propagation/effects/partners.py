"""Tells partners which articles changed."""

from collections.abc import Sequence
from typing import Any

from content_store.stream import Record, change_of
from propagation.deployed import Deployed
from propagation.webhooks import announcements

QUEUE = "WEBHOOK_QUEUE"


def messages(records: Sequence[Record], deployed: Deployed) -> list[dict[str, Any]]:
    changes = [change for record in records if (change := change_of(record))]
    return announcements(changes, deployed.endpoints.listed(), deployed.public_url) if changes else []
