"""Reads template.yaml as SAM reads it, for use on a machine without an AWS account."""

import copy
import logging
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

# samtranslator, SAM's own transform, has no types.
from samtranslator.parser.parser import Parser  # pyright: ignore[reportMissingTypeStubs]
from samtranslator.translator.translator import Translator  # pyright: ignore[reportMissingTypeStubs]
from samtranslator.yaml_helper import (  # pyright: ignore[reportMissingTypeStubs]
    intrinsics_multi_constructor,  # pyright: ignore[reportUnknownVariableType]
)

PATH = Path(__file__).parents[2] / "template.yaml"

# In AWS, the editorial API has an address of its own. On one machine both APIs have the same, and these paths tell them
# apart.
EDITORIAL = ("/v1/editorial/", "/v1/previews/")

# The types of resources in the local stack. moto's CloudFormation has no API Gateway v2 and no bucket policies.
_LOCAL_TYPES = {
    "AWS::DynamoDB::Table",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
}
# The functions that readers reach.
FOR_READERS = ("ReadingFunction", "SyndicationFunction", "SearchingFunction", "MediaFunction")
_FUNCTION = re.compile(r"\$\{(\w+)\.Alias\}")
_NAMED = re.compile(r"\$\{(\w+)(?:\.\w+)?\}")
# Signs what only this machine accepts.
_LOCAL_SECRET = "a-secret-of-a-developers-machine-only"  # noqa: S105 - as it says


@dataclass(frozen=True)
class Route:
    """A route of an API: its key, such as `GET /v1/articles/{id}` or `$default`, and the function behind it."""

    key: str
    function: str
    api: str


# At each start, SAM's transform logs which switches of SAM's own service are missing.
logging.getLogger("samtranslator").setLevel(logging.ERROR)


class _Loader(yaml.CSafeLoader):
    """SAM's own loader is written in Python, and takes ten times as long."""


_Loader.add_multi_constructor("!", intrinsics_multi_constructor)  # pyright: ignore[reportUnknownMemberType] - types are partial


def load() -> dict[str, Any]:
    """A copy of the caller's own. The file is read once."""
    return copy.deepcopy(_loaded())


@cache
def _loaded() -> dict[str, Any]:
    return parsed(PATH.read_text(encoding="utf-8"))


def parsed(text: str) -> dict[str, Any]:
    """A template in YAML or JSON. Functions of CloudFormation have their JSON form."""
    return yaml.load(text, _Loader)  # noqa: S506 - a loader of plain values


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
    """The function of each route for readers, by route key. `$default` is left out."""
    return {
        each.key: each.function for each in routes(template) if each.function in FOR_READERS and each.key != "$default"
    }


def api_of(path: str) -> str:
    """The API that a path belongs to, or would belong to if it existed."""
    return "EditorialApi" if path.startswith(EDITORIAL) else "HttpApi"


def _function_of(integration: dict[str, Any]) -> str:
    (name,) = _FUNCTION.findall(integration["uri"]["Fn::Sub"])
    return name


def local_stack(template: dict[str, Any], parameters: dict[str, str], code_uri: str) -> dict[str, Any]:
    """The template as plain CloudFormation, without what moto cannot make. `code_uri` replaces the built code."""
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
    """Replaces references to what moto does not make: the function replaces its alias, a secret of this machine
    replaces a secret, and the name replaces anything else.
    """
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
