"""Tells the search index which articles changed, and in which of its shards."""

from collections.abc import Sequence
from typing import Any

from content_store.stream import Record, indexed_by
from propagation.deployed import Deployed

QUEUE = "INDEX_QUEUE"
# SQS takes turns with messages of different groups ("Amazon SQS fair queues"): an import into one shard holds up no
# other.
GROUPED_BY = "shard"


def messages(records: Sequence[Record], _deployed: Deployed) -> list[dict[str, Any]]:
    """A message for each article in each shard, however many records name it."""
    named = {(each["article"], each["shard"]): each for record in records for each in indexed_by(record)}
    return [*named.values()]
