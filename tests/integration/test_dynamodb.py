"""DynamoDB on a bare socket: it agrees with boto3 where it answers, asks again what passes, and leaves to boto3 what it
does not understand.
"""

import datetime as dt
import itertools
import json
import os
import socket
import ssl
import string
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import format_datetime
from pathlib import Path
from typing import Any, cast

import pytest
import trustme
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given, settings
from hypothesis import strategies as st

from content_api.aws import clients
from content_api.aws.dynamodb import StoreUnavailable, Table
from content_api.aws.patience import Patience
from gateway import ports
from gateway.stack import Stack
from simulated_faults import answer as said
from simulated_faults import whole_request

DECODED = {"pk": {"S": "a"}, "document": {"B": b"\x01\x02\x03"}}
BODY = b'{"Item":{"pk":{"S":"a"},"document":{"B":"AQID"}}}'
KEY = {"pk": "a", "sk": "a"}
LONG = Patience(60)  # seconds, which a busy machine needs


# ------------------------------------------------------------------------------------------------- agreement with boto3

_numbers = st.one_of(
    st.integers(-(10**37), 10**37).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9).map(str),
)
_text = st.text(max_size=20)
_bytes = st.binary(max_size=30)
_scalars = st.one_of(
    _text.map(lambda value: {"S": value}),
    _numbers.map(lambda value: {"N": value}),
    _bytes.map(lambda value: {"B": value}),
    st.booleans().map(lambda value: {"BOOL": value}),
    st.just({"NULL": True}),
    st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4, unique=True).map(lambda value: {"SS": value}),
    st.lists(st.integers(), min_size=1, max_size=4, unique=True).map(lambda value: {"NS": [str(n) for n in value]}),
    st.lists(st.binary(min_size=1, max_size=8), min_size=1, max_size=4, unique=True).map(lambda value: {"BS": value}),
)
_names = st.text(string.ascii_letters + string.digits + "_-.", min_size=1, max_size=12)
_values: st.SearchStrategy[dict[str, Any]] = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda value: {"L": value}),
        st.dictionaries(_names, inner, max_size=4).map(lambda value: {"M": value}),
    ),
    max_leaves=5,
)
_items = st.dictionaries(_names.filter(lambda name: name not in {"pk", "sk"}), _values, max_size=4)


@pytest.fixture(scope="module")
def own_table(stack: Stack) -> Iterator[str]:
    """A table of this module's own, since moto copies a whole table for each transaction on it."""
    assert stack.table
    client = clients.dynamodb()
    made = client.create_table(
        TableName="Agreement",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    yield made["TableDescription"].get("TableName", "")
    client.delete_table(TableName="Agreement")


@settings(max_examples=50)
@given(items=st.lists(_items, min_size=20, max_size=25))
def test_both_clients_agree_on_thousands_of_items(own_table: str, items: list[dict[str, Any]]) -> None:
    boto3_client = clients.dynamodb()
    keys = [{"pk": "AGREE", "sk": str(number)} for number in range(len(items))]
    typed = [{name: {"S": value} for name, value in key.items()} for key in keys]
    puts: Any = [{"PutRequest": {"Item": item | key}} for item, key in zip(items, typed, strict=True)]
    boto3_client.batch_write_item(RequestItems={own_table: puts})
    answered: Any = boto3_client.batch_get_item(RequestItems={own_table: {"Keys": typed, "ConsistentRead": True}})
    expected = {item["sk"]["S"]: item for item in answered["Responses"][own_table]}
    table = Table(own_table, os.environ, LONG, boto3_client=never)
    assert {key["sk"]: table.get_item(key) for key in keys} == expected


def test_both_clients_agree_that_there_is_no_item(stack: Stack) -> None:
    assert Table(stack.table, os.environ, LONG, boto3_client=never).get_item({"pk": "NONE", "sk": "NONE"}) is None


@settings(max_examples=60)
@given(
    numbers=st.sets(st.integers(0, 30), max_size=12),
    bounds=st.tuples(st.integers(0, 30), st.integers(0, 30)),
    after=st.none() | st.integers(0, 30),
    limit=st.integers(1, 8),
    newest_first=st.booleans(),
    having=st.sets(st.sampled_from(["tag#a", "section#b"])),
)
def test_both_clients_agree_on_queries(
    own_table: str,
    numbers: set[int],
    bounds: tuple[int, int],
    after: int | None,
    limit: int,
    newest_first: bool,  # noqa: FBT001 - hypothesis gives arguments by name
    having: set[str],
) -> None:
    """What boto3 brings, asked without a limit and cut here, is what a page should be."""
    partition = f"LIST#{next(_partitions)}"
    facets = {number: [["tag#a"], ["tag#a", "section#b"], ["other"]][number % 3] for number in numbers}
    requests: Any = [
        {
            "PutRequest": {
                "Item": {"pk": {"S": partition}, "sk": {"S": f"{number:03}"}, "facets": {"SS": facets[number]}}
            }
        }
        for number in numbers
    ]
    if requests:
        clients.dynamodb().batch_write_item(RequestItems={own_table: requests})
    low, high = sorted(bounds)
    within = sorted((number for number in numbers if low <= number <= high), reverse=newest_first)
    if after is not None:
        within = [number for number in within if (number < after if newest_first else number > after)]
    looked_at = within[:limit]
    expected = [number for number in looked_at if having <= set(facets[number])]
    asked: dict[str, Any] = {
        "attributes": "sk facets",
        "limit": limit,
        "lowest": f"{low:03}",
        "highest": f"{high:03}",
        "after": "" if after is None else f"{after:03}",
        "newest_first": newest_first,
        "having": tuple(having),
    }
    for table in (
        Table(own_table, os.environ, LONG, boto3_client=never),
        Table(own_table, {}, LONG, boto3_client=clients.dynamodb),
    ):
        items, last = table.query(partition, **asked)
        assert [int(item["sk"]["S"]) for item in items] == expected
        assert all(item.keys() == {"sk", "facets"} for item in items)
        if len(within) > limit:
            assert last == f"{looked_at[-1]:03}"
        elif len(within) < limit:
            assert not last


_partitions = itertools.count()


def test_both_clients_agree_on_batches(own_table: str) -> None:
    requests: Any = [
        {"PutRequest": {"Item": {"pk": {"S": "BATCH"}, "sk": {"S": f"{number}"}, "card": {"B": b"\xff\x00"}}}}
        for number in range(20)
    ]
    clients.dynamodb().batch_write_item(RequestItems={own_table: requests})
    keys = [{"pk": "BATCH", "sk": f"{number}"} for number in range(0, 40, 2)]
    for table in (
        Table(own_table, os.environ, LONG, boto3_client=never),
        Table(own_table, {}, LONG, boto3_client=clients.dynamodb),
    ):
        found = table.get_items(keys, "sk card")
        assert sorted(int(item["sk"]["S"]) for item in found) == list(range(0, 20, 2))
        assert all(item["card"] == {"B": b"\xff\x00"} for item in found)


def never() -> Any:
    raise AssertionError("stepped aside for boto3")


# -------------------------------------------------------------------------------------------- a server of any behaviour

type Behaviour = Callable[[socket.socket], None]


def answer(body: bytes = BODY, **how: Any) -> bytes:
    return said(body, **how)


class Server:
    """Listens on loopback; each connection gets the next list of answers, one a request, and is then closed."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._tls = tls
        self.connections: list[list[bytes | Behaviour]] = []
        self.requests: list[bytes] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        for number in range(100):
            accepted, _ = self._listening.accept()
            with accepted:
                if number >= len(self.connections):
                    return
                try:
                    self._converse(self._tls.wrap_socket(accepted, server_side=True) if self._tls else accepted, number)
                except OSError:  # the client is gone, which is what some tests are about
                    continue

    def _converse(self, accepted: socket.socket, number: int) -> None:
        with accepted:
            accepted.settimeout(5)
            for each in self.connections[number]:
                request = whole_request(accepted)
                if not request:
                    return
                self.requests.append(request)
                if callable(each):
                    each(accepted)
                else:
                    accepted.sendall(each)

    def close(self) -> None:
        self.connections.clear()
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join(10)
        self._listening.close()
        assert not self._thread.is_alive()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


class Boto3:
    """Stands where boto3's client does, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def get_item(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        return {"Item": DECODED, "ResponseMetadata": {"HTTPHeaders": {"x-amz-crc32": "1"}}}


@pytest.fixture
def boto3() -> Boto3:
    return Boto3()


def environment(port: int = 1, **more: str) -> dict[str, str]:
    return {
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",  # the one that boto3 reads; Lambda sets both
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "a-secret-of-nobody",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        **more,
    }


def table(variables: dict[str, str], boto3: Boto3, patience: Patience = LONG) -> Table:
    return Table("Content", variables, patience, boto3_client=lambda: cast("Any", boto3))


# ----------------------------------------------------------------------------------------------------- ordinary answers


def test_one_connection_serves_many_requests(server: Server, boto3: Boto3) -> None:
    server.connections = [[answer(), answer(), answer()]]
    reading = table(environment(server.port), boto3)
    assert [reading.get_item(KEY) for _ in range(3)] == [DECODED] * 3
    assert not boto3.asked
    assert b'"ConsistentRead": true' in server.requests[0]


def test_a_connection_can_be_opened_ahead(server: Server, boto3: Boto3) -> None:
    server.connections = [[answer()]]
    reading = table(environment(server.port), boto3)
    reading.connect()
    assert reading.get_item(KEY) == DECODED
    assert len(server.requests) == 1


def test_no_server_to_connect_to_ahead_is_no_reason_to_fail(boto3: Boto3) -> None:
    reading = table(environment(_closed_port()), boto3)
    reading.connect()
    with pytest.raises(StoreUnavailable, match="DynamoDB: ConnectionRefusedError"):
        reading.get_item(KEY)
    assert not boto3.asked


def test_an_answer_may_come_in_pieces(server: Server, boto3: Boto3) -> None:
    def in_pieces(accepted: socket.socket) -> None:
        whole = answer()
        for start in range(0, len(whole), 7):
            accepted.sendall(whole[start : start + 7])
            time.sleep(0.001)

    server.connections = [[in_pieces]]
    assert table(environment(server.port), boto3).get_item(KEY) == DECODED
    assert not boto3.asked


def test_a_kept_connection_that_the_server_closed_is_opened_again(server: Server, boto3: Boto3) -> None:
    server.connections = [[answer()], [answer()]]
    reading = table(environment(server.port), boto3)
    assert reading.get_item(KEY) == DECODED
    time.sleep(0.05)
    assert reading.get_item(KEY) == DECODED
    assert not boto3.asked


def test_a_server_that_says_close_is_taken_at_its_word(server: Server, boto3: Boto3) -> None:
    server.connections = [[answer(connection="close")], [answer()]]
    reading = table(environment(server.port), boto3)
    assert [reading.get_item(KEY), reading.get_item(KEY)] == [DECODED] * 2
    assert not boto3.asked


def test_a_right_checksum_is_accepted(server: Server, boto3: Boto3) -> None:
    server.connections = [[answer(x_amz_crc32=str(zlib.crc32(BODY)))]]
    assert table(environment(server.port), boto3).get_item(KEY) == DECODED
    assert not boto3.asked


def test_the_session_token_is_sent(server: Server, boto3: Boto3) -> None:
    server.connections = [[answer()]]
    table(environment(server.port, AWS_SESSION_TOKEN="a-token"), boto3).get_item(KEY)
    assert b"x-amz-security-token:a-token" in server.requests[0]
    assert b"Credential=AKIDEXAMPLE/" in server.requests[0]


def test_threads_do_not_share_a_connection(server: Server, boto3: Boto3) -> None:
    server.connections = [[answer()], [answer()]]
    reading = table(environment(server.port), boto3)
    for _ in range(2):
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(reading.get_item, KEY).result() == DECODED


# ------------------------------------------------------------------------------------------------------- stepping aside


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


def refusal(code: str, status: str = "400 Bad Request", **headers: str) -> bytes:
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no"}).encode()
    return answer(body, status=status, content_type="application/x-amz-json-1.0", **headers)


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


def test_what_boto3_brings_from_a_stranger_is_no_answer(server: Server, real_boto3: Table) -> None:
    page = b"<html>Please log in</html>"
    server.connections = [[answer(page, content_encoding="gzip")], [answer(page)]]
    with pytest.raises(StoreUnavailable, match="another's answer"):
        real_boto3.get_item(KEY)


def test_keys_that_a_batch_leaves_unprocessed_are_asked_for_again(server: Server, boto3: Boto3) -> None:
    left = {"Content": {"Keys": [{"pk": {"S": "b"}, "sk": {"S": "b"}}], "ConsistentRead": True}}
    first = json.dumps({"Responses": {"Content": [{"a": {"S": "1"}}]}, "UnprocessedKeys": left}).encode()
    second = json.dumps({"Responses": {"Content": [{"a": {"S": "2"}}]}, "UnprocessedKeys": {}}).encode()
    server.connections = [[answer(first), answer(second)]]
    found = table(environment(server.port), boto3).get_items([KEY, {"pk": "b", "sk": "b"}], "a")
    assert found == [{"a": {"S": "1"}}, {"a": {"S": "2"}}]
    assert json.loads(server.requests[1].partition(b"\r\n\r\n")[2]) == {"RequestItems": left}


def test_keys_that_stay_unprocessed_make_the_store_unavailable(server: Server, boto3: Boto3) -> None:
    left = {"Content": {"Keys": [{"pk": {"S": "b"}, "sk": {"S": "b"}}], "ConsistentRead": True}}
    never_all = json.dumps({"Responses": {"Content": []}, "UnprocessedKeys": left}).encode()
    server.connections = [[answer(never_all), answer(never_all), answer(never_all)]]
    with pytest.raises(StoreUnavailable, match="unprocessed"):
        table(environment(server.port), boto3).get_items([KEY], "a")
    assert not boto3.asked


def _closed_port() -> int:
    return ports.free_port()


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


# --------------------------------------------------------------------------------------------- the real boto3 behind it


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
    for name, value in environment(_closed_port(), HTTPS_PROXY="http://127.0.0.1:1").items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreUnavailable, match="DynamoDB get_item: EndpointConnectionError") as raised:
        Table("Content", os.environ).get_item(KEY)
    assert isinstance(raised.value.__cause__, EndpointConnectionError)


# ------------------------------------------------------------------------------------------------------------------ TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls_server(authority: trustme.CA) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)  # pyright: ignore[reportUnknownMemberType] - takes pyOpenSSL's too
    made = Server(context)
    yield made
    made.close()


def test_tls_is_spoken_where_the_endpoint_is_https(
    tls_server: Server, authority: trustme.CA, boto3: Boto3, tmp_path: Path
) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    tls_server.connections = [[answer(), answer()]]
    variables = environment(
        AWS_ENDPOINT_URL=f"https://localhost:{tls_server.port}", AWS_CA_BUNDLE=str(tmp_path / "ca.pem")
    )
    reading = table(variables, boto3)
    assert [reading.get_item(KEY), reading.get_item(KEY)] == [DECODED] * 2
    assert not boto3.asked


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
