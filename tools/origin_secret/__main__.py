"""`python -m origin_secret STACK`: rotates the secret in three steps. If a run was stopped, the next one finishes the
rotation.
"""

import argparse
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from content_api.aws import clients
from operations.versions import delete_old_of_stack
from origin_secret.rotation import NoSecret, OriginSecret, Stage, after, new_value, started

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_cloudfront.client import CloudFrontClient
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

_SAYS = {
    Stage.ACCEPTING: "step 1 of 3: the functions learn the new value beside the old one",
    Stage.SENDING: "step 2 of 3: the edge sends the new value; both are accepted",
    Stage.RETIRING: "step 3 of 3: the old value is refused",
}
_REVISION = "OriginSecretRevision"
_VERSION = "OriginSecretVersion"
# One hour. A gradual deployment takes minutes, three times.
_PATIENCE: Any = {"Delay": 5, "MaxAttempts": 720}


class CannotRotate(Exception):
    """The message says what prevents the rotation, and what to do."""


@dataclass(frozen=True)
class Deployment:
    """The stack, and everything through which the secret is read again."""

    stack: str
    secret: str
    distribution: str
    cloudformation: "CloudFormationClient"
    cloudfront: "CloudFrontClient"
    secretsmanager: "SecretsManagerClient"

    def read(self) -> OriginSecret:
        return OriginSecret.parsed(self.secretsmanager.get_secret_value(SecretId=self.secret)["SecretString"])

    def write(self, secret: OriginSecret) -> None:
        self.secretsmanager.put_secret_value(SecretId=self.secret, SecretString=secret.text())

    def make_everybody_read(self) -> None:
        """Makes the functions and the edge read the secret again. For that, the template refers to the secret's newest
        version by its id. CloudFormation's guide says that it reads a secret again at any change. AWS's support says
        that it does so only if the reference itself changes.
        """
        newest = self.secretsmanager.get_secret_value(SecretId=self.secret)["VersionId"]
        (described,) = self.cloudformation.describe_stacks(StackName=self.stack)["Stacks"]
        parameters: list[Any] = []
        for each in described.get("Parameters", []):
            key = each.get("ParameterKey", "")
            if key == _REVISION:
                value = str(int(each.get("ParameterValue", "0")) + 1)
                parameters.append({"ParameterKey": key, "ParameterValue": value})
            elif key == _VERSION:
                parameters.append({"ParameterKey": key, "ParameterValue": newest})
            else:
                parameters.append({"ParameterKey": key, "UsePreviousValue": True})
        self.cloudformation.update_stack(
            StackName=self.stack,
            UsePreviousTemplate=True,
            Parameters=parameters,
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        self.cloudformation.get_waiter("stack_update_complete").wait(StackName=self.stack, WaiterConfig=_PATIENCE)
        self.cloudfront.get_waiter("distribution_deployed").wait(Id=self.distribution)


def deployment(stack: str) -> Deployment:
    """Finds the stack. Raises CannotRotate."""
    cloudformation: CloudFormationClient = clients.client("cloudformation")
    try:
        (described,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        raise CannotRotate(f"There is no stack {stack} in this account and region: {error}") from error
    if not described["StackStatus"].endswith("_COMPLETE"):
        raise CannotRotate(f"The stack is busy or broken ({described['StackStatus']}): wait for it, or mend it, first.")
    outputs = {each.get("OutputKey"): each.get("OutputValue", "") for each in described.get("Outputs", [])}
    if "OriginSecretArn" not in outputs or "DistributionId" not in outputs:
        raise CannotRotate(f"The stack {stack} has no edge, and so no secret: it was deployed without it.")
    return Deployment(
        stack,
        outputs["OriginSecretArn"],
        outputs["DistributionId"],
        cloudformation,
        clients.client("cloudfront"),
        clients.client("secretsmanager"),
    )


def rotate(deployed: Deployment) -> None:
    """Finishes a rotation that was stopped, or makes a whole one. Raises CannotRotate."""
    secret = deployed.read()
    if secret.stage is None:
        secret = started(secret, new_value())
        deployed.write(secret)
    while secret.stage is not None:
        print(_SAYS[secret.stage], flush=True)
        deployed.make_everybody_read()
        secret = after(secret)
        deployed.write(secret)
    print("done: the old value is worth nothing now")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m origin_secret", description=__doc__)
    parser.add_argument("stack", help="the stack's name")
    arguments = parser.parse_args()
    try:
        deployed = deployment(arguments.stack)
        rotate(deployed)
        # No version is kept to go back to. An earlier one would refuse the secret that the edge sends now, and so every
        # reader.
        gone = delete_old_of_stack(deployed.cloudformation, clients.client("lambda"), deployed.stack, kept=0)
        if gone:
            print(f"{gone} old versions of the functions are deleted, with their environments")
    except (CannotRotate, NoSecret) as error:
        sys.exit(str(error))
    except (BotoCoreError, ClientError, WaiterError) as error:
        sys.exit(f"{error}\nNothing is refused meanwhile. Run the command again: it goes on where it stopped.")


if __name__ == "__main__":
    main()
