"""What the bucket has of a picture: its original, and the files that readers get."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from content_api.aws.clients import error_code
from content_api.names.instants import printed
from content_api.names.media import RENDITIONS
from content_api.names.object_keys import original_key
from content_store.article_copies import MISSING

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from content_store.media import Medium


@dataclass(frozen=True, slots=True)
class Files:
    """`uploaded_at` is when the original came, None if it is not there. `made` are the sizes of the files that readers
    get, in bytes, by their names (`names.media`).
    """

    uploaded_at: dt.datetime | None
    made: dict[str, int]

    def complaints(self, medium: "Medium") -> list[str]:
        """What a picture that is ready lacks. Empty if it is whole. Raises as `Medium.files` does."""
        said = [] if self.uploaded_at else [NO_ORIGINAL]
        for name, size in medium.files.items():
            there = self.made.get(name)
            if there is None:
                said.append(f"its file {name} is not in S3")
            elif there != size:
                said.append(f"its file {name} has {there} bytes, not {size}")
        return said


NO_ORIGINAL = (
    "its original is not in S3, so nothing can be made of it again: upload the file again, or bring back the version "
    "that S3 keeps"
)


class PictureFiles:
    def __init__(self, s3: "S3Client", *, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def of(self, media_id: str) -> Files:
        made: dict[str, int] = {}
        prefix = f"{RENDITIONS}{media_id}/"
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            made |= {each.get("Key", "").removeprefix(prefix): each.get("Size", 0) for each in page.get("Contents", [])}
        key = original_key(media_id)
        listed = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=key, MaxKeys=1).get("Contents", [])
        originals = [each.get("LastModified") for each in listed if each.get("Key") == key]
        return Files(originals[0] if originals else None, made)

    def keys(self, prefix: str, *, after: str, limit: int) -> tuple[list[str], bool]:
        """At most `limit` names that stand directly under a prefix, and whether there are more."""
        listed = self._s3.list_objects_v2(
            Bucket=self._bucket, Prefix=prefix, Delimiter="/", StartAfter=after, MaxKeys=limit
        )
        folders = [each.get("Prefix", "") for each in listed.get("CommonPrefixes", [])]
        found = [*folders, *(each.get("Key", "") for each in listed.get("Contents", []))]
        return sorted(found), listed["IsTruncated"]

    def read_again(self, media_id: str, *, at: dt.datetime) -> bool:
        """Has the picture read again: its original is copied over itself, which S3 announces as it announces an upload.
        False if the original is not there.
        """
        key = original_key(media_id)
        try:
            there = self._s3.head_object(Bucket=self._bucket, Key=key)
            self._s3.copy_object(
                Bucket=self._bucket,
                Key=key,
                CopySource={"Bucket": self._bucket, "Key": key},
                # S3 copies an object over itself only if something about it changes.
                MetadataDirective="REPLACE",
                TaggingDirective="REPLACE",  # originals have no tags, and copying tags needs permissions of its own
                Metadata={"read-again": printed(at)},
                ContentType=there["ContentType"],
            )
        except ClientError as error:
            if error_code(error) not in MISSING:
                raise
            return False
        return True
