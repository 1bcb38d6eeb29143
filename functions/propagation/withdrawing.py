"""What Lambda starts for withdrawals: those in the table's stream, and those that wait in their own queue.

Imports and corrections never delay them, however many there are: the stream has a mapping for this function alone, the
queue is for withdrawals alone, and ordinary purges leave room for them at CloudFront.
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
from content_api.aws.queues import NotHandedOn, hand_on
from content_store.article_copies import Copies
from content_store.published_recordings import PublishedRecordings
from content_store.stream import Record, indexed_by, mirrored_by, recordings_of, tombstone_of, withdrawn_by, written
from propagation.purges import MANY, ONCE_MORE_AFTER, Edge, EdgeFull, message, read_all, wait
from propagation.settings import WithdrawingSettings

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

_PAUSE = 5  # seconds until a purge is tried again

_sqs: "SQSClient" = clients.client("sqs")
_settings = WithdrawingSettings.read(os.environ)
_edge = Edge(clients.client("cloudfront"), _settings.distribution)
_recordings = PublishedRecordings(clients.dynamodb(), clients.s3(), table=_settings.table, bucket=_settings.bucket)
_copies = Copies(clients.s3(), bucket=_settings.bucket)

logger = logging.getLogger(__name__)


@failing_plainly
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Handles a batch from the stream or from the queue. A record or message that fails comes again."""
    records: list[Record] = event["Records"]
    if records[0]["eventSource"] == "aws:sqs":
        return _purge_again(event, context)
    return _withdraw(event, context)


def _withdraw(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Puts the tombstones into S3 first, so that the edge can never fetch the withdrawn text from the copies, and takes
    recordings from there that no article has any more. Then it
    purges all tags at once, and a second time later: an answer from before the withdrawal may still be on its way to
    the edge at the first purge.
    """
    tags: set[str] = set()
    indexed: list[dict[str, Any]] = []
    mirrored: list[dict[str, Any]] = []
    withheld: list[dict[str, Any]] = []

    def withdrawn(record: Any) -> None:  # noqa: ANN401 - Powertools' DynamoDBRecord
        found = withdrawn_by(record.raw_event)
        if not found:  # `operations replay` sends every record
            return
        tags.update(found)
        indexed.extend(indexed_by(record.raw_event))
        mirrored.extend(mirrored_by(record.raw_event))
        if tombstone := tombstone_of(record.raw_event):
            _copies.keep(tombstone)
        for media_id, name in recordings_of(record.raw_event):
            _recordings.withhold(media_id, name)
            withheld.append({"recording": f"{media_id}/{name}"})

    try:
        return each_of(event, context, STREAM, withdrawn, named=lambda record: written(record.raw_event))
    finally:  # a copy that fails comes again, and must not delay the purge
        if tags:
            reference = sha256(" ".join(record["eventID"] for record in event["Records"]).encode()).hexdigest()
            again = message(tags, f"{reference} once more", at=time.time())
            wait(_sqs, _settings.queue, [again], seconds=ONCE_MORE_AFTER)
            wait(_sqs, _settings.copy_queue, withheld, seconds=ONCE_MORE_AFTER)
            try:
                _forget(tags, reference)
            except (EdgeFull, ClientError, BotoCoreError) as error:
                logger.warning("the edge did not take a withdrawal (%s): the queue asks again", described(error))
                wait(_sqs, _settings.queue, [message(tags, reference, at=time.time())], seconds=_PAUSE)
            _tell("index", _settings.index_queue, indexed)
            _tell("mirror", _settings.mirror_queue, mirrored)


def _tell(whom: str, queue: str, messages: list[dict[str, Any]]) -> None:
    """Tells the search index or the mirror, ahead of others. The messages have a group of their own, so that SQS lets
    them pass what an import puts into the same queue. A failure is only logged: the other mapping tells both, too.
    """
    try:
        hand_on(_sqs, queue, ({**each, "group": "withdrawn"} for each in messages), grouped_by="group")
    except (NotHandedOn, ClientError, BotoCoreError) as error:
        logger.warning("the %s is not told of a withdrawal ahead of others: %s", whom, described(error))


def _purge_again(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Purges for messages of the queue. While the edge is full they wait, without limit. A message that cannot be read
    fails alone.
    """
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
