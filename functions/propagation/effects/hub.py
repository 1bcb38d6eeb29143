"""A WebSub hub is told which feeds changed."""

from collections.abc import Sequence
from typing import Any

from content_api.store.stream import Record
from propagation.deployed import Deployed
from propagation.websub import topics_of

# A message of its own for each topic, delivered with the care that partners' messages have.
QUEUE = "WEBHOOK_QUEUE"


def messages(records: Sequence[Record], deployed: Deployed) -> list[dict[str, Any]]:
    """None where there is no hub. One for each topic: not every hub takes more than one at a time."""
    if not deployed.hub:
        return []
    return [{"topic": topic} for topic in topics_of(records, deployed.public_url)]
