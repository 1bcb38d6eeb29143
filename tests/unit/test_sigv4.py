from datetime import UTC, datetime

import botocore.auth
import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from content_api.aws.sigv4 import Signer

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
    signer = Signer(host, region, access_key=access_key, secret_key=secret_key, token=token)
    request = signer.request(operation, body, at=at)
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
        patch.setattr(botocore.auth, "get_current_datetime", lambda: datetime.fromtimestamp(at, UTC))
        SigV4Auth(Credentials(access_key, secret_key, token), "dynamodb", region).add_auth(reference)
    assert headers["authorization"] == reference.headers["Authorization"]


def test_a_new_day_makes_a_new_signing_key() -> None:
    signer = Signer("dynamodb.us-east-1.amazonaws.com", "us-east-1", access_key="A", secret_key="s", token=None)
    first, again, next_day, back = (
        signer.request("GetItem", b"{}", at=at) for at in (1_700_000_000, 1_700_000_000, 1_700_086_400, 1_700_000_000)
    )
    assert first == again == back != next_day


@given(
    path=st.from_regex(r"(/content)?/(current|documents)/[a-z0-9-]{1,40}\.json", fullmatch=True),
    access_key=keys,
    secret_key=keys,
    token=st.none() | keys,
    at=st.integers(1_500_000_000, 4_000_000_000),
)
def test_the_signature_for_an_object_is_botocores(
    path: str, access_key: str, secret_key: str, token: str | None, at: int
) -> None:
    host = "content.s3.eu-west-1.amazonaws.com"
    signer = Signer(host, "eu-west-1", "s3", access_key=access_key, secret_key=secret_key, token=token)
    start, *lines = signer.get(path, at=at).decode().removesuffix("\r\n\r\n").split("\r\n")
    headers = dict(line.split(":", 1) for line in lines)
    assert start == f"GET {path} HTTP/1.1"
    assert headers["host"] == host
    reference = AWSRequest("GET", f"https://{host}{path}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.auth, "get_current_datetime", lambda: datetime.fromtimestamp(at, UTC))
        S3SigV4Auth(Credentials(access_key, secret_key, token), "s3", "eu-west-1").add_auth(reference)
    assert headers["authorization"] == reference.headers["Authorization"]
    assert headers["x-amz-content-sha256"] == reference.headers["X-Amz-Content-SHA256"]
