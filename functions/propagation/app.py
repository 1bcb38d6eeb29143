"""What Lambda starts for the table's stream: each write goes into the queues of its effects.

An effect is a module with the name of a queue (`QUEUE`, a variable of the environment) and one function (`messages`:
records to messages). One more is one more line here, a queue in template.yaml, and a function that empties it.
"""

import os
from typing import TYPE_CHECKING, Any

from content_api.aws import clients
from content_api.aws.failures import failing_plainly, log_failure
from propagation.deployed import Deployed
from propagation.effects import copies, edge_purges, hub, partners
from propagation.handing_on import NotHandedOn, hand_on
from propagation.webhooks import Endpoints

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

EFFECTS = (copies, edge_purges, partners, hub)

_sqs: "SQSClient" = clients.client("sqs")
_deployed = Deployed(
    os.environ["PUBLIC_URL"], os.environ.get("WEBSUB_HUB", ""), Endpoints(os.environ["WEBHOOKS_SECRET"])
)


@failing_plainly
def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One effect that fails holds up no other; what is raised brings the batch again."""
    failed: list[str] = []
    for effect in EFFECTS:
        try:
            hand_on(_sqs, os.environ[effect.QUEUE], effect.messages(event["Records"], _deployed))
        except Exception as error:  # noqa: BLE001 - the others are not to wait for it
            log_failure(error, effect.__name__)
            failed.append(effect.__name__)
    if failed:
        raise NotHandedOn(", ".join(failed))
    return {"batchItemFailures": []}
