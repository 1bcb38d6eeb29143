"""Purges from the edge the answers that would otherwise be wrong for minutes."""

import time
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from content_store.stream import Record, purged_by
from propagation.deployed import Deployed
from propagation.purges import MOST_TAGS, message

QUEUE = "PURGE_QUEUE"


def messages(records: Sequence[Record], _deployed: Deployed) -> list[dict[str, Any]]:
    """Messages with all cache tags of the batch. None if nothing must be purged."""
    tags = sorted(frozenset[str]().union(*map(purged_by, records)))
    reference = sha256(" ".join(record["eventID"] for record in records).encode()).hexdigest()
    parts = [tags[at : at + MOST_TAGS] for at in range(0, len(tags), MOST_TAGS)]
    return [message(part, reference, at=time.time()) for part in parts]
