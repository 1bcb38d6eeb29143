"""What Lambda starts for withdrawals alone: those in the table's stream, and those that wait in their own queue.

No import and no number of corrections holds them up: the stream gives them to this function by a mapping of their own,
their queue is their own, and ordinary purges leave room for them at the edge.
"""

import logging
import os
import time
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from content_api.aws import clients
from content_api.aws.batches import STREAM, each_of
from content_api.aws.failures import described, failing_plainly
from content_api.store.article_copies import Copies
from content_api.store.stream import Record, tombstone_of, withdrawn_by, written
from propagation.purges import MANY, ONCE_MORE_AFTER, Edge, EdgeFull, message, read_all, wait
from propagation.settings import WithdrawingSettings

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

_PAUSE = 5  # seconds, where the edge is full

_sqs: "SQSClient" = clients.client("sqs")
_settings = WithdrawingSettings.read(os.environ)
_edge = Edge(clients.client("cloudfront"), _settings.distribution)
_copies = Copies(clients.s3(), bucket=_settings.bucket)

logger = logging.getLogger(__name__)


@failing_plainly
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """By where the records come from. A record or message that fails comes again."""
    records: list[Record] = event["Records"]
    if records[0]["eventSource"] == "aws:sqs":
        return _purge_again(event, context)
    return _withdraw(event, context)


def _withdraw(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Tombstones first, so that the edge never fetches what the copies held before; then one purge for all, at once,
    and once more when no answer from before is on its way to the edge any more.
    """
    tags: set[str] = set()

    def withdrawn(record: Any) -> None:  # noqa: ANN401 - Powertools' DynamoDBRecord
        found = withdrawn_by(record.raw_event)
        if not found:  # whoever replays what was given up gives every record
            return
        tags.update(found)
        if tombstone := tombstone_of(record.raw_event):
            _copies.keep(tombstone)

    try:
        return each_of(event, context, STREAM, withdrawn, named=lambda record: written(record.raw_event))
    finally:  # a copy that fails comes again, and holds up no purge
        if tags:
            reference = sha256(" ".join(record["eventID"] for record in event["Records"]).encode()).hexdigest()
            again = message(tags, f"{reference} once more", at=time.time())
            wait(_sqs, _settings.queue, [again], seconds=ONCE_MORE_AFTER)
            try:
                _forget(tags, reference)
            except (EdgeFull, ClientError, BotoCoreError) as error:
                logger.warning("the edge did not take a withdrawal (%s): the queue asks again", described(error))
                wait(_sqs, _settings.queue, [message(tags, reference, at=time.time())], seconds=_PAUSE)


def _purge_again(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Where the edge is full they wait, however often. One that cannot be read fails alone."""
    messages, answer = read_all(event, context)
    if messages:
        _purge(messages)
    return answer


def _purge(messages: list[dict[str, Any]]) -> None:
    reference = " ".join(sorted({each["reference"] for each in messages}))
    try:
        _forget({tag for each in messages for tag in each["tags"]}, reference)
    except EdgeFull as error:
        logger.warning("the edge is full (%s): withdrawals wait", error)
        wait(_sqs, _settings.queue, messages, seconds=_PAUSE)


def _forget(tags: "frozenset[str] | set[str]", reference: str) -> None:
    if len(tags) > MANY:
        _edge.forget_everything(reference)
    else:
        _edge.forget(tags, reference)
