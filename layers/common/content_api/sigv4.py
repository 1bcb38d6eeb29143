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
    """Makes whole signed POST requests for one DynamoDB endpoint and one set of credentials."""

    __slots__ = ("_access_key", "_day", "_host_line", "_key", "_region", "_secret_key", "_signed", "_token_line")

    def __init__(self, host: str, region: str, *, access_key: str, secret_key: str, token: str | None) -> None:
        """`host` as it stands in the Host header, with the port unless it is the scheme's own."""
        self._region = region
        self._access_key = access_key
        self._secret_key = secret_key
        self._host_line = f"content-type:{_CONTENT_TYPE}\nhost:{host}\nx-amz-date:"
        self._token_line = f"x-amz-security-token:{token}\n" if token else ""
        self._signed = f"content-type;host;x-amz-date;{'x-amz-security-token;' if token else ''}x-amz-target"
        self._day = ""
        self._key = b""

    def request(self, operation: str, body: bytes, *, at: float) -> bytes:
        """The request as it goes over the wire; `at` in seconds since the epoch."""
        now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))
        headers = f"{self._host_line}{now}\n{self._token_line}x-amz-target:DynamoDB_20120810.{operation}\n"
        canonical = f"POST\n/\n\n{headers}\n{self._signed}\n{sha256(body).hexdigest()}"
        day = now[:8]
        scope = f"{day}/{self._region}/dynamodb/aws4_request"
        to_sign = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
        signature = hmac.digest(self._signing_key(day), to_sign.encode(), "sha256").hex()
        return (
            f"POST / HTTP/1.1\r\n{headers.replace('\n', '\r\n')}content-length:{len(body)}\r\n"
            f"authorization:AWS4-HMAC-SHA256 Credential={self._access_key}/{scope}, SignedHeaders={self._signed}, "
            f"Signature={signature}\r\n\r\n"
        ).encode() + body

    def _signing_key(self, day: str) -> bytes:
        """Holds for a day."""
        if day != self._day:
            key = f"AWS4{self._secret_key}".encode()
            for part in (day, self._region, "dynamodb", "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._key, self._day = key, day
        return self._key
