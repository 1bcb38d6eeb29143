"""AWS Signature Version 4 for DynamoDB's requests, from the standard library.

The steps and names are those of "Create a signed AWS API request" in the IAM user guide; a test holds the result
against botocore's. Stands on the reading path's start-up.
"""

from __future__ import annotations

import hmac
import time
from hashlib import sha256

_CONTENT_TYPE = "application/x-amz-json-1.0"


class Signer:
    """Makes whole signed POST requests for one DynamoDB endpoint; keeps the signing key, which holds for a day."""

    __slots__ = ("_host", "_key", "_key_of", "_region")

    def __init__(self, host: str, region: str) -> None:
        """`host` as it stands in the Host header, with the port unless it is the scheme's own."""
        self._host = host
        self._region = region
        self._key_of: tuple[str, str] | None = None
        self._key = b""

    def request(
        self, operation: str, body: bytes, *, access_key: str, secret_key: str, token: str | None, at: float
    ) -> bytes:
        """The request as it goes over the wire; `at` in seconds since the epoch."""
        now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))
        target = f"DynamoDB_20120810.{operation}"
        token_line = f"x-amz-security-token:{token}\n" if token else ""
        signed = f"content-type;host;x-amz-date;{'x-amz-security-token;' if token else ''}x-amz-target"
        headers = (
            f"content-type:{_CONTENT_TYPE}\nhost:{self._host}\nx-amz-date:{now}\n{token_line}x-amz-target:{target}\n"
        )
        canonical = f"POST\n/\n\n{headers}\n{signed}\n{sha256(body).hexdigest()}"
        day = now[:8]
        scope = f"{day}/{self._region}/dynamodb/aws4_request"
        to_sign = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
        signature = hmac.digest(self._signing_key(secret_key, day), to_sign.encode(), "sha256").hex()
        return (
            f"POST / HTTP/1.1\r\n{headers.replace('\n', '\r\n')}content-length:{len(body)}\r\n"
            f"authorization:AWS4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={signed}, "
            f"Signature={signature}\r\n\r\n"
        ).encode() + body

    def _signing_key(self, secret_key: str, day: str) -> bytes:
        if self._key_of != (secret_key, day):
            key = f"AWS4{secret_key}".encode()
            for part in (day, self._region, "dynamodb", "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._key, self._key_of = key, (secret_key, day)
        return self._key
