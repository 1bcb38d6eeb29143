"""What was given up is tried again, once its cause is mended. Nothing is deleted before it has been taken."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from content_api.aws import clients
from operations.deployment import CannotDo, Deployment

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sqs.client import SQSClient

QUEUES = ("Incoming", "Upload", "Withdrawal", "Copy", "Purge", "Webhook")
_AT_ONCE = 10  # messages that ReceiveMessage gives
_HELD = 120  # seconds that a message is ours
_KEPT_UNDER = "aws/lambda/"  # where Lambda puts what its stream gave up


def messages(deployed: Deployment, name: str) -> Iterator[None]:
    """Dead letters go back into their queue; yields for each that has gone."""
    sqs: SQSClient = clients.client("sqs")
    dead, queue = deployed.resource(f"{name}DeadLetters"), deployed.resource(f"{name}Queue")
    for each in _received(sqs, dead):
        sqs.send_message(QueueUrl=queue, MessageBody=each["Body"])
        sqs.delete_message(QueueUrl=dead, ReceiptHandle=each["ReceiptHandle"])
        yield


def due(deployed: Deployment) -> Iterator[None]:
    """What a schedule asked for is asked for again. Raises CannotDo where it fails again; it stays a dead letter."""
    sqs: SQSClient = clients.client("sqs")
    dead, function = deployed.resource("DueDeadLetters"), deployed.resource("DueFunction")
    for each in _received(sqs, dead):
        _invoked(function, each["Body"])
        sqs.delete_message(QueueUrl=dead, ReceiptHandle=each["ReceiptHandle"])
        yield


def records(deployed: Deployment) -> Iterator[None]:
    """Records of the table's stream are propagated again: each says what was written, and a copy that is newer stays.
    Raises CannotDo where one fails again; it stays where it is, as all after it.
    """
    s3: S3Client = clients.s3()
    bucket = deployed.resource("ContentBucket")
    # Whichever gave them up: each leaves alone what is not its own.
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
            s3.delete_object(Bucket=bucket, Key=key)  # its bytes stay, as an older version
            yield


def _received(sqs: "SQSClient", queue: str) -> Iterator[Any]:
    """Every message that is there, once: what comes while this goes on is for the next time."""
    stated = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    left = int(stated["ApproximateNumberOfMessages"])
    while left > 0:
        answer = sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=min(left, _AT_ONCE), VisibilityTimeout=_HELD, WaitTimeSeconds=1
        )
        found = answer.get("Messages", [])
        yield from found
        left = left - len(found) if found else 0


def _invoked(function: str, payload: str) -> dict[str, Any]:
    client: LambdaClient = clients.client("lambda")
    answer = client.invoke(FunctionName=function, Qualifier="live", Payload=payload.encode())
    content: Any = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        # A handler's messages quote nothing (content_api.aws.failures). A process that ended has a type alone.
        why = content.get("errorMessage") or content.get("errorType")
        raise CannotDo(f"{function} fails again ({why}): its log says where.")
    return content or {}
