"""Messages into a queue, as many at once as it takes."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from content_api.aws.failures import Tellable

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

_AT_ONCE = 10  # messages that SendMessageBatch takes
_LARGEST_BATCH = 200_000  # bytes, of the 262,144 that it takes together


class NotHandedOn(Tellable):
    """Some queue did not take a message; the records come again, for all effects: none minds the same twice."""


def hand_on(sqs: "SQSClient", queue: str, messages: Iterable[dict[str, Any]]) -> None:
    for group in _groups(map(json.dumps, messages)):
        entries: Any = [{"Id": str(at), "MessageBody": body} for at, body in enumerate(group)]
        if sqs.send_message_batch(QueueUrl=queue, Entries=entries).get("Failed"):
            raise NotHandedOn(queue.rpartition("/")[2])


def _groups(bodies: Iterable[str]) -> Iterable[list[str]]:
    """In their order, each as small as a batch may be; JSON is ASCII here."""
    group: list[str] = []
    for body in bodies:
        if group and (len(group) == _AT_ONCE or sum(map(len, group)) + len(body) > _LARGEST_BATCH):
            yield group
            group = []
        group.append(body)
    if group:
        yield group
