"""What Lambda starts for the table's stream."""

import os
import time
from functools import partial
from hashlib import sha256
from typing import Any

from content_api.aws import clients
from content_api.aws.batches import STREAM, each_of
from content_api.aws.dynamodb import Table
from content_api.aws.failures import failing_plainly
from content_api.aws.patience import Patience
from content_api.reader_api.front import front_of
from content_api.store.article_copies import Copies
from content_api.store.front_copies import FrontCopies
from content_api.store.stream import Record, change_of, copy_of, front_changed_by, tags_of
from propagation.purges import Edge, Purges
from propagation.webhooks import Endpoints, announce
from propagation.websub import announce_topics, topics_of

_LONG = Patience(10)  # seconds for each read: nobody waits

_sqs = clients.client("sqs")
_s3 = clients.s3()
_table = Table(os.environ["CONTENT_TABLE"], os.environ, _LONG)
_copies = Copies(_s3, bucket=os.environ["CONTENT_BUCKET"])
_fronts = FrontCopies(_s3, bucket=os.environ["CONTENT_BUCKET"])
_purges = Purges(
    Edge(clients.client("cloudfront"), os.environ.get("DISTRIBUTION_ID", "")), _sqs, queue=os.environ["PURGE_QUEUE"]
)
_endpoints = Endpoints(os.environ["WEBHOOKS_SECRET"])


@failing_plainly
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Copies first, so that the edge never fetches what they held before; then one purge for the whole batch, and the
    messages for partners and the hub. A record whose copy fails comes again with all after it; what is raised brings
    the batch again.
    """
    answer = each_of(event, context, STREAM, _copied, named=_item)
    records: list[Record] = event["Records"]
    reference = sha256(" ".join(record["eventID"] for record in records).encode()).hexdigest()
    try:
        for language in sorted({language for record in records if (language := front_changed_by(record))}):
            _fronts.keep(language, partial(_front, language))
    finally:  # a front that fails brings the batch again, and holds up no purge
        _purges.purge(frozenset[str]().union(*map(tags_of, records)), reference)
    changes = [change for record in records if (change := change_of(record))]
    if changes:
        announce(changes, _endpoints.listed(), _sqs, queue=os.environ["WEBHOOK_QUEUE"])
    if os.environ.get("WEBSUB_HUB"):
        announce_topics(topics_of(records, os.environ["PUBLIC_URL"]), _sqs, queue=os.environ["WEBHOOK_QUEUE"])
    return answer


def _front(language: str) -> dict[str, Any]:
    """For its copy: of its own language, whose every change makes it anew. Of others, nothing would take off again what
    is withdrawn.
    """
    return front_of(_table, language, now=time.time(), own_alone=True)


def _item(record: Any) -> str:  # noqa: ANN401 - Powertools' DynamoDBRecord
    return str(record.raw_event["dynamodb"]["Keys"]["pk"]["S"])


def _copied(record: Any) -> None:  # noqa: ANN401 - Powertools' DynamoDBRecord
    copy = copy_of(record.raw_event)
    if copy is not None:
        _copies.keep(copy)
