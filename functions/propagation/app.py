"""What Lambda starts for the table's stream."""

import os
from hashlib import sha256
from typing import Any

from content_api import clients
from content_api.batches import STREAM, each_of
from content_api.copies import Copies
from propagation.purges import Edge, Purges
from propagation.records import Record, change_of, copy_of, tags_of
from propagation.webhooks import Endpoints, announce
from propagation.websub import announce_topics, topics_of

_sqs = clients.client("sqs")
_copies = Copies(clients.s3(), bucket=os.environ["CONTENT_BUCKET"])
_purges = Purges(
    Edge(clients.client("cloudfront"), os.environ.get("DISTRIBUTION_ID", "")), _sqs, queue=os.environ["PURGE_QUEUE"]
)
_endpoints = Endpoints(os.environ["WEBHOOKS_SECRET"])


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Copies first, so that the edge never fetches what they held before; then one purge for the whole batch, and the
    messages for partners and the hub. A record whose copy fails comes again with all after it; what is raised brings
    the batch again.
    """
    answer = each_of(event, context, STREAM, _copied)
    records: list[Record] = event["Records"]
    reference = sha256(" ".join(record["eventID"] for record in records).encode()).hexdigest()
    _purges.purge(frozenset[str]().union(*map(tags_of, records)), reference)
    changes = [change for record in records if (change := change_of(record))]
    if changes:
        announce(changes, _endpoints.listed(), _sqs, queue=os.environ["WEBHOOK_QUEUE"])
    if os.environ.get("WEBSUB_HUB"):
        announce_topics(topics_of(records, os.environ["PUBLIC_URL"]), _sqs, queue=os.environ["WEBHOOK_QUEUE"])
    return answer


def _copied(record: Any) -> None:  # noqa: ANN401 - Powertools' DynamoDBRecord
    copy = copy_of(record.raw_event)
    if copy is not None:
        _copies.keep(copy)
