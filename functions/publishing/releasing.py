"""What readers get of an article, and when: each act makes one version."""

import datetime as dt
from typing import TYPE_CHECKING

from publishing.acts import Act, Invalid, NotPossibleNow
from publishing.embargoes import published
from publishing.saving import Saving
from publishing.schedules import NoSuchTime

if TYPE_CHECKING:
    from content_api.store.articles import ArticleStore
    from publishing.schedules import Schedules


class Releasing:
    def __init__(self, store: "ArticleStore", schedules: "Schedules") -> None:
        self._store = store
        self._schedules = schedules
        self._saving = Saving(store)

    def publish(self, article_id: str, act: Act) -> int:
        before = self._saving.existing_article(article_id, act)
        if before.status == "published":
            raise NotPossibleNow("it is published already")
        return self._saving.save(published(before, at=act.at), before, act, "publish")

    def schedule(self, article_id: str, publish_at: dt.datetime, act: Act) -> int:
        """Publishes the draft at a whole minute to come, as the draft stands then."""
        if publish_at.second or publish_at.microsecond:
            raise Invalid([{"field": "publish_at", "detail": "must be on a whole minute"}])
        if publish_at <= act.at:
            raise Invalid([{"field": "publish_at", "detail": "is over: publish it now, or name a time to come"}])
        if self._saving.existing_article(article_id, act).status != "draft":
            raise NotPossibleNow("it is published already: only a draft can wait for its time")
        try:
            self._schedules.add(article_id, publish_at)
        except NoSuchTime as error:
            raise Invalid([{"field": "publish_at", "detail": "lies too far ahead for a schedule"}]) from error
        return self._wait_until(article_id, publish_at, act, "schedule")

    def unschedule(self, article_id: str, act: Act) -> int:
        return self._wait_until(article_id, None, act, "unschedule")

    def mark_breaking(self, article_id: str, until: dt.datetime | None, act: Act) -> int:
        """Makes the article breaking news until an instant; None ends it now."""
        if until is not None and until <= act.at:
            raise Invalid([{"field": "until", "detail": "is over: name a time to come"}])
        before = self._saving.existing_article(article_id, act)
        article = before.model_copy(update={"breaking_until": until})
        return self._saving.save(article, before, act, "breaking" if until else "unbreaking")

    def withdraw(self, article_id: str, *, reason: str, note: str | None, act: Act) -> int:
        """`reason` stays among editors; `note` is public."""
        return self._store.withdraw(
            article_id,
            expected_version=act.expected_version,
            at=act.at,
            note=note,
            attribution=act.attribution("withdraw", reason),
        )

    def reinstate(self, article_id: str, act: Act) -> int:
        return self._store.reinstate(
            article_id, expected_version=act.expected_version, at=act.at, attribution=act.attribution("reinstate")
        )

    def _wait_until(self, article_id: str, publish_at: dt.datetime | None, act: Act, action: str) -> int:
        return self._store.schedule(
            article_id,
            publish_at,
            expected_version=act.expected_version,
            at=act.at,
            attribution=act.attribution(action),
        )
