"""Saves an article for an editor: after the version that they have read, and with the dates that its state requires."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from content_api.content.addresses import NotAnAddress
from content_api.content.article import Article
from content_api.content.document import ArticleTooLarge
from content_api.names.instants import lies_ahead
from content_store.errors import ArticleNotFound, ArticleWithdrawn, MediaNotThere, VersionConflict
from publishing.acts import Act, Invalid, NotPossibleNow
from publishing.pictures import FETCHED_PICTURES, has_fetched_pictures

if TYPE_CHECKING:
    from content_store.articles import ArticleStore
    from content_store.pending_edits import PendingEdit

_NOT_MINOR = ("published_at", "updated_at", "corrections")


class Saving:
    def __init__(self, store: "ArticleStore") -> None:
        self._store = store

    def article_of(self, article_id: str, act: Act) -> Article | None:
        """The article that the act changes. None if it does not exist yet. Raises ArticleWithdrawn. Whether the article
        is still at the version that the editor has read is checked by the store.
        """
        if not act.expected_version:
            return None
        latest = self._store.records.latest(article_id)
        if latest.version == act.expected_version and latest.article is None:
            raise ArticleWithdrawn(article_id)
        return latest.article

    def existing_article(self, article_id: str, act: Act) -> Article:
        """The article that the act changes. Raises ArticleNotFound and ArticleWithdrawn."""
        article = self.article_of(article_id, act)
        if article is None:
            raise ArticleNotFound(article_id)
        return article

    def check_version(self, article_id: str, act: Act) -> None:
        """Raises VersionConflict if the article is not at the version that the editor has read. What the store is not
        asked to write it does not check.
        """
        if self._store.records.latest(article_id).version != act.expected_version:
            raise VersionConflict(article_id, act.expected_version)

    def save(  # noqa: PLR0913 - by name, what a change is made of
        self,
        article: Article,
        before: Article | None,
        act: Act,
        action: str,
        *,
        is_minor: bool = False,
        edit: "PendingEdit | None" = None,
        reason: str | None = None,
    ) -> int:
        """Returns the new version. `is_minor`: readers are not told that the article has changed. `edit` is the pending
        edit that this publishes. An article whose pictures alone come from elsewhere now is not edited: it stays as old
        as it was, and a corrected file may still replace it. Raises NotPossibleNow, Invalid, and what the store raises.
        """
        if edit is None and has_fetched_pictures(article, before):
            action = FETCHED_PICTURES
        dated = self._dated(article, before, act, is_minor=is_minor or action == FETCHED_PICTURES)
        with refusing():
            return self._store.save(
                dated,
                expected_version=act.expected_version,
                at=act.at,
                attribution=act.attribution(action, reason),
                edit=edit,
            )

    def _dated(self, article: Article, before: Article | None, act: Act, *, is_minor: bool) -> Article:
        """The article with the dates that its state requires. Raises NotPossibleNow and Invalid."""
        if before and before.status == "published":
            if article.status == "draft":
                raise NotPossibleNow("it is published and cannot become a draft again: withdraw it")
            if is_minor:
                article = _minor(article, before)
            elif article.updated_at in (None, before.updated_at):
                article = article.model_copy(update={"updated_at": act.at})
            if article.published_at is None:
                article = article.model_copy(update={"published_at": before.published_at})
        if article.status == "published":
            if article.published_at is None:
                article = article.model_copy(update={"published_at": act.at})
            elif lies_ahead(article.published_at, act.at):
                detail = "lies ahead, and a published article can be read at once: save a draft, and schedule it"
                raise Invalid([{"field": "published_at", "detail": detail}])
        return article


def _minor(article: Article, before: Article) -> Article:
    """The article with the dates that readers know. An edit that changes what they were told of dates or corrections is
    not minor. Raises Invalid.
    """
    dates = {name: getattr(before, name) for name in ("published_at", "updated_at") if getattr(article, name) is None}
    article = article.model_copy(update=dates)
    changed = [each for each in _NOT_MINOR if getattr(article, each) != getattr(before, each)]
    if changed:
        detail = "does not change with a minor edit: leave it as it is, or leave out minor"
        raise Invalid([{"field": each, "detail": detail} for each in changed])
    return article


@contextmanager
def refusing() -> Generator[None]:
    """Raises Invalid if the article is valid for the model, but the store cannot keep it."""
    try:
        yield
    except ArticleTooLarge as error:
        raise Invalid([{"field": "body", "detail": str(error)}]) from error
    except MediaNotThere as error:
        raise Invalid(error.wrong) from error
    except NotAnAddress as error:
        raise Invalid([{"field": "url", "detail": str(error)}]) from error
