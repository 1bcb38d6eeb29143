"""Powertools' resolver for HTTP APIs, without validation."""

import json
from typing import Any

import table
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

app = APIGatewayHttpResolver()


@app.get("/v1/articles/<article_id>")
def get_article(article_id: str) -> dict[str, Any]:
    document = table.article(article_id)
    if document is None:
        raise NotFoundError("There is no such article.")
    return {"legal_notices": table.LEGAL_NOTICES, **json.loads(document)}


@app.get("/v1/articles")
def get_articles() -> dict[str, Any]:
    cards, cursor = table.newest(app.current_event.query_string_parameters["language"])
    articles = [json.loads(card) for card in cards]
    return {"legal_notices": table.LEGAL_NOTICES, "articles": articles, "next_cursor": cursor}


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
