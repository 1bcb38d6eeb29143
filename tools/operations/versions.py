"""Deletes old versions of functions. Lambda keeps every version, with the secrets in its environment.

CloudFormation does not delete them (SAM makes each version with `DeletionPolicy: Retain`), so that an alias can go
back.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_lambda.client import LambdaClient

ALIAS = "live"
# Versions to go back to by hand (`aws lambda update-alias`), besides those that the alias serves.
KEPT = 3


def old(versions: Iterable[int], served: Iterable[int], kept: int = KEPT) -> list[int]:
    """The versions to delete, the oldest first: all except those that are served, and the `kept` newest others."""
    serving = set(served)
    others = sorted(set(versions) - serving)
    return others[: max(len(others) - kept, 0)]


def delete_old(client: "LambdaClient", function: str, kept: int = KEPT) -> Iterator[int]:
    """Yields each version after it was deleted. Raises what Lambda raises."""
    alias = client.get_alias(FunctionName=function, Name=ALIAS)
    shared = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})  # during a gradual deployment
    served = {int(each) for each in (alias["FunctionVersion"], *shared) if each.isdecimal()}
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    listed = [each.get("Version", "") for page in pages for each in page["Versions"]]
    for version in old((int(each) for each in listed if each.isdecimal()), served, kept):
        client.delete_function(FunctionName=function, Qualifier=str(version))
        yield version


def delete_old_of_stack(
    cloudformation: "CloudFormationClient", client: "LambdaClient", stack: str, kept: int = KEPT
) -> int:
    """Deletes old versions of all functions of a stack. Returns how many. Raises what AWS raises."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    functions = [
        each.get("PhysicalResourceId", "")
        for page in pages
        for each in page["StackResourceSummaries"]
        if each["ResourceType"] == "AWS::Lambda::Function"
    ]
    return sum(1 for function in functions for _ in delete_old(client, function, kept))
