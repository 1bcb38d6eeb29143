"""What the edge forgets, by cache tag. CloudFront charges for each tag, and takes 3,000 at once for a distribution."""

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
# The reading function answers within 10 s (template.yaml), and CloudFront waits for it no longer than 15.
ONCE_MORE_AFTER = 15  # seconds
# Of the 3,000 in progress, ordinary purges hold at most 10 requests of 100 tags, so that a withdrawal finds room.
MOST_TAGS = 100
MOST_ORDINARY = 10  # requests in progress
AT_ONCE = 2  # processes that ask for ordinary purges at the same moment (template.yaml, PurgingSource)
# From so many tags on, one `/*` is cheaper and quicker than a tag for each; of ordinary purges one in so many seconds.
MANY = 500
ONCE_IN = 600
_FULL = {"TooManyInvalidationsInProgress", "Throttling", "ThrottlingException"}

logger = logging.getLogger(__name__)


class EdgeFull(Tellable):
    """The edge takes no more now. Whoever waits is to ask again, however often."""


class Edge:
    def __init__(self, cloudfront: "CloudFrontClient", distribution: str) -> None:
        """`distribution` is an id; empty where there is no CloudFront, and then purges are only logged."""
        self._cloudfront = cloudfront
        self._distribution = distribution

    def forget(self, tags: Collection[str], reference: str) -> None:
        """Asking twice with one reference is asking once. Raises EdgeFull, and what CloudFront raises."""
        for part in batched(sorted(tags), MOST_TAGS, strict=False):
            self._ask([f"#{tag}" for tag in part], reference, " ".join(part))

    def forget_everything(self, reference: str) -> float:
        """For the price of one tag. When it was asked for, in seconds since 1970: the first time, where the reference
        has been given before. Raises as `forget` does.
        """
        return self._ask([EVERYTHING], reference, EVERYTHING)

    def room(self) -> int:
        """For so many more requests of `MOST_TAGS` that may wait. Processes that ask at the same moment see the same
        requests in progress, so that each has its part of what is left. Raises what CloudFront raises.
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
    """What waits in a queue of purges: asked for at a moment, in seconds since 1970."""
    return {"tags": sorted(tags), "reference": reference, "at": at}


def read(body: str) -> dict[str, Any]:
    """A message of a queue of purges, as `message` made it. Raises ValueError, KeyError and TypeError."""
    stated = json.loads(body)
    return message([str(tag) for tag in stated["tags"]], str(stated["reference"]), at=float(stated["at"]))


def read_all(event: dict[str, Any], context: object) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The messages of a batch, and what Lambda is told: a message that cannot be read fails alone."""
    messages: list[dict[str, Any]] = []
    answer = each_of(event, context, QUEUE, lambda record: messages.append(read(record.body)))
    return messages, answer


def wait(sqs: "SQSClient", queue: str, messages: Iterable[dict[str, Any]], *, seconds: int) -> None:
    """As new messages, whose attempts are counted anew: to wait is no failure, and no dead letter."""
    for each in messages:
        sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(each), DelaySeconds=seconds)
