"""CloudFormation passes the values of parameters to the SAM transform, which reads them where a property needs a value
(`DeploymentPreference: {Enabled: !Ref GradualDeployment}`). ministack passes none.
"""

import contextvars

import samtranslator.translator.transform as sam
from ministack.services.cloudformation import changesets, engine, handlers

_PROBE = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Parameters": {"Given": {"Type": "String"}},
    "Resources": {"Table": {"Type": "AWS::Serverless::SimpleTable"}},
}
_given = contextvars.ContextVar("given", default=None)
_transform, _apply = sam.transform, engine._apply_transforms


def is_missing():
    seen = {}
    sam.transform = lambda template, parameters, _: seen.update(parameters) or template
    try:
        _apply(_PROBE, [{"Key": "Given", "Value": "something"}])
    finally:
        sam.transform = _transform
    return not seen


def bridge():
    sam.transform = lambda template, parameters, loader: _transform(template, parameters or _given.get() or {}, loader)
    for module in (engine, changesets, handlers):
        module._apply_transforms = _applied


def _applied(template, provided_params=None, previous_params=None):
    _given.set(engine._transform_parameters(template, provided_params, previous_params))
    return _apply(template, provided_params, previous_params)
