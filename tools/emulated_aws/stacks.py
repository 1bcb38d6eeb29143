"""Compares a stack with what its template should make. An emulator may leave out a resource without an error, so both
are counted.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

# samtranslator, SAM's own transform, has no types.
from samtranslator.parser.parser import Parser  # pyright: ignore[reportMissingTypeStubs]
from samtranslator.translator.translator import Translator  # pyright: ignore[reportMissingTypeStubs]

from content_api.aws import clients
from gateway import template

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient

from emulated_aws.server import REGION


@dataclass(frozen=True)
class Deployed:
    """A deployed stack. `resources` maps names in the template to a type and a physical name."""

    name: str
    status: str
    parameters: dict[str, str]
    outputs: dict[str, str]
    types: dict[str, str]
    physical: dict[str, str]
    template: dict[str, Any]


def describe(name: str) -> Deployed:
    """Describes a stack in the AWS that the environment points at."""
    cloudformation: CloudFormationClient = clients.client("cloudformation")
    (described,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    resources = [each for page in pages for each in page["StackResourceSummaries"]]
    original = cloudformation.get_template(StackName=name, TemplateStage="Original")["TemplateBody"]
    return Deployed(
        name,
        described["StackStatus"],
        {each.get("ParameterKey", ""): each.get("ParameterValue", "") for each in described.get("Parameters", [])},
        {each.get("OutputKey", ""): each.get("OutputValue", "") for each in described.get("Outputs", [])},
        {each["LogicalResourceId"]: each["ResourceType"] for each in resources},
        {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in resources},
        original if isinstance(original, dict) else template.parsed(original),  # pyright: ignore[reportUnnecessaryIsInstance] - boto3 reads what is JSON
    )


def expected_types(deployed: Deployed) -> dict[str, str]:
    """The type of each resource whose condition holds in the deployed template, by name."""
    source = json.loads(json.dumps(deployed.template))
    source["Metadata"] = {}
    translated: dict[str, Any] = Translator({}, Parser()).translate(source, dict(deployed.parameters))  # pyright: ignore[reportUnknownMemberType]
    values = deployed.parameters | {"AWS::Region": REGION}
    conditions: Mapping[str, Any] = translated.get("Conditions", {})
    return {
        name: resource["Type"]
        for name, resource in translated["Resources"].items()
        if "Condition" not in resource or holds({"Condition": resource["Condition"]}, conditions, values)
    }


def holds(part: Any, conditions: Mapping[str, Any], values: Mapping[str, str]) -> bool:  # noqa: ANN401 - a part of a template
    """Whether a condition of the template holds. Raises ValueError for a function that no condition here uses."""
    match part:
        case {"Condition": str(name)}:
            return holds(conditions[name], conditions, values)
        case {"Fn::Equals": [one, other]}:
            return _value(one, values) == _value(other, values)
        case {"Fn::Not": [negated]}:
            return not holds(negated, conditions, values)
        case {"Fn::And": [*all_of]}:
            return all(holds(each, conditions, values) for each in all_of)
        case {"Fn::Or": [*any_of]}:
            return any(holds(each, conditions, values) for each in any_of)
        case _:
            raise ValueError(f"a condition of a kind that is not known here: {part}")


def _value(part: Any, values: Mapping[str, str]) -> str:  # noqa: ANN401 - as above
    return values[part["Ref"]] if isinstance(part, dict) else str(part)


def expected_routes(deployed: Deployed, api: str) -> set[str]:
    """The keys of the routes that the deployed template gives to the HTTP API of that name."""
    return {route.key for route in template.routes(deployed.template) if route.api == api}


def routes(deployed: Deployed, api: str) -> set[str]:
    """The keys of the routes that the API has."""
    gateway: Any = clients.client("apigatewayv2")
    pages = gateway.get_paginator("get_routes").paginate(ApiId=deployed.physical[api])
    return {route["RouteKey"] for page in pages for route in page["Items"]}
