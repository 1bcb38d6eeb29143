"""What Lambda starts for pictures, recordings and captions uploaded under `originals/`. S3 tells EventBridge, and a
rule puts the event into a queue.
"""

import json
import os
from typing import Any

from content_api.aws import clients
from content_api.aws.batches import QUEUE, each_of
from content_api.aws.failures import failing_plainly
from content_store.media import MediaRecords
from imaging.intake import Intake, Uploaded
from imaging.settings import ImagingSettings

_ATTEMPTS = 4  # one less than the queue makes before the message is a dead letter (template.yaml)

_settings = ImagingSettings.read(os.environ)
_intake = Intake(
    MediaRecords(clients.dynamodb(), table=_settings.table),
    clients.s3(),
    bucket=_settings.bucket,
    libraries=_settings.libraries,
)


@failing_plainly
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Takes in the uploads. A record that fails comes again without the others. After the last attempt, its file is
    rejected.
    """
    return each_of(event, context, QUEUE, _take_in, named=_key)


def _key(record: Any) -> str:  # noqa: ANN401 - Powertools' SQSRecord
    return str(json.loads(record.body)["detail"]["object"]["key"])


def _take_in(record: Any) -> None:  # noqa: ANN401 - Powertools' SQSRecord
    stated = json.loads(record.body)["detail"]["object"]
    uploaded = Uploaded(stated["key"], stated["version-id"])
    before = int(record.attributes.approximate_receive_count) - 1
    if before < _ATTEMPTS:
        _intake.take(uploaded)
    else:
        _intake.give_up(uploaded, before)
