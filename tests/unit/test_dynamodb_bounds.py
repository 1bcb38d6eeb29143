"""The moto of the tests refuses for its size what DynamoDB refuses."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from content_api.aws import clients
from gateway.dynamodb_bounds import violation
from gateway.stack import Stack


def typed(pk: str, sk: str = "a") -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


PUT_TOO_LONG = {"Put": {"Item": typed("ა" * 700)}}  # 2,100 bytes


@pytest.mark.parametrize(
    ("operation", "request_", "says"),
    [
        ("PutItem", {"Item": typed("ა" * 683)}, "Size of hashkey"),
        ("PutItem", {"Item": typed("a", "ა" * 342)}, "Size of rangekey"),
        ("GetItem", {"Key": typed("a" * 2049)}, "Size of hashkey"),
        ("GetItem", {"Key": typed("a", "")}, "empty string"),
        ("PutItem", {"Item": typed("a") | {"text": {"S": "a" * 409_600}}}, "Item size"),
        ("TransactWriteItems", {"TransactItems": [PUT_TOO_LONG]}, "Size of hashkey"),
        ("TransactWriteItems", {"TransactItems": [{"Delete": {"Key": typed("a")}}] * 101}, "equal to 100"),
        ("BatchWriteItem", {"RequestItems": {"t": [{"DeleteRequest": {"Key": typed("a")}}] * 26}}, "equal to 25"),
        ("BatchGetItem", {"RequestItems": {"t": {"Keys": [typed("a" * 2049)]}}}, "Size of hashkey"),
        (
            "Query",
            {
                "KeyConditionExpression": "#p = :p AND sk BETWEEN :low AND :high",
                "ExpressionAttributeNames": {"#p": "pk"},
                "ExpressionAttributeValues": {":p": {"S": "a"}, ":low": {"S": "a"}, ":high": {"S": "a" * 1025}},
            },
            "Size of rangekey",
        ),
    ],
)
def test_what_is_too_large_for_dynamodb_is_refused(operation: str, request_: dict[str, Any], says: str) -> None:
    assert says in violation(operation, request_)


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("PutItem", {"Item": typed("a" * 2048, "a" * 1024)}),
        ("TransactWriteItems", {"TransactItems": [{"Delete": {"Key": typed("a")}}] * 100}),
        ("Query", {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "a" * 2048}}}),
        ("ListTables", {}),
    ],
)
def test_what_fits_is_taken(operation: str, request_: dict[str, Any]) -> None:
    assert violation(operation, request_) == ""


def test_every_client_meets_the_bounds(stack: Stack) -> None:
    with pytest.raises(ClientError, match="Size of hashkey"):
        clients.dynamodb().get_item(TableName=stack.table, Key=typed("a" * 2049))
