"""One connection serves many requests, and answers that are whole are taken."""

import json
import socket
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import trustme

from content_api.aws.dynamodb import StoreUnavailable
from gateway import ports
from simulated_faults.scripted import BODY, DECODED, KEY, Boto3, Server, answer, environment, table


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
    reading = table(environment(ports.free_port()), boto3)
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


def test_keys_that_a_batch_leaves_unprocessed_are_asked_for_again(server: Server, boto3: Boto3) -> None:
    left = {"Content": {"Keys": [{"pk": {"S": "b"}, "sk": {"S": "b"}}], "ConsistentRead": True}}
    first = json.dumps({"Responses": {"Content": [{"a": {"S": "1"}}]}, "UnprocessedKeys": left}).encode()
    second = json.dumps({"Responses": {"Content": [{"a": {"S": "2"}}]}, "UnprocessedKeys": {}}).encode()
    server.connections = [[answer(first), answer(second)]]
    found = table(environment(server.port), boto3).get_items([KEY, {"pk": "b", "sk": "b"}], "a")
    assert found == [{"a": {"S": "1"}}, {"a": {"S": "2"}}]
    assert json.loads(server.requests[1].partition(b"\r\n\r\n")[2]) == {"RequestItems": left}


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
