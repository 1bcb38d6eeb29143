"""Reading objects of the content bucket, for the few documents too large for an item."""

from __future__ import annotations

from content_api.dynamodb import StoreUnavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client


class Bucket:
    def __init__(self, name: str) -> None:
        self._name = name
        self._client: S3Client | None = None

    def read(self, key: str) -> bytes:
        """The object's bytes. Raises StoreUnavailable where S3 does not give them."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - boto3 is not on the ordinary path

        try:
            return self._s3().get_object(Bucket=self._name, Key=key)["Body"].read()
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable(f"S3 GetObject: {error}") from error

    def _s3(self) -> S3Client:
        if self._client is None:
            from content_api import clients  # noqa: PLC0415 - as above

            self._client = clients.s3(a_reader_waits=True)
        return self._client
