"""Versions of articles in S3: every one that was ever written, for ever.

Each version names the one before it, so the history of an article is a walk from what the table says is current. A
writer that loses, or dies before its transaction, leaves a version that nobody refers to.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from content_api.content.article import AS_KEPT, Article
from content_api.content.document import compact_json
from content_api.names.instants import parsed, printed
from content_api.names.object_keys import before_version, versions_prefix

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_s3.client import S3Client

# The acts by which editors say what an article says.
EDITS = frozenset({"create", "replace", "patch", "restore", "save"})


@dataclass(frozen=True, slots=True)
class Source:
    """The file that an article comes from. `order` sorts files as they were handed in; no two have the same.
    `by_title`: the article states neither an id nor an address, so that its id is made of its title, which another may
    have too.
    """

    file: str
    order: str
    by_title: bool = False


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who made a version and why, as its record keeps it: `by` is an IAM principal or the part of this API that acts;
    `reason` is the editors' own and never public.
    """

    by: str
    action: str = "save"
    reason: str | None = None
    source: Source | None = None


NOBODY = Attribution("nobody")


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it is kept: `article` is None for a tombstone, whose `was_public` says whether any version before it
    could be read.
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
        """Raises what S3 raises where it is not there."""
        return read(self._s3.get_object(Bucket=self._bucket, Key=version_key)["Body"].read())

    def since(self, version_key: str) -> "Iterator[Version]":
        """The version of that key and all before it, newest first, each read when it is asked for."""
        found = self.recorded(version_key)
        yield found
        while found.previous:
            found = self.recorded(found.previous)
            yield found

    def recorded_since(self, article_id: str, number: int = 0) -> dict[str, Version]:
        """Every version of that number or later that S3 has, current or not, by its key, oldest first."""
        listing = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=versions_prefix(article_id), StartAfter=before_version(article_id, number)
        )
        keys = [listed.get("Key", "") for page in listing for listed in page.get("Contents", [])]
        return {key: self.recorded(key) for key in keys}

    def keep(self, objects: "Mapping[str, bytes]") -> None:
        """Objects by their keys, which name what is in them: putting one again changes nothing."""
        for key, content in objects.items():
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)


def read(content: bytes) -> Version:
    """A version as `record` wrote it, now or in an earlier release."""
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
    """As S3 keeps it."""
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
