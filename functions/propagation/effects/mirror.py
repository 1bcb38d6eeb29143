"""Tells the mirror which articles and fronts changed."""

from collections.abc import Sequence
from typing import Any

from content_api.names.mirror_paths import language_of
from content_store.stream import Record, front_changed_by, mirrored_by
from propagation.deployed import Deployed

QUEUE = "MIRROR_QUEUE"
# SQS takes turns with messages of different groups ("Amazon SQS fair queues"): an import into one language holds up no
# other.
GROUPED_BY = "group"


def messages(records: Sequence[Record], _deployed: Deployed) -> list[dict[str, Any]]:
    """A message for each write of an article, and one for each front, however many records name it."""
    articles = [each | {"group": language_of(each["shelf"])} for record in records for each in mirrored_by(record)]
    fronts = sorted({found for record in records if (found := front_changed_by(record))})
    return [*articles, *({"front": each, "group": each} for each in fronts)]
