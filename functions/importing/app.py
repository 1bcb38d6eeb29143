"""What Lambda starts for files dropped under `incoming/`. S3 tells EventBridge, and a rule puts the event into a
queue.
"""

import json
import os
from typing import Any

from content_api.aws import clients
from content_api.aws.batches import QUEUE, each_of
from content_api.aws.failures import failing_plainly
from content_store.articles import ArticleStore
from content_store.settings import StoreSettings
from importing.intake import Dropped, Intake

_ATTEMPTS = 4  # one less than the queue makes before the message is a dead letter (template.yaml)

_s3 = clients.s3()
_settings = StoreSettings.read(os.environ)
_intake = Intake(
    ArticleStore(clients.dynamodb(), _s3, table=_settings.table, bucket=_settings.bucket), _s3, bucket=_settings.bucket
)


@failing_plainly
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Takes in the files. A record that fails comes again without the others. After the last attempt, its file goes to
    `rejected/`.
    """
    return each_of(event, context, QUEUE, _take_in, named=_key)


def _key(record: Any) -> str:  # noqa: ANN401 - Powertools' SQSRecord
    return str(json.loads(record.body)["detail"]["object"]["key"])


def _take_in(record: Any) -> None:  # noqa: ANN401 - Powertools' SQSRecord
    stated = json.loads(record.body)["detail"]["object"]
    dropped = Dropped(stated["key"], stated["version-id"], stated.get("sequencer", ""))
    # A file that ends the process, because it takes too much time or memory, is recognised only by its attempts.
    before = int(record.attributes.approximate_receive_count) - 1
    if before < _ATTEMPTS:
        _intake.take(dropped)
    else:
        _intake.give_up(dropped, before)
