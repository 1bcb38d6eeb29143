"""Reading objects of the content bucket: the few documents too large for an item, and the copies that stand in where
DynamoDB gives nothing. As `Table`, over a connection of its own, opened when it is first needed.
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
        """The object's bytes. Raises StoreUnavailable where S3 does not give them."""
        return self.read_with_metadata(key)[0]

    def read_with_metadata(self, key: str) -> tuple[bytes, Mapping[str, str]]:
        """The object's bytes and its metadata; names are in lower case. Raises StoreUnavailable, also where the object
        does not exist: without the permission to list, S3 answers 403 both for a missing and for a forbidden object.
        """
        try:
            body, headers = self._ask(key)
        except Refused as refused:
            raise StoreUnavailable(f"S3 GetObject: {refused}") from refused
        except Unusual as error:
            logger.warning("asking S3 through boto3: %s", error)
            return self._ask_boto3(key)
        stated = {name[len(_STATED) :]: value for name, value in headers.items() if name.startswith(_STATED)}
        return body, {name.decode("latin-1"): value.decode("latin-1") for name, value in stated.items()}

    def _ask(self, key: str) -> tuple[bytes, dict[bytes, bytes]]:
        if self._asks is None:
            self._asks = self._ready()
        service, signer, folder = self._asks
        if not _PLAIN_KEY.fullmatch(key):
            raise Unusual("a key to be encoded")
        path = f"{folder}/{key}"
        return service.ask(lambda at: signer.get(path, at=at), _as_it_is, self._patience.for_s3())

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
            raise StoreUnavailable(f"S3 GetObject: {error.response.get('Error', {}).get('Code')}") from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"S3 GetObject: {type(error).__name__}") from error


def _as_it_is(body: bytes, headers: dict[bytes, bytes]) -> tuple[bytes, dict[bytes, bytes]]:
    return body, headers


def _boto3_client() -> S3Client:
    from content_api.aws import clients  # noqa: PLC0415 - as above

    return clients.s3(a_reader_waits=True)
