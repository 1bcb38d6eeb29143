"""Publishes at a given time. Each article and time has an EventBridge schedule, which checks whether the draft still
waits for that time.

The schedule is made before the draft says that it waits. It is never changed, and it is deleted after it has run. So an
error in between never loses a time that an editor was promised: a schedule for which no draft waits does nothing.
"""

import datetime as dt
import json
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_scheduler.client import EventBridgeSchedulerClient


class NoSuchTime(Exception):
    """The time is too far away for a schedule."""


class Schedules:
    def __init__(self, scheduler: "EventBridgeSchedulerClient", *, group: str, target: str, role: str) -> None:
        """`target` is the ARN of the function that publishes what is due. `role` is the ARN of the role that may call
        it.
        """
        self._scheduler = scheduler
        self._group = group
        self._target = target
        self._role = role

    def add(self, article_id: str, publish_at: dt.datetime) -> None:
        """Adds a schedule. One that exists already stays as it is. `publish_at` must be a whole minute, since a
        schedule runs within the minute that it names (EventBridge Scheduler's user guide, "Schedule types"). Raises
        NoSuchTime if EventBridge Scheduler does not accept the time, and any other error of the service.
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
    """The name of a schedule, with 55 characters. EventBridge Scheduler allows 64, and an id has up to 96, so the name
    has a hash of the id.
    """
    return f"{sha256(article_id.encode()).hexdigest()[:40]}-{at:%Y%m%dT%H%MZ}"
