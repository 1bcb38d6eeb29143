"""Handles a batch of records one by one. A record that fails comes again without the others."""

import logging
from collections.abc import Callable
from typing import Any, cast

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,  # pyright: ignore[reportUnknownVariableType] - loosely typed there
)

from content_api.aws.failures import log_failure

QUEUE = EventType.SQS
STREAM = EventType.DynamoDBStreams


def each_of(
    event: dict[str, Any],
    context: object,
    source: EventType,
    done: Callable[[Any], None],
    *,
    named: Callable[[Any], str] | None = None,
    expected: tuple[type[Exception], ...] = (),
) -> dict[str, Any]:
    """Calls `done` with each record as Powertools has it; returns which of them failed, as Lambda is told.

    Each failure leaves one line in the log, since Powertools logs none and Lambda counts none. `named` says what the
    record is about, such as a file's key, and its id is added; without it, the id stands alone. What is `expected`
    needs nobody's help, such as a partner's server that is down: it is logged as a warning, which no alarm counts.
    """

    def handled(record: Any) -> None:  # noqa: ANN401 - Powertools' record
        try:
            done(record)
        except Exception as error:
            level = logging.WARNING if isinstance(error, expected) else logging.ERROR
            log_failure(error, _name(record, source, named), level)
            raise

    # A processor keeps what it has done: one for each batch.
    processor = BatchProcessor(event_type=source, raise_on_entire_batch_failure=False)
    answer = process_partial_response(
        event=event, record_handler=handled, processor=processor, context=cast("Any", context)
    )
    return cast("dict[str, Any]", answer)


def _name(record: Any, source: EventType, named: Callable[[Any], str] | None) -> str:  # noqa: ANN401 - as above
    its_id = str(record.raw_event["messageId" if source is QUEUE else "eventID"])
    if named is None:
        return its_id
    try:
        return f"{named(record)} ({its_id})"
    except (AttributeError, LookupError, TypeError, ValueError):
        return its_id  # a message that nobody can read has no other name
