"""In conditions of CloudFormation, AWS::Region and other pseudo parameters have values. In ministack's conditions they
are their own names. So `!Equals [!Ref AWS::Region, us-east-1]` is never true, and what depends on it is not made,
without an error.
"""

import os

from ministack.services.cloudformation import changesets, engine, handlers, provisioners, stacks

_REGION = os.environ["AWS_DEFAULT_REGION"]
_KNOWN = {"AWS::Region": _REGION, "AWS::AccountId": os.environ["MINISTACK_ACCOUNT_ID"], "AWS::Partition": "aws"}
_PROBE = {"Conditions": {"IsHere": {"Fn::Equals": [{"Ref": "AWS::Region"}, _REGION]}}}
_evaluate = engine._evaluate_conditions


def is_missing():
    return not _evaluate(_PROBE, {})["IsHere"]


def bridge():
    for module in (engine, changesets, handlers, provisioners, stacks):
        module._evaluate_conditions = _evaluated


def _evaluated(template, params):
    return _evaluate(template, {name: {"Value": value} for name, value in _KNOWN.items()} | dict(params))
