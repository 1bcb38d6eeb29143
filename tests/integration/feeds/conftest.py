"""Feeds as a partner's server gets them."""

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from content_api.content.article import Article
from content_store.articles import ArticleStore
from simulated_edge.requests import SECRET

type Api = Callable[[dict[str, Any]], dict[str, Any]]
type AnArticle = Callable[..., Article]

_numbers = itertools.count(1)


@pytest.fixture
def api(syndication: Callable[..., Api]) -> Api:
    return syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET, PUBLISHER_NAME="The Example")


@pytest.fixture
def section() -> str:
    """One that no other test publishes in."""
    return f"Section {next(_numbers)}"


@pytest.fixture
def publish(store: ArticleStore, an_article: AnArticle, now: dt.datetime, section: str) -> Callable[..., Article]:
    def published(**fields: object) -> Article:
        article = an_article(**({"section": section} | fields))
        store.save(article, expected_version=0, at=now)
        return article

    return published
