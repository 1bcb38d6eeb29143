"""When a draft becomes public: at an editor's word, or when its time has come."""

import datetime as dt
from typing import TYPE_CHECKING

from content_api.content.article import Article
from content_api.store.errors import ArticleNotFound
from content_api.store.versions import Attribution

if TYPE_CHECKING:
    from content_api.store.articles import ArticleStore


def published(draft: Article, *, at: dt.datetime) -> Article:
    """The draft as published at an instant, by an editor or by a schedule. A date that the draft states stays if it is
    over, so that an article of 2005 is of 2005. Without a date, or with one that lies ahead, it gets the instant.
    """
    stated = draft.published_at
    return draft.model_copy(update={"status": "published", "published_at": stated if stated and stated <= at else at})


def publish_due(store: "ArticleStore", article_id: str, publish_at: dt.datetime, *, now: dt.datetime) -> bool:
    """Publishes the draft that waits for that time. False where no draft waits for it any more. Raises
    VersionConflict.
    """
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
