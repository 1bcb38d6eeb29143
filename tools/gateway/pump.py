"""Does what AWS does behind the API and moto does not: it hands on the table's stream, messages of queues, files
dropped under `incoming/`, and schedules that are due. Each function gets the event that Lambda would give it.
"""

import base64
import datetime as dt
import json
import re
import sys
import time
import traceback
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Any, cast

from content_api.aws import clients
from content_api.names.instants import parsed
from content_api.names.object_keys import INCOMING, ORIGINALS
from content_api.names.quotas import MESSAGES_AT_ONCE
from gateway import template
from gateway.dropped import Dropped
from gateway.server import LambdaContext

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams.client import DynamoDBStreamsClient
    from mypy_boto3_scheduler.client import EventBridgeSchedulerClient
    from mypy_boto3_sqs.client import SQSClient

    from gateway.stack import Stack

type Handler = Callable[[dict[str, Any], Any], Any]

_PAUSE = 0.5  # seconds between turns
_HOUR = 3600.0  # seconds
_FIRST_HOUR = 30.0  # seconds: by then the mirror has the articles of the start
_LONGEST_AT_A_QUEUE = 1.0  # seconds of a turn
_AT = re.compile(r"at\((.+)\)")


class Pump:
    def __init__(self, made: "Stack", *, is_indexing: bool = False, is_mirroring: bool = False) -> None:
        """Only what is written from now on is handed on. Without `is_indexing`, messages for the search index wait: a
        commit takes 50 ms, and most tests do not search. It is the same with `is_mirroring`.
        """
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
        resources = template.load()["Resources"]
        self._is_withdrawal = filter_of(resources["WithdrawingSource"]["Properties"])
        handlers = {
            "WITHDRAWAL_QUEUE": self.withdrawing,
            "COPY_QUEUE": made.functions["CopyingFunction"].load(),
            "PURGE_QUEUE": made.functions["PurgingFunction"].load(),
            "WEBHOOK_QUEUE": made.functions["DeliveringFunction"].load(),
        }
        if is_indexing:
            handlers["INDEX_QUEUE"] = made.functions["IndexingFunction"].load()
        self._hourly: Handler | None = None
        self._hourly_at = time.monotonic() + _FIRST_HOUR
        if is_mirroring:
            handlers["MIRROR_QUEUE"] = self._hourly = made.functions["MirroringFunction"].load()
        stated = made.functions["PropagationFunction"].environment | made.functions["WithdrawingFunction"].environment
        # The URL of each queue, by the variable of the environment that has it.
        self.queues = {variable: stated[variable] for variable in handlers}
        self._queues = {self.queues[variable]: handler for variable, handler in handlers.items()}
        # Where a batch is one commit: the smaller it is, the longer an import takes.
        self._batch_sizes = {
            stated[variable]: int(resources[source]["Properties"]["BatchSize"])
            for variable, source in (("INDEX_QUEUE", "IndexingSource"), ("MIRROR_QUEUE", "MirroringSource"))
        }
        self._group = made.functions["PublishingFunction"].environment["SCHEDULE_GROUP"]
        self._iterator = self._latest()
        self._waiting: list[dict[str, Any]] = []
        self._withdrawn: list[dict[str, Any]] = []
        self._dropped = Dropped(self._s3, made.bucket)

    def run(self, stop: Event) -> None:
        """Turns until it is told to stop. An error is printed, and the turn is tried again."""
        while not stop.wait(_PAUSE):
            try:
                self.turn()
                if time.monotonic() > self._hourly_at:
                    self._hourly_at = time.monotonic() + _HOUR
                    self.call_hourly()
            except Exception:  # noqa: BLE001 - a developer's machine goes on
                print("".join(traceback.format_exc(limit=3)), file=sys.stderr, flush=True)

    def call_hourly(self) -> None:
        """Calls what template.yaml calls every hour. The mirror's bundles are made by messages that it sends."""
        if self._hourly:
            self._hourly({}, LambdaContext())

    def take_in(self) -> None:
        """Hands what was dropped to importing, and nothing on."""
        self._dropped.hand_over(INCOMING, self._importing, is_taken_away=True)

    def turn(self, *, now: dt.datetime | None = None) -> int:
        """Hands on what waits, and returns how many messages of queues there were."""
        self.take_in()
        self._dropped.hand_over(ORIGINALS, self._imaging, is_taken_away=False)
        self._publish_what_is_due(now or dt.datetime.now(dt.UTC))
        self._propagate()
        return sum([self._empty(queue, handler) for queue, handler in self._queues.items()])

    def settle(self) -> None:
        """Turns until nothing waits."""
        while self.turn():
            pass

    def turns(self, number: int) -> None:
        """Makes this many turns. A turn takes ten messages of each queue."""
        for _ in range(number):
            self.turn()

    def skip(self) -> None:
        """What was written until now is not propagated."""
        self._iterator = self._latest()
        self._waiting, self._withdrawn = [], []
        for queue in self._queues:
            while self._emptied(queue, lambda _event, _context: None):
                pass

    def forget_purges(self) -> None:
        """Drops the purges that are waiting."""
        self._sqs.purge_queue(QueueUrl=self.queues["PURGE_QUEUE"])
        self._sqs.purge_queue(QueueUrl=self.queues["WITHDRAWAL_QUEUE"])

    def _publish_what_is_due(self, now: dt.datetime) -> None:
        for listed in self._scheduler.list_schedules(GroupName=self._group)["Schedules"]:
            name = listed.get("Name", "")
            schedule = self._scheduler.get_schedule(GroupName=self._group, Name=name)
            stated = _AT.fullmatch(schedule["ScheduleExpression"])
            if stated and parsed(f"{stated[1]}Z") <= now:
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
        """Hands on all records of the stream. The stream gives at most a thousand at a time."""
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
        finally:  # neither of the two mappings holds up the other
            self._waiting = _handed_to(self.propagation, self._waiting)

    def _empty(self, queue: str, handler: Callable[[dict[str, Any], Any], Any]) -> int:
        """Goes on while the queue gives whole batches, for at most a second: files and schedules wait meanwhile.
        Returns how many messages there were.
        """
        until = time.monotonic() + _LONGEST_AT_A_QUEUE
        most = self._batch_sizes.get(queue, MESSAGES_AT_ONCE)
        total = last = self._emptied(queue, handler)
        while last == most and time.monotonic() < until:
            total += (last := self._emptied(queue, handler))
        return total

    def _emptied(self, queue: str, handler: Callable[[dict[str, Any], Any], Any]) -> int:
        """Handles one batch, and returns how many messages it had."""
        messages: list[Any] = []
        while len(messages) < self._batch_sizes.get(queue, MESSAGES_AT_ONCE):
            received = self._sqs.receive_message(
                QueueUrl=queue,
                MaxNumberOfMessages=MESSAGES_AT_ONCE,
                MessageSystemAttributeNames=["ApproximateReceiveCount"],
            )
            messages += received.get("Messages", [])
            if len(received.get("Messages", [])) < MESSAGES_AT_ONCE:
                break
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
    """Hands records to a function, and returns those that come again: the first that failed, and all after it."""
    if not records:
        return []
    answer = handler({"Records": records}, LambdaContext())
    failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    first = next((at for at, number in enumerate(numbers) if number in failed), len(numbers))
    return records[first:]


def filter_of(mapping: dict[str, Any]) -> Callable[[dict[str, Any]], bool]:
    """Which records the filters of an event source mapping let through (Lambda's developer guide, "Filter rule
    syntax"). It knows what this template uses: values, and `anything-but`.
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
    """A value as it is in Lambda's JSON: binary attributes in base64, instants in seconds."""
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
