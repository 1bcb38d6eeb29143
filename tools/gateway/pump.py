"""What AWS does behind the API, done in this process, since moto runs none of it: the table's stream, the queues, files
dropped under `incoming/`, schedules that are due. Each function gets the event that Lambda would give it.
"""

import base64
import datetime as dt
import json
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Any, cast

from content_api.aws import clients
from content_api.names.object_keys import INCOMING, ORIGINALS
from gateway import template
from gateway.server import LambdaContext

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams.client import DynamoDBStreamsClient
    from mypy_boto3_scheduler.client import EventBridgeSchedulerClient
    from mypy_boto3_sqs.client import SQSClient

    from gateway.stack import Stack

type Handler = Callable[[dict[str, Any], Any], Any]

_PAUSE = 0.5  # seconds between turns
_BATCH = 10  # messages that SQS gives at once, at most
_LONGEST_AT_A_QUEUE = 1.0  # seconds of a turn
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
        self._imaging = made.functions["ImagingFunction"].load()
        self._importing = made.functions["ImportingFunction"].load()
        self._due = made.functions["DueFunction"].load()
        self.propagation = made.functions["PropagationFunction"].load()
        self.withdrawing = made.functions["WithdrawingFunction"].load()
        self._is_withdrawal = filter_of(template.load()["Resources"]["WithdrawingSource"]["Properties"])
        self._queues = {
            made.functions[name].environment[variable]: handler
            for name, variable, handler in (
                ("WithdrawingFunction", "WITHDRAWAL_QUEUE", self.withdrawing),
                ("PropagationFunction", "COPY_QUEUE", made.functions["CopyingFunction"].load()),
                ("PropagationFunction", "PURGE_QUEUE", made.functions["PurgingFunction"].load()),
                ("PropagationFunction", "WEBHOOK_QUEUE", made.functions["DeliveringFunction"].load()),
            )
        }
        self._group = made.functions["PublishingFunction"].environment["SCHEDULE_GROUP"]
        self._iterator = self._latest()
        self._waiting: list[dict[str, Any]] = []
        self._withdrawn: list[dict[str, Any]] = []
        self._received: Counter[str] = Counter()
        # Keys with the versions that were handled.
        self._handled: set[tuple[str, str]] = set()

    def run(self, stop: Event) -> None:
        """Turns until told to stop; what fails is said, and tried again."""
        while not stop.wait(_PAUSE):
            try:
                self.turn()
            except Exception:  # noqa: BLE001 - a developer's machine goes on
                print("".join(traceback.format_exc(limit=3)), file=sys.stderr, flush=True)

    def turn(self, *, now: dt.datetime | None = None) -> None:
        self._take_in(INCOMING, self._importing, is_taken_away=True)
        self._take_in(ORIGINALS, self._imaging, is_taken_away=False)
        self._publish_what_is_due(now or dt.datetime.now(dt.UTC))
        self._propagate()
        for queue, handler in self._queues.items():
            self._empty(queue, handler)

    def turns(self, number: int) -> None:
        """So many turns. A turn takes ten messages of each queue."""
        for _ in range(number):
            self.turn()

    def forget_purges(self) -> None:
        """Those that are waiting."""
        self._sqs.purge_queue(QueueUrl=self._made.functions["PurgingFunction"].environment["PURGE_QUEUE"])
        self._sqs.purge_queue(QueueUrl=self._made.functions["WithdrawingFunction"].environment["WITHDRAWAL_QUEUE"])

    def _take_in(self, prefix: str, handler: Handler, *, is_taken_away: bool) -> None:
        """Hands over what was put under the prefix, each version until it is handled, five times at most.

        moto copies every version in the bucket, contents and all, to list those of a prefix, and keeps the copies. So
        versions are listed only where an object waits: any, where the handler takes them away; else one with a key
        that is new, since such a key is the content's own hash.
        """
        listed = self._s3.list_objects_v2(Bucket=self._made.bucket, Prefix=prefix).get("Contents", [])
        known: set[str] = set() if is_taken_away else {key for key, _ in self._handled}
        if all(each.get("Key", "") in known for each in listed):
            return
        for each in self._s3.list_object_versions(Bucket=self._made.bucket, Prefix=prefix).get("Versions", []):
            key, version = each.get("Key", ""), each.get("VersionId", "")
            if (key, version) in self._handled or self._received[version] >= _MOST_RECEIVED:
                continue
            self._received[version] += 1
            stated = {"key": key, "version-id": version, "sequencer": f"{len(self._received):016X}"}
            record: dict[str, Any] = {"messageId": version, "body": json.dumps({"detail": {"object": stated}})}
            record["attributes"] = {"ApproximateReceiveCount": str(self._received[version])}
            if not handler({"Records": [record | {"eventSource": "aws:sqs"}]}, LambdaContext())["batchItemFailures"]:
                self._handled.add((key, version))

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
            records = [_as_lambda_has_it(record) for record in read.get("Records", [])]
            self._waiting += records
            self._withdrawn += [record for record in records if self._is_withdrawal(record)]
            if not read.get("Records"):
                break
        try:
            self._withdrawn = _handed_to(self.withdrawing, self._withdrawn)
        finally:  # the two mappings hold up neither of them
            self._waiting = _handed_to(self.propagation, self._waiting)

    def _empty(self, queue: str, handler: Callable[[dict[str, Any], Any], Any]) -> None:
        """As long as it gives whole batches, but for a second at most: files and schedules wait meanwhile."""
        until = time.monotonic() + _LONGEST_AT_A_QUEUE
        while self._emptied(queue, handler) == _BATCH and time.monotonic() < until:
            pass

    def _emptied(self, queue: str, handler: Callable[[dict[str, Any], Any], Any]) -> int:
        """How many messages a batch had."""
        received = self._sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=_BATCH, MessageSystemAttributeNames=["ApproximateReceiveCount"]
        )
        messages = received.get("Messages", [])
        if not messages:
            return 0
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
        return len(messages)


def _handed_to(handler: Handler, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that come again: from the first that failed."""
    if not records:
        return []
    answer = handler({"Records": records}, LambdaContext())
    failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    first = next((at for at, number in enumerate(numbers) if number in failed), len(numbers))
    return records[first:]


def filter_of(mapping: dict[str, Any]) -> Callable[[dict[str, Any]], bool]:
    """Which records an event source mapping's filters let through (Lambda's developer guide, "Filter rule syntax"), as
    far as this template's go: values, and `anything-but`.
    """
    patterns = [json.loads(each["Pattern"]) for each in mapping["FilterCriteria"]["Filters"]]
    return lambda record: any(_matches(pattern, record) for pattern in patterns)


def _matches(pattern: Any, found: Any) -> bool:  # noqa: ANN401 - JSON
    if isinstance(pattern, dict):
        rules = cast("dict[str, Any]", pattern)
        return isinstance(found, dict) and all(
            name in found and _matches(rule, cast("dict[str, Any]", found)[name]) for name, rule in rules.items()
        )
    return any(
        found not in rule["anything-but"] if isinstance(rule, dict) else found == rule
        for rule in cast("list[Any]", pattern)
    )


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
