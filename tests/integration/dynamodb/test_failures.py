"""A request that may succeed later is sent again, in the time that DynamoDB has; other failures are said at once."""

import datetime as dt
import json
import socket
import threading
import time
from email.utils import format_datetime
from typing import Any

import pytest

from content_api.aws.dynamodb import StoreUnavailable
from content_api.aws.patience import Patience
from simulated_faults.scripted import DECODED, KEY, Behaviour, Boto3, Server, answer, environment, refusal, table


def _dropped(accepted: socket.socket) -> None:
    accepted.close()


def _dropped_in_the_head(accepted: socket.socket) -> None:
    accepted.sendall(b"HTTP/1.1 200 OK\r\nContent-Le")
    accepted.close()


def _dropped_in_the_body(accepted: socket.socket) -> None:
    accepted.sendall(answer()[:-5])
    accepted.close()


def _reset(accepted: socket.socket) -> None:
    accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    accepted.close()


def _silence(accepted: socket.socket) -> None:
    accepted.recv(1)


def _trickle(accepted: socket.socket) -> None:
    """Each byte comes in time, the whole does not."""
    for byte in answer():
        accepted.sendall(bytes([byte]))
        time.sleep(0.02)


@pytest.mark.parametrize("broken", [_dropped, _dropped_in_the_head, _dropped_in_the_body, _reset])
def test_a_connection_error_is_tried_twice_more_and_then_said(server: Server, boto3: Boto3, broken: Behaviour) -> None:
    server.connections = [[broken], [answer()], [broken], [broken], [answer()], [broken], [broken], [broken]]
    for requests in (2, 5):
        assert table(environment(server.port), boto3).get_item(KEY) == DECODED
        assert len(server.requests) == requests
    with pytest.raises(StoreUnavailable, match="DynamoDB: dropped"):
        table(environment(server.port), boto3).get_item(KEY)
    assert len(server.requests) == 8
    assert not boto3.asked


@pytest.mark.parametrize(
    "refused",
    [
        pytest.param(refusal("ProvisionedThroughputExceededException", connection="close"), id="throughput"),
        pytest.param(refusal("ThrottlingException", connection="close"), id="throttling"),
        pytest.param(refusal("RequestLimitExceeded", connection="close"), id="limit"),
        pytest.param(refusal("InternalServerError", "500 Internal Server Error", connection="close"), id="500"),
        pytest.param(answer(b"<html>", status="503 Service Unavailable", connection="close"), id="503"),
        pytest.param(b"HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", id="chunked-502"),
    ],
)
def test_what_passes_is_asked_again_after_a_pause_and_then_said(
    server: Server, boto3: Boto3, monkeypatch: pytest.MonkeyPatch, refused: bytes
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("content_api.aws.service.time.sleep", pauses.append)
    server.connections = [[refused], [refused], [answer()], [refused], [refused], [refused]]
    assert table(environment(server.port), boto3).get_item(KEY) == DECODED
    assert len(server.requests) == 3
    with pytest.raises(StoreUnavailable, match=r"DynamoDB: status (400|50\d)"):
        table(environment(server.port), boto3).get_item(KEY)
    assert len(server.requests) == 6
    assert len(pauses) == 4
    assert all(0 < pause <= 0.2 for pause in pauses)
    assert not boto3.asked


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "ExpiredTokenException", "ResourceNotFoundException", "ValidationException"]
)
def test_what_does_not_pass_is_said_at_once_without_the_key(server: Server, boto3: Boto3, code: str) -> None:
    server.connections = [[refusal(code)]]
    with pytest.raises(StoreUnavailable) as raised:
        table(environment(server.port), boto3).get_item({"pk": "ARTICLE#secret", "sk": "ARTICLE"})
    assert str(raised.value) == f"DynamoDB GetItem: {code}"
    assert len(server.requests) == 1
    assert not boto3.asked


def test_a_wrong_clock_is_put_right_by_the_services_own_and_stays_right(server: Server, boto3: Boto3) -> None:
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    skewed = refusal("InvalidSignatureException", date=format_datetime(tomorrow, usegmt=True))
    server.connections = [[skewed, answer(), answer()]]
    reading = table(environment(server.port), boto3)
    assert [reading.get_item(KEY), reading.get_item(KEY)] == [DECODED] * 2
    first, *later = (_stamp(request) for request in server.requests)
    assert first < tomorrow - dt.timedelta(hours=23)
    assert all(abs(stamp - tomorrow) < dt.timedelta(minutes=5) for stamp in later)


def test_a_wrong_signature_under_the_right_clock_is_not_asked_again(server: Server, boto3: Boto3) -> None:
    now = format_datetime(dt.datetime.now(dt.UTC), usegmt=True)
    server.connections = [[refusal("InvalidSignatureException", date=now)]]
    with pytest.raises(StoreUnavailable, match="InvalidSignatureException"):
        table(environment(server.port), boto3).get_item(KEY)


def _stamp(request: bytes) -> dt.datetime:
    (line,) = [each for each in request.split(b"\r\n") if each.startswith(b"x-amz-date:")]
    return dt.datetime.strptime(line.decode(), "x-amz-date:%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)


@pytest.mark.parametrize("behaviour", [_silence, _trickle])
def test_silence_is_left_for_another_connection_before_the_time_is_up(
    server: Server, boto3: Boto3, behaviour: Behaviour
) -> None:
    server.connections = [[behaviour], [answer()], [behaviour], [behaviour]]
    reading = table(environment(server.port), boto3, Patience(0.8))
    assert reading.get_item(KEY) == DECODED
    reading = table(environment(server.port), boto3, Patience(0.2))
    with pytest.raises(StoreUnavailable, match="DynamoDB: TimeoutError"):
        reading.get_item(KEY)
    assert len(server.requests) <= 4
    assert not boto3.asked


def test_a_resolver_that_nobody_answers_is_not_waited_for(boto3: Boto3, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def resolve(*_: object, **__: object) -> list[Any]:
        answered.wait(30)
        return []

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    reading = table(environment(), boto3, Patience(0.1))
    with pytest.raises(StoreUnavailable, match="DynamoDB: TimeoutError"):
        reading.get_item(KEY)
    answered.set()


def test_of_a_hosts_addresses_one_that_is_dead_leaves_time_for_the_next(
    server: Server, boto3: Boto3, monkeypatch: pytest.MonkeyPatch
) -> None:
    """192.0.2.1 is nobody's (RFC 5737)."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 0)) for host in ("192.0.2.1", "127.0.0.1")]
    original = socket.create_connection

    def resolve(*_: object, **__: object) -> list[Any]:
        return found

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        if address[0] == "192.0.2.1":
            waited.append(timeout)
            raise TimeoutError
        return original(address, timeout=timeout)

    waited: list[float] = []
    with monkeypatch.context() as patch:
        patch.setattr("content_api.aws.connection.socket.getaddrinfo", resolve)
        patch.setattr("content_api.aws.connection.socket.create_connection", connect)
        server.connections = [[answer()]]
        reading = table(environment(server.port), boto3, Patience(10))
        reading.connect()
    assert reading.get_item(KEY) == DECODED
    assert len(waited) == 1
    assert waited[0] <= 3  # half of what DynamoDB has


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(answer(x_amz_crc32="1"), id="wrong-checksum"),
        pytest.param(answer(b'{"Item":'), id="broken-json"),
        pytest.param(answer(b"\xff\xfe"), id="not-text"),
        pytest.param(answer(b"[]"), id="another-json"),
        pytest.param(answer(b'{"Item":[]}'), id="an-item-that-is-none"),
        pytest.param(answer(b'{"Item":{"a":{"B":"*"}}}'), id="broken-base64"),
        pytest.param(answer(b'{"Item":{"a":{}}}'), id="a-value-without-type"),
    ],
)
def test_garbage_is_asked_for_again_on_another_connection_and_then_said(
    server: Server, boto3: Boto3, behaviour: bytes
) -> None:
    """And never of boto3, which would take some of it for no item."""
    server.connections = [[behaviour], [answer()], [behaviour], [behaviour], [behaviour]]
    assert table(environment(server.port), boto3).get_item(KEY) == DECODED
    with pytest.raises(StoreUnavailable, match="DynamoDB: garbled: "):
        table(environment(server.port), boto3).get_item(KEY)
    assert len(server.requests) == 5
    assert not boto3.asked


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"Items": 1}', b'{"Items": [1]}', b'{"Items": [{"a": {"B": "?"}}]}'])
def test_an_answer_to_a_query_that_is_none_is_garbage(server: Server, boto3: Boto3, body: bytes) -> None:
    server.connections = [[answer(body)]] * 3
    with pytest.raises(StoreUnavailable, match="garbled"):
        table(environment(server.port), boto3).query("LIST#en#all", attributes="sk", limit=2)


@pytest.mark.parametrize("body", [b"{}", b'{"Responses": []}', b'{"Responses": {"Content": [{"a": 1}]}}'])
def test_an_answer_to_a_batch_that_is_none_is_garbage(server: Server, boto3: Boto3, body: bytes) -> None:
    server.connections = [[answer(body)]] * 3
    with pytest.raises(StoreUnavailable, match="garbled"):
        table(environment(server.port), boto3).get_items([KEY], "a")


def test_keys_that_stay_unprocessed_make_the_store_unavailable(server: Server, boto3: Boto3) -> None:
    left = {"Content": {"Keys": [{"pk": {"S": "b"}, "sk": {"S": "b"}}], "ConsistentRead": True}}
    never_all = json.dumps({"Responses": {"Content": []}, "UnprocessedKeys": left}).encode()
    server.connections = [[answer(never_all), answer(never_all), answer(never_all)]]
    with pytest.raises(StoreUnavailable, match="unprocessed"):
        table(environment(server.port), boto3).get_items([KEY], "a")
    assert not boto3.asked
