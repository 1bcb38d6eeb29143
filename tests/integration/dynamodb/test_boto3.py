"""boto3 asks where the socket's client does not understand the answer or the environment."""

import os
from pathlib import Path

import pytest
import trustme
from botocore.exceptions import ClientError, EndpointConnectionError

from content_api.aws.dynamodb import StoreUnavailable, Table
from gateway import ports
from simulated_faults.scripted import DECODED, KEY, Behaviour, Boto3, Server, answer, environment, refusal, table


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(answer(status="201 Created"), id="201"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n" + answer(), id="100"),
        pytest.param(b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", id="redirect"),
        pytest.param(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", id="http-1.0"),
        pytest.param(b"HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\n{}", id="no-status"),
        pytest.param(b"\x15\x03\x03\x00\x02\x02F\r\n\r\n", id="another-protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n{}", id="no-length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}", id="negative-length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n{}", id="absurd-length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\n{}", id="two-lengths"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", id="two-lengths-that-differ"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", id="chunked"),
        pytest.param(answer(content_encoding="gzip"), id="compressed"),
        pytest.param(answer() + b"more", id="more-than-the-answer"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 20_000, id="endless-head"),
    ],
)
def test_what_is_not_understood_is_asked_of_boto3(server: Server, boto3: Boto3, behaviour: bytes | Behaviour) -> None:
    server.connections = [[behaviour], [answer()]]
    reading = table(environment(server.port), boto3)
    assert reading.get_item(KEY) == DECODED
    assert len(boto3.asked) == 1
    assert boto3.asked[0] == {
        "TableName": "Content",
        "Key": {"pk": {"S": "a"}, "sk": {"S": "a"}},
        "ConsistentRead": True,
    }
    # The connection that misbehaved is not used again.
    assert reading.get_item(KEY) == DECODED
    assert len(boto3.asked) == 1
    assert len(server.requests) == 2


def test_what_boto3_brings_from_a_stranger_is_no_answer(server: Server, real_boto3: Table) -> None:
    page = b"<html>Please log in</html>"
    server.connections = [[answer(page, content_encoding="gzip")], [answer(page)]]
    with pytest.raises(StoreUnavailable, match="an answer of another server"):
        real_boto3.get_item(KEY)


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({"AWS_ENDPOINT_URL": "http://127.0.0.1:8000/path"}, id="an-endpoint-with-a-path"),
        pytest.param({"AWS_ACCESS_KEY_ID": ""}, id="no-access-key"),
        pytest.param({"AWS_SECRET_ACCESS_KEY": ""}, id="no-secret-key"),
        pytest.param({"AWS_PROFILE": "editor"}, id="a-profile"),
        pytest.param({"HTTPS_PROXY": "http://127.0.0.1:1"}, id="a-proxy"),
        pytest.param({"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}, id="no-region"),
    ],
)
def test_surroundings_that_are_not_ordinary_are_left_to_boto3(boto3: Boto3, variables: dict[str, str]) -> None:
    reading = table(environment() | variables, boto3)
    reading.connect()
    assert reading.get_item(KEY) == DECODED
    assert len(boto3.asked) == 1


@pytest.fixture
def real_boto3(server: Server, monkeypatch: pytest.MonkeyPatch) -> Table:
    for name, value in environment(server.port).items():
        monkeypatch.setenv(name, value)
    return Table("Content", os.environ)


def test_what_boto3_cannot_get_either_is_said_without_the_key(server: Server, real_boto3: Table) -> None:
    server.connections = [[answer(content_encoding="gzip")], [refusal("AccessDeniedException")]]
    with pytest.raises(StoreUnavailable) as raised:
        real_boto3.get_item({"pk": "ARTICLE#secret", "sk": "ARTICLE"})
    assert str(raised.value) == "DynamoDB get_item: AccessDeniedException"
    assert isinstance(raised.value.__cause__, ClientError)


def test_nobody_behind_boto3_is_said_in_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment(ports.free_port(), HTTPS_PROXY="http://127.0.0.1:1").items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreUnavailable, match="DynamoDB get_item: EndpointConnectionError") as raised:
        Table("Content", os.environ).get_item(KEY)
    assert isinstance(raised.value.__cause__, EndpointConnectionError)


@pytest.mark.parametrize(("host", "trusted"), [("127.0.0.1", True), ("localhost", False)])
def test_a_certificate_for_another_name_or_of_another_authority_is_refused(
    tls_server: Server, authority: trustme.CA, boto3: Boto3, tmp_path: Path, host: str, *, trusted: bool
) -> None:
    (authority if trusted else trustme.CA()).cert_pem.write_to_path(tmp_path / "ca.pem")
    tls_server.connections = [[answer()], [answer()]]
    variables = environment(
        AWS_ENDPOINT_URL=f"https://{host}:{tls_server.port}", AWS_CA_BUNDLE=str(tmp_path / "ca.pem")
    )
    assert table(variables, boto3).get_item(KEY) == DECODED
    assert len(boto3.asked) == 1
    assert not tls_server.requests
