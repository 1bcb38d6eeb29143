"""template.yaml, read the way SAM reads it, for what a machine without an AWS account can use of it."""

import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# samtranslator, SAM's own transform, comes without types.
from samtranslator.parser.parser import Parser  # pyright: ignore[reportMissingTypeStubs]
from samtranslator.translator.translator import Translator  # pyright: ignore[reportMissingTypeStubs]
from samtranslator.yaml_helper import yaml_parse  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

PATH = Path(__file__).parents[2] / "template.yaml"

# The editorial API has an address of its own. On one machine both APIs have one, and these paths tell them apart.
EDITORIAL = ("/v1/editorial/", "/v1/previews/")

# What the local stack is made of. moto's CloudFormation has no API Gateway v2 and no bucket policies.
_LOCAL_TYPES = {
    "AWS::DynamoDB::Table",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
}
_FUNCTION = re.compile(r"\$\{(\w+)\.Alias\}")
_NAMED = re.compile(r"\$\{(\w+)(?:\.\w+)?\}")
# For what only this machine signs and believes.
_LOCAL_SECRET = "a-secret-of-a-developers-machine-only"  # noqa: S105 - as it says


@dataclass(frozen=True)
class Route:
    """One route of an API: its key, such as `GET /v1/articles/{id}` or `$default`, and the function behind it."""

    key: str
    function: str
    api: str


# SAM's transform says at each start which of its service's own switches are not here.
logging.getLogger("samtranslator").setLevel(logging.ERROR)


def load() -> dict[str, Any]:
    return parsed(PATH.read_text(encoding="utf-8"))


def parsed(text: str) -> dict[str, Any]:
    """A template in YAML or JSON, with the functions of CloudFormation as JSON has them."""
    return yaml_parse(text)


def routes(template: dict[str, Any]) -> list[Route]:
    found: list[Route] = []
    for api, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::HttpApi":
            for path, operations in resource["Properties"]["DefinitionBody"]["paths"].items():
                for method, operation in operations.items():
                    key = path if path == "$default" else f"{method.upper()} {path}"
                    function = _function_of(operation["x-amazon-apigateway-integration"])
                    found.append(Route(key, function, api))
    return found


def functions_for_readers(template: dict[str, Any]) -> dict[str, str]:
    """The function of each route that serves readers, by the route's key, but for what no route fits."""
    return {
        each.key: each.function
        for each in routes(template)
        if each.function in {"ReadingFunction", "SyndicationFunction"} and each.key != "$default"
    }


def api_of(path: str) -> str:
    """The API whose path it is, or would be if there were such a path."""
    return "EditorialApi" if path.startswith(EDITORIAL) else "HttpApi"


def _function_of(integration: dict[str, Any]) -> str:
    (name,) = _FUNCTION.findall(integration["uri"]["Fn::Sub"])
    return name


def local_stack(template: dict[str, Any], parameters: dict[str, str], code_uri: str) -> dict[str, Any]:
    """The template as plain CloudFormation, less what moto cannot make; `code_uri` stands in for the built code."""
    template["Globals"]["Function"]["CodeUri"] = code_uri
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = code_uri
    translated = Translator({}, Parser()).translate(template, dict(parameters))  # pyright: ignore[reportUnknownMemberType]
    all_of_it: dict[str, Any] = translated["Resources"]
    stand_ins: dict[str, Any] = {name: name for name, each in all_of_it.items() if each["Type"] not in _LOCAL_TYPES}
    for name, each in all_of_it.items():
        if each["Type"] == "AWS::Lambda::Alias":
            stand_ins[name] = {"Fn::GetAtt": [each["Properties"]["FunctionName"]["Ref"], "Arn"]}
    resources: dict[str, Any] = {
        name: _with_stand_ins(resource, stand_ins)
        for name, resource in all_of_it.items()
        if resource["Type"] in _LOCAL_TYPES
    }
    for resource in resources.values():
        resource.get("Properties", {}).pop("Layers", None)
    return {key: translated[key] for key in ("Parameters", "Conditions")} | {"Resources": resources}


def _with_stand_ins(part: Any, stand_ins: dict[str, Any]) -> Any:  # noqa: ANN401 - any part of a template
    """For what moto does not make: an alias's function, a secret of this machine's, the name alone of anything else."""
    match part:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]} if name in stand_ins:
            return stand_ins[name]
        case {"Fn::Sub": str(text)} if text.startswith("{{resolve:secretsmanager:"):
            return _LOCAL_SECRET
        case {"Fn::Sub": str(text)}:
            return {"Fn::Sub": _NAMED.sub(lambda found: _stand_in(found, stand_ins), text)}
        case dict():
            return {name: _with_stand_ins(each, stand_ins) for name, each in part.items()}  # pyright: ignore[reportUnknownVariableType] - as above
        case list():
            return [_with_stand_ins(each, stand_ins) for each in part]  # pyright: ignore[reportUnknownVariableType] - as above
        case _:
            return part


def _stand_in(found: re.Match[str], stand_ins: dict[str, Any]) -> str:
    return str(stand_ins.get(found[1], found[0]))
