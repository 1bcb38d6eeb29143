"""The handler most teams would write first: no framework."""

import json
from typing import Any

import table


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    if event["routeKey"] == "GET /v1/articles":
        cards, cursor = table.newest(event["queryStringParameters"]["language"])
        return _answer(200, {"articles": [json.loads(card) for card in cards], "next_cursor": cursor})
    document = table.article(event["pathParameters"]["id"])
    return _answer(200, json.loads(document)) if document else _answer(404, {"detail": "There is no such article."})


def _answer(status: int, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"legal_notices": table.LEGAL_NOTICES, **content}),
    }
