"""template.yaml, read the way SAM reads it, for what a machine without an AWS account can use of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

# samtranslator, SAM's own transform, comes without types.
from samtranslator.parser.parser import Parser  # pyright: ignore[reportMissingTypeStubs]
from samtranslator.translator.translator import Translator  # pyright: ignore[reportMissingTypeStubs]
from samtranslator.yaml_helper import yaml_parse  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

PATH = Path(__file__).parents[2] / "template.yaml"

# What the local stack is made of. moto's CloudFormation has no API Gateway v2 and no bucket policies.
_LOCAL_TYPES = {
    "AWS::DynamoDB::Table",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
}
# For what only this machine signs and believes.
_LOCAL_SECRET = "a-secret-of-a-developers-machine-only"  # noqa: S105 - as it says


@dataclass(frozen=True)
class Route:
    """One route of an HttpApi: its key, such as `GET /v1/articles/{id}` or `$default`, and the function behind it."""

    key: str
    function: str


def load() -> dict[str, Any]:
    return yaml_parse(PATH.read_text(encoding="utf-8"))


def routes(template: dict[str, Any]) -> list[Route]:
    found: list[Route] = []
    for name, resource in template["Resources"].items():
        for event in resource.get("Properties", {}).get("Events", {}).values():
            if event["Type"] == "HttpApi":
                properties = event["Properties"]
                path = properties.get("Path")
                found.append(Route(f"{properties['Method'].upper()} {path}" if path else "$default", name))
    return found


def local_stack(template: dict[str, Any], parameters: dict[str, str], code_uri: str) -> dict[str, Any]:
    """The template as plain CloudFormation, less what moto cannot make; `code_uri` stands in for the built code."""
    template["Globals"]["Function"]["CodeUri"] = code_uri
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = code_uri
    translated = Translator({}, Parser()).translate(template, dict(parameters))  # pyright: ignore[reportUnknownMemberType]
    aliases: dict[str, Any] = {
        name: resource["Properties"]["FunctionName"]["Ref"]
        for name, resource in translated["Resources"].items()
        if resource["Type"] == "AWS::Lambda::Alias"
    }
    resources: dict[str, Any] = {
        name: _without_aliases(resource, aliases)
        for name, resource in translated["Resources"].items()
        if resource["Type"] in _LOCAL_TYPES
    }
    for resource in resources.values():
        properties = resource.get("Properties", {})
        properties.pop("Layers", None)
        variables = properties.get("Environment", {}).get("Variables", {})
        variables |= {name: _LOCAL_SECRET for name, value in variables.items() if _is_a_secret(value)}
    return {key: translated[key] for key in ("Parameters", "Conditions")} | {"Resources": resources}


def _without_aliases(part: Any, aliases: dict[str, str]) -> Any:  # noqa: ANN401 - any part of a template
    """Moto makes no aliases: the function itself stands for its own."""
    match part:
        case {"Ref": str(name)} if name in aliases:
            return {"Fn::GetAtt": [aliases[name], "Arn"]}
        case dict():
            return {name: _without_aliases(each, aliases) for name, each in part.items()}  # pyright: ignore[reportUnknownVariableType] - as above
        case list():
            return [_without_aliases(each, aliases) for each in part]  # pyright: ignore[reportUnknownVariableType] - as above
        case _:
            return part


def _is_a_secret(value: object) -> bool:
    """Whether a variable's value is one of Secrets Manager's, which CloudFormation fills in."""
    return isinstance(value, dict) and str(cast("Any", value).get("Fn::Sub", "")).startswith(
        "{{resolve:secretsmanager:"
    )
