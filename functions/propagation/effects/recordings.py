"""Copies recordings to where the edge reads them, once an article has them, and takes them from there."""

from collections.abc import Sequence
from typing import Any

from content_store.stream import Record, recordings_of
from propagation.deployed import Deployed

# Whoever empties it copies what readers get.
QUEUE = "COPY_QUEUE"


def messages(records: Sequence[Record], _deployed: Deployed) -> list[dict[str, Any]]:
    """A message for each recording, however many records name it."""
    named = dict.fromkeys("/".join(found) for record in records for found in recordings_of(record))
    return [{"recording": each} for each in named]
