"""Reads parts of objects, with boto3: `Bucket` reads whole ones."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from content_api.aws import clients
from content_api.aws.clients import error_code
from content_api.aws.service import StoreUnavailable
from content_store.article_copies import MISSING

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from content_api.reader_api.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of an object. `first` is the number of the first one, counted from 0. `size` is that of the object."""

    content: bytes
    first: int
    size: int

    @property
    def last(self) -> int:
        return self.first + len(self.content) - 1


def part_of(exchange: "Exchange", key: str, wanted: str) -> Part | None:
    """The bytes of an object that `wanted` names, as `Range` does (RFC 9110, section 14.1.2). None if the object is not
    there. The part is empty if the object is shorter. Raises StoreUnavailable.
    """
    try:
        answer = _s3().get_object(Bucket=exchange.settings.bucket, Key=key, Range=wanted)
        stated = answer["ContentRange"].removeprefix("bytes ").replace("/", "-").split("-")
        return Part(answer["Body"].read(), int(stated[0]), int(stated[2]))
    except ClientError as error:
        if error_code(error) == "InvalidRange":
            return Part(b"", 0, _size(exchange, key))
        # Without the permission to list, S3 says of what is missing that it may not be read.
        if error_code(error) in {*MISSING, "AccessDenied"}:
            return None
        raise StoreUnavailable(f"S3 GetObject: {error_code(error)}") from error
    except BotoCoreError as error:
        raise StoreUnavailable(f"S3 GetObject: {type(error).__name__}") from error


def _size(exchange: "Exchange", key: str) -> int:
    found = part_of(exchange, key, "bytes=0-0")
    return found.size if found and found.content else 0


@cache
def _s3() -> "S3Client":
    return clients.s3(a_reader_waits=True)
