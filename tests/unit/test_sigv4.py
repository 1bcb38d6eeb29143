from datetime import UTC, datetime
from typing import Any

import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from content_api.sigv4 import Signer

keys = st.text(st.characters(codec="ascii", min_codepoint=33, exclude_characters=":"), min_size=16, max_size=40)


@given(
    operation=st.sampled_from(["GetItem", "Query"]),
    body=st.binary(max_size=300),
    access_key=keys,
    secret_key=keys,
    token=st.none() | keys,
    at=st.integers(1_500_000_000, 4_000_000_000),
    region=st.sampled_from(["us-east-1", "eu-central-1", "ap-southeast-2"]),
)
def test_the_signature_is_botocores(  # the reference that AWS itself maintains
    operation: str, body: bytes, access_key: str, secret_key: str, token: str | None, at: int, region: str
) -> None:
    host = f"dynamodb.{region}.amazonaws.com"
    request = Signer(host, region).request(
        operation, body, access_key=access_key, secret_key=secret_key, token=token, at=at
    )
    head, _, sent_body = request.partition(b"\r\n\r\n")
    start, *lines = head.decode().split("\r\n")
    headers = dict(line.split(":", 1) for line in lines)
    assert start == "POST / HTTP/1.1"
    assert sent_body == body
    assert headers["content-length"] == str(len(body))
    assert headers.get("x-amz-security-token") == token

    reference = AWSRequest("POST", f"https://{host}/", data=body, headers={
        "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{operation}",
    })  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        fixed: Any = lambda *_, **__: datetime.fromtimestamp(at, UTC).replace(tzinfo=None)  # noqa: E731
        patch.setattr(botocore.auth, "get_current_datetime", fixed)
        SigV4Auth(Credentials(access_key, secret_key, token), "dynamodb", region).add_auth(reference)
    assert headers["authorization"] == reference.headers["Authorization"]


def test_a_new_day_and_new_credentials_make_a_new_signing_key() -> None:
    signer = Signer("dynamodb.us-east-1.amazonaws.com", "us-east-1")

    def authorization(secret_key: str, at: float) -> bytes:
        return signer.request("GetItem", b"{}", access_key="A", secret_key=secret_key, token=None, at=at)

    first = authorization("one", 1_700_000_000)
    assert len({first, authorization("two", 1_700_000_000), authorization("one", 1_700_086_400)}) == 3
    assert authorization("one", 1_700_000_000) == first
