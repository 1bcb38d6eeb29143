"""The template's parameters: what value each has in a deployment, and what CloudFormation would refuse of them.

CloudFormation would say the same, but only after the build, the upload and a change set, and not how to give a value.
"""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Each counts or records what a command of its own has done; a deployment leaves it as it is.
OF_ROTATION = frozenset({"OriginSecretRevision", "OriginSecretVersion"})


class CannotDeploy(Exception):
    """What stands in the way and what to do about it, as a sentence."""


@dataclass(frozen=True)
class Choice:
    """`values`: of every parameter that has one. `kept`: a sentence for each value that samconfig.toml would change."""

    values: dict[str, str]
    kept: list[str]


def stated(text: str) -> dict[str, str]:
    """The values in a text such as `LogRetentionDays=14 PublisherName="Example News"`, quoted as a shell wants them.

    Raises CannotDeploy.
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
    """Each parameter's value: as given now, else as it is deployed, else as samconfig.toml says, else its default.

    What is deployed comes before samconfig.toml because somebody may have changed it since, for a reason: a deployment
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
    """A sentence for each thing that CloudFormation would refuse. `values` lacks what has none."""
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
    """Why the value is none that the parameter takes; empty where it is."""
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
    """The parameters that a condition names."""
    match part:
        case {"Ref": str(name)}:
            return {name}
        case dict():
            return {name for each in part.values() for name in _names(each)}  # pyright: ignore[reportUnknownVariableType] - as above
        case list():
            return {name for each in part for name in _names(each)}  # pyright: ignore[reportUnknownVariableType] - as above
        case _:
            return set()
