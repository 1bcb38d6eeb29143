"""A stack in CloudFormation: its state, its parameters, and an update of them with the deployed template."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

from content_api.aws import clients
from deploying.parameters import OF_ROTATION, CannotDeploy, unknown

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_dynamodb.client import DynamoDBClient

_CAPABILITIES: Any = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
# One hour, like sam deploy. A gradual deployment takes minutes, and so does a new distribution.
_PATIENCE: Any = {"Delay": 5, "MaxAttempts": 720}
# Parameters that cannot be changed without a new deployment, and how they are changed.
_NOT_ALONE = {
    "Architecture": "It is that of the build: make deploy ARCHITECTURE=… builds for it.",
    "ReaderLocation": 'It changes what is deployed: make deploy PARAMETERS="ReaderLocation=…" tests the edge first.',
} | dict.fromkeys(OF_ROTATION, "python -m origin_secret sets it.")


@dataclass(frozen=True)
class State:
    status: str
    parameters: dict[str, str]
    outputs: dict[str, str]


class Stack:
    """A stack in one region. It need not exist yet."""

    def __init__(self, name: str, region: str) -> None:
        config = Config(region_name=region, retries={"mode": "standard", "total_max_attempts": 5})
        self.name = name
        self.region = region
        self._cloudformation: CloudFormationClient = clients.client("cloudformation", config)
        self._dynamodb: DynamoDBClient = clients.client("dynamodb", config)

    def state(self) -> State | None:
        """None if there is no such stack, or only a change set that was never executed."""
        try:
            (described,) = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            # CloudFormation has no error code of its own for a missing stack.
            if clients.error_code(error) == "ValidationError" and "does not exist" in str(error):
                return None
            raise
        if described["StackStatus"] == "REVIEW_IN_PROGRESS":
            return None
        return State(
            described["StackStatus"],
            {each.get("ParameterKey", ""): each.get("ParameterValue", "") for each in described.get("Parameters", [])},
            {each.get("OutputKey", ""): each.get("OutputValue", "") for each in described.get("Outputs", [])},
        )

    def ready(self) -> State | None:
        """The state of a stack that can be updated; None if a stack can be created. Removes what a failed first
        deployment leaves: an entry without resources, which CloudFormation cannot update. Raises CannotDeploy if the
        stack is busy, or if a person has to decide.
        """
        state = self.state()
        match state.status if state else "":
            case "ROLLBACK_COMPLETE":
                print(f"The first deployment of {self.name} failed and was undone. Its empty entry is removed.")
                self._cloudformation.delete_stack(StackName=self.name)
                self._cloudformation.get_waiter("stack_delete_complete").wait(
                    StackName=self.name, WaiterConfig=_PATIENCE
                )
                return None
            case status if status.endswith("_IN_PROGRESS"):
                raise CannotDeploy(
                    f"The stack {self.name} is busy ({status}). Wait until that has ended, then try again."
                )
            case "UPDATE_ROLLBACK_FAILED" as status:
                raise CannotDeploy(
                    f"The stack {self.name} could not be put back ({status}). Mend what its events name, then "
                    f"aws cloudformation continue-update-rollback --stack-name {self.name} --region {self.region}"
                )
            case status if status.endswith("_FAILED"):
                raise CannotDeploy(
                    f"The stack {self.name} is in a state that needs a person ({status}). Look at its events. Where it "
                    "holds nothing of value, remove it: "
                    f"aws cloudformation delete-stack --stack-name {self.name} --region {self.region}"
                )
            case _:
                return state

    def set_parameters(self, changes: Mapping[str, str]) -> bool:
        """Updates the stack with the template that is deployed. Every other parameter keeps its value. Waits for the
        end. False if nothing had to change. Raises CannotDeploy with the causes if the update was undone.
        """
        state = self.ready()
        if state is None:
            raise CannotDeploy(f"There is no stack {self.name} in {self.region} yet: make deploy makes it.")
        for name in changes:
            if name not in state.parameters:
                raise CannotDeploy(unknown(name, state.parameters))
            if name in _NOT_ALONE:
                raise CannotDeploy(f"{name} cannot be changed alone. {_NOT_ALONE[name]}")
        if changes.items() <= state.parameters.items():
            return False
        begun = dt.datetime.now(dt.UTC)
        try:
            self._cloudformation.update_stack(
                StackName=self.name,
                UsePreviousTemplate=True,
                Parameters=changed(list(state.parameters), changes),
                Capabilities=_CAPABILITIES,
            )
        except ClientError as error:
            if "No updates are to be performed" in str(error):
                raise CannotDeploy(
                    f"Nothing of {self.name}, as it is deployed, depends on {' or '.join(changes)}: nothing is changed."
                ) from error
            raise
        try:
            self._cloudformation.get_waiter("stack_update_complete").wait(StackName=self.name, WaiterConfig=_PATIENCE)
        except WaiterError as error:
            failed = "\n".join(self.failures(since=begun)) or str(error)
            raise CannotDeploy(f"The stack {self.name} was not updated, and is as it was before.\n{failed}") from error
        return True

    def failures(self, *, since: dt.datetime) -> list[str]:
        """What CloudFormation could not do, the oldest first. The first is the cause of most of the others."""
        found: list[str] = []
        for page in self._cloudformation.get_paginator("describe_stack_events").paginate(StackName=self.name):
            for event in page["StackEvents"]:
                if event["Timestamp"] < since - dt.timedelta(minutes=1):  # their clocks may differ
                    return found[::-1]
                if event.get("ResourceStatus", "").endswith("_FAILED"):
                    found.append(
                        f"{event.get('LogicalResourceId')}: {event.get('ResourceStatusReason', 'no reason is given')}"
                    )
        return found[::-1]

    def protect(self) -> bool:
        """Protects the table from deletion. False if it was protected before. The template does not protect it:
        CloudFormation undoes a failed first deployment by deleting what it made, and a protected table would prevent
        that, and the next attempt too.
        """
        state = self.state()
        table = state.outputs.get("ContentTable", "") if state else ""
        if not table:
            raise CannotDeploy(
                f"The stack {self.name} has no output ContentTable: its table is not protected from deletion."
            )
        if self._dynamodb.describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled"):
            return False
        self._dynamodb.update_table(TableName=table, DeletionProtectionEnabled=True)
        return True


def changed(names: list[str], changes: Mapping[str, str]) -> list[Any]:
    """The parameters for UpdateStack: the new value for those that change, the previous value for all others."""
    return [
        {"ParameterKey": name, "ParameterValue": changes[name]}
        if name in changes
        else {"ParameterKey": name, "UsePreviousValue": True}
        for name in names
    ]
