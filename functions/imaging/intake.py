"""Takes in an uploaded picture, recording or captions: its files go to S3, and then the table says that it is ready, or
why it was rejected.

If this is interrupted, the upload comes again, and the result is the same: the id is the hash of the file, and each
rendition has one name. The original always stays where it was uploaded.
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
from content_api.names.media import MOST_BYTES, MOST_RECORDED_BYTES, is_media_id
from content_api.names.object_keys import media_of
from imaging.apart import make_apart, make_recording_apart
from imaging.keeping import keep
from imaging.recordings.kinds import START, recorded_kind
from imaging.refused import PictureRefused, UploadRefused

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from content_store.media import MediaRecords
    from imaging.renditions import Renditions

_AGAIN = "Upload it again, or make it smaller, and upload that."
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
        """Takes in an upload. Raises what AWS raises; then the upload comes again."""
        media_id = media_of(uploaded.key)
        if not is_media_id(media_id):
            logger.warning("%s: left alone: no upload has such a key", uploaded.key)
            return
        self._records.begin(media_id, at=_now())
        try:
            about = self._made(uploaded, media_id)
        except UploadRefused as refused:
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
        """Rejects the upload, since no attempt has finished it. Raises what AWS raises."""
        media_id = media_of(uploaded.key)
        if is_media_id(media_id):
            self._records.reject(media_id, f"it was not finished in {attempts} attempts", _AGAIN, at=_now())

    def _made(self, uploaded: Uploaded, media_id: str) -> dict[str, Any]:
        """Makes the files that readers get. Returns what the table will say of the upload. Raises UploadRefused."""
        with tempfile.TemporaryDirectory() as folder:
            file, into = Path(folder) / "file", Path(folder) / "made"
            size = self._downloaded(uploaded, media_id, file)
            with file.open("rb") as content:
                is_recorded = recorded_kind(content.read(START)) is not None
            if is_recorded:
                about = _about_recording(make_recording_apart(file, into, libraries=self._libraries), size)
            elif size > MOST_BYTES:
                raise _too_large(size, MOST_BYTES)
            else:
                about = _about(make_apart(file, into, libraries=self._libraries), size)
            for each in about["files"]:
                keep(self._s3, self._bucket, media_id, each["name"], into / each["name"])
            return about

    def _downloaded(self, uploaded: Uploaded, media_id: str, file: Path) -> int:
        """Downloads the original, and returns its size in bytes. Raises UploadRefused if it is too large, or if its
        hash is not the id.
        """
        found = self._s3.get_object(Bucket=self._bucket, Key=uploaded.key, VersionId=uploaded.version_id)
        if found["ContentLength"] > MOST_RECORDED_BYTES:
            raise _too_large(found["ContentLength"], MOST_RECORDED_BYTES)
        digest = sha256()
        with file.open("wb") as target:
            for piece in found["Body"].iter_chunks(_PIECE):
                digest.update(piece)
                target.write(piece)
        if digest.hexdigest() != media_id:
            raise PictureRefused(f"the bytes that arrived have another SHA-256, {digest.hexdigest()}", hint=_AGAIN)
        return found["ContentLength"]


def _too_large(size: int, most: int) -> UploadRefused:
    return PictureRefused(
        f"this file has {size / 1e6:.0f} MB, and {most / 1e6:.0f} MB are the most",
        hint="Make it smaller, and upload that.",
    )


def _about(made: "Renditions", size: int) -> dict[str, Any]:
    return {
        "media_type": made.media_type,
        "bytes": size,
        "width": made.width,
        "height": made.height,
        "frames": made.frames,
        "placeholder": made.placeholder,
        "files": [asdict(each) for each in made.files],
    }


def _about_recording(made: dict[str, Any], size: int) -> dict[str, Any]:
    """`bytes` is what was uploaded; `files` says how many bytes readers get."""
    file = {"name": made.pop("name"), "bytes": made.pop("bytes")}
    return {"media_type": made.pop("media_type"), "bytes": size, **made, "files": [file]}


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
