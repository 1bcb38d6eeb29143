"""What Lambda starts for the queue of purges."""

import json
import os
from typing import Any

from content_api.aws import clients
from content_api.aws.failures import failing_plainly
from propagation.purges import Edge

_edge = Edge(clients.client("cloudfront"), os.environ.get("DISTRIBUTION_ID", ""))


@failing_plainly
def lambda_handler(event: dict[str, Any], _context: object) -> None:
    """All messages of a batch at once. What is raised brings them again."""
    messages = [json.loads(record["body"]) for record in event["Records"]]
    reference = " ".join(sorted({message["reference"] for message in messages}))
    _edge.forget({tag for message in messages for tag in message["tags"]}, reference)
