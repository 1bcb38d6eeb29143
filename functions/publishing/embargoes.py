"""Makes a draft public: when an editor says so, or when its time has come."""

import datetime as dt
from typing import TYPE_CHECKING

from content_api.content.article import Article
from content_store.errors import ArticleNotFound
from content_store.versions import Attribution

if TYPE_CHECKING:
    from content_store.articles import ArticleStore


def published(draft: Article, *, at: dt.datetime) -> Article:
    """The draft as an article published at `at`. A date that the draft has already is kept if it is in the past, so
    that an article of 2005 keeps its date. Otherwise the date is `at`.
    """
    stated = draft.published_at
    return draft.model_copy(update={"status": "published", "published_at": stated if stated and stated <= at else at})


def publish_due(store: "ArticleStore", article_id: str, publish_at: dt.datetime, *, now: dt.datetime) -> bool:
    """Publishes the draft that waits for that time. False if no draft waits for it any more. Raises VersionConflict."""
    try:
        latest = store.records.latest(article_id)
    except ArticleNotFound:
        return False
    if latest.status != "draft" or latest.article is None or latest.publish_at != publish_at:
        return False
    article = published(latest.article, at=publish_at)
    attribution = Attribution("content-api/schedule", "publish")
    store.save(article, expected_version=latest.version, at=now, attribution=attribution)
    return True
