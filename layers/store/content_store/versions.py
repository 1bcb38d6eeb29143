"""Versions of articles in S3. Every version that was ever written stays there.

Each version names the one before it, so the history of an article is a walk that starts at the key in the table. A
writer that loses, or that stops before its transaction, leaves a version that nothing refers to.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from content_api.content.article import Article
from content_api.content.document import compact_json
from content_api.content.values import AS_KEPT
from content_api.names.instants import parsed, printed
from content_api.names.object_keys import before_version, versions_prefix

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_s3.client import S3Client

# The actions by which editors change what an article says. `fetch-pictures` is none: only the host of its pictures
# changes.
EDITS = frozenset({"create", "replace", "patch", "restore", "save", "edit"})


@dataclass(frozen=True, slots=True)
class Source:
    """The file that an article comes from. `order` sorts files by the time at which they were handed in; no two files
    have the same. `by_title`: the article states neither an id nor an address, so its id is made of its title, and
    another article may have the same title.
    """

    file: str
    order: str
    by_title: bool = False


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who made a version, and why. `by` is an IAM principal, or the part of this API that acts. `reason` is for editors
    and never public.
    """

    by: str
    action: str = "save"
    reason: str | None = None
    source: Source | None = None


NOBODY = Attribution("nobody")


@dataclass(frozen=True, slots=True)
class Version:
    """A version as S3 keeps it. `article` is None for a tombstone. `was_public` belongs to a tombstone: whether readers
    could read any version before it.
    """

    id: str
    version: int
    status: str
    recorded_at: str
    by: str
    action: str
    reason: str | None
    publish_at: dt.datetime | None
    article: Article | None
    tombstone: dict[str, Any] | None
    previous: str | None
    source: Source | None = None
    was_public: bool = True


class Versions:
    def __init__(self, s3: "S3Client", *, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def recorded(self, version_key: str) -> Version:
        """The version under that key. Raises ClientError (NoSuchKey) if it is not there."""
        return read(self._s3.get_object(Bucket=self._bucket, Key=version_key)["Body"].read())

    def since(self, version_key: str) -> "Iterator[Version]":
        """The version under that key and all before it, the newest first. Each is read when the iterator reaches it."""
        found = self.recorded(version_key)
        yield found
        while found.previous:
            found = self.recorded(found.previous)
            yield found

    def recorded_since(self, article_id: str, number: int = 0) -> dict[str, Version]:
        """Every version with this number or a later one that S3 has, by its key, the oldest first. It includes versions
        that were never current.
        """
        listing = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=versions_prefix(article_id), StartAfter=before_version(article_id, number)
        )
        keys = [listed.get("Key", "") for page in listing for listed in page.get("Contents", [])]
        return {key: self.recorded(key) for key in keys}

    def keep(self, objects: "Mapping[str, bytes]") -> None:
        """Puts objects under their keys. A key contains a hash of the content, so putting an object again changes
        nothing.
        """
        for key, content in objects.items():
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)


def read(content: bytes) -> Version:
    """Reads a version that `record` wrote, in this release or an earlier one."""
    kept = json.loads(content)
    publish_at = kept.get("publish_at")
    return Version(
        id=kept["id"],
        version=kept["version"],
        status=kept["status"],
        recorded_at=kept["recorded_at"],
        by=kept.get("by", NOBODY.by),
        action=kept.get("action", NOBODY.action),
        reason=kept.get("reason"),
        publish_at=parsed(publish_at) if publish_at else None,
        article=Article.model_validate(kept["article"], context=AS_KEPT) if "article" in kept else None,
        tombstone=kept.get("tombstone"),
        previous=kept["previous"],
        source=Source(**kept["source"]) if "source" in kept else None,
        was_public=kept.get("was_public", True),
    )


def record(version: Version) -> bytes:
    """The bytes that S3 keeps of a version."""
    kept: dict[str, Any] = {
        "id": version.id,
        "version": version.version,
        "previous": version.previous,
        "recorded_at": version.recorded_at,
        "status": version.status,
        "by": version.by,
        "action": version.action,
        "reason": version.reason,
    }
    if version.source:
        kept["source"] = {"file": version.source.file, "order": version.source.order}
    if version.article:
        kept["article"] = version.article.model_dump(mode="json")
    if version.publish_at:
        kept["publish_at"] = printed(version.publish_at)
    if version.tombstone is not None:
        kept["tombstone"] = version.tombstone
    if not version.was_public:
        kept["was_public"] = False
    return compact_json(kept)
