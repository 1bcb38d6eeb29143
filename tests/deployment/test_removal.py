"""What is left of a stack that was deleted. Last of all: the files of this folder are run by their names."""

from typing import TYPE_CHECKING, Any

from content_api.aws import clients

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient

    from emulated_aws.newsroom import Newsroom


def test_a_deleted_stack_leaves_the_table_and_the_bucket_with_all_that_is_in_them(connection: "Newsroom") -> None:
    connection.done("import", str(connection.article("kept-for-ever")))
    table, bucket = connection.deployed.outputs["ContentTable"], connection.deployed.outputs["ContentBucket"]
    items = clients.dynamodb().scan(TableName=table, Select="COUNT")["Count"]
    cloudformation: CloudFormationClient = clients.client("cloudformation")
    cloudformation.delete_stack(StackName=connection.deployed.name)
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=connection.deployed.name, WaiterConfig={"Delay": 1, "MaxAttempts": 120}
    )
    # What the import did may be written into the log meanwhile.
    assert clients.dynamodb().scan(TableName=table, Select="COUNT")["Count"] >= items > 0
    (version,) = connection.objects("articles/en-2026-11-20-kept-for-ever/")
    assert b"kept-for-ever" in clients.s3().get_object(Bucket=bucket, Key=version)["Body"].read()
    functions: Any = clients.client("lambda")
    assert not [
        each for each in functions.list_functions()["Functions"] if connection.deployed.name in each["FunctionName"]
    ]
