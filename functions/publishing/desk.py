"""What editors do to articles: each act makes one version, on top of the version that the editor has seen."""

import datetime as dt
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsonpatch import make_patch  # pyright: ignore[reportUnknownVariableType] - loosely typed there
from pydantic import ValidationError

from content_api.content.addresses import NotAnAddress
from content_api.content.article import Article
from content_api.content.complaints import complaints
from content_api.content.document import ArticleTooLarge
from content_api.content.front import Front
from content_api.content.removals import removals
from content_api.store.articles import ArticleStore
from content_api.store.errors import ArticleNotFound, ArticleWithdrawn
from content_api.store.taking_in import TakenIn
from content_api.store.versions import Attribution, Source, Version
from publishing.merge_patch import merged
from publishing.schedules import NoSuchTime

if TYPE_CHECKING:
    from content_api.store.verification import Verification
    from publishing.schedules import Schedules

# Clocks differ; what lies further ahead is an embargo.
_AHEAD = dt.timedelta(minutes=5)
_MOST_VERSIONS_LISTED = 100
# What readers were told of an article that no version's text changes.
_TOLD = ("status", "published_at", "updated_at", "corrections", "breaking_until")


class NotPossibleNow(Exception):
    """What the article's state does not allow; the message says what to do first."""


class Invalid(Exception):
    """What was handed in is not as it should be: `errors` names each field at fault."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(f"{len(errors)} fields")
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Act:
    """An editor's: who, when, and on which version; 0 for none yet."""

    by: str
    at: dt.datetime
    expected_version: int

    def attribution(self, action: str, reason: str | None = None) -> Attribution:
        return Attribution(self.by, action, reason)


@dataclass(frozen=True, slots=True)
class Saved:
    """The version that an editor's article became, and what sanitising took out of its markup."""

    version: int
    removed: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Imported:
    id: str
    taken_in: TakenIn
    removed: list[dict[str, Any]]


class Desk:
    def __init__(self, store: ArticleStore, schedules: "Schedules", verification: "Verification") -> None:
        self._store = store
        self._schedules = schedules
        self.verification = verification

    def latest(self, article_id: str) -> Version:
        return self._store.latest(article_id)

    def version(self, article_id: str, number: int) -> Version:
        return self._store.version(article_id, number)

    def versions(self, article_id: str, *, before: int | None, limit: int) -> list[Version]:
        """Newest first, those older than `before`."""
        found: list[Version] = []
        for each in self._store.history(article_id):
            if before is None or each.version < before:
                found.append(each)
            if len(found) == min(limit, _MOST_VERSIONS_LISTED):
                break
        return found

    def changes(self, article_id: str, *, since: int, until: int) -> list[dict[str, Any]]:
        """What turns one version into another, as JSON Patch (RFC 6902)."""
        old, new = (_content(self._store.version(article_id, number)) for number in (since, until))
        return list(make_patch(old, new))

    def put(self, article_id: str, body: dict[str, Any], act: Act) -> "Saved":
        """The whole article. One without a status stays what it is, and begins as a draft."""
        before = self._current_article(article_id, act)
        named = body.get("id", article_id)
        if named != article_id:
            raise Invalid(
                [{"field": "id", "detail": f"is {article_id} in the address: leave it out, or make it the same"}]
            )
        status = {"status": before.status if before else "draft"}
        article = validated(status | body | {"id": article_id})
        version = self._save(article, before, act, "replace" if before else "create")
        return Saved(version, _removed(body, article))

    def take_in(self, fields: dict[str, Any], source: Source, *, by: str, at: dt.datetime) -> "Imported":
        """An article from a file of an archive."""
        article = validated(fields)
        with _refusing():
            taken_in = self._store.take_in(article, source, by=by, at=at)
        return Imported(taken_in.article_id, taken_in, _removed(fields, article))

    def patch(self, article_id: str, patch: dict[str, Any], act: Act) -> "Saved":
        before = self._must_be(article_id, act)
        if patch.get("id", article_id) != article_id:
            raise Invalid([{"field": "id", "detail": "cannot be changed"}])
        fields = merged(before.model_dump(mode="json"), patch)
        article = validated(fields)
        return Saved(self._save(article, before, act, "patch"), _removed(fields, article))

    def restore(self, article_id: str, number: int, act: Act) -> int:
        """A new version with the text of an old one, in the state that the article is in now. What readers were told of
        it stays: when it was published, that it was corrected, and until when it is breaking news.
        """
        before = self._must_be(article_id, act)
        old = self._store.version(article_id, number).article
        if old is None:
            raise NotPossibleNow(f"version {number} is a tombstone: restore one before it")
        kept = {name: getattr(before, name) for name in _TOLD}
        return self._save(old.model_copy(update=kept), before, act, "restore")

    def publish(self, article_id: str, act: Act) -> int:
        before = self._must_be(article_id, act)
        if before.status == "published":
            raise NotPossibleNow("it is published already")
        return self._save(published(before, at=act.at), before, act, "publish")

    def schedule(self, article_id: str, publish_at: dt.datetime, act: Act) -> int:
        """To the minute; the article is the draft as it stands then."""
        if publish_at.second or publish_at.microsecond:
            raise Invalid([{"field": "publish_at", "detail": "must be on a whole minute"}])
        if publish_at <= act.at:
            raise Invalid([{"field": "publish_at", "detail": "is over: publish it now, or name a time to come"}])
        if self._must_be(article_id, act).status != "draft":
            raise NotPossibleNow("it is published already: only a draft can wait for its time")
        try:
            self._schedules.add(article_id, publish_at)
        except NoSuchTime as error:
            raise Invalid([{"field": "publish_at", "detail": "lies too far ahead for a schedule"}]) from error
        return self._store.schedule(
            article_id,
            publish_at,
            expected_version=act.expected_version,
            at=act.at,
            attribution=act.attribution("schedule"),
        )

    def unschedule(self, article_id: str, act: Act) -> int:
        return self._store.schedule(
            article_id,
            None,
            expected_version=act.expected_version,
            at=act.at,
            attribution=act.attribution("unschedule"),
        )

    def breaking(self, article_id: str, until: dt.datetime | None, act: Act) -> int:
        if until is not None and until <= act.at:
            raise Invalid([{"field": "until", "detail": "is over: name a time to come"}])
        before = self._must_be(article_id, act)
        article = before.model_copy(update={"breaking_until": until})
        return self._save(article, before, act, "breaking" if until else "unbreaking")

    def withdraw(self, article_id: str, *, reason: str, note: str | None, act: Act) -> int:
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

    def drafts(self, language: str, *, after: str, limit: int) -> list[dict[str, Any]]:
        return self._store.drafts(language, after=after, limit=limit)

    def front(self, language: str) -> tuple[int, Front | None]:
        return self._store.front(language)

    def put_front(self, language: str, body: dict[str, Any], expected_version: int) -> int:
        try:
            front = Front.model_validate(body | {"language": language})
        except ValidationError as error:
            raise Invalid(complaints(error)) from error
        named = [*front.top, *(each for section in front.sections for each in section.articles)]
        if unknown := self._store.unknown(named):
            raise Invalid([{"field": "articles", "detail": f"there are no articles {', '.join(unknown)}"}])
        return self._store.save_front(front, expected_version=expected_version)

    def _current_article(self, article_id: str, act: Act) -> Article | None:
        """The article that the act is on; None for none yet. Raises ArticleWithdrawn. Whether it is still at the
        version that the editor has seen is for the store to say.
        """
        if not act.expected_version:
            return None
        latest = self._store.latest(article_id)
        if latest.version == act.expected_version and latest.article is None:
            raise ArticleWithdrawn(article_id)
        return latest.article

    def _must_be(self, article_id: str, act: Act) -> Article:
        article = self._current_article(article_id, act)
        if article is None:
            raise ArticleNotFound(article_id)
        return article

    def _save(self, article: Article, before: Article | None, act: Act, action: str) -> int:
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
            elif article.published_at > act.at + _AHEAD:
                detail = "lies ahead, and a published article can be read at once: save a draft, and schedule it"
                raise Invalid([{"field": "published_at", "detail": detail}])
        attribution = act.attribution(action)
        with _refusing():
            return self._store.save(article, expected_version=act.expected_version, at=act.at, attribution=attribution)


@contextmanager
def _refusing() -> Generator[None]:
    """What the model takes and the store cannot keep is invalid too."""
    try:
        yield
    except ArticleTooLarge as error:
        raise Invalid([{"field": "body", "detail": str(error)}]) from error
    except NotAnAddress as error:
        raise Invalid([{"field": "url", "detail": str(error)}]) from error


def published(draft: Article, *, at: dt.datetime) -> Article:
    """A draft as it is published at an instant, by an editor or by a schedule. A date that it states and that is over
    stays, so that an article of 2005 is of 2005; without one, or with one that lies ahead, it gets the instant.
    """
    stated = draft.published_at
    return draft.model_copy(update={"status": "published", "published_at": stated if stated and stated <= at else at})


def publish_due(store: ArticleStore, article_id: str, publish_at: dt.datetime, *, now: dt.datetime) -> bool:
    """What a schedule asks for: false where nobody waits for that time any more. Raises VersionConflict."""
    try:
        latest = store.latest(article_id)
    except ArticleNotFound:
        return False
    if latest.status != "draft" or latest.article is None or latest.publish_at != publish_at:
        return False
    article = published(latest.article, at=publish_at)
    attribution = Attribution("content-api/schedule", "publish")
    store.save(article, expected_version=latest.version, at=now, attribution=attribution)
    return True


def validated(fields: dict[str, Any]) -> Article:
    """Raises Invalid."""
    try:
        return Article.model_validate(fields)
    except ValidationError as error:
        raise Invalid(complaints(error)) from error


def _removed(handed_in: dict[str, Any], article: Article) -> list[dict[str, Any]]:
    return removals(handed_in, article.model_dump(mode="json"))


def _content(version: Version) -> dict[str, Any]:
    return version.article.model_dump(mode="json") if version.article else {"tombstone": version.tombstone}
