"""What the peers share: a boto3 client made in the init phase, documents and cards as JSON texts in the items, and the
notices, which they attach to everything since they do not find out where a reader is.
"""

import base64
import json
import os
from typing import Any

import boto3

LEGAL_NOTICES: list[dict[str, Any]] = json.loads(os.environ["LEGAL_NOTICES"])

_client: Any = boto3.client("dynamodb")
_table = os.environ["PEERS_TABLE"]


def article(article_id: str) -> str | None:
    key = {"pk": {"S": f"ARTICLE#{article_id}"}, "sk": {"S": "ARTICLE"}}
    item = _client.get_item(TableName=_table, Key=key, ConsistentRead=True).get("Item")
    return item["document"]["S"] if item else None


def newest(language: str, limit: int = 20) -> tuple[list[str], str | None]:
    """Cards, and the cursor of the next page."""
    answer = _client.query(
        TableName=_table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"LIST#{language}#all"}},
        ScanIndexForward=False,
        Limit=limit,
        ConsistentRead=True,
    )
    last = answer.get("LastEvaluatedKey")
    cursor = base64.urlsafe_b64encode(last["sk"]["S"].encode()).decode() if last else None
    return [item["card"]["S"] for item in answer["Items"]], cursor
