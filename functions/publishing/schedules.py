"""Publishing at a time: one EventBridge schedule for each article and time, which asks whether it is still wanted.

A schedule is made before the draft says that it waits, is never changed, and goes when it has run. So nothing that
fails in between can lose a time that an editor was promised: a schedule that nobody waits for any more does nothing.
"""

import datetime as dt
import json
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_scheduler.client import EventBridgeSchedulerClient


class NoSuchTime(Exception):
    """One too far away for a schedule."""


class Schedules:
    def __init__(self, scheduler: "EventBridgeSchedulerClient", *, group: str, target: str, role: str) -> None:
        """`target` is the ARN of the function that publishes what is due; `role`, of what may call it."""
        self._scheduler = scheduler
        self._group = group
        self._target = target
        self._role = role

    def add(self, article_id: str, publish_at: dt.datetime) -> None:
        """Raises NoSuchTime where EventBridge Scheduler keeps no such time, and what it raises else.

        `publish_at` is on a whole minute: a schedule runs within the minute that it names, not before (EventBridge
        Scheduler's user guide, "Schedule types"). Adding one that is there already changes nothing.
        """
        at = publish_at.astimezone(dt.UTC)
        try:
            self._scheduler.create_schedule(
                Name=schedule_name(article_id, at),
                GroupName=self._group,
                ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
                ScheduleExpressionTimezone="UTC",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={
                    "Arn": self._target,
                    "RoleArn": self._role,
                    "Input": json.dumps({"article_id": article_id, "publish_at": at.isoformat()}),
                    "RetryPolicy": {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185},
                },
            )
        except self._scheduler.exceptions.ConflictException:
            return
        except self._scheduler.exceptions.ValidationException as error:
            raise NoSuchTime from error


def schedule_name(article_id: str, at: dt.datetime) -> str:
    """At most 64 characters, where an id has up to 96."""
    return f"{sha256(article_id.encode()).hexdigest()[:40]}-{at:%Y%m%dT%H%MZ}"
