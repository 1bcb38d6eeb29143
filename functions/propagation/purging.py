"""What Lambda starts for the queue of purges that may wait: corrections, fronts, breaking news."""

import os
import time
from typing import TYPE_CHECKING, Any

from content_api.aws import clients
from content_api.aws.failures import failing_plainly
from propagation.purges import MANY, MOST_TAGS, ONCE_IN, Edge, EdgeFull, read_all, wait
from propagation.settings import PurgingSettings

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

_PAUSE = 30  # seconds
_LONGEST_DELAY = 900  # seconds, of a message (SQS's developer guide, "Amazon SQS message quotas")

_settings = PurgingSettings.read(os.environ)
_edge = Edge(clients.client("cloudfront"), _settings.distribution)
_sqs: "SQSClient" = clients.client("sqs")


@failing_plainly
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """All messages of a batch at once; one that cannot be read fails alone. What is raised brings them all again."""
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
    """As many as there is room for; the others wait."""
    tags: set[str] = set()
    fitting: list[dict[str, Any]] = []
    most = _edge.room() * MOST_TAGS
    for each in messages:
        if len(tags | set(each["tags"])) <= most:
            tags |= set(each["tags"])
            fitting.append(each)
    if tags:
        _edge.forget(tags, " ".join(sorted({each["reference"] for each in fitting})))
    wait(_sqs, _settings.queue, [each for each in messages if each not in fitting], seconds=_PAUSE)


def _forget_everything(messages: list[dict[str, Any]]) -> None:
    """The time names the request, so that all who ask within ten minutes ask for one. It is asked for in every other
    ten minutes, so that two never follow one another within ten. What was written after it, or in between, waits for
    the next.
    """
    now = time.time()
    window, into = divmod(now, 2 * ONCE_IN)
    asked_at = _edge.forget_everything(f"everything {int(window)}") if into < ONCE_IN else 0.0
    later = [each for each in messages if each["at"] >= asked_at]
    # SQS delays a message by 15 minutes at most; whoever comes too early waits again.
    wait(_sqs, _settings.queue, later, seconds=min(int(2 * ONCE_IN - into) + 1, _LONGEST_DELAY))


def _tags_waiting(messages: list[dict[str, Any]]) -> float:
    """Those in hand, and by their mean those in the queue, which tells how many messages it has and not how large."""
    stated = _sqs.get_queue_attributes(QueueUrl=_settings.queue, AttributeNames=["ApproximateNumberOfMessages"])
    in_hand = sum(len(each["tags"]) for each in messages)
    return in_hand * (1 + int(stated["Attributes"]["ApproximateNumberOfMessages"]) / len(messages))
