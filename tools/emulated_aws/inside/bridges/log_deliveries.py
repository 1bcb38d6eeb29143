"""CloudFormation makes deliveries of CloudWatch Logs. ministack has the API for them, but its CloudFormation does not
know them.
"""

import json

from ministack.services import cloudwatch_logs as logs
from ministack.services.cloudformation import provisioners

_KINDS = ("DeliverySource", "DeliveryDestination", "Delivery")


def is_missing():
    return not any(f"AWS::Logs::{kind}" in provisioners._RESOURCE_HANDLERS for kind in _KINDS)


def bridge():
    for kind, create in zip(_KINDS, (_source, _destination, _delivery), strict=True):
        provisioners._RESOURCE_HANDLERS[f"AWS::Logs::{kind}"] = {"create": create, "delete": _delete}


def _source(_logical_id, props, _stack_name):
    made = _answered(logs._put_delivery_source(_as_api(props)))
    return props["Name"], {"Arn": made["deliverySource"]["arn"]}


def _destination(_logical_id, props, _stack_name):
    asked = {
        "name": props["Name"],
        "outputFormat": props["OutputFormat"],
        "deliveryDestinationConfiguration": {"destinationResourceArn": props["DestinationResourceArn"]},
    }
    made = _answered(logs._put_delivery_destination(asked))
    return props["Name"], {"Arn": made["deliveryDestination"]["arn"]}


def _delivery(_logical_id, props, _stack_name):
    made = _answered(logs._create_delivery(_as_api(props)))["delivery"]
    return made["id"], {"DeliveryId": made["id"], "Arn": made["arn"]}


def _delete(_physical_id, _props):
    pass


def _as_api(props):
    return {name[0].lower() + name[1:]: value for name, value in props.items() if name != "Tags"}


def _answered(answer):
    status, _, body = answer
    made = json.loads(body)
    if status >= 300:
        raise ValueError(made)
    return made
