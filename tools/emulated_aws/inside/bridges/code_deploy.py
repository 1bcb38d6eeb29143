"""CodeDeploy moves an alias in steps. ministack has no CodeDeploy, so the alias moves at once, and nothing watches
it.
"""

from ministack.services.cloudformation import provisioners

_TYPES = ("AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup")


def is_missing():
    return not any(kind in provisioners._RESOURCE_HANDLERS for kind in _TYPES)


def bridge():
    for kind in _TYPES:
        provisioners._RESOURCE_HANDLERS[kind] = {"create": _create, "delete": _delete}


def _create(logical_id, _props, stack_name):
    return f"{stack_name}-{logical_id}", {}


def _delete(_physical_id, _props):
    pass
