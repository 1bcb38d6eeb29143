"""Reads what the table says of articles, and their versions in S3. Everything that decides about an article reads it
here; nothing is written here.
"""

from typing import TYPE_CHECKING, Any

from content_store.current import Current, CurrentArticles
from content_store.errors import ArticleNotFound, VersionNotFound
from content_store.versions import Version, Versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

    from content_api.content.article import Article


class ArticleRecords:
    def __init__(self, dynamodb: "DynamoDBClient", s3: "S3Client", *, table: str, bucket: str) -> None:
        self._articles = CurrentArticles(dynamodb, table=table)
        self._versions = Versions(s3, bucket=bucket)

    def current(self, article_id: str) -> Current:
        """What the table says of the article. The version is 0 if the table has no such article."""
        return self._articles.of(article_id)

    def latest(self, article_id: str) -> Version:
        """The record of the version that is current. Raises ArticleNotFound."""
        return next(self.history(article_id))

    def history(self, article_id: str) -> "Iterator[Version]":
        """Every version that was ever current, newest first. Each is read from S3 only when the iterator reaches it.
        Raises ArticleNotFound.
        """
        current = self.current(article_id)
        if not current.version:
            raise ArticleNotFound(article_id)
        yield from self._versions.since(current.version_key)

    def version(self, article_id: str, number: int) -> Version:
        """The record of one version of an article. Raises ArticleNotFound and VersionNotFound."""
        for found in self.history(article_id):
            if found.version == number:
                return found
            if found.version < number:
                break
        raise VersionNotFound(article_id, number)

    def recorded(self, version_key: str) -> Version:
        """The version under that key. Raises ClientError (NoSuchKey) if it is not there."""
        return self._versions.recorded(version_key)

    def recorded_since(self, article_id: str, number: int = 0) -> dict[str, Version]:
        """Every version with this number or a later one that S3 has, by its key, the oldest first. It includes versions
        that were never current.
        """
        return self._versions.recorded_since(article_id, number)

    def versions_from(self, version_key: str | None) -> list[Version]:
        """The version under that key and all before it, the newest first. Empty if the key is None."""
        return list(self._versions.since(version_key)) if version_key else []

    def was_public(self, version_key: str) -> bool:
        """Whether readers could read this version of an article, or any version before it."""
        return any(found.status == "published" for found in self._versions.since(version_key))

    def last_file(self, version_key: str) -> str:
        """The file that this version came from, or else the latest version before it that came from a file. Empty if
        none did.
        """
        return next((found.source.file for found in self._versions.since(version_key) if found.source), "")

    def last_article(self, version_key: str) -> "Article":
        """The article as it was before it was withdrawn. `version_key` is the key of its tombstone."""
        return next(found.article for found in self._versions.since(version_key) if found.article)

    def numbers(self, ids: "Iterable[str]") -> dict[str, int]:
        """The current version of each article, for at most 100 ids. An id without an article is left out."""
        return self._articles.numbers(ids)

    def languages(self, ids: "Iterable[str]") -> dict[str, str]:
        """The language of each article, for at most 100 ids. An id without an article is left out."""
        return self._articles.languages(ids)

    def unknown(self, ids: "Iterable[str]") -> list[str]:
        """Those of at most 100 ids that have no article."""
        named = dict.fromkeys(ids)
        known = self.numbers(named)
        return [each for each in named if each not in known]

    def drafts(self, language: str, *, after: str = "", limit: int = 50) -> list[dict[str, Any]]:
        """The drafts of a language, sorted by id: `id`, `headline`, `version`, and `publish_at` if the draft has a time
        of publication.
        """
        return self._articles.drafts(language, after=after, limit=limit)
