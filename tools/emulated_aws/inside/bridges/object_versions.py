"""EventBridge's event "Object Created" has the version of the object if the bucket keeps versions
(`detail.object.version-id`). ministack's event does not have it.
"""

import contextvars
import inspect
import json

from ministack.services import eventbridge, s3

_version = contextvars.ContextVar("version", default=None)
_fire, _dispatch = s3._fire_s3_event, eventbridge._dispatch_event


def is_missing():
    return '"version-id"' not in inspect.getsource(_fire)


def bridge():
    s3._fire_s3_event, eventbridge._dispatch_event = _fired, _dispatched


def _fired(*arguments, version_id=None, **more):
    _version.set(version_id)
    return _fire(*arguments, version_id=version_id, **more)


def _dispatched(event, *arguments, **more):
    if event.get("Source") == "aws.s3" and _version.get():
        detail = json.loads(event["Detail"])
        detail["object"]["version-id"] = _version.get()
        event = event | {"Detail": json.dumps(detail)}
    return _dispatch(event, *arguments, **more)
