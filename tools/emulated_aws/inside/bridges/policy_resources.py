"""For a call about a schedule, IAM evaluates the resource schedule/GROUP/NAME, and for a CloudFront function
function/NAME. ministack evaluates schedule/default/NAME and `*`, so a policy that names the resource grants nothing.
"""

import json

from ministack.core import iam_actions

_resource = iam_actions.extract_resource_arn


def is_missing():
    return _schedule(_resource).endswith("schedule/default/a-name") and _function(_resource) == "*"


def bridge():
    iam_actions.extract_resource_arn = _named


def _schedule(asked):
    body = json.dumps({"GroupName": "a-group"}).encode()
    return asked("scheduler", "POST", "/schedules/a-name", {}, body, {}, "us-east-1", "123456789012")


def _function(asked):
    path = "/2020-05-31/function/a-name/test"
    return asked("cloudfront", "POST", path, {}, b"", {}, "us-east-1", "123456789012")


def _named(service, method, path, headers, *more):
    body, query, _, account = more
    found = _resource(service, method, path, headers, *more)
    parts = path.strip("/").split("/")
    if service == "cloudfront" and found == "*" and len(parts) > 2 and parts[1] == "function":
        return f"arn:aws:cloudfront::{account}:function/{parts[2]}"
    if service == "scheduler" and ":schedule/default/" in found:
        return found.replace(":schedule/default/", f":schedule/{_group(body, query)}/")
    return found


def _group(body, query):
    try:
        named = json.loads(body or b"{}").get("GroupName")
    except ValueError:
        named = None
    return named or (query.get("groupName") or ["default"])[0]
