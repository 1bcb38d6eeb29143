"""Checks that the table and the bucket agree about the publisher's pictures. What readers lack is made again from the
original.
"""

import datetime as dt
from typing import TYPE_CHECKING

from content_api.names.instants import printed
from content_api.names.media import RECORDED_FILES, RENDITIONS, is_media_id
from content_api.names.object_keys import ORIGINALS, media_of
from content_store.differences import Finding
from content_store.examination import UNREADABLE
from content_store.media import MediaRecords
from content_store.picture_files import NO_ORIGINAL, Files, PictureFiles
from content_store.published_recordings import PublishedRecordings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

    from content_store.media import Medium

# An upload that fails is tried again for an hour and a half (template.yaml, UploadQueue).
_READING_TAKES = dt.timedelta(hours=2)
# The prefixes of the keys that are gone through after the table, in this order.
PREFIXES = (ORIGINALS, RENDITIONS)


class Pictures:
    def __init__(self, dynamodb: "DynamoDBClient", s3: "S3Client", *, table: str, bucket: str) -> None:
        self._records = MediaRecords(dynamodb, table=table)
        self._files = PictureFiles(s3, bucket=bucket)
        self._published = PublishedRecordings(dynamodb, s3, table=table, bucket=bucket)

    def findings(self, media_id: str, *, repair: bool) -> list[Finding]:
        """What is wrong with a picture that the table has. Only what is found twice is reported: its files may have
        been made in between.
        """
        before = self._complaints(media_id)
        complaints = [each for each in self._complaints(media_id) if each in before] if before else []
        if not complaints:
            return self._unpublished(media_id, repair=repair)
        is_repaired = repair and self._files.read_again(media_id, at=_now())
        if is_repaired and _UNREADABLE in complaints:
            self._records.start_over(media_id, at=_now())
        return [Finding(media_id, each, is_repaired and each != NO_ORIGINAL) for each in complaints]

    def lost(self, prefix: str, *, after: str, limit: int, repair: bool) -> tuple[int, list[Finding], str]:
        """Pictures of which the bucket has something under one of PREFIXES, and the table nothing. Also returns how
        many keys were looked at, and after which the next page begins; empty after the last.
        """
        keys, is_cut = self._files.keys(prefix, after=after, limit=limit)
        findings: list[Finding] = []
        for key in keys:
            media_id = key.removeprefix(prefix).removesuffix("/") if prefix == RENDITIONS else media_of(key)
            if not is_media_id(media_id):
                findings.append(Finding(key, "no picture has such a key: look who put it there, and delete it"))
            elif not self._records.is_known(media_id):
                findings += self._forgotten(prefix, media_id, repair=repair)
        # What sorts after all keys in the last folder: no key has a "0" where they have their slash.
        last = (f"{keys[-1].removesuffix('/')}0" if keys[-1].endswith("/") else keys[-1]) if keys and is_cut else ""
        return len(keys), findings, last

    def _forgotten(self, prefix: str, media_id: str, *, repair: bool) -> list[Finding]:
        if prefix == ORIGINALS:
            is_repaired = repair and self._files.read_again(media_id, at=_now())
            return [Finding(media_id, "the table has lost this picture, and S3 has its original", is_repaired)]
        files = self._files.of(media_id)
        if files.uploaded_at or not files.made:
            return []  # the originals are gone through before
        detail = "S3 has files of this picture, and not its original: upload the file again, or delete them"
        return [Finding(media_id, detail)]

    def _unpublished(self, media_id: str, *, repair: bool) -> list[Finding]:
        """Whether S3 gives a recording to readers though no article has it, or does not though one has."""
        medium = self._records.find(media_id)
        if medium is None or medium.state != "ready":
            return []
        names = [each for each in medium.files if each in RECORDED_FILES.values()]
        wrong = [each for each in names if not self._published.is_settled(media_id, each)]
        # A message may be on its way.
        wrong = [each for each in wrong if not self._published.is_settled(media_id, each)]
        if repair:
            for each in wrong:
                self._published.settle(media_id, each)
        return [Finding(media_id, _UNSETTLED, repair) for _ in wrong]

    def _complaints(self, media_id: str) -> list[str]:
        try:
            medium = self._records.find(media_id)
            if medium is None:
                return []
            files = self._files.of(media_id)
            return files.complaints(medium) if medium.state == "ready" else list(_unfinished(medium, files))
        except UNREADABLE:
            return [_UNREADABLE]


_UNSETTLED = "its copy for the edge is there though no article has the recording, or is missing though one has"
_UNREADABLE = (
    "what the table says of this picture cannot be read: its original is read again; if that is lost, upload the file "
    "again"
)


def _unfinished(medium: "Medium", files: Files) -> list[str]:
    """What is wrong with a picture that is not ready."""
    if files.uploaded_at is None:
        return [] if medium.state == "awaiting_upload" else [NO_ORIGINAL]
    if files.made and medium.state != "processing":
        return [f"the table says {medium.state}, and S3 has files of it"]
    is_old = _now() - files.uploaded_at > _READING_TAKES
    if is_old and medium.state != "rejected":
        return [f"the table says {medium.state}, and its original has been there since {printed(files.uploaded_at)}"]
    return []


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
