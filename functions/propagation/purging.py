"""What Lambda starts for the queue of purges that may wait: corrections, fronts, breaking news."""

import os
import time
from typing import TYPE_CHECKING, Any

from content_api.aws import clients
from content_api.aws.failures import failing_plainly
from content_api.names.quotas import LONGEST_DELAY
from propagation.purges import MANY, MOST_TAGS, ONCE_IN, Edge, EdgeFull, read_all, wait
from propagation.settings import PurgingSettings

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

_PAUSE = 30  # seconds

_settings = PurgingSettings.read(os.environ)
_edge = Edge(clients.client("cloudfront"), _settings.distribution)
_sqs: "SQSClient" = clients.client("sqs")


@failing_plainly
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Purges for all messages of a batch together. A message that cannot be read fails alone. After an error, all
    messages come again.
    """
    messages, answer = read_all(event, context)
    if messages:
        _purge(messages)
    return answer


def _purge(messages: list[dict[str, Any]]) -> None:
    try:
        if _tags_waiting(messages) > MANY:
            _forget_everything(messages)
        else:
            _forget(messages)
    except EdgeFull:
        wait(_sqs, _settings.queue, messages, seconds=_PAUSE)


def _forget(messages: list[dict[str, Any]]) -> None:
    """Purges the tags of as many messages as CloudFront has room for. The other messages wait."""
    tags: set[str] = set()
    fitting: list[dict[str, Any]] = []
    most = _edge.free_requests() * MOST_TAGS
    for each in messages:
        if len(tags | set(each["tags"])) <= most:
            tags |= set(each["tags"])
            fitting.append(each)
    if tags:
        _edge.forget(tags, " ".join(sorted({each["reference"] for each in fitting})))
    wait(_sqs, _settings.queue, [each for each in messages if each not in fitting], seconds=_PAUSE)


def _forget_everything(messages: list[dict[str, Any]]) -> None:
    """Purges everything once for all who ask within ten minutes, since the reference of the request is the time. No
    such request is made in the next ten minutes, so two are never less than ten minutes apart. Messages for what was
    written after the request wait for the next one.
    """
    now = time.time()
    window, into = divmod(now, 2 * ONCE_IN)
    asked_at = _edge.forget_everything(f"everything {int(window)}") if into < ONCE_IN else 0.0
    later = [each for each in messages if each["at"] >= asked_at]
    # A message that comes back too early waits again.
    wait(_sqs, _settings.queue, later, seconds=min(int(2 * ONCE_IN - into) + 1, LONGEST_DELAY))


def _tags_waiting(messages: list[dict[str, Any]]) -> float:
    """How many tags wait: those in this batch, and an estimate for the queue. SQS tells how many messages the queue
    has, but not how many tags are in them, so the mean of this batch is assumed.
    """
    stated = _sqs.get_queue_attributes(QueueUrl=_settings.queue, AttributeNames=["ApproximateNumberOfMessages"])
    in_hand = sum(len(each["tags"]) for each in messages)
    return in_hand * (1 + int(stated["Attributes"]["ApproximateNumberOfMessages"]) / len(messages))
