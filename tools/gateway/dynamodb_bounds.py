"""Refuses requests that are too large for DynamoDB, which moto accepts: keys, items, and transactions with too many
actions.

It looks at every request to moto, from whatever client. The limits are from "Quotas in Amazon DynamoDB" in the
developer guide.
"""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from content_api.names.quotas import (
    BATCH_READS,
    BATCH_WRITES,
    ITEM_BYTES,
    PARTITION_KEY_BYTES,
    SORT_KEY_BYTES,
    TRANSACTION_ACTIONS,
    TRANSACTION_BYTES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_SERVICE = "DynamoDB_20120810."
_KEYS = {"pk": PARTITION_KEY_BYTES, "sk": SORT_KEY_BYTES}
_COMPARED = re.compile(r"(pk|sk)\s*(?:=|<=?|>=?|BETWEEN)\s*(:\w+)(?:\s+AND\s+(:\w+))?")

type Item = dict[str, Any]


class BoundedDynamoDB:
    """A WSGI application that answers a request which is too large as DynamoDB does. It passes any other request on to
    `application`.
    """

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        target = str(environ.get("HTTP_X_AMZ_TARGET", ""))
        if target.startswith(_SERVICE):
            content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(content)
            if refusal := violation(target.removeprefix(_SERVICE), json.loads(content or b"{}")):
                kind = "com.amazon.coral.validate#ValidationException"
                body = json.dumps({"__type": kind, "message": refusal}).encode()
                headers = [("content-type", "application/x-amz-json-1.0"), ("content-length", str(len(body)))]
                start_response("400 Bad Request", headers)
                return [body]
        return self._application(environ, start_response)


def violation(operation: str, request: dict[str, Any]) -> str:
    """The message with which DynamoDB refuses a request of that operation; empty if nothing in it is too large."""
    return next(_violations(operation, request), "")


def _violations(operation: str, request: dict[str, Any]) -> Iterator[str]:
    if operation == "Query":
        yield from _condition_sizes(request)
        return
    actions, most = _actions(operation, request)
    if len(actions) > most:
        yield f"Member must have length less than or equal to {most}"
    for each in actions:
        yield from _sizes(each)
    if operation == "TransactWriteItems" and sum(size(each.get("Item") or {}) for each in actions) > TRANSACTION_BYTES:
        yield "Transaction request exceeds the maximum allowed size: 4MB"


def _actions(operation: str, request: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """The actions of a request, each with an item or a key, and how many a request may have."""
    match operation:
        case "TransactWriteItems":
            return [each for action in request["TransactItems"] for each in action.values()], TRANSACTION_ACTIONS
        case "BatchWriteItem":
            writes = [each for table in request["RequestItems"].values() for each in table]
            return [each for write in writes for each in write.values()], BATCH_WRITES
        case "BatchGetItem":
            keys = [each for table in request["RequestItems"].values() for each in table["Keys"]]
            return [{"Key": key} for key in keys], BATCH_READS
        case _:
            return [request], 1


def _sizes(named: dict[str, Any]) -> Iterator[str]:
    """The violations of an action's item or key."""
    for what in ("Item", "Key", "ExclusiveStartKey"):
        stated: Item = named.get(what) or {}
        for name, longest in _KEYS.items():
            text = stated.get(name, {}).get("S")
            if isinstance(text, str) and what != "ExclusiveStartKey":
                yield from _key_size(name, text, longest)
        if what == "Item" and size(stated) > ITEM_BYTES:
            yield "Item size has exceeded the maximum allowed size"


def _condition_sizes(request: dict[str, Any]) -> Iterator[str]:
    names: dict[str, str] = request.get("ExpressionAttributeNames") or {}
    expression = re.sub(r"#\w+", lambda found: names.get(found[0], found[0]), request.get("KeyConditionExpression", ""))
    values: Item = request.get("ExpressionAttributeValues") or {}
    for found in _COMPARED.finditer(expression):
        for each in found.groups()[1:]:
            if each:
                yield from _key_size(found[1], values[each]["S"], _KEYS[found[1]])


def _key_size(name: str, text: str, longest: int) -> Iterator[str]:
    kind = "hashkey" if name == "pk" else "rangekey"
    if not text:
        yield (
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            f"empty string value. Key: {name}"
        )
    if len(text.encode()) > longest:
        yield (
            "One or more parameter values were invalid: "
            f"Size of {kind} has exceeded the maximum size limit of{longest} bytes"
        )


def size(item: Item) -> int:
    """The size of an item in bytes, as DynamoDB counts it ("DynamoDB item sizes and formats" in its developer guide).
    Binary values may be base64, as in a request, or bytes.
    """
    return sum(len(name.encode()) + _value_size(*next(iter(value.items()))) for name, value in item.items())


def _value_size(kind: str, value: Any) -> int:  # noqa: ANN401 - of any type that DynamoDB has
    match kind:
        case "S":
            return len(value.encode())
        case "N":
            return (len(value.strip("-.0")) + 1) // 2 + 1
        case "B":
            return len(value) if isinstance(value, bytes) else len(value) * 3 // 4
        case "SS":
            return sum(len(each.encode()) for each in value)
        case _:
            return 1
