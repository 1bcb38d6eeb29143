"""An alarm may watch an expression over several metrics. ministack refuses such an alarm. Here it is made, but never
raised.
"""

import os

from ministack.services.cloudformation import provisioners

_TYPE = "AWS::CloudWatch::Alarm"
_alarm = dict(provisioners._RESOURCE_HANDLERS[_TYPE])


def is_missing():
    try:
        _alarm["create"]("Probe", {"Metrics": [{"Id": "a", "Expression": "1"}]}, "probe")
    except ValueError as error:
        return "metric math" in str(error)
    return False


def bridge():
    provisioners._RESOURCE_HANDLERS[_TYPE] = _alarm | {"create": _create, "update": _update, "delete": _delete}


def _create(logical_id, props, stack_name):
    if "Metrics" not in props:
        return _alarm["create"](logical_id, props, stack_name)
    name = f"{stack_name}-{logical_id}-expression"
    account = os.environ["MINISTACK_ACCOUNT_ID"]
    return name, {"Arn": f"arn:aws:cloudwatch:{os.environ['AWS_DEFAULT_REGION']}:{account}:alarm:{name}"}


def _update(physical_id, old_props, new_props, stack_name, logical_id=None):
    if "Metrics" not in new_props:
        return _alarm["update"](physical_id, old_props, new_props, stack_name, logical_id)
    return _create(logical_id, new_props, stack_name)


def _delete(physical_id, props):
    if "Metrics" not in props:
        _alarm["delete"](physical_id, props)
