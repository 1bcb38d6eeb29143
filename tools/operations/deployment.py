"""Finds the resources of a deployed stack."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from content_api.aws import clients

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient


class CannotDo(Exception):
    """The message is a sentence that says what is missing."""


class Deployment:
    def __init__(self, stack: str) -> None:
        """Raises CannotDo if this account and region have no such stack."""
        self._stack = stack
        cloudformation: CloudFormationClient = clients.client("cloudformation")
        try:
            (described,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
            pages = list(cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack))
        except ClientError as error:
            raise CannotDo(f"There is no stack {stack} in this account and region: {error}") from error
        self._outputs = {each.get("OutputKey"): each.get("OutputValue", "") for each in described.get("Outputs", [])}
        summaries = [each for page in pages for each in page["StackResourceSummaries"]]
        self._resources = {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in summaries}

    def resource(self, name: str) -> str:
        """The physical name of a resource, by its name in the template. For a queue it is the URL. Raises CannotDo."""
        if name not in self._resources:
            raise CannotDo(f"The stack {self._stack} has no {name}.")
        return self._resources[name]

    def distribution(self) -> str:
        """The id of the CloudFront distribution. Raises CannotDo."""
        if "DistributionId" not in self._outputs:
            raise CannotDo(f"The stack {self._stack} has no edge: there is nothing to purge.")
        return self._outputs["DistributionId"]
