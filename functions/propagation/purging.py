"""What Lambda starts for the queue of purges that may wait: corrections, fronts, breaking news."""

import os
import time
from typing import TYPE_CHECKING, Any

from content_api.aws import clients
from content_api.aws.batches import QUEUE, each_of
from content_api.aws.failures import failing_plainly
from content_api.aws.settings import optional, required
from propagation.purges import Edge, EdgeFull, read, wait

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

# From here on one `/*` is cheaper and quicker than a tag for each, and it is asked for once in ten minutes.
_MANY = 500  # messages in the queue
_ONCE_IN = 600  # seconds
_PAUSE = 30  # seconds

_queue = required(os.environ, "PURGE_QUEUE")
_edge = Edge(clients.client("cloudfront"), optional(os.environ, "DISTRIBUTION_ID"))
_sqs: "SQSClient" = clients.client("sqs")


@failing_plainly
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """All messages of a batch at once; one that cannot be read fails alone. What is raised brings them all again."""
    messages: list[dict[str, Any]] = []
    answer = each_of(event, context, QUEUE, lambda record: messages.append(read(record.body)))
    if messages:
        _purge(messages)
    return answer


def _purge(messages: list[dict[str, Any]]) -> None:
    try:
        if _waiting() > _MANY:
            _forget_everything(messages)
        elif _edge.has_room():
            reference = " ".join(sorted({each["reference"] for each in messages}))
            _edge.forget({tag for each in messages for tag in each["tags"]}, reference)
        else:
            wait(_sqs, _queue, messages, seconds=_PAUSE)
    except EdgeFull:
        wait(_sqs, _queue, messages, seconds=_PAUSE)


def _forget_everything(messages: list[dict[str, Any]]) -> None:
    """The time names the request, so that all who ask within ten minutes ask for one. What was written after it waits
    for the next.
    """
    now = time.time()
    window = int(now // _ONCE_IN)
    asked_at = _edge.forget_everything(f"everything {window}")
    later = [each for each in messages if each["at"] >= asked_at]
    wait(_sqs, _queue, later, seconds=int((window + 1) * _ONCE_IN - now) + 1)


def _waiting() -> int:
    stated = _sqs.get_queue_attributes(QueueUrl=_queue, AttributeNames=["ApproximateNumberOfMessages"])
    return int(stated["Attributes"]["ApproximateNumberOfMessages"])
