"""Articles kept: every version in S3, what readers get in DynamoDB.

A change goes one way: what the table and S3 say is gathered, `revisions` computes everything that is to be written, and
that is committed: its version to S3, then all of its items in one transaction. A version's key names what is in it, so
a writer that loses, or dies in between, leaves an object that nobody refers to and never touches the winner's.

Errors are in `errors`.
"""

import datetime as dt
import logging
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from content_api.aws.failures import described
from content_api.content.article import Article
from content_api.content.front import Front
from content_api.names.instants import in_utc
from content_api.store import restoring, taking_in
from content_api.store.address_holding import gives_up
from content_api.store.article_copies import Copies, Copy, CopyContended
from content_api.store.current import WITHDRAWN, Current, CurrentArticles
from content_api.store.errors import (
    AddressTaken,
    ArticleNotFound,
    ArticleWithdrawn,
    NotADraft,
    NotWithdrawn,
    StoreBusy,
    VersionConflict,
    VersionNotFound,
)
from content_api.store.front_choices import FrontChoices
from content_api.store.front_copies import FrontCopies
from content_api.store.revisions import Revision, replacement, withdrawal
from content_api.store.taking_in import TakenIn
from content_api.store.transactions import Transactions
from content_api.store.versions import NOBODY, Attribution, Source, Version, Versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

_ATTEMPTS = 5
# Addresses that come from other articles in one change: each takes one action of its transaction.
_MOVES = 8

logger = logging.getLogger(__name__)


class ArticleStore:
    def __init__(self, dynamodb: "DynamoDBClient", s3: "S3Client", *, table: str, bucket: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._articles = CurrentArticles(dynamodb, table=table)
        self._versions = Versions(s3, bucket=bucket)
        self._transactions = Transactions(dynamodb, table=table)
        self._fronts = FrontChoices(dynamodb, table=table)
        self._copies = Copies(s3, bucket=bucket)
        self._front_copies = FrontCopies(s3, bucket=bucket)

    # ---------------------------------------------------------------------------------------- Reading

    def current(self, article_id: str) -> Current:
        return self._articles.of(article_id)

    def latest(self, article_id: str) -> Version:
        """Raises ArticleNotFound."""
        return next(self.history(article_id))

    def history(self, article_id: str) -> "Iterator[Version]":
        """Every version that was ever current, newest first, each read when it is asked for. Raises ArticleNotFound."""
        current = self.current(article_id)
        if not current.version:
            raise ArticleNotFound(article_id)
        yield from self._versions.since(current.version_key)

    def version(self, article_id: str, number: int) -> Version:
        """Raises ArticleNotFound and VersionNotFound."""
        for found in self.history(article_id):
            if found.version == number:
                return found
            if found.version < number:
                break
        raise VersionNotFound(article_id, number)

    def recorded(self, version_key: str) -> Version:
        """Raises what S3 raises where it is not there."""
        return self._versions.recorded(version_key)

    def recorded_since(self, article_id: str, number: int = 0) -> dict[str, Version]:
        """Every version of that number or later that S3 has, current or not, by its key, oldest first."""
        return self._versions.recorded_since(article_id, number)

    def unknown(self, ids: "Iterable[str]") -> list[str]:
        """Those ids, of at most 100, that are no article's."""
        asked = dict.fromkeys(ids)
        known = self.numbers(asked)
        return [each for each in asked if each not in known]

    def numbers(self, ids: "Iterable[str]") -> dict[str, int]:
        """The versions that articles are at, of at most 100. Those that are none are not there."""
        return self._articles.numbers(ids)

    def drafts(self, language: str, *, after: str = "", limit: int = 50) -> list[dict[str, Any]]:
        """The drafts of a language by id: `id`, `headline`, `version`, and `publish_at` where one waits for it."""
        return self._articles.drafts(language, after=after, limit=limit)

    def front(self, language: str) -> tuple[int, Front | None]:
        """The version of what editors chose, 0 where they have not."""
        return self._fronts.chosen(language)

    # ---------------------------------------------------------------------------------------- Writing

    def save(
        self, article: Article, *, expected_version: int, at: dt.datetime, attribution: Attribution = NOBODY
    ) -> int:
        """Makes the article the version after the expected one, 0 where there must be none yet; returns it. A draft
        that waits for its time goes on waiting.

        Raises VersionConflict where the table is at another version, ArticleWithdrawn, AddressTaken, LanguageFixed,
        StoreBusy, and ArticleTooLarge where no reader could get it.
        """
        current = self._gather(article.id, expected_version)
        if current.status == WITHDRAWN:
            raise ArticleWithdrawn(article.id)
        publish_at = current.publish_at if article.status == "draft" else None
        revision = replacement(article, current, at=at, attribution=attribution, publish_at=publish_at)
        return self._commit(revision)

    def schedule(
        self,
        article_id: str,
        publish_at: dt.datetime | None,
        *,
        expected_version: int,
        at: dt.datetime,
        attribution: Attribution = NOBODY,
    ) -> int:
        """Notes when a draft is to be published, or that it no longer is. Raises as `save` does, and NotADraft."""
        current = self._gather(article_id, expected_version, must_exist=True)
        article = self.recorded(current.version_key).article
        if article is None or current.status != "draft":
            raise NotADraft(article_id)
        due = in_utc(publish_at) if publish_at else None
        revision = replacement(article, current, at=at, attribution=attribution, publish_at=due)
        return self._commit(revision)

    def reinstate(
        self, article_id: str, *, expected_version: int, at: dt.datetime, attribution: Attribution = NOBODY
    ) -> int:
        """Brings back what the article was before it was withdrawn, on every list. Raises as `save` does, and
        NotWithdrawn.
        """
        current = self._gather(article_id, expected_version, must_exist=True)
        if current.status != WITHDRAWN:
            raise NotWithdrawn(article_id)
        article = next(found.article for found in self._versions.since(current.version_key) if found.article)
        return self._commit(replacement(article, current, at=at, attribution=attribution))

    def withdraw(
        self,
        article_id: str,
        *,
        expected_version: int,
        at: dt.datetime,
        note: str | None = None,
        attribution: Attribution = NOBODY,
    ) -> int:
        """Puts a tombstone in the article's place and takes it off every list; `note` is public, but for a draft that
        no reader ever had, of which they are told nothing. Returns the tombstone's version. Before that, the copies
        that stand in where DynamoDB gives nothing are without it too.

        Raises ArticleNotFound, ArticleWithdrawn, StoreBusy, and VersionConflict where the table is at another version.
        """
        current = self._gather(article_id, expected_version, must_exist=True)
        was_public = current.status != "draft" or self._was_public(current.version_key)
        revision = withdrawal(article_id, current, at=at, note=note, attribution=attribution, was_public=was_public)
        version = self._commit(revision)
        if was_public:
            self._withdraw_copies(revision)
        return version

    def take_in(self, article: Article, source: Source, *, by: str, at: dt.datetime) -> TakenIn:
        """For importers: the end is the same whatever the order in which files come, and however often. Raises as
        `save` does, and EditedSince and LiesAhead.
        """
        taking_in.check_date(article, at)
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
        current = self.current(article.id)
        is_needed = current.version and taking_in.is_newer(source, current)
        before = self.recorded(current.version_key) if is_needed else None
        decision = taking_in.decide(article, source, current, before, at)
        if decision.is_noted:
            taking_in.note(self._dynamodb, self._table, article.id, current, source)
        if decision.article is None:
            return TakenIn(current.version, decision.outcome, article.id)
        revision = replacement(
            decision.article,
            current,
            at=at,
            attribution=Attribution(by, "import", source=source),
            publish_at=current.publish_at,
        )
        return TakenIn(self._commit(revision), decision.outcome, article.id)

    def put_back(
        self, found: Version, version_key: str, language: str, *, at: dt.datetime, over: Current | None = None
    ) -> None:
        """Puts an article that the table has lost, or has an older version of (`over`), at a version that S3 has.
        Whoever has read changes up to any number is told. Raises VersionConflict where the table says something else
        by now, AddressTaken and StoreBusy.
        """
        before = list(self._versions.since(found.previous)) if found.previous else []
        revision = restoring.put_back(found, version_key, language, before, over or Current(), at)
        if revision.change:
            self._transactions.raise_number(language, int(at.timestamp()))
        self._commit(revision)

    def save_front(self, front: Front, *, expected_version: int) -> int:
        """What editors chose, in place of the expected version (0 for none yet). Raises VersionConflict."""
        return self._fronts.choose(front, expected_version=expected_version)

    # ---------------------------------------------------------------------------------------- Gathering, committing

    def _was_public(self, version_key: str) -> bool:
        """Whether this version of an article, or any before it, could be read."""
        return any(found.status == "published" for found in self._versions.since(version_key))

    def _gather(self, article_id: str, expected_version: int, *, must_exist: bool = False) -> Current:
        """Raises VersionConflict, and ArticleNotFound."""
        current = self.current(article_id)
        if current.version != expected_version:
            raise VersionConflict(article_id, expected_version)
        if must_exist and not current.version:
            raise ArticleNotFound(article_id)
        return current

    def _commit(self, revision: Revision) -> int:
        """The version that is now current."""
        self._versions.keep(revision.objects)
        for _ in range(_MOVES):
            try:
                self._transactions.commit(revision)
            except AddressTaken as error:
                revision = self._moving(revision, error)
            else:
                return revision.edition.version
        raise StoreBusy(revision.article_id)

    def _moving(self, revision: Revision, taken: AddressTaken) -> Revision:
        """With an address that its holder gives up. Raises AddressTaken where it does not."""
        holder = self.current(taken.holder)
        article = self.recorded(holder.version_key).article if holder.version else None
        if not gives_up(holder, article, taken.address, to_a_file=revision.is_of_a_file):
            is_withdrawn = holder.status == WITHDRAWN
            raise AddressTaken(revision.article_id, taken.address, taken.holder, is_withdrawn=is_withdrawn) from taken
        return revision.moving(taken.address, taken.holder, holder.version)

    def _withdraw_copies(self, revision: Revision) -> None:
        """What goes wrong here, propagation does within seconds."""
        edition = revision.edition
        tombstone = Copy(edition.article_id, edition.version, WITHDRAWN, edition.language, "", edition.document, "")
        try:
            self._copies.keep(tombstone)
            self._front_copies.take_off(edition.language, edition.article_id)
        except (ClientError, BotoCoreError, CopyContended) as error:
            logger.warning("copies of a withdrawn article are left to propagation: %s", described(error))
