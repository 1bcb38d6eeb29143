"""The handler most teams would write: one boto3 client, made in the init phase, and no framework."""

import json
import os
import zlib
from typing import Any

import boto3

client: Any = boto3.client("dynamodb")  # pyright: ignore[reportUnknownMemberType] - typed for the services we stub


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    key = {"pk": {"S": f"ARTICLE#{event['pathParameters']['id']}"}, "sk": {"S": "ARTICLE"}}
    item = client.get_item(TableName=os.environ["CONTENT_TABLE"], Key=key, ConsistentRead=True)["Item"]
    article = json.loads(zlib.decompress(item["document"]["B"]))
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"legal_notices": [], **article}),
    }
