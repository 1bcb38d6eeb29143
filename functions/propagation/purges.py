"""Purges the edge by cache tag. CloudFront charges for each tag, and for each distribution 3,000 tags may be in
progress.
"""

import json
import logging
import time
from collections.abc import Collection, Iterable
from hashlib import sha256
from itertools import batched
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from content_api.aws.batches import QUEUE, each_of
from content_api.aws.clients import error_code
from content_api.aws.failures import Tellable

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_cloudfront.client import CloudFrontClient
    from mypy_boto3_sqs.client import SQSClient

EVERYTHING = "/*"
# An answer from before a withdrawal may still be on its way to the edge for this long: the reading function answers
# within 10 s (template.yaml), and CloudFront waits for it at most 15.
ONCE_MORE_AFTER = 15  # seconds
# Ordinary purges have at most 10 requests of 100 tags in progress, of the 3,000 tags that CloudFront allows, so that a
# withdrawal always finds room.
MOST_TAGS = 100
MOST_ORDINARY = 10  # requests in progress
AT_ONCE = 2  # processes that ask for ordinary purges at the same moment (template.yaml, PurgingSource)
# For more than 500 tags, one `/*` is cheaper and faster. Among ordinary purges, there is at most one in 600 seconds.
MANY = 500
ONCE_IN = 600
_FULL = {"TooManyInvalidationsInProgress", "Throttling", "ThrottlingException"}

logger = logging.getLogger(__name__)


class EdgeFull(Tellable):
    """CloudFront takes no more requests now. The purge waits, and is tried again without limit."""


class Edge:
    def __init__(self, cloudfront: "CloudFrontClient", distribution: str) -> None:
        """`distribution` is an id. It is empty if the deployment has no CloudFront; then purges are only logged."""
        self._cloudfront = cloudfront
        self._distribution = distribution

    def forget(self, tags: Collection[str], reference: str) -> None:
        """Purges tags. A request with the reference of an earlier one changes nothing. Raises EdgeFull, and what
        CloudFront raises.
        """
        for part in batched(sorted(tags), MOST_TAGS, strict=False):
            self._ask([f"#{tag}" for tag in part], reference, " ".join(part))

    def forget_everything(self, reference: str) -> float:
        """Purges everything, for the price of one tag. Returns when the request was made, in seconds since 1970. A
        request with the reference of an earlier one returns the time of that one. Raises what `forget` raises.
        """
        return self._ask([EVERYTHING], reference, EVERYTHING)

    def free_requests(self) -> int:
        """How many more requests of `MOST_TAGS` tags an ordinary purge may make now. Processes that ask at the same
        moment see the same requests in progress, so each gets its share of what is left. Raises what CloudFront raises.
        """
        if not self._distribution:
            return MOST_ORDINARY
        listed = self._cloudfront.list_invalidations(DistributionId=self._distribution, MaxItems="100")
        found = listed["InvalidationList"].get("Items", [])
        in_progress = sum(each["Status"] != "Completed" for each in found)
        return max(0, MOST_ORDINARY - in_progress) // AT_ONCE

    def _ask(self, items: list[str], reference: str, named: str) -> float:
        logger.info("purge %s", named)
        if not self._distribution:
            return time.time()
        mark = sha256(" ".join([reference, *items]).encode()).hexdigest()
        try:
            answer = self._cloudfront.create_invalidation(
                DistributionId=self._distribution,
                InvalidationBatch={"Paths": {"Quantity": len(items), "Items": items}, "CallerReference": mark},
            )
        except ClientError as error:
            if error_code(error) in _FULL:
                raise EdgeFull(error_code(error)) from error
            raise
        created: datetime = answer["Invalidation"]["CreateTime"]
        return created.timestamp()


def message(tags: Iterable[str], reference: str, *, at: float) -> dict[str, Any]:
    """A message for a queue of purges. `at` is when the purge was asked for, in seconds since 1970."""
    return {"tags": sorted(tags), "reference": reference, "at": at}


def read(body: str) -> dict[str, Any]:
    """Reads a message that `message` made. Raises ValueError, KeyError and TypeError."""
    stated = json.loads(body)
    return message([str(tag) for tag in stated["tags"]], str(stated["reference"]), at=float(stated["at"]))


def read_all(event: dict[str, Any], context: object) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The messages of a batch, and the answer for Lambda. A message that cannot be read fails alone."""
    messages: list[dict[str, Any]] = []
    answer = each_of(event, context, QUEUE, lambda record: messages.append(read(record.body)))
    return messages, answer


def wait(sqs: "SQSClient", queue: str, messages: Iterable[dict[str, Any]], *, seconds: int) -> None:
    """Sends the messages to the queue again, as new messages. Their attempts are counted anew, since waiting is no
    failure and must not end in the dead-letter queue.
    """
    for each in messages:
        sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(each), DelaySeconds=seconds)
