"""The values of the template's parameters in a deployment, and which of them CloudFormation would refuse.

CloudFormation says that only after the build, the upload and a change set, and it does not say how to give a value.
"""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Commands of their own set these parameters. A deployment leaves them as they are.
OF_ROTATION = frozenset({"OriginSecretRevision", "OriginSecretVersion"})


class CannotDeploy(Exception):
    """The message is a sentence that says what prevents the deployment, and what to do."""


@dataclass(frozen=True)
class Choice:
    """`values` has every parameter that has a value. `kept` has a sentence for each parameter whose deployed value
    differs from samconfig.toml.
    """

    values: dict[str, str]
    kept: list[str]


def stated(text: str) -> dict[str, str]:
    """Reads values from a text such as `LogRetentionDays=14 PublisherName="Example News"`, quoted as in a shell. Raises
    CannotDeploy.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise CannotDeploy(
            f"PARAMETERS cannot be read: {error}. An example: {_example('LogRetentionDays', '14')}"
        ) from None
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not name or not equals:
            raise CannotDeploy(
                f"PARAMETERS has {word!r}, which is no Name=value. An example: {_example('LogRetentionDays', '14')}"
            )
        if found.get(name, value) != value:
            raise CannotDeploy(f"PARAMETERS has {name} twice, with different values.")
        found[name] = value
    return found


def choose(
    template: Mapping[str, Any],
    *,
    given: Mapping[str, str],
    deployed: Mapping[str, str],
    configured: Mapping[str, str],
) -> Choice:
    """The value of each parameter: the given one, or else the deployed one, or else that in samconfig.toml, or else the
    default. A deployed value comes before samconfig.toml: somebody may have changed it for a reason, and a deployment
    of new code must not undo that unseen.
    """
    values: dict[str, str] = {}
    kept: list[str] = []
    for name, declared in template["Parameters"].items():
        for source in (given, deployed, configured):
            if name in source:
                values[name] = source[name]
                break
        else:
            if "Default" in declared:
                values[name] = str(declared["Default"])
        if name not in given and deployed.get(name, configured.get(name)) != configured.get(name, deployed.get(name)):
            kept.append(
                f"{name} stays {deployed[name] or 'empty'}, as it is deployed; samconfig.toml says {configured[name]}. "
                f"To change it: {_example(name, configured[name])}"
            )
    return Choice(values, kept)


def faults(template: Mapping[str, Any], values: Mapping[str, str], *, region: str) -> list[str]:
    """A sentence for each value that CloudFormation would refuse, and for each missing one."""
    declared: dict[str, Any] = template["Parameters"]
    found = [unknown(name, declared) for name in values if name not in declared]
    for name, each in declared.items():
        if name not in values:
            allowed = "|".join(str(one) for one in each.get("AllowedValues", ["…"]))
            found.append(
                f"{name} has no value. Give it: {_example(name, allowed)}. {each.get('Description', '')}".strip()
            )
        elif refusal := _refusal(each, values[name]):
            found.append(f"{name} may not be {values[name]!r}: {refusal}")
    if found:
        return found
    for rule in template.get("Rules", {}).values():
        if _holds(rule["RuleCondition"], {**values, "AWS::Region": region}):
            for each in rule["Assertions"]:
                if not _holds(each["Assert"], {**values, "AWS::Region": region}):
                    missing = [name for name in sorted(_names(each["Assert"])) if values.get(name) == ""]
                    how = f" Give it: {_example(missing[0], '…')}" if missing else ""
                    found.append(f"{each['AssertDescription']}{how}")
    return found


def unknown(name: str, known: Mapping[str, Any] | list[str]) -> str:
    return f"{name} is no parameter. There are: {', '.join(sorted(known))}."


def _example(name: str, value: str) -> str:
    return f'PARAMETERS="{name}={shlex.quote(value) if " " in value else value}"'


def _refusal(declared: Mapping[str, Any], value: str) -> str:
    """Why the parameter does not take the value; empty if it does."""
    if "AllowedValues" in declared and value not in [str(each) for each in declared["AllowedValues"]]:
        return f"it is one of {', '.join(str(each) for each in declared['AllowedValues'])}."
    if declared["Type"] == "Number" and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return "it is a number."
    if len(value) > int(declared.get("MaxLength", 4096)):
        return f"it has at most {declared['MaxLength']} characters."
    if "AllowedPattern" in declared and not re.fullmatch(declared["AllowedPattern"], value):
        return str(declared.get("Description", f"it matches {declared['AllowedPattern']}"))
    return ""


def _holds(condition: Any, values: Mapping[str, str]) -> bool:  # noqa: ANN401 - a part of a template
    match condition:
        case {"Fn::Equals": [one, other]}:
            return _value(one, values) == _value(other, values)
        case {"Fn::Not": [negated]}:
            return not _holds(negated, values)
        case {"Fn::And": [*all_of]}:
            return all(_holds(each, values) for each in all_of)
        case {"Fn::Or": [*any_of]}:
            return any(_holds(each, values) for each in any_of)
        case _:
            raise CannotDeploy(f"template.yaml has a rule of a kind that is not known here: {condition}")


def _value(part: Any, values: Mapping[str, str]) -> str:  # noqa: ANN401 - as above
    return values[part["Ref"]] if isinstance(part, dict) else str(part)


def _names(part: Any) -> set[str]:  # noqa: ANN401 - as above
    """The names of the parameters in a condition."""
    match part:
        case {"Ref": str(name)}:
            return {name}
        case dict():
            return {name for each in part.values() for name in _names(each)}  # pyright: ignore[reportUnknownVariableType] - as above
        case list():
            return {name for each in part for name in _names(each)}  # pyright: ignore[reportUnknownVariableType] - as above
        case _:
            return set()
