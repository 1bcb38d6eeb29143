import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content_api.aws import clients
from content_api.law.reader_location import proves_the_edge
from gateway.stack import Stack
from origin_secret.__main__ import CannotRotate, Deployment, deployment, rotate
from origin_secret.rotation import UNSET, NoSecret, OriginSecret, Stage, after, new_value, started
from thoroughness import examples

OLD = "the-old-secret-of-the-edge-0123456789abcdefghij"


class Stopped(Exception):
    """Somebody pulls the plug."""


class World:
    """Functions and edges that read the secret when the stack is updated, each at a moment of its own."""

    def __init__(self, order: Callable[[int], list[int]], stop_at: int) -> None:
        self.stored = json.dumps({"current": OLD, "next": UNSET})
        self._versions = [self.stored]
        self.functions = [self._halves(self.stored)] * 3
        self.edges = [OLD] * 3
        self._order = order
        self._calls_left = stop_at

    def _halves(self, text: str) -> tuple[str, str]:
        parts = json.loads(text)
        return parts["current"], parts["next"]

    def _call(self) -> None:
        self._calls_left -= 1
        if self._calls_left == 0:
            raise Stopped

    def check(self) -> None:
        for sent in self.edges:
            for halves in self.functions:
                accepted = [half.encode() for half in halves if half != UNSET]
                assert proves_the_edge(sent, accepted)

    # What the command asks of AWS.

    def get_secret_value(self, **_: Any) -> dict[str, Any]:
        self._call()
        return {"SecretString": self.stored, "VersionId": str(len(self._versions) - 1)}

    def put_secret_value(self, *, SecretString: str, **_: Any) -> None:  # noqa: N803 - AWS's name
        self._call()
        self.stored = SecretString
        self._versions.append(SecretString)
        self._call()

    def describe_stacks(self, **_: Any) -> dict[str, Any]:
        parameters = [
            {"ParameterKey": "OriginSecretRevision", "ParameterValue": "7"},
            {"ParameterKey": "OriginSecretVersion", "ParameterValue": ""},
            {"ParameterKey": "PublicUrl"},
        ]
        return {"Stacks": [{"StackStatus": "UPDATE_COMPLETE", "Parameters": parameters}]}

    def update_stack(self, *, Parameters: list[dict[str, Any]], **_: Any) -> None:  # noqa: N803 - AWS's name
        named = Parameters[1]["ParameterValue"]
        assert Parameters == [
            {"ParameterKey": "OriginSecretRevision", "ParameterValue": "8"},
            {"ParameterKey": "OriginSecretVersion", "ParameterValue": str(len(self._versions) - 1)},
            {"ParameterKey": "PublicUrl", "UsePreviousValue": True},
        ]
        for number in self._order(len(self.functions) + len(self.edges)):
            self._call()
            if number < len(self.functions):
                self.functions[number] = self._halves(self._versions[int(named)])
            else:
                self.edges[number - len(self.functions)] = self._halves(self._versions[int(named)])[0]
            self.check()

    def get_waiter(self, _name: str) -> Any:
        self._call()
        return self

    def wait(self, **_: Any) -> None:
        self._call()


@pytest.mark.sampled
@settings(max_examples=examples(80, 300))
@given(st.data(), st.lists(st.integers(1, 60), max_size=5))
def test_no_request_is_refused_however_the_parts_lag_and_wherever_it_is_stopped(
    data: st.DataObject, stops: list[int]
) -> None:
    world: Any = World(lambda n: data.draw(st.permutations(range(n))), 0)
    deployed = Deployment("stack", "secret", "distribution", world, world, world)
    for stop_at in [*stops, 0]:
        world._calls_left = stop_at  # noqa: SLF001 - ours
        try:
            rotate(deployed)
        except Stopped:
            world.check()
        else:
            break
    world.check()
    final = OriginSecret.parsed(world.stored)
    assert final.current != OLD
    assert (final.next, final.stage) == (UNSET, None)
    assert set(world.functions) == {(final.current, UNSET)}
    assert set(world.edges) == {final.current}


def test_the_stages_follow_each_other() -> None:
    begun = started(OriginSecret(OLD, UNSET), "new")
    sending, retiring = after(begun), after(after(begun))
    assert begun == OriginSecret(OLD, "new", Stage.ACCEPTING)
    assert sending == OriginSecret("new", OLD, Stage.SENDING)
    assert retiring == OriginSecret("new", UNSET, Stage.RETIRING)
    assert after(retiring) == OriginSecret("new", UNSET)


@given(st.sampled_from([None, *Stage]))
def test_a_secret_is_written_as_it_is_read_and_never_shown(stage: Stage | None) -> None:
    secret = OriginSecret(new_value(), new_value(), stage)
    assert OriginSecret.parsed(secret.text()) == secret
    assert secret.current not in repr(secret)
    assert secret.next not in f"{secret}"
    assert len(secret.current) >= 32


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"current": "a"}', '{"current": "a", "next": "b", "stage": "later"}']
)
def test_what_is_no_origin_secret_is_left_alone(text: str) -> None:
    with pytest.raises(NoSecret):
        OriginSecret.parsed(text)


def _stack(name: str, outputs: dict[str, str]) -> None:
    """Moto's CloudFormation makes no secrets; what the rotation asks of a stack is its parameters and outputs."""
    tag = {"Key": "revision", "Value": {"Ref": "OriginSecretRevision"}}
    text = {"Type": "String", "Default": ""}
    template = {
        "Parameters": {
            "OriginSecretRevision": text | {"Default": "0"},
            "OriginSecretVersion": text,
            "Other": {"Type": "String"},
        },
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"Tags": [tag]}}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }
    cloudformation: Any = clients.client("cloudformation")
    kept = [{"ParameterKey": "Other", "ParameterValue": "kept"}]
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template), Parameters=kept)


@pytest.mark.usefixtures("stack")
def test_it_rotates_a_stacks_secret_through_aws(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    created = clients.client("secretsmanager").create_secret(
        Name="origin", SecretString=json.dumps({"current": OLD, "next": UNSET})
    )
    _stack("with-edge", {"OriginSecretArn": created["ARN"], "DistributionId": "E2EXAMPLE"})
    deployed = deployment("with-edge")
    # moto's CloudFront has no such distribution to wait for.
    monkeypatch.setattr(deployed.cloudfront, "get_waiter", _Deployed)
    rotate(deployed)
    secret = deployed.read()
    assert (secret.next, secret.stage) == (UNSET, None)
    assert secret.current != OLD
    (described,) = deployed.cloudformation.describe_stacks(StackName="with-edge")["Stacks"]
    parameters = {each.get("ParameterKey"): each.get("ParameterValue") for each in described.get("Parameters", [])}
    named = deployed.secretsmanager.get_secret_value(
        SecretId="origin", VersionId=parameters["OriginSecretVersion"] or ""
    )
    assert OriginSecret.parsed(named["SecretString"]) == OriginSecret(secret.current, UNSET, Stage.RETIRING)
    assert parameters | {"OriginSecretVersion": ""} == {
        "OriginSecretRevision": "3",
        "OriginSecretVersion": "",
        "Other": "kept",
    }
    said = capsys.readouterr()
    assert said.out.count("step ") == 3
    assert secret.current not in said.out + said.err


class _Deployed:
    def __init__(self, name: str) -> None:
        assert name == "distribution_deployed"

    def wait(self, **_: Any) -> None:
        pass


def test_a_stack_that_has_no_secret_is_said_in_a_sentence(stack: Stack) -> None:
    assert stack.table
    with pytest.raises(CannotRotate, match="There is no stack nowhere"):
        deployment("nowhere")
    _stack("without-edge", {"ApiUrl": "https://api.example.org"})
    with pytest.raises(CannotRotate, match="has no edge"):
        deployment("without-edge")
