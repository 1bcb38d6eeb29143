"""Takes in an uploaded picture: its files go to S3, then the table says that it is ready, or why it was rejected.

An interrupted upload comes again, and the result is the same: the id is the digest of the file, and each file that is
made has one name. The original stays where it was uploaded, whatever becomes of it.
"""

import datetime as dt
import logging
import tempfile
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from content_api.aws.clients import error_code
from content_api.names.media import MEDIA_TYPES, MOST_BYTES, is_media_id, rendition_key, rendition_named
from content_api.names.object_keys import media_of
from imaging.apart import made_apart
from imaging.refused import PictureRefused

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from content_api.store.media import MediaRecords
    from imaging.made import Made

# A copy on a device is evidence: what decides that one may stay there is nearer to the reader than this bucket.
_KEPT_NOWHERE = "private, no-store"
_AGAIN = "Upload it again, or make it smaller in a program for pictures, and upload that."
_PIECE = 1024 * 1024  # bytes that are read at once

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """One version of an object, as S3's event names it."""

    key: str
    version_id: str


class Intake:
    def __init__(self, records: "MediaRecords", s3: "S3Client", *, bucket: str, libraries: str = "") -> None:
        self._records = records
        self._s3 = s3
        self._bucket = bucket
        self._libraries = libraries

    def take(self, uploaded: Uploaded) -> None:
        """Raises what AWS raises: then the upload comes again."""
        media_id = media_of(uploaded.key)
        if not is_media_id(media_id):
            logger.warning("%s: left alone: no picture's key", uploaded.key)
            return
        if not self._records.begin(media_id, at=_now()):
            return  # it was taken in before
        try:
            about = self._made(uploaded, media_id)
        except PictureRefused as refused:
            self._records.reject(media_id, refused.reason, refused.hint, at=_now())
            logger.info("%s: rejected: %s", media_id, refused.reason)
            return
        except ClientError as error:
            if error_code(error) in {"404", "NoSuchKey", "NoSuchVersion"}:
                return  # an operator has deleted the version
            raise
        self._records.finish(media_id, about, at=_now())
        logger.info("%s: ready", media_id)

    def give_up(self, uploaded: Uploaded, attempts: int) -> None:
        """Since no attempt has finished it. Raises what AWS raises."""
        media_id = media_of(uploaded.key)
        if is_media_id(media_id):
            self._records.reject(media_id, f"it was not finished in {attempts} attempts", _AGAIN, at=_now())

    def _made(self, uploaded: Uploaded, media_id: str) -> dict[str, Any]:
        """What the record says of it. Raises PictureRefused."""
        with tempfile.TemporaryDirectory() as folder:
            file, into = Path(folder) / "file", Path(folder) / "made"
            size = self._downloaded(uploaded, media_id, file)
            made = made_apart(file, into, libraries=self._libraries)
            for each in made.files:
                self._put(media_id, each.name, (into / each.name).read_bytes())
            return _about(made, size)

    def _downloaded(self, uploaded: Uploaded, media_id: str, file: Path) -> int:
        """Bytes. Raises PictureRefused where they are too many, or not those that the id names."""
        found = self._s3.get_object(Bucket=self._bucket, Key=uploaded.key, VersionId=uploaded.version_id)
        if found["ContentLength"] > MOST_BYTES:
            raise PictureRefused(
                f"this file has {found['ContentLength'] / 1e6:.0f} MB, and {MOST_BYTES / 1e6:.0f} MB are the most",
                hint="Make it smaller in a program for pictures, and upload that.",
            )
        digest = sha256()
        with file.open("wb") as target:
            for piece in found["Body"].iter_chunks(_PIECE):
                digest.update(piece)
                target.write(piece)
        if digest.hexdigest() != media_id:
            raise PictureRefused(f"the bytes that arrived have another SHA-256, {digest.hexdigest()}", hint=_AGAIN)
        return found["ContentLength"]

    def _put(self, media_id: str, name: str, content: bytes) -> None:
        rendition = rendition_named(name)
        if rendition is None:
            raise ValueError(name)
        self._s3.put_object(
            Bucket=self._bucket,
            Key=rendition_key(media_id, rendition),
            Body=content,
            ContentType=MEDIA_TYPES[rendition.format],
            CacheControl=_KEPT_NOWHERE,
        )


def _about(made: "Made", size: int) -> dict[str, Any]:
    return {
        "media_type": made.media_type,
        "bytes": size,
        "width": made.width,
        "height": made.height,
        "frames": made.frames,
        "placeholder": made.placeholder,
        "files": [asdict(each) for each in made.files],
    }


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
