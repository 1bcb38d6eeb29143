"""Batches of records of which each is done or comes again by itself."""

from collections.abc import Callable
from typing import Any, cast

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,  # pyright: ignore[reportUnknownVariableType] - loosely typed there
)

QUEUE = EventType.SQS
STREAM = EventType.DynamoDBStreams


def each_of(event: dict[str, Any], context: object, source: EventType, done: Callable[[Any], None]) -> dict[str, Any]:
    """Calls `done` with each record as Powertools has it; returns which of them failed, as Lambda is told."""
    # A processor keeps what it has done: one for each batch.
    processor = BatchProcessor(event_type=source, raise_on_entire_batch_failure=False)
    answer = process_partial_response(
        event=event, record_handler=done, processor=processor, context=cast("Any", context)
    )
    return cast("dict[str, Any]", answer)
