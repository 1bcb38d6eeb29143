"""Changes of articles. What readers get is in DynamoDB; every version is in S3.

Each change does three things. It gathers what the table and S3 say of the article (`records`). It decides: a pure
function computes everything that is to be written (`revisions`, `taking_in`, `restoring`). It commits: the version goes
to S3, and then all items go to the table in one transaction (`commits`).

The errors that these methods raise are in `errors`.
"""

import datetime as dt
from typing import TYPE_CHECKING

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from content_api.content.article import Article
from content_api.names.instants import in_utc
from content_store import restoring, taking_in
from content_store.commits import Commits
from content_store.current import WITHDRAWN, Current
from content_store.errors import (
    AddressTaken,
    ArticleNotFound,
    ArticleWithdrawn,
    NotADraft,
    NotWithdrawn,
    VersionConflict,
)
from content_store.live_posts import LivePosts
from content_store.media import MediaRecords
from content_store.newsroom import Newsroom
from content_store.pending_edits import PendingEdit, PendingEdits, closing
from content_store.records import ArticleRecords
from content_store.revisions import replacement, withdrawal
from content_store.taking_in import TakenIn
from content_store.versions import NOBODY, Attribution, Source, Version

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

_ATTEMPTS = 5


class ArticleStore:
    def __init__(self, dynamodb: "DynamoDBClient", s3: "S3Client", *, table: str, bucket: str) -> None:
        self.records = ArticleRecords(dynamodb, s3, table=table, bucket=bucket)
        self.edits = PendingEdits(dynamodb, s3, table=table, bucket=bucket)
        self.newsroom = Newsroom(dynamodb, table=table)
        self.posts = LivePosts(dynamodb, s3, table=table, bucket=bucket)
        self._media = MediaRecords(dynamodb, table=table)
        self._commits = Commits(dynamodb, s3, self.records, table=table, bucket=bucket)

    def save(
        self,
        article: Article,
        *,
        expected_version: int,
        at: dt.datetime,
        attribution: Attribution = NOBODY,
        edit: PendingEdit | None = None,
    ) -> int:
        """Saves the article as the version after `expected_version`, and returns the new version. An `expected_version`
        of 0 means that the article must not exist yet. A draft that has a time of publication keeps it. `edit` is the
        pending edit that this publishes: it ends in the same transaction.

        Raises PendingEditConflict if it was saved again meanwhile, VersionConflict if the table is at another version,
        ArticleWithdrawn, AddressTaken, LanguageFixed, StoreBusy, ArticleTooLarge if the article would not fit into an
        answer, and MediaNotThere.
        """
        article = self._media.completed(article)
        current = self._gather(article.id, expected_version)
        if current.status == WITHDRAWN:
            raise ArticleWithdrawn(article.id)
        publish_at = current.publish_at if article.status == "draft" else None
        revision = replacement(article, current, at=at, attribution=attribution, publish_at=publish_at)
        return self._commits.commit(revision.also(closing(edit)) if edit else revision)

    def savable(self, article: Article, current: Current, *, at: dt.datetime) -> Article:
        """The article with what is known of its pictures. Nothing is written. Raises what `save` would say of its
        content: LanguageFixed, ArticleTooLarge, MediaNotThere, and NotAnAddress.
        """
        completed = self._media.completed(article)
        replacement(completed, current, at=at, attribution=NOBODY)
        return completed

    def schedule(
        self,
        article_id: str,
        publish_at: dt.datetime | None,
        *,
        expected_version: int,
        at: dt.datetime,
        attribution: Attribution = NOBODY,
    ) -> int:
        """Sets the time at which a draft is published; None removes it. Returns the new version. Raises NotADraft, and
        what `save` raises.
        """
        current = self._gather(article_id, expected_version, must_exist=True)
        article = self.records.recorded(current.version_key).article
        if article is None or current.status != "draft":
            raise NotADraft(article_id)
        due = in_utc(publish_at) if publish_at else None
        revision = replacement(article, current, at=at, attribution=attribution, publish_at=due)
        return self._commits.commit(revision)

    def reinstate(
        self, article_id: str, *, expected_version: int, at: dt.datetime, attribution: Attribution = NOBODY
    ) -> int:
        """Makes a withdrawn article what it was before, on every list that it was on, and returns the new version.
        Raises NotWithdrawn, and what `save` raises.
        """
        current = self._gather(article_id, expected_version, must_exist=True)
        if current.status != WITHDRAWN:
            raise NotWithdrawn(article_id)
        article = self.records.last_article(current.version_key)
        return self._commits.commit(replacement(article, current, at=at, attribution=attribution))

    def withdraw(
        self,
        article_id: str,
        *,
        expected_version: int,
        at: dt.datetime,
        note: str | None = None,
        attribution: Attribution = NOBODY,
    ) -> int:
        """Puts a tombstone in the article's place, takes the article off every list, and returns the tombstone's
        version. `note` is public. The exception is a draft that no reader ever had: readers are not told that it
        existed. When this returns, the copies that readers get while DynamoDB does not answer are withdrawn too.

        Raises ArticleNotFound, ArticleWithdrawn, StoreBusy, and VersionConflict if the table is at another version.
        """
        current = self._gather(article_id, expected_version, must_exist=True)
        was_public = current.status != "draft" or self.records.was_public(current.version_key)
        revision = withdrawal(article_id, current, at=at, note=note, attribution=attribution, was_public=was_public)
        version = self._commits.commit(revision)
        if was_public:
            self._commits.withdraw_copies(revision)
        return version

    def take_in(self, article: Article, source: Source, *, by: str, at: dt.datetime) -> TakenIn:
        """Takes in an article from a file. Files may come in any order and more than once: the result is the same. `by`
        is the part of this API that imports. Raises what `save` raises, and EditedSince, LiesAhead and AnotherArticle.
        """
        taking_in.check_date(article, at)
        article = self._media.completed(article)
        again = Retrying(
            retry=retry_if_exception_type(VersionConflict), stop=stop_after_attempt(_ATTEMPTS), reraise=True
        )
        try:
            return again(self._take_in, article, source, by, at)
        except AddressTaken as taken:
            held = taking_in.under_the_held_id(article, taken.holder)
            if held is None:
                raise
        return again(self._take_in, held, source, by, at)

    def _take_in(self, article: Article, source: Source, by: str, at: dt.datetime) -> TakenIn:
        current = self.records.current(article.id)
        before = self.records.recorded(current.version_key) if current.version else None
        if before and source.by_title:
            came_from = self.records.last_file(current.version_key)
            taking_in.check_title(article, source, before.article, came_from)
        if not taking_in.is_newer(source, current):
            before = None
        decision = taking_in.decide(article, source, current, before, at)
        if decision.is_noted:
            self._commits.note_file(article.id, current, source)
        if decision.article is None:
            return TakenIn(current.version, decision.outcome, article.id)
        revision = replacement(
            decision.article,
            current,
            at=at,
            attribution=Attribution(by, "import", source=source),
            publish_at=current.publish_at,
        )
        return TakenIn(self._commits.commit(revision), decision.outcome, article.id)

    def put_back(
        self, found: Version, version_key: str, language: str, *, at: dt.datetime, over: Current | None = None
    ) -> None:
        """Makes the table hold a version that S3 has: the table has lost the article, or is at an older version of it
        (`over`). The change gets a number above all numbers given before, so that every follower reads it. Raises
        VersionConflict if somebody has written the article meanwhile, AddressTaken and StoreBusy.
        """
        before = self.records.versions_from(found.previous)
        revision = restoring.put_back(found, version_key, language, before, over or Current(), at)
        if revision.change:
            self._commits.raise_number(language, int(at.timestamp()))
        self._commits.commit(revision)

    def _gather(self, article_id: str, expected_version: int, *, must_exist: bool = False) -> Current:
        """Raises VersionConflict, and ArticleNotFound if the article must exist and does not."""
        current = self.records.current(article_id)
        if current.version != expected_version:
            raise VersionConflict(article_id, expected_version)
        if must_exist and not current.version:
            raise ArticleNotFound(article_id)
        return current
