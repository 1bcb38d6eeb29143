"""Makes a file of a picture when somebody first asks for it, and keeps it in S3. However many ask at once, one of them
makes it, and the others wait until S3 has it.
"""

import datetime as dt
import logging
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from content_api.aws import clients
from content_api.aws.clients import error_code
from content_api.aws.objects import ObjectAbsent
from content_api.http.problems import Problem
from content_api.names.media import MEDIA_TYPES, Rendition, rendition_key
from content_api.names.object_keys import original_key
from content_store.article_copies import MISSING
from content_store.makers import Makers
from imaging.apart import make_apart
from imaging.keeping import keep
from imaging.refused import PictureRefused

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from content_api.reader_api.exchange import Exchange

_PIECE = 1024 * 1024  # bytes that are read at once
_ASKED_EVERY = 0.2  # seconds
_LONGEST_WAIT = 8.0  # seconds; CloudFront waits for 15

logger = logging.getLogger(__name__)


def made(exchange: "Exchange", media_id: str, rendition: Rendition) -> bytes | None:
    """The file, made now or meanwhile by somebody else. None if nothing can be made: the original is not there, or is
    too small. Raises Problem where another maker takes too long.
    """
    makers = Makers(clients.dynamodb(), table=exchange.settings.table)
    until = time.monotonic() + _LONGEST_WAIT
    while not makers.begin(media_id, rendition, at=_now()):
        time.sleep(_ASKED_EVERY)
        if (there := _there(exchange, media_id, rendition)) is not None:
            return there
        if time.monotonic() > until:
            detail = "The picture is being made. Try again."
            raise Problem("temporarily-unavailable", detail, headers={"retry-after": "2"})
    try:
        there = _there(exchange, media_id, rendition)
        return _made(exchange, clients.s3(), media_id, rendition) if there is None else there
    finally:
        makers.end(media_id, rendition)


def _there(exchange: "Exchange", media_id: str, rendition: Rendition) -> bytes | None:
    try:
        return exchange.bucket.read(rendition_key(media_id, rendition))
    except ObjectAbsent:
        return None


def _made(exchange: "Exchange", s3: "S3Client", media_id: str, rendition: Rendition) -> bytes | None:
    """Makes the file in all formats at once, since reading the original is most of the work."""
    settings = exchange.settings
    with tempfile.TemporaryDirectory() as folder:
        file, into = Path(folder) / "file", Path(folder) / "made"
        try:
            original = s3.get_object(Bucket=settings.bucket, Key=original_key(media_id))
            with file.open("wb") as target:
                for piece in original["Body"].iter_chunks(_PIECE):
                    target.write(piece)
            wanted = [Rendition(rendition.crop, rendition.width, each) for each in MEDIA_TYPES]
            files = make_apart(file, into, wanted, libraries=settings.libraries).files
        except PictureRefused as refused:
            logger.error("%s/%s cannot be made: %s", media_id, rendition.name, refused.reason)  # noqa: TRY400 - all of it
            return None
        except ClientError as error:
            # Without the permission to list, S3 says of what is missing that it may not be read.
            if error_code(error) not in {*MISSING, "AccessDenied"}:
                raise
            logger.error("%s has no original in S3: content-api verify says more", media_id)  # noqa: TRY400 - as above
            return None
        for each in files:
            keep(s3, settings.bucket, media_id, each.name, into / each.name)
        return (into / rendition.name).read_bytes()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
