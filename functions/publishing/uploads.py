"""Makes the address to which an editor's program uploads a file. S3 takes that file only, for some minutes."""

import base64
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from content_api.names.instants import printed
from content_api.names.object_keys import original_key
from content_store.picture_files import PictureFiles

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from content_store.media import MediaRecords, Medium

_LASTS = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Upload:
    """A PUT to `url` with these headers. All are signed, so S3 refuses another length, type or content."""

    url: str
    headers: dict[str, str]
    expires_at: str


class Uploads:
    def __init__(self, records: "MediaRecords", s3: "S3Client", *, bucket: str) -> None:
        """`s3` must sign with Signature Version 4. Older versions do not sign headers."""
        self.records = records
        self._s3 = s3
        self._bucket = bucket
        self._files = PictureFiles(s3, bucket=bucket)

    def is_whole(self, medium: "Medium") -> bool:
        """Whether the picture is ready, and S3 has its original and all its files."""
        return medium.state == "ready" and not self._files.of(medium.id).complaints(medium)

    def address(self, media_id: str, *, media_type: str, size: int, at: dt.datetime) -> Upload:
        """An address for the upload. It is signed here, without a request to S3."""
        checksum = base64.b64encode(bytes.fromhex(media_id)).decode()
        url = self._s3.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": self._bucket,
                "Key": original_key(media_id),
                "ContentType": media_type,
                "ContentLength": size,
                "ChecksumSHA256": checksum,
            },
            ExpiresIn=int(_LASTS.total_seconds()),
        )
        headers = {"content-type": media_type, "content-length": str(size), "x-amz-checksum-sha256": checksum}
        return Upload(url, headers, printed(at + _LASTS))
