"""Drops files under `incoming/`, and checks that each is kept with its bytes."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from content_api.names.object_keys import IMPORTED, INCOMING, REJECTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_s3.client import S3Client

    from newsroom.archive import ArchiveFile


class Lost(Exception):
    """A file is missing, or has other bytes."""


@dataclass(frozen=True, slots=True)
class Account:
    imported: int
    rejected: int

    def __str__(self) -> str:
        return f"{self.imported:,} imported, {self.rejected:,} rejected, none lost, bytes equal"


def put(s3: "S3Client", bucket: str, file: "ArchiveFile") -> dict[str, str]:
    """Puts a file into the bucket. Returns what S3's event says of it."""
    key = f"{INCOMING}{file.name}"
    made = s3.put_object(Bucket=bucket, Key=key, Body=file.content)
    return {"key": key, "version-id": made["VersionId"], "sequencer": "00"}


def event(dropped: "Iterable[dict[str, str]]") -> dict[str, Any]:
    """The event with which the queue calls the function."""
    return {
        "Records": [
            {
                "messageId": str(at),
                "eventSource": "aws:sqs",
                "attributes": {"ApproximateReceiveCount": "1"},
                "body": json.dumps({"detail": {"object": each}}),
            }
            for at, each in enumerate(dropped)
        ]
    }


def account(s3: "S3Client", bucket: str, files: "Iterable[ArchiveFile]") -> Account:
    """Counts where the files have ended. Raises Lost."""
    imported = rejected = 0
    for file in files:
        path = PurePosixPath(file.name)
        mark = hashlib.sha256(file.content).hexdigest()
        # A file that is empty or too large is never read, so its key has a hash of its ETag.
        unread = hashlib.sha256(
            f'"{hashlib.md5(file.content, usedforsecurity=False).hexdigest()}"'.encode()
        ).hexdigest()
        folder = IMPORTED if file.is_good else REJECTED
        names = [path.with_name(f"{path.stem}.{each[:12]}{path.suffix}") for each in (mark, unread)]
        key, content = _kept(s3, bucket, [f"{folder}{name}" for name in names])
        if content != file.content:
            raise Lost(f"{key} has other bytes")
        if not file.is_good:
            json.loads(s3.get_object(Bucket=bucket, Key=f"{key}.json")["Body"].read())
        imported += file.is_good
        rejected += not file.is_good
    left = s3.list_objects_v2(Bucket=bucket, Prefix=INCOMING).get("KeyCount")
    if left:
        raise Lost(f"{left} files are still under incoming/")
    return Account(imported, rejected)


def _kept(s3: "S3Client", bucket: str, keys: list[str]) -> tuple[str, bytes]:
    for key in keys:
        try:
            return key, s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except s3.exceptions.NoSuchKey:
            continue
    raise Lost(f"nothing is under {' or '.join(keys)}")
