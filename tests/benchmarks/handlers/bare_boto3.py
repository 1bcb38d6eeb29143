"""The handler most teams would write: one boto3 client, made in the init phase, and no framework. Cards stand in the
items of a list as JSON.
"""

import json
import os
import zlib
from typing import Any

import boto3

client: Any = boto3.client("dynamodb")  # pyright: ignore[reportUnknownMemberType] - typed for the services we stub
table = os.environ["PEERS_TABLE"]


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    content = _list(event) if event["routeKey"] == "GET /v1/articles" else _article(event)
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"legal_notices": [], **content}),
    }


def _article(event: dict[str, Any]) -> dict[str, Any]:
    key = {"pk": {"S": f"ARTICLE#{event['pathParameters']['id']}"}, "sk": {"S": "ARTICLE"}}
    item = client.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
    return json.loads(zlib.decompress(item["document"]["B"]))


def _list(event: dict[str, Any]) -> dict[str, Any]:
    answer = client.query(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"LIST#{event['queryStringParameters']['language']}#all"}},
        ScanIndexForward=False,
        Limit=20,
        ConsistentRead=True,
    )
    return {"articles": [json.loads(item["card"]["S"]) for item in answer["Items"]]}
