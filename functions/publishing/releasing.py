"""Changes what readers get of an article, and when. Each change makes one version."""

import datetime as dt
from typing import TYPE_CHECKING

from publishing.acts import Act, Invalid, NotPossibleNow
from publishing.embargoes import published
from publishing.pictures import check_described
from publishing.saving import Saving
from publishing.schedules import NoSuchTime

if TYPE_CHECKING:
    from content_store.articles import ArticleStore
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
        check_described(before, None)
        return self._saving.save(published(before, at=act.at), before, act, "publish")

    def schedule(self, article_id: str, publish_at: dt.datetime, act: Act) -> int:
        """Publishes the draft at a whole minute in the future, with the text that it has then. Returns the new
        version.
        """
        if publish_at.second or publish_at.microsecond:
            raise Invalid([{"field": "publish_at", "detail": "must be on a whole minute"}])
        if publish_at <= act.at:
            raise Invalid([{"field": "publish_at", "detail": "is over: publish it now, or name a time to come"}])
        draft = self._saving.existing_article(article_id, act)
        if draft.status != "draft":
            raise NotPossibleNow("it is published already: only a draft can wait for its time")
        check_described(draft, None)
        try:
            self._schedules.add(article_id, publish_at)
        except NoSuchTime as error:
            raise Invalid([{"field": "publish_at", "detail": "lies too far ahead for a schedule"}]) from error
        return self._wait_until(article_id, publish_at, act, "schedule")

    def unschedule(self, article_id: str, act: Act) -> int:
        latest = self._store.records.latest(article_id)
        if latest.version == act.expected_version and latest.status == "draft" and latest.publish_at is None:
            raise NotPossibleNow("no time is set at which it is published")
        return self._wait_until(article_id, None, act, "unschedule")

    def mark_breaking(self, article_id: str, until: dt.datetime | None, act: Act) -> int:
        """Makes the article breaking news until a time; None ends that now. Returns the new version."""
        if until is not None and until <= act.at:
            raise Invalid([{"field": "until", "detail": "is over: name a time to come"}])
        before = self._saving.existing_article(article_id, act)
        if until is None and before.breaking_until is None:
            self._saving.check_version(article_id, act)
            raise NotPossibleNow("it is no breaking news")
        article = before.model_copy(update={"breaking_until": until})
        return self._saving.save(article, before, act, "breaking" if until else "unbreaking")

    def withdraw(self, article_id: str, *, reason: str, note: str | None, act: Act) -> int:
        """Withdraws the article. `reason` is for editors only; `note` is public. Returns the version of the
        tombstone.
        """
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
