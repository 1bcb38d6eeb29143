"""FastAPI behind Mangum."""

from typing import Annotated

import table
from fastapi import FastAPI, HTTPException, Path, Query
from mangum import Mangum
from models import Article, ArticleList, Card, LegalNotice

app = FastAPI()
NOTICES = [LegalNotice.model_validate(notice) for notice in table.LEGAL_NOTICES]


@app.get("/v1/articles/{article_id}")
def get_article(article_id: Annotated[str, Path(max_length=96)]) -> Article:
    document = table.article(article_id)
    if document is None:
        raise HTTPException(404, "There is no such article.")
    article = Article.model_validate_json(document)
    article.legal_notices = NOTICES
    return article


@app.get("/v1/articles")
def get_articles(language: Annotated[str, Query(max_length=35)]) -> ArticleList:
    cards, cursor = table.newest(language)
    articles = [Card.model_validate_json(card) for card in cards]
    return ArticleList(legal_notices=NOTICES, articles=articles, next_cursor=cursor)


lambda_handler = Mangum(app, lifespan="off")
