"""AWS Signature Version 4 for the requests that DynamoDB and S3 get, from the standard library.

The steps and their names are those of "Create a signed AWS API request" in the IAM user guide. A test compares the
result with botocore's. Reading imports this module when it starts, so it imports nothing that costs time.
"""

from __future__ import annotations

import hmac
import time
from hashlib import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from content_api.aws.endpoint import Endpoint

_CONTENT_TYPE = "application/x-amz-json-1.0"
_NO_BODY = sha256(b"").hexdigest()


class Signer:
    """Makes whole signed requests for one endpoint of one service and one set of credentials."""

    __slots__ = ("_access_key", "_day", "_host", "_key", "_region", "_secret_key", "_service", "_token", "_token_line")

    def __init__(
        self, host: str, region: str, service: str = "dynamodb", *, access_key: str, secret_key: str, token: str | None
    ) -> None:
        """`host` is the value of the Host header: with the port, unless that is the scheme's own."""
        self._host = host
        self._region = region
        self._service = service
        self._access_key = access_key
        self._secret_key = secret_key
        self._token = ";x-amz-security-token" if token else ""
        self._token_line = f"x-amz-security-token:{token}\n" if token else ""
        self._day = ""
        self._key = b""

    def request(self, operation: str, body: bytes, *, at: float) -> bytes:
        """The bytes of a signed request for an operation of DynamoDB; `at` is in seconds since 1970."""
        now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))
        headers = (
            f"content-type:{_CONTENT_TYPE}\nhost:{self._host}\nx-amz-date:{now}\n{self._token_line}"
            f"x-amz-target:DynamoDB_20120810.{operation}\n"
        )
        signed = f"content-type;host;x-amz-date{self._token};x-amz-target"
        canonical = f"POST\n/\n\n{headers}\n{signed}\n{sha256(body).hexdigest()}"
        return self._whole("POST /", headers, f"content-length:{len(body)}\r\n", canonical, signed, now) + body

    def get(self, path: str, *, at: float) -> bytes:
        """The bytes of a signed GET for an object of S3; `path` must need no percent-encoding."""
        now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))
        headers = f"host:{self._host}\nx-amz-content-sha256:{_NO_BODY}\nx-amz-date:{now}\n{self._token_line}"
        signed = f"host;x-amz-content-sha256;x-amz-date{self._token}"
        canonical = f"GET\n{path}\n\n{headers}\n{signed}\n{_NO_BODY}"
        return self._whole(f"GET {path}", headers, "", canonical, signed, now)

    def _whole(self, start: str, headers: str, more: str, canonical: str, signed: str, now: str) -> bytes:
        day = now[:8]
        scope = f"{day}/{self._region}/{self._service}/aws4_request"
        to_sign = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
        signature = hmac.digest(self._signing_key(day), to_sign.encode(), "sha256").hex()
        return (
            f"{start} HTTP/1.1\r\n{headers.replace('\n', '\r\n')}{more}"
            f"authorization:AWS4-HMAC-SHA256 Credential={self._access_key}/{scope}, SignedHeaders={signed}, "
            f"Signature={signature}\r\n\r\n"
        ).encode()

    def _signing_key(self, day: str) -> bytes:
        """The key that signs all requests of a day (UTC)."""
        if day != self._day:
            key = f"AWS4{self._secret_key}".encode()
            for part in (day, self._region, self._service, "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._key, self._day = key, day
        return self._key


def signer_for(endpoint: Endpoint | None, service: str, environment: Mapping[str, str]) -> Signer | None:
    """None where there is no ordinary endpoint, or no credentials in the environment: boto3 finds both elsewhere."""
    access_key, secret_key = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
    if endpoint is None or not access_key or not secret_key:
        return None
    return Signer(
        endpoint.authority,
        endpoint.region,
        service,
        access_key=access_key,
        secret_key=secret_key,
        token=environment.get("AWS_SESSION_TOKEN"),
    )
