"""Tells a WebSub hub which feeds changed."""

from collections.abc import Sequence
from typing import Any

from content_store.stream import Record
from propagation.deployed import Deployed
from propagation.websub import topics_of

# Messages to the hub are retried as messages to partners are.
QUEUE = "WEBHOOK_QUEUE"


def messages(records: Sequence[Record], deployed: Deployed) -> list[dict[str, Any]]:
    """A message for each topic, since not every hub takes several at a time. None if there is no hub."""
    if not deployed.hub:
        return []
    return [{"topic": topic} for topic in topics_of(records, deployed.public_url)]
