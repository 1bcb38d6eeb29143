"""Saving an article for an editor: on top of the version that they have read, with the dates that its state needs."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from content_api.content.addresses import NotAnAddress
from content_api.content.article import Article
from content_api.content.document import ArticleTooLarge
from content_api.names.instants import lies_ahead
from content_api.store.errors import ArticleNotFound, ArticleWithdrawn
from publishing.acts import Act, Invalid, NotPossibleNow

if TYPE_CHECKING:
    from content_api.store.articles import ArticleStore


class Saving:
    def __init__(self, store: "ArticleStore") -> None:
        self._store = store

    def article_of(self, article_id: str, act: Act) -> Article | None:
        """The article that the act changes; None where there is none yet. Raises ArticleWithdrawn. Whether the article
        is still at the version that the editor has read is for the store to decide.
        """
        if not act.expected_version:
            return None
        latest = self._store.records.latest(article_id)
        if latest.version == act.expected_version and latest.article is None:
            raise ArticleWithdrawn(article_id)
        return latest.article

    def existing_article(self, article_id: str, act: Act) -> Article:
        """Raises ArticleNotFound and ArticleWithdrawn."""
        article = self.article_of(article_id, act)
        if article is None:
            raise ArticleNotFound(article_id)
        return article

    def save(self, article: Article, before: Article | None, act: Act, action: str) -> int:
        """Returns the version. Raises NotPossibleNow, Invalid and what the store raises."""
        if before and before.status == "published":
            if article.status == "draft":
                raise NotPossibleNow("it is published and cannot become a draft again: withdraw it")
            if article.updated_at in (None, before.updated_at):
                article = article.model_copy(update={"updated_at": act.at})
            if article.published_at is None:
                article = article.model_copy(update={"published_at": before.published_at})
        if article.status == "published":
            if article.published_at is None:
                article = article.model_copy(update={"published_at": act.at})
            elif lies_ahead(article.published_at, act.at):
                detail = "lies ahead, and a published article can be read at once: save a draft, and schedule it"
                raise Invalid([{"field": "published_at", "detail": detail}])
        attribution = act.attribution(action)
        with refusing():
            return self._store.save(article, expected_version=act.expected_version, at=act.at, attribution=attribution)


@contextmanager
def refusing() -> Generator[None]:
    """Raises Invalid where the model takes an article that the store cannot keep."""
    try:
        yield
    except ArticleTooLarge as error:
        raise Invalid([{"field": "body", "detail": str(error)}]) from error
    except NotAnAddress as error:
        raise Invalid([{"field": "url", "detail": str(error)}]) from error
