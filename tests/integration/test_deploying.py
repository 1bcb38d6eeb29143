"""What README, docs/deploying.md and the runbook say to deploy exists in samconfig.toml, fits the template's parameters
and its rules, and makes a stack in moto, as far as moto knows its resources.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from content_api.aws import clients
from deploying import parameters as deploying_parameters
from gateway import stack as local_stack
from gateway import template
from gateway.stack import Stack

ROOT = Path(__file__).parents[2]
TEXTS = "\n".join(
    (ROOT / path).read_text(encoding="utf-8") for path in ("README.md", "docs/deploying.md", "docs/runbook.md")
)
CONFIGURATION: dict[str, Any] = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
TEMPLATE: dict[str, Any] = template.load()
# What each deployment has of its own, and PARAMETERS gives.
ITS_OWN = {
    "staging": {},
    "production": {
        "PublicUrl": "https://content.example.org",
        "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/0",
        "AlarmEmail": "desk@example.org",
    },
}
ENVIRONMENTS = {name: commands for name, commands in CONFIGURATION.items() if name != "version"}
DEPLOYED = [name for name, commands in ENVIRONMENTS.items() if "deploy" in commands]


def assigned(text: str) -> dict[str, str]:
    return dict(re.findall(r"(\w+)=(\S+)", text))


def overrides(environment: str) -> dict[str, str]:
    stated = CONFIGURATION[environment]["deploy"]["parameters"]["parameter_overrides"]
    return assigned(" ".join(stated)) | ITS_OWN[environment]


def faults(parameters: dict[str, str], region: str) -> list[str]:
    """What CloudFormation would refuse."""
    defaults = {name: str(each["Default"]) for name, each in TEMPLATE["Parameters"].items() if "Default" in each}
    return deploying_parameters.faults(TEMPLATE, defaults | parameters, region=region)


def test_there_are_environments_for_a_machine_for_trying_and_for_readers() -> None:
    assert ENVIRONMENTS.keys() == {"local", "staging", "production"}
    assert DEPLOYED == ["staging", "production"]


@pytest.mark.parametrize("environment", DEPLOYED)
def test_an_environment_is_one_that_cloudformation_takes(environment: str) -> None:
    region = CONFIGURATION[environment]["deploy"]["parameters"]["region"]
    assert faults(overrides(environment), region) == []


@pytest.mark.parametrize(
    ("changed", "region", "fault"),
    [
        ({"ReaderLocation": "developer"}, "us-east-1", "ReaderLocation may not be 'developer'"),
        ({"PublicUrl": "https://content.example.org/"}, "us-east-1", "PublicUrl may not be"),
        ({"CertificateArn": ""}, "us-east-1", "needs CertificateArn"),
        ({"PublicUrl": ""}, "us-east-1", "needs PublicUrl"),
        ({}, "eu-central-1", "needs the stack in us-east-1"),
        ({"LogRetentionDays": "31"}, "us-east-1", "LogRetentionDays may not be '31'"),
        ({"RequestsPerAdress": "1"}, "us-east-1", "RequestsPerAdress is no parameter"),
        ({"AlarmEmail": "desk"}, "us-east-1", "AlarmEmail may not be 'desk'"),
    ],
)
def test_what_cloudformation_would_refuse_is_seen(changed: dict[str, str], region: str, fault: str) -> None:
    (found,) = faults(overrides("production") | changed, region)
    assert fault in found


def test_what_readme_and_runbook_say_to_deploy_is_there() -> None:
    made = re.findall(r"^    make deploy (\S.*?)(?: +#.*)?$", TEXTS, re.MULTILINE)
    assert {deploying_parameters.stated(line)["ENVIRONMENT"] for line in made} == set(DEPLOYED)
    made += re.findall(r"^    make set-parameters (\S.*?)(?: +#.*)?$", TEXTS, re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in made:
        words = deploying_parameters.stated(line)
        assert words.keys() <= set(re.findall(r"^(\w+) \?=", makefile, re.MULTILINE))
        region = CONFIGURATION[words["ENVIRONMENT"]]["deploy"]["parameters"]["region"]
        stated = deploying_parameters.stated(words.get("PARAMETERS", "") if "…" not in line else "")
        assert faults(overrides(words["ENVIRONMENT"]) | stated, region) == []
    for name in re.findall(r"`(?:ReaderLocation|GradualDeployment)=(\w+)`", TEXTS):
        assert name in {"edge", "connection", "false"}


@pytest.mark.parametrize(
    "document", [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda path: path.name
)
def test_no_command_that_a_document_prints_deploys_what_is_not_built(document: Path) -> None:
    """`sam deploy` would take the source, without its layers, where there is no build: make deploy builds first."""
    by_hand = r"sam (?:deploy|sync)|aws cloudformation (?:deploy|package)|aws lambda update-function-code"
    assert not re.findall(rf"^\s*(?:\$ )?(?:{by_hand})\b.*$", document.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("environment", DEPLOYED)
def test_an_environment_becomes_a_stack_with_its_parameters(environment: str, stack: Stack) -> None:
    assert stack
    name = CONFIGURATION[environment]["deploy"]["parameters"]["stack_name"]
    made = local_stack.create(overrides(environment), name)
    (described,) = clients.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    assert described["StackStatus"] == "CREATE_COMPLETE"
    given = {each["ParameterKey"]: each["ParameterValue"] for each in described["Parameters"]}
    assert overrides(environment).items() <= given.items()
    reading = made.functions["ReadingFunction"].environment
    assert reading["READER_LOCATION"] == overrides(environment)["ReaderLocation"]
    assert reading["PUBLIC_URL"] == overrides(environment).get("PublicUrl", "")
    for name in ("PublishingFunction", "PropagationFunction"):
        assert made.functions[name].environment["PUBLIC_URL"].startswith("https://")
    canary = made.functions["CanaryFunction"].environment
    assert canary["LAUNCHED"] == "false"
    assert canary["SITE_URL"].startswith("https://Distribution" if environment == "production" else "https://HttpApi.")
    assert ("ORIGIN_SECRET_CURRENT" in reading) == (environment == "production")
    assert bool(made.functions["CanaryFunction"].environment["EDGE_FUNCTION"]) == (environment == "production")
