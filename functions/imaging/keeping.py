"""Puts a file that readers get into S3, with the headers that CloudFront takes from there."""

from pathlib import Path
from typing import TYPE_CHECKING

from content_api.names.cache_tags import media_tag
from content_api.names.media import file_key, media_type_of

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

# A copy on a device is evidence against its reader. Whether a device may keep one is decided closer to the reader, not
# by this bucket.
_KEPT_NOWHERE = "private, no-store"


def keep(s3: "S3Client", bucket: str, media_id: str, name: str, path: Path) -> None:
    """Raises what AWS raises."""
    with path.open("rb") as content:
        s3.put_object(
            Bucket=bucket,
            Key=file_key(media_id, name),
            Body=content,
            ContentType=media_type_of(name),
            CacheControl=_KEPT_NOWHERE,
            # S3 sends it as x-amz-meta-cache-tags, which is where the edge looks for tags.
            Metadata={"cache-tags": media_tag(media_id)},
        )
