"""What Lambda starts for the queue of messages to partners and to the WebSub hub."""

import json
import os
import random
import time
from typing import Any

from content_api.aws import clients
from content_api.aws.batches import QUEUE, each_of
from content_api.aws.failures import failing_plainly
from propagation.posting import DeliveryFailed, Poster
from propagation.settings import DeliveringSettings
from propagation.webhooks import Endpoints, Sender
from propagation.websub import Hub

_FIRST_PAUSE = 15  # seconds; doubled each time, so that eleven pauses take some eight hours
_LONGEST_PAUSE = 4 * 60 * 60

_sqs = clients.client("sqs")
_settings = DeliveringSettings.read(os.environ)
_sender = Sender(Endpoints(_settings.webhooks_secret), Poster(), clock=time.time)
_hub = Hub(_settings.hub, Poster())


@failing_plainly
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Sends the messages. One that fails comes again after longer and longer pauses, and then goes to the dead-letter
    queue.
    """
    return each_of(event, context, QUEUE, _sent, named=_name, expected=(DeliveryFailed,))


def _name(record: Any) -> str:  # noqa: ANN401 - Powertools' SQSRecord
    """The name of a message for the log: the partner, or the topic of the hub."""
    message = json.loads(record.body)
    return str(message["topic"] if "topic" in message else message["endpoint"])


def _sent(record: Any) -> None:  # noqa: ANN401 - Powertools' SQSRecord
    message = json.loads(record.body)
    try:
        if "topic" in message:
            _hub.tell(message["topic"])
        else:
            _sender.send(message)
    except DeliveryFailed:
        received = int(record.attributes.approximate_receive_count)
        pause = min(_FIRST_PAUSE * 2 ** (received - 1), _LONGEST_PAUSE)
        _sqs.change_message_visibility(
            QueueUrl=_settings.queue,
            ReceiptHandle=record.receipt_handle,
            VisibilityTimeout=round(pause * random.uniform(0.8, 1.2)),  # noqa: S311 - so that not all come at once
        )
        raise
