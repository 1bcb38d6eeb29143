"""Reads objects of the content bucket: documents that are too large for an item, and the copies that are read while
DynamoDB does not answer. Like `Table`, it has a connection of its own, which is opened when it is first needed.
"""

from __future__ import annotations

import logging
import re

from content_api.aws.connection import Refused, Unusual
from content_api.aws.patience import Patience
from content_api.aws.service import Service, StoreUnavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_s3.client import S3Client

    from content_api.aws.sigv4 import Signer

logger = logging.getLogger(__name__)

_PLAIN_KEY = re.compile(r"[A-Za-z0-9._/-]+", re.ASCII)  # needs no percent-encoding
_STATED = b"x-amz-meta-"


_ABSENT = frozenset((403, 404))


class ObjectAbsent(StoreUnavailable):
    """S3 has no such object, or does not let this function read it. Without the permission to list, it answers 403 to
    both.
    """


class Bucket:
    def __init__(
        self,
        name: str,
        environment: Mapping[str, str],
        patience: Patience | None = None,
        *,
        boto3_client: Callable[[], S3Client] | None = None,
    ) -> None:
        self._name = name
        self._environment = environment
        self._patience = patience or Patience()
        self._asks: tuple[Service, Signer, str] | None = None
        self._make_client = boto3_client or _boto3_client
        self._client: S3Client | None = None

    def read(self, key: str) -> bytes:
        """The object's bytes. Raises as `read_with_metadata` does."""
        return self.read_with_metadata(key)[0]

    def read_soon(self, key: str) -> bytes:
        """As `read`, for what the caller can do without: it takes a fraction of the reader's time."""
        return self._read(key, self._patience.for_news())[0]

    def read_with_metadata(self, key: str) -> tuple[bytes, Mapping[str, str]]:
        """The object's bytes and its metadata; names are in lower case. Raises ObjectAbsent, and StoreUnavailable
        where S3 does not answer.
        """
        return self._read(key, self._patience.for_s3())

    def _read(self, key: str, until: float) -> tuple[bytes, Mapping[str, str]]:
        try:
            body, headers = self._ask(key, until)
        except Refused as refused:
            raise _failure(refused.status, str(refused)) from refused
        except Unusual as error:
            logger.warning("asking S3 through boto3: %s", error)
            return self._ask_boto3(key)
        stated = {name[len(_STATED) :]: value for name, value in headers.items() if name.startswith(_STATED)}
        return body, {name.decode("latin-1"): value.decode("latin-1") for name, value in stated.items()}

    def _ask(self, key: str, until: float) -> tuple[bytes, dict[bytes, bytes]]:
        if self._asks is None:
            self._asks = self._ready()
        service, signer, folder = self._asks
        if not _PLAIN_KEY.fullmatch(key):
            raise Unusual("a key to be encoded")
        path = f"{folder}/{key}"
        return service.ask(lambda at: signer.get(path, at=at), _as_it_is, until)

    def _ready(self) -> tuple[Service, Signer, str]:
        """Not on the ordinary start-up: TLS has roots to load."""
        from content_api.aws.endpoint import s3_endpoint  # noqa: PLC0415 - as above
        from content_api.aws.sigv4 import signer_for  # noqa: PLC0415 - as above

        endpoint = s3_endpoint(self._environment, self._name)
        signer = signer_for(endpoint, "s3", self._environment)
        if endpoint is None or signer is None:
            raise Unusual("endpoint or credentials")
        return Service("S3", endpoint, lambda _: False), signer, f"/{self._name}" if endpoint.is_own else ""

    def _ask_boto3(self, key: str) -> tuple[bytes, Mapping[str, str]]:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - boto3 is not on the ordinary path

        try:
            if self._client is None:
                self._client = self._make_client()
            answer = self._client.get_object(Bucket=self._name, Key=key)
            return answer["Body"].read(), answer["Metadata"]
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            raise _failure(status, error.response.get("Error", {}).get("Code")) from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"S3 GetObject: {type(error).__name__}") from error


def _failure(status: int, reason: str | None) -> StoreUnavailable:
    kind = ObjectAbsent if status in _ABSENT else StoreUnavailable
    return kind(f"S3 GetObject: {reason}")


def _as_it_is(body: bytes, headers: dict[bytes, bytes]) -> tuple[bytes, dict[bytes, bytes]]:
    return body, headers


def _boto3_client() -> S3Client:
    from content_api.aws import clients  # noqa: PLC0415 - as above

    return clients.s3(a_reader_waits=True)
