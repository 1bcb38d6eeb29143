"""Checks that the table, S3 and the copy for readers agree about one article."""

import datetime as dt
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from content_api.aws.attributes import Item, pair_of
from content_api.aws.clients import error_code
from content_api.names.instants import parsed
from content_api.names.keys import ARTICLE
from content_store.article_copies import MISSING, Copies
from content_store.current import WITHDRAWN, Current
from content_store.differences import difference, entry_difference
from content_store.editions import Edition, edition_of_version
from content_store.succession import Copied, of_the_copy, overtaking
from content_store.versions import Version

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from content_store.items import Items
    from content_store.records import ArticleRecords

# Reading a damaged item or record raises these: it is not JSON, or a member is missing or has the wrong type.
UNREADABLE = (KeyError, TypeError, ValueError)
# Propagation may need this long after a write, and a writer may need it between S3 and its transaction.
_WRITING_TAKES = 60  # seconds


@dataclass(frozen=True, slots=True)
class Examined:
    """`found` is the record of the current version, None if it cannot be read. `overtaken_by` is the key and the record
    of a version that was current after the table's. `is_left` says that a person must decide.
    """

    current: Current
    found: Version | None
    complaints: tuple[str, ...]
    overtaken_by: tuple[str, Version] | None = None
    is_left: bool = False


@dataclass(frozen=True, slots=True)
class _Later:
    complaints: tuple[str, ...] = ()
    overtaken_by: tuple[str, Version] | None = None
    is_left: bool = False


class Examination:
    def __init__(self, records: "ArticleRecords", items: "Items", s3: "S3Client", *, bucket: str) -> None:
        self._records = records
        self._items = items
        self._s3 = s3
        self._bucket = bucket
        self._copies = Copies(s3, bucket=bucket)

    def of(self, article_id: str) -> Examined:
        try:
            current = self._records.current(article_id)
        except UNREADABLE:
            detail = "its item cannot be read: delete it, and rebuild puts it back by what S3 has"
            return Examined(Current(), None, (detail,), is_left=True)
        if not current.version:
            return Examined(current, None, ())
        found, broken = self._history(article_id, current)
        if found is None:
            return Examined(current, None, tuple(broken), is_left=True)
        later = self._later(article_id, current)
        complaints = [*broken, *later.complaints, *self._differences(found, current)]
        if not later.complaints:
            complaints += self._copy_complaints(found, current)
        is_left = bool(broken) or later.is_left
        return Examined(current, found, tuple(complaints), later.overtaken_by, is_left)

    def copied(self, article_id: str) -> Copied:
        version, status = self._copies.state(article_id)
        return Copied(version, status, self._copies.document(article_id)) if version else Copied()

    def is_young(self, version_key: str) -> bool:
        """Whether a version is so new that propagation may still be at work on it."""
        try:
            return bool(version_key) and _is_young(self._records.recorded(version_key))
        except (ClientError, *UNREADABLE):
            return False  # `of` reports it

    def _history(self, article_id: str, current: Current) -> tuple[Version | None, list[str]]:
        """The record of the current version, and what is wrong with the records from it back to the first."""
        latest: Version | None = None
        number, key = current.version, current.version_key
        while key:
            try:
                found = self._records.recorded(key)
            except ClientError as error:
                if error_code(error) not in MISSING:
                    raise
                return latest, [f"version {number} is not in S3, where it should be {key}"]
            except UNREADABLE:
                return latest, [_unreadable(key)]
            if (found.id, found.version) != (article_id, number):
                return latest, [f"{key} is not version {number}"]
            latest = latest or found
            number, key = number - 1, found.previous or ""
        return latest, [f"the versions before {number + 1} are not named"] if number else []

    def _later(self, article_id: str, current: Current) -> _Later:
        """Finds versions in S3, or a copy, that are newer than the table: it may have been restored from a backup."""
        copied = self.copied(article_id)
        try:
            recorded = self._records.recorded_since(article_id, current.version)
        except UNREADABLE:
            detail = f"a version from {current.version} on cannot be read: S3 keeps what it was as an earlier one"
            return _Later((detail,), is_left=True)
        versions = {key: each for key, each in recorded.items() if key == current.version_key or not _is_young(each)}
        if copied.version > current.version and of_the_copy(versions, copied) is None:
            return self._later_copy(versions, copied)
        # A copy that is older than the table says nothing about later versions.
        after = copied if copied.version >= current.version else Copied()
        overtaken = overtaking(versions, after, current.version, current.version_key)
        if overtaken is None:
            return _Later()
        _, found = overtaken
        status = "withdrawn" if found.article is None else found.status
        detail = (
            f"the table is at version {current.version}, and S3 says that it is {status} at version {found.version}"
        )
        return _Later((detail,), overtaken)

    def _later_copy(self, versions: dict[str, Version], copied: Copied) -> _Later:
        """The complaint about a copy that is newer than the table, if no version in S3 is the one it was made of."""
        detail = f"the copy for readers is at version {copied.version}, which S3 "
        if any(each.version == copied.version for each in versions.values()):
            return _Later((f"{detail}has more than once, and none as it says: look which was current",), is_left=True)
        if copied.status == WITHDRAWN:
            said = f"{detail}does not have, and says that it is withdrawn: withdraw it, or delete the copy"
            return _Later((said,), is_left=True)
        return _Later((f"{detail}does not have",))

    def _differences(self, found: Version, current: Current) -> Iterator[str]:
        edition = edition_of_version(found, current.language)
        for expected in edition.items(current.version_key):
            there = self._items.at(pair_of(expected))
            has_document = there is None or pair_of(expected)[1] != ARTICLE or self._has_document(there, edition)
            if wrong := difference(expected, there, has_document=has_document):
                yield wrong
        for entry in edition.entries:
            if wrong := entry_difference(entry, self._items.at(pair_of(entry))):
                yield wrong

    def _has_document(self, item: Item, edition: Edition) -> bool:
        try:
            if "document_key" in item:
                packed = self._s3.get_object(Bucket=self._bucket, Key=item["document_key"]["S"])["Body"].read()
            else:
                packed = item["document"]["B"]
            return zlib.decompress(packed) == edition.document
        except (KeyError, zlib.error):
            return False
        except ClientError as error:
            if error_code(error) not in MISSING:
                raise
            return False

    def _copy_complaints(self, found: Version, current: Current) -> list[str]:
        if _is_young(found):
            return []
        there, status = self._copies.state(found.id)
        if current.status == "draft" or current.never_public:
            return [] if status in {"", "draft"} else [f"the copy for readers is {status}, and the article is a draft"]
        if there != current.version:
            return [f"the copy for readers is at version {there}, not {current.version}"]
        edition = edition_of_version(found, current.language)
        modified = edition.own_item(current.version_key).get("modified", {}).get("S", "")
        expected = {"version": str(there), "status": current.status, "language": current.language, "modified": modified}
        said = self._copies.described(found.id)
        is_described = all(said.get(name, "") == value for name, value in expected.items())
        if is_described and self._copies.document(found.id) == edition.document:
            return []
        return [f"the copy for readers says something else than version {current.version}"]


def _is_young(found: Version) -> bool:
    return is_recent(parsed(found.recorded_at).timestamp())


def is_recent(written_at: float) -> bool:
    """Whether propagation may still be at work on what was written then, in seconds since 1970."""
    return dt.datetime.now(dt.UTC).timestamp() - written_at < _WRITING_TAKES


def _unreadable(key: str) -> str:
    return f"{key} cannot be read: S3 keeps what it was as an earlier version of it"
