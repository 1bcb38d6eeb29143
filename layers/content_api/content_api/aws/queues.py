"""Sends messages to a queue in batches."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from content_api.aws.failures import Tellable
from content_api.names.quotas import MESSAGE_BYTES, MESSAGES_AT_ONCE

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

_LARGEST_BATCH = MESSAGE_BYTES * 3 // 4  # the rest is for what SQS adds to each message


class NotHandedOn(Tellable):
    """A queue did not take a message. What led to the messages comes again, and so do those that the queue did take:
    none may do harm when it comes twice.
    """


def hand_on(sqs: "SQSClient", queue: str, messages: Iterable[dict[str, Any]], *, grouped_by: str = "") -> None:
    """`grouped_by` is the member whose value is the group of a message, for a queue that takes turns with groups."""
    sent = [(json.dumps(each), each[grouped_by] if grouped_by else "") for each in messages]
    for batch in _batches(sent):
        entries: Any = [
            {"Id": str(at), "MessageBody": body} | ({"MessageGroupId": group} if group else {})
            for at, (body, group) in enumerate(batch)
        ]
        if sqs.send_message_batch(QueueUrl=queue, Entries=entries).get("Failed"):
            raise NotHandedOn(queue.rpartition("/")[2])


def _batches(sent: Iterable[tuple[str, str]]) -> Iterable[list[tuple[str, str]]]:
    """Puts bodies, each with its group, into batches that SQS takes, in their order. Bodies are ASCII: a character is a
    byte.
    """
    batch: list[tuple[str, str]] = []
    size = 0
    for body, group in sent:
        if batch and (len(batch) == MESSAGES_AT_ONCE or size + len(body) > _LARGEST_BATCH):
            yield batch
            batch, size = [], 0
        batch.append((body, group))
        size += len(body)
    if batch:
        yield batch
