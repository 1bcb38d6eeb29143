"""DynamoDB on a bare socket agrees with boto3 where it answers."""

import itertools
import os
import string
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content_api.aws import clients
from content_api.aws.dynamodb import Table
from gateway.stack import Stack
from simulated_faults.scripted import LONG
from thoroughness import examples

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


_partitions = itertools.count()


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


@pytest.mark.sampled
@settings(max_examples=examples(8, 50))
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


@pytest.mark.sampled
@settings(max_examples=examples(12, 60))
@given(
    numbers=st.sets(st.integers(0, 30), max_size=12),
    bounds=st.tuples(st.integers(0, 30), st.integers(0, 30)),
    after=st.none() | st.integers(0, 30),
    limit=st.integers(1, 8),
    newest_first=st.booleans(),
    having=st.sets(st.sampled_from([("tag#a",), ("section#b",), ("section#b", "other")])),
)
def test_both_clients_agree_on_queries(
    own_table: str,
    numbers: set[int],
    bounds: tuple[int, int],
    after: int | None,
    limit: int,
    newest_first: bool,  # noqa: FBT001 - hypothesis gives arguments by name
    having: set[tuple[str, ...]],
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
    expected = [number for number in looked_at if all(set(group) & set(facets[number]) for group in having)]
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
