"""Copies articles and fronts to S3, where they are read when the table does not answer."""

from collections.abc import Sequence
from typing import Any

from content_store.stream import Record, article_changed_by, front_changed_by
from propagation.deployed import Deployed

QUEUE = "COPY_QUEUE"


def messages(records: Sequence[Record], _deployed: Deployed) -> list[dict[str, Any]]:
    """A message for each article and each front, however many records name it."""
    articles = dict.fromkeys(found for record in records if (found := article_changed_by(record)))
    fronts = sorted({found for record in records if (found := front_changed_by(record))})
    return [*({"article": each} for each in articles), *({"front": each} for each in fronts)]
