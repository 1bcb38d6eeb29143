"""Tries again what failed for good, after its cause was removed. Nothing is deleted before it has succeeded."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from content_api.aws import clients
from content_api.names.quotas import MESSAGES_AT_ONCE
from operations.deployment import CannotDo, Deployment

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sqs.client import SQSClient

QUEUES = ("Incoming", "Upload", "Withdrawal", "Copy", "Index", "Mirror", "Purge", "Webhook")
_HELD = 120  # seconds for which nobody else gets the message
_KEPT_UNDER = "aws/lambda/"  # where Lambda puts records of the stream that failed for good


def messages(deployed: Deployment, name: str) -> Iterator[None]:
    """Puts dead letters back into their queue. Yields once for each."""
    sqs: SQSClient = clients.client("sqs")
    dead, queue = deployed.resource(f"{name}DeadLetters"), deployed.resource(f"{name}Queue")
    for each in _received(sqs, dead):
        sqs.send_message(QueueUrl=queue, MessageBody=each["Body"])
        sqs.delete_message(QueueUrl=dead, ReceiptHandle=each["ReceiptHandle"])
        yield


def due(deployed: Deployment) -> Iterator[None]:
    """Calls the function for each schedule that failed. Raises CannotDo if it fails again; it then stays a dead
    letter.
    """
    sqs: SQSClient = clients.client("sqs")
    dead, function = deployed.resource("DueDeadLetters"), deployed.resource("DueFunction")
    for each in _received(sqs, dead):
        _invoked(function, each["Body"])
        sqs.delete_message(QueueUrl=dead, ReceiptHandle=each["ReceiptHandle"])
        yield


def records(deployed: Deployment) -> Iterator[None]:
    """Propagates records of the table's stream again. That is safe: each record says what was written, and a newer copy
    is not replaced. Raises CannotDo if a record fails again; that record and all after it stay where they are.
    """
    s3: S3Client = clients.s3()
    bucket = deployed.resource("ContentBucket")
    # Both functions get every record, and ignore those that are not for them.
    functions = [deployed.resource(name) for name in ("WithdrawingFunction", "PropagationFunction")]
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=_KEPT_UNDER):
        for listed in page.get("Contents", []):
            key = listed.get("Key", "")
            kept: Any = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
            payload = kept["payload"]
            for function in functions:
                answer = _invoked(function, payload if isinstance(payload, str) else json.dumps(payload))
                if answer.get("batchItemFailures"):
                    raise CannotDo(f"{key} cannot be propagated yet: the function's log says why.")
            s3.delete_object(Bucket=bucket, Key=key)  # the bucket keeps its bytes as an older version
            yield


def _received(sqs: "SQSClient", queue: str) -> Iterator[Any]:
    """Every message that is in the queue now, once. Messages that come meanwhile are left for the next run."""
    stated = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    left = int(stated["ApproximateNumberOfMessages"])
    while left > 0:
        answer = sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=min(left, MESSAGES_AT_ONCE), VisibilityTimeout=_HELD, WaitTimeSeconds=1
        )
        found = answer.get("Messages", [])
        yield from found
        left = left - len(found) if found else 0


def _invoked(function: str, payload: str) -> dict[str, Any]:
    client: LambdaClient = clients.client("lambda")
    answer = client.invoke(FunctionName=function, Qualifier="live", Payload=payload.encode())
    content: Any = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        # Messages of our handlers quote no content (content_api.aws.failures). If the process ended, there is only a
        # type.
        why = content.get("errorMessage") or content.get("errorType")
        raise CannotDo(f"{function} fails again ({why}): its log says where.")
    return content or {}
