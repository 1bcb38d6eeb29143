"""Chalice, which takes API Gateway's payload format 1.0."""

import json
from typing import Any

import table
from chalice import Chalice, NotFoundError

lambda_handler = Chalice(app_name="content")


@lambda_handler.route("/v1/articles/{id}", methods=["GET"])
def get_article(id: str) -> dict[str, Any]:  # noqa: A002 - the route's variable
    document = table.article(id)
    if document is None:
        raise NotFoundError("There is no such article.")
    return {"legal_notices": table.LEGAL_NOTICES, **json.loads(document)}


@lambda_handler.route("/v1/articles", methods=["GET"])
def get_articles() -> dict[str, Any]:
    cards, cursor = table.newest(lambda_handler.current_request.query_params["language"])
    articles = [json.loads(card) for card in cards]
    return {"legal_notices": table.LEGAL_NOTICES, "articles": articles, "next_cursor": cursor}
