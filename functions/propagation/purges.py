"""The edge forgets by cache tag: at once, and once more some seconds later, when no answer made before the write is on
its way to it any more.
"""

import json
import logging
from collections.abc import Collection
from hashlib import sha256
from itertools import batched
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from content_api.aws.failures import described

if TYPE_CHECKING:
    from mypy_boto3_cloudfront.client import CloudFrontClient
    from mypy_boto3_sqs.client import SQSClient

# The reading function answers within 10 s (template.yaml), and CloudFront waits for it no longer than 15.
_ONCE_MORE_AFTER = 15  # seconds
# 3,000 may be in progress for a distribution (CloudFront's developer guide, "Concurrent invalidation request maximum").
_MOST_TAGS = 500

logger = logging.getLogger(__name__)


class Edge:
    def __init__(self, cloudfront: "CloudFrontClient", distribution: str) -> None:
        """`distribution` is an id; empty where there is no CloudFront, and then purges are only logged."""
        self._cloudfront = cloudfront
        self._distribution = distribution

    def forget(self, tags: Collection[str], reference: str) -> None:
        """Asking twice with one reference is asking once."""
        for part in batched(sorted(tags), _MOST_TAGS, strict=False):
            logger.info("purge %s", " ".join(part))
            if self._distribution:
                items = [f"#{tag}" for tag in part]
                mark = sha256(" ".join([reference, *part]).encode()).hexdigest()
                self._cloudfront.create_invalidation(
                    DistributionId=self._distribution,
                    InvalidationBatch={
                        "Paths": {"Quantity": len(items), "Items": items},
                        "CallerReference": mark,
                    },
                )


class Purges:
    def __init__(self, edge: Edge, sqs: "SQSClient", *, queue: str) -> None:
        self._edge = edge
        self._sqs = sqs
        self._queue = queue

    def purge(self, tags: Collection[str], reference: str) -> None:
        """What the edge refuses now, the queue asks again: it never holds up the stream. Raises what SQS raises."""
        if not tags:
            return
        for part in batched(sorted(tags), _MOST_TAGS, strict=False):
            message = json.dumps({"tags": part, "reference": f"{reference} once more"})
            self._sqs.send_message(QueueUrl=self._queue, MessageBody=message, DelaySeconds=_ONCE_MORE_AFTER)
        try:
            self._edge.forget(tags, reference)
        except (ClientError, BotoCoreError) as error:
            logger.warning("the edge did not take a purge (%s): the queue asks again", described(error))
