"""What AWS does behind the API, done in this process, since moto runs none of it: the table's stream, the queues, files
dropped under `incoming/`, schedules that are due. Each function gets the event that Lambda would give it.
"""

import base64
import datetime as dt
import json
import re
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Any

from content_api.aws import clients
from gateway.server import LambdaContext

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams.client import DynamoDBStreamsClient
    from mypy_boto3_scheduler.client import EventBridgeSchedulerClient
    from mypy_boto3_sqs.client import SQSClient

    from gateway.stack import Stack

_PAUSE = 0.5  # seconds between turns
_MOST_RECEIVED = 5  # as the template's queue of files has it
_AT = re.compile(r"at\((.+)\)")


class Pump:
    def __init__(self, made: "Stack") -> None:
        """What was written before is not propagated."""
        self._made = made
        self._s3 = clients.s3()
        self._sqs: SQSClient = clients.client("sqs")
        self._scheduler: EventBridgeSchedulerClient = clients.client("scheduler")
        self._streams: DynamoDBStreamsClient = clients.client("dynamodbstreams")
        self._importing = made.functions["ImportingFunction"].load()
        self._due = made.functions["DueFunction"].load()
        self.propagation = made.functions["PropagationFunction"].load()
        variables = made.functions["PropagationFunction"].environment
        self._queues = {
            variables["PURGE_QUEUE"]: made.functions["PurgingFunction"].load(),
            variables["WEBHOOK_QUEUE"]: made.functions["DeliveringFunction"].load(),
        }
        self._group = made.functions["PublishingFunction"].environment["SCHEDULE_GROUP"]
        self._iterator = self._latest()
        self._waiting: list[dict[str, Any]] = []
        self._received: Counter[str] = Counter()

    def run(self, stop: Event) -> None:
        """Turns until told to stop; what fails is said, and tried again."""
        while not stop.wait(_PAUSE):
            try:
                self.turn()
            except Exception:  # noqa: BLE001 - a developer's machine goes on
                print("".join(traceback.format_exc(limit=3)), file=sys.stderr, flush=True)

    def turn(self, *, now: dt.datetime | None = None) -> None:
        self._take_in_files()
        self._publish_what_is_due(now or dt.datetime.now(dt.UTC))
        self._propagate()
        for queue, handler in self._queues.items():
            self._empty(queue, handler)

    def forget_purges(self) -> None:
        """Those that are waiting to be asked once more."""
        self._sqs.purge_queue(QueueUrl=self._made.functions["PropagationFunction"].environment["PURGE_QUEUE"])

    def _take_in_files(self) -> None:
        # moto copies every version in the bucket, contents and all, to list those of a prefix, and keeps the copies.
        if not self._s3.list_objects_v2(Bucket=self._made.bucket, Prefix="incoming/", MaxKeys=1)["KeyCount"]:
            return
        listed = self._s3.list_object_versions(Bucket=self._made.bucket, Prefix="incoming/")
        for each in listed.get("Versions", []):
            key, version = each.get("Key", ""), each.get("VersionId", "")
            if self._received[version] < _MOST_RECEIVED:
                self._received[version] += 1
                stated = {"key": key, "version-id": version, "sequencer": f"{len(self._received):016X}"}
                record: dict[str, Any] = {"messageId": version, "body": json.dumps({"detail": {"object": stated}})}
                record["attributes"] = {"ApproximateReceiveCount": str(self._received[version])}
                self._importing({"Records": [record | {"eventSource": "aws:sqs"}]}, LambdaContext())

    def _publish_what_is_due(self, now: dt.datetime) -> None:
        for listed in self._scheduler.list_schedules(GroupName=self._group)["Schedules"]:
            name = listed.get("Name", "")
            schedule = self._scheduler.get_schedule(GroupName=self._group, Name=name)
            stated = _AT.fullmatch(schedule["ScheduleExpression"])
            if stated and dt.datetime.fromisoformat(f"{stated[1]}Z") <= now:
                self._due(json.loads(schedule["Target"].get("Input", "")), LambdaContext())
                self._scheduler.delete_schedule(GroupName=self._group, Name=name)

    def _latest(self) -> str:
        table = clients.dynamodb().describe_table(TableName=self._made.table)["Table"]
        stream = table.get("LatestStreamArn", "")
        shard = self._streams.describe_stream(StreamArn=stream)["StreamDescription"].get("Shards", [])[0]
        asked = self._streams.get_shard_iterator(
            StreamArn=stream, ShardId=shard.get("ShardId", ""), ShardIteratorType="LATEST"
        )
        return asked.get("ShardIterator", "")

    def _propagate(self) -> None:
        """All there is: the stream gives a thousand records at most at a time."""
        while True:
            read = self._streams.get_records(ShardIterator=self._iterator)
            self._iterator = read.get("NextShardIterator", "")
            self._waiting += [_as_lambda_has_it(record) for record in read.get("Records", [])]
            if not read.get("Records"):
                break
        if self._waiting:
            answer = self.propagation({"Records": self._waiting}, LambdaContext())
            failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
            numbers = [record["dynamodb"]["SequenceNumber"] for record in self._waiting]
            first = next((at for at, number in enumerate(numbers) if number in failed), len(numbers))
            self._waiting = self._waiting[first:]

    def _empty(self, queue: str, handler: Callable[[dict[str, Any], Any], Any]) -> None:
        received = self._sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, MessageSystemAttributeNames=["ApproximateReceiveCount"]
        )
        messages = received.get("Messages", [])
        if not messages:
            return
        records = [
            {
                "messageId": each.get("MessageId"),
                "receiptHandle": each.get("ReceiptHandle"),
                "body": each.get("Body"),
                "attributes": each.get("Attributes"),
                "eventSource": "aws:sqs",
            }
            for each in messages
        ]
        answer: dict[str, Any] = handler({"Records": records}, LambdaContext()) or {}
        failed = {each["itemIdentifier"] for each in answer.get("batchItemFailures", [])}
        for each in messages:
            if each.get("MessageId") not in failed:
                self._sqs.delete_message(QueueUrl=queue, ReceiptHandle=each.get("ReceiptHandle", ""))


def _as_lambda_has_it(value: Any) -> Any:  # noqa: ANN401 - a record, and what it is made of
    """JSON: binary attributes in base64, instants in seconds."""
    match value:
        case dict():
            return {name: _as_lambda_has_it(each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType] - any record
        case list():
            return [_as_lambda_has_it(each) for each in value]  # pyright: ignore[reportUnknownVariableType] - as above
        case bytes():
            return base64.b64encode(value).decode()
        case dt.datetime():
            return value.timestamp()
        case _:
            return value
