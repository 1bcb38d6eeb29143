"""A copy of each article beside the table, so that it can be read when the table does not answer."""

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from content_api.aws.clients import error_code
from content_api.names.object_keys import copy_key

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_ATTEMPTS = 5
MISSING = {"404", "NoSuchKey"}
# Another writer was first: S3's answers to a condition that fails, and to two at once (API reference, PutObject).
OVERTAKEN = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409"}


@dataclass(frozen=True, slots=True)
class Copy:
    """The JSON that readers get of an article, or its tombstone. It is in `document`. If that is None, the bucket has
    it under `document_key`, compressed.
    """

    article_id: str
    version: int
    status: str
    language: str
    modified: str
    document: bytes | None
    document_key: str


def nothing_for_readers(article_id: str, version: int, language: str) -> Copy:
    """The empty copy that replaces a tombstone when the withdrawn article becomes a draft again."""
    return Copy(article_id, version, "draft", language, "", b"{}", "")


class CopyContended(Exception):
    """Other writers were first at every attempt. The record comes again."""


class Copies:
    def __init__(self, s3: "S3Client", *, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def keep(self, copy: Copy, *, is_mending: bool = False) -> bool:
        """Keeps the copy, unless one that is as new is there already: records come twice, and in any order. Returns
        whether it was kept. With `is_mending` it replaces any copy: `verify` has found that the copy there is wrong.
        Raises CopyContended, and what S3 raises.
        """
        document = copy.document
        if document is None:
            packed = self._s3.get_object(Bucket=self._bucket, Key=copy.document_key)["Body"].read()
            document = zlib.decompress(packed)
        stated = {"status": copy.status, "language": copy.language, "modified": copy.modified}
        for _ in range(_ATTEMPTS):
            version, _, condition = self.there(copy.article_id)
            if version >= copy.version and not is_mending:
                return False
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=copy_key(copy.article_id),
                    Body=document,
                    ContentType="application/json",
                    Metadata={"version": str(copy.version), **stated},
                    **condition,
                )
            except ClientError as error:
                if error_code(error) not in OVERTAKEN:
                    raise
            else:
                return True
        raise CopyContended(copy.article_id)

    def state(self, article_id: str) -> tuple[int, str]:
        """The version and the status of the copy in S3; 0 and empty if there is none."""
        version, status, _ = self.there(article_id)
        return version, status

    def described(self, article_id: str) -> dict[str, str]:
        """What is said of the copy that is there: version, status, language, and when it was modified. Raises what S3
        raises where there is none.
        """
        return self._s3.head_object(Bucket=self._bucket, Key=copy_key(article_id))["Metadata"]

    def document(self, article_id: str) -> bytes:
        """The document of the copy in S3. Raises what S3 raises if there is none."""
        return self._s3.get_object(Bucket=self._bucket, Key=copy_key(article_id))["Body"].read()

    def there(self, article_id: str) -> tuple[int, str, dict[str, Any]]:
        """As `state`, with the condition (of S3's PutObject) that the copy is still the same."""
        try:
            head = self._s3.head_object(Bucket=self._bucket, Key=copy_key(article_id))
        except ClientError as error:
            if error_code(error) not in MISSING:
                raise
            return 0, "", {"IfNoneMatch": "*"}
        stated = head["Metadata"]
        version = stated.get("version", "")
        return int(version) if version.isdecimal() else 0, stated.get("status", ""), {"IfMatch": head["ETag"]}
