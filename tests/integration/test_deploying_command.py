"""`python -m deploying` against CloudFormation and DynamoDB in moto, with a sam that asks of them what the real one
does.

The real sam deploys the real template to an emulator in tests/deployment.
"""

import itertools
import json
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import cloudformation_backends
from typer.testing import CliRunner, Result
from werkzeug.wrappers import Request, Response

from canary.edge import EdgeFunction
from content_api.aws import clients
from deploying import candidate, environments
from deploying.__main__ import app
from deploying.parameters import CannotDeploy
from deploying.stack import changed
from gateway import template
from gateway.server import serving
from gateway.stack import Stack

ACCOUNT = "123456789012"
TEMPLATE = template.load()
# sam deploy as far as CloudFormation sees it (samcli 1.170, Deployer.create_changeset): what is not given keeps its
# value. It speaks to CloudFormation without boto3, whose import would take most of these tests' time.
SAM = """
import json, os, sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

here, arguments = Path(__file__).parent, sys.argv[1:]
with (here / "asked.jsonl").open("a") as asked:
    asked.write(json.dumps(arguments) + chr(10))
if (here / "fails").exists():
    sys.exit("Error: the change set cannot be made")
given = dict(each.split("=", 1) for each in arguments[arguments.index("--parameter-overrides") + 1 :])
given = {name: value[1:-1].replace(chr(92) + '"', '"') for name, value in given.items()}
body = (here / "stack.json").read_text()

def call(action, names):
    asked = {"Action": action, "Version": "2010-05-15", "StackName": (here / "stack").read_text(), "TemplateBody": body}
    for number, name in enumerate(names, 1):
        value = ("ParameterValue", given[name]) if name in given else ("UsePreviousValue", "true")
        asked |= {f"Parameters.member.{number}.ParameterKey": name, f"Parameters.member.{number}.{value[0]}": value[1]}
    scope = "Credential=local/20251120/us-east-1/cloudformation/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=none"}
    try:
        with urlopen(Request(os.environ["AWS_ENDPOINT_URL"], urlencode(asked).encode(), headers)) as answer:
            return answer.read().decode()
    except HTTPError as error:
        return error.read().decode()

made = call("CreateStack", given)
if "AlreadyExistsException" in made:
    made = call("UpdateStack", json.loads(body)["Parameters"])
if "<Error>" in made and "No updates" not in made:
    sys.exit(made)
"""
SAMCONFIG = """
version = 0.1
[trial.deploy.parameters]
region = "us-east-1"
stack_name = "{stack}"
parameter_overrides = ["ReaderLocation=connection", "LogRetentionDays=7", "PublicUrl=https://content.example.org"]
"""

type Breaking = Callable[[str, str], AbstractContextManager[list[str]]]


@dataclass
class World:
    """An account, a checkout that is built for arm64, and whoever runs make."""

    folder: Path
    stack: str

    def run(self, command: str, *parameters: str, **options: str) -> Result:
        arguments = [command, "--environment", "trial"]
        arguments += [] if command == "launched" else ["--parameters", " ".join(parameters)]
        if command == "deploy":
            sam = f"{sys.executable} {self.folder / 'sam.py'}"
            arguments += ["--sam", sam, "--build", str(self.folder / "build")]
        for name, value in options.items():
            arguments += [f"--{name}", value]
        return CliRunner().invoke(app, arguments)

    def asked(self) -> list[list[str]]:
        """What sam was called with, each time."""
        asked = self.folder / "asked.jsonl"
        return [json.loads(line) for line in asked.read_text().splitlines()] if asked.exists() else []

    def deployed(self) -> dict[str, str]:
        (described,) = clients.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"]
        return {each["ParameterKey"]: each["ParameterValue"] for each in described["Parameters"]}

    def is_protected(self) -> bool:
        table = clients.dynamodb().describe_table(TableName=self.stack)["Table"]
        return table.get("DeletionProtectionEnabled", False)

    def set_status(self, status: str) -> None:
        """As CloudFormation would leave it after what moto cannot play."""
        cloudformation_backends[ACCOUNT]["us-east-1"].get_stack(self.stack).status = status


_numbers = itertools.count(1)


@pytest.fixture
def world(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    assert stack
    name = f"trial-{next(_numbers)}"
    (tmp_path / "sam.py").write_text(SAM)
    (tmp_path / "stack").write_text(name)
    keys = ("Type", "Default", "AllowedValues")
    declared = {
        parameter: {key: each[key] for key in keys if key in each} for parameter, each in TEMPLATE["Parameters"].items()
    }
    table = TEMPLATE["Resources"]["ContentTable"]["Properties"]
    kept = {key: table[key] for key in ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")}
    tags = [{"Key": "days", "Value": {"Ref": "LogRetentionDays"}}]
    resources = {
        "ContentTable": {"Type": "AWS::DynamoDB::Table", "Properties": kept | {"TableName": name}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"Tags": tags}},
    }
    outputs = {"ContentTable": {"Value": {"Ref": "ContentTable"}}, "ApiUrl": {"Value": {"Ref": "PublicUrl"}}}
    made = {"Parameters": declared, "Resources": resources, "Outputs": outputs}
    (tmp_path / "stack.json").write_text(json.dumps(made))
    (tmp_path / "samconfig.toml").write_text(SAMCONFIG.format(stack=name))
    monkeypatch.setattr(environments, "FILE", tmp_path / "samconfig.toml")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "template.yaml").write_text("")
    (tmp_path / "build" / "native.so").write_bytes(b"\x7fELF" + bytes(14) + b"\xb7\x00" + bytes(40))
    return World(tmp_path, name)


def test_a_deployment_gives_sam_what_is_built_and_every_parameter(world: World) -> None:
    done = world.run("deploy", "AlarmEmail=desk@example.org", "PublisherName='Example \"News\"'")
    assert done.exit_code == 0, done.output
    ((command, *arguments),) = world.asked()
    assert command == "deploy"
    assert arguments[arguments.index("--template-file") + 1] == str(world.folder / "build" / "template.yaml")
    assert arguments[arguments.index("--config-env") + 1] == "trial"
    assert "--guided" not in arguments
    assert "--no-confirm-changeset" in arguments
    given = arguments[arguments.index("--parameter-overrides") + 1 :]
    assert {each.partition("=")[0] for each in given} == TEMPLATE["Parameters"].keys()
    expected = {"Architecture": "arm64", "AlarmEmail": "desk@example.org", "PublisherName": 'Example "News"'}
    assert expected.items() <= world.deployed().items()
    assert world.deployed()["LogRetentionDays"] == "7"
    assert world.is_protected()


def test_a_second_deployment_keeps_what_was_changed_meanwhile_and_says_so(world: World) -> None:
    assert world.run("deploy", "AlarmEmail=desk@example.org").exit_code == 0
    assert world.run("set-parameters", "LogRetentionDays=14").exit_code == 0
    again = world.run("deploy")
    assert again.exit_code == 0, again.output
    assert "LogRetentionDays stays 14" in again.output
    assert {"LogRetentionDays": "14", "AlarmEmail": "desk@example.org"}.items() <= world.deployed().items()
    # What the rotation counts may count on meanwhile.
    assert not any(each.startswith("OriginSecret") for each in world.asked()[-1])
    assert world.run("deploy", "LogRetentionDays=7").exit_code == 0
    assert world.deployed()["LogRetentionDays"] == "7"


def test_what_is_missing_or_wrong_is_said_before_sam_is_asked(world: World) -> None:
    samconfig = world.folder / "samconfig.toml"
    samconfig.write_text(samconfig.read_text().replace("ReaderLocation=connection", "ReaderLocation=edge"))
    for command in ("check", "deploy"):
        done = world.run(command, "LogRetentionDays=8")
        assert done.exit_code == 1
        assert "LogRetentionDays may not be '8'" in done.output
        done = world.run(command)
        assert done.exit_code == 1
        assert 'Give it: PARAMETERS="CertificateArn=' in done.output
        done = world.run(command, "LogRetention=8")
        assert "LogRetention is no parameter" in done.output
    assert world.asked() == []


def test_one_architecture_is_built_and_deployed(world: World) -> None:
    assert world.run("check").output == "arm64\n"
    assert world.run("check", architecture="x86_64").output == "x86_64\n"
    wrong = world.run("deploy", architecture="x86_64")
    assert wrong.exit_code == 1
    assert "The build is for arm64" in wrong.output
    assert world.run("check", "Architecture=arm64", architecture="x86_64").exit_code == 1
    assert world.asked() == []
    (world.folder / "build" / "native.so").write_bytes(b"\x7fELF" + bytes(14) + b"\x3e\x00" + bytes(40))
    assert world.run("deploy", architecture="x86_64").exit_code == 0
    assert world.deployed()["Architecture"] == "x86_64"
    # The next one needs no word of it.
    assert world.run("check").output == "x86_64\n"


def test_a_deployment_that_fails_is_one_and_protects_nothing(world: World) -> None:
    (world.folder / "fails").touch()
    failed = world.run("deploy")
    assert failed.exit_code == 1
    assert "sam deploy failed" in failed.output
    (world.folder / "fails").unlink()
    assert world.run("deploy").exit_code == 0
    assert world.is_protected()


@pytest.mark.parametrize(
    ("operation", "moment"),
    [
        ("DescribeStacks", "before"),
        ("DescribeTable", "before"),
        ("DescribeTable", "after"),
        ("UpdateTable", "before"),
        ("UpdateTable", "after"),
    ],
)
def test_wherever_a_deployment_is_stopped_it_is_finished_by_the_same_command(
    world: World, breaking: Breaking, operation: str, moment: str
) -> None:
    with breaking(operation, moment) as made:
        stopped = world.run("deploy")
        assert made == [operation]
    assert stopped.exit_code == 1
    assert "InternalError" in stopped.output
    again = world.run("deploy")
    assert again.exit_code == 0, again.output
    assert world.is_protected()


def test_what_a_failed_first_deployment_has_left_is_removed(world: World) -> None:
    assert world.run("deploy").exit_code == 0
    clients.dynamodb().update_table(TableName=world.stack, DeletionProtectionEnabled=False)
    world.set_status("ROLLBACK_COMPLETE")
    again = world.run("deploy", "LogRetentionDays=3")
    assert again.exit_code == 0, again.output
    assert "failed and was undone" in again.output
    assert world.deployed()["LogRetentionDays"] == "3"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("UPDATE_IN_PROGRESS", "busy"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
        ("ROLLBACK_FAILED", "needs a person"),
        ("DELETE_FAILED", "needs a person"),
    ],
)
def test_a_stack_that_cannot_be_changed_is_left_alone(world: World, status: str, said: str) -> None:
    assert world.run("deploy").exit_code == 0
    world.set_status(status)
    for command in ("check", "deploy", "set-parameters"):
        refused = world.run(command, "LogRetentionDays=3")
        assert refused.exit_code == 1
        assert said in refused.output
    assert len(world.asked()) == 1
    world.set_status("UPDATE_COMPLETE")


def test_a_stack_whose_only_change_set_was_never_executed_is_none(world: World) -> None:
    assert world.run("deploy").exit_code == 0
    world.set_status("REVIEW_IN_PROGRESS")
    assert world.run("check").output == "arm64\n"
    assert world.run("set-parameters", "LogRetentionDays=3").exit_code == 1
    world.set_status("CREATE_COMPLETE")


# ------------------------------------------------------------------------------------------------ The candidate


CERTIFICATE = "CertificateArn=arn:aws:acm:us-east-1:123456789012:certificate/0"


def test_an_edge_is_deployed_only_once_its_candidate_knew_the_places(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def check(made: Any, stack: str) -> list[str]:
        assert made["Resources"]["ViewerRequestFunction"]
        asked.append(stack)
        if len(asked) == 1:
            raise CannotDeploy("The candidate is wrong about Lviv.")
        return ["The candidate knew five places."]

    monkeypatch.setattr(candidate, "check", check)
    refused = world.run("deploy", "ReaderLocation=edge", CERTIFICATE)
    assert refused.exit_code == 1
    assert "wrong about Lviv" in refused.output
    assert world.asked() == []
    done = world.run("deploy", "ReaderLocation=edge", CERTIFICATE)
    assert done.exit_code == 0, done.output
    assert "knew five places" in done.output
    assert asked == [world.stack] * 2


def test_without_an_edge_there_is_no_candidate(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(candidate, "check")
    assert world.run("deploy").exit_code == 0


# ------------------------------------------------------------------------------------------------ launched


@contextmanager
def site(*article_ids: str) -> Generator[str]:
    """What readers would ask, with these articles."""
    notice = {"id": "a-notice", "must_display": True, "text": "Words.", "reason": "requested"}

    def answer(environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        content: dict[str, Any] = {"legal_notices": []}
        if request.path == "/v1/articles":
            content["articles"] = [{"id": each} for each in article_ids]
        elif request.path.startswith("/v1/articles/"):
            content = {"legal_notices": [notice], "id": "a", "version": 1, "headline": "A", "body": ["A"]}
        headers = {"cache-control": "private, no-store"}
        return Response(json.dumps(content), headers=headers)(environ, start_response)

    with serving(answer) as address:
        yield address


def set_address(world: World, address: str) -> None:
    """One that no deployment has: the template's pattern wants https."""
    parameters = changed(list(world.deployed()), {"PublicUrl": address})
    clients.client("cloudformation").update_stack(
        StackName=world.stack, UsePreviousTemplate=True, Parameters=parameters
    )


def test_readers_are_expected_once_there_is_an_article_for_them(world: World) -> None:
    assert "make launched" in world.run("deploy").output
    with site() as address:
        set_address(world, address)
        refused = world.run("launched")
        assert refused.exit_code == 1
        assert "there is no article in en" in refused.output
        assert "docs/first-deployment.md" in refused.output
    refused = world.run("launched")
    assert refused.exit_code == 1
    assert "is not answered" in refused.output
    assert world.deployed()["Launched"] == "false"
    with site("a") as address:
        set_address(world, address)
        done = world.run("launched")
        assert done.exit_code == 0, done.output
        assert world.deployed()["Launched"] == "true"
        assert "as it was" in world.run("launched").output
    # A deployment of new code keeps it.
    set_address(world, "https://content.example.org")
    assert "make launched" not in world.run("deploy").output
    assert world.deployed()["Launched"] == "true"


def test_readers_are_not_expected_of_an_edge_that_takes_places_for_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(*_: Any) -> list[str]:
        return []

    def places_wrong(_: Any) -> list[str]:
        return ["the edge takes UA 46 for unknown, not elsewhere"]

    monkeypatch.setattr(candidate, "check", check)
    monkeypatch.setattr(EdgeFunction, "places_wrong", places_wrong)
    assert world.run("deploy", "ReaderLocation=edge", CERTIFICATE).exit_code == 0
    with site("a") as address:
        set_address(world, address)
        refused = world.run("launched")
    assert refused.exit_code == 1
    assert "UA 46" in refused.output
    assert world.deployed()["Launched"] == "false"


def test_there_is_nothing_to_launch_before_it_is_deployed(world: World) -> None:
    assert "make deploy" in world.run("launched").output


# ------------------------------------------------------------------------------------------------ set-parameters


def test_a_parameter_is_changed_by_the_template_that_is_deployed(world: World) -> None:
    assert world.run("deploy").exit_code == 0
    before = world.deployed()
    done = world.run("set-parameters", "LogRetentionDays=14", "CanaryLanguage=uk")
    assert done.exit_code == 0, done.output
    assert world.deployed() == before | {"LogRetentionDays": "14", "CanaryLanguage": "uk"}
    assert len(world.asked()) == 1  # no build, no upload
    again = world.run("set-parameters", "LogRetentionDays=14", "CanaryLanguage=uk")
    assert again.exit_code == 0
    assert "already" in again.output


@pytest.mark.parametrize("command", ["deploy", "set-parameters", "launched"])
def test_whatever_makes_versions_deletes_old_ones(world: World, command: str) -> None:
    made = json.loads((world.folder / "stack.json").read_text())
    role: Any = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}}
    function = {
        "Runtime": "python3.13",
        "Handler": "a.b",
        "Code": {"ZipFile": "b = print"},
        "FunctionName": world.stack,
    }
    made["Resources"] |= {
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": function | {"Role": {"Fn::GetAtt": ["Role", "Arn"]}},
        },
    }
    (world.folder / "stack.json").write_text(json.dumps(made))
    first = world.run("deploy")
    assert first.exit_code == 0, first.output
    functions = clients.client("lambda")
    for number in range(6):
        functions.update_function_configuration(FunctionName=world.stack, Description=str(number))
        functions.publish_version(FunctionName=world.stack)
    functions.create_alias(FunctionName=world.stack, Name="live", FunctionVersion="6")
    with site("a") as address:
        if command == "launched":
            set_address(world, address)
        done = world.run(command, "LogRetentionDays=14")
    assert done.exit_code == 0, done.output
    assert "2 old versions of the functions are deleted" in done.output
    listed = functions.list_versions_by_function(FunctionName=world.stack)["Versions"]
    assert [each.get("Version") for each in listed] == ["$LATEST", "3", "4", "5", "6"]


def test_a_parameter_that_nothing_deployed_depends_on_is_not_said_to_be_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CloudFormation refuses such an update, and would not keep the value."""
    assert world.run("deploy").exit_code == 0

    def refuses(**_: Any) -> Any:
        raise ValidationError(message="No updates are to be performed.")

    monkeypatch.setattr(cloudformation_backends[ACCOUNT]["us-east-1"], "update_stack", refuses)
    refused = world.run("set-parameters", "RequestsPerAddress=0", "WebSubHub=https://hub.example")
    assert refused.exit_code == 1
    assert "depends on" in refused.output


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("operation", ["DescribeStacks", "UpdateStack", "DescribeTable"])
def test_wherever_a_change_is_stopped_it_is_finished_by_the_same_command(
    world: World, breaking: Breaking, operation: str, moment: str
) -> None:
    assert world.run("deploy").exit_code == 0
    with breaking(operation, moment):
        assert world.run("set-parameters", "LogRetentionDays=14").exit_code == 1
    assert world.run("set-parameters", "LogRetentionDays=14").exit_code == 0
    assert world.deployed()["LogRetentionDays"] == "14"
    assert world.is_protected()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("LogRetentionDay=14", "LogRetentionDays"),
        ("Architecture=x86_64", "make deploy ARCHITECTURE="),
        ("ReaderLocation=edge", "make deploy PARAMETERS="),
        ("OriginSecretRevision=3", "python -m origin_secret"),
        ("OriginSecretVersion=3", "python -m origin_secret"),
        ("", 'PARAMETERS="LogRetentionDays=14"'),
    ],
)
def test_what_cannot_be_changed_so_is_refused_with_what_can(world: World, change: str, said: str) -> None:
    assert world.run("deploy").exit_code == 0
    before = world.deployed()
    refused = world.run("set-parameters", change)
    assert refused.exit_code == 1
    assert said in refused.output
    assert world.deployed() == before


def test_an_update_that_is_undone_says_what_failed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert world.run("deploy").exit_code == 0
    backend = cloudformation_backends[ACCOUNT]["us-east-1"]
    original = backend.update_stack

    def fails(**arguments: Any) -> Any:
        updated = original(**arguments)
        updated.status = "UPDATE_ROLLBACK_COMPLETE"
        (event, *_) = updated.events[-1:]
        event.resource_status, event.logical_resource_id = "UPDATE_FAILED", "Queue"
        event.resource_status_reason = "The alarm CanaryFailedAlarm is on"
        return updated

    monkeypatch.setattr(backend, "update_stack", fails)
    failed = world.run("set-parameters", "LogRetentionDays=14")
    assert failed.exit_code == 1
    assert "as it was before" in failed.output
    assert "Queue: The alarm CanaryFailedAlarm is on" in failed.output
