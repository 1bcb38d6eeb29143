"""Powertools' resolver for HTTP APIs, with validation of what comes in and goes out."""

from typing import Annotated, Any

import table
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from models import Article, ArticleList, Card, LegalNotice

app = APIGatewayHttpResolver(enable_validation=True)
NOTICES = [LegalNotice.model_validate(notice) for notice in table.LEGAL_NOTICES]


@app.get("/v1/articles/<article_id>")
def get_article(article_id: Annotated[str, Path(max_length=96)]) -> Article:
    document = table.article(article_id)
    if document is None:
        raise NotFoundError("There is no such article.")
    article = Article.model_validate_json(document)
    article.legal_notices = NOTICES
    return article


@app.get("/v1/articles")
def get_articles(language: Annotated[str, Query(max_length=35)]) -> ArticleList:
    cards, cursor = table.newest(language)
    articles = [Card.model_validate_json(card) for card in cards]
    return ArticleList(legal_notices=NOTICES, articles=articles, next_cursor=cursor)


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
