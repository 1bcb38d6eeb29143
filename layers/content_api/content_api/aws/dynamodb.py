"""DynamoDB for the reading path: GetItem, Query and BatchGetItem over one kept-alive connection, a tenth of boto3's
start-up.

boto3 takes over in two cases: where the endpoint or the credentials are not ordinary, which is known from the start;
and where an answer has an HTTP framing that this code does not know, so that a change at DynamoDB does not end all
reading. Reads change nothing, so asking twice is safe.
"""

from __future__ import annotations

import json
import logging
import zlib
from binascii import a2b_base64

from content_api.aws.attributes import typed
from content_api.aws.connection import Refused, Unusual
from content_api.aws.endpoint import dynamodb_endpoint
from content_api.aws.patience import Patience
from content_api.aws.service import Garbled, Service, StoreUnavailable
from content_api.aws.sigv4 import signer_for
from content_api.names.quotas import BATCH_READS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from mypy_boto3_dynamodb.client import DynamoDBClient

    # Attributes as boto3's client gives them: {"version": {"N": "3"}, "document": {"B": b"…"}}.
    type Item = dict[str, dict[str, Any]]

__all__ = ["MOST_ITEMS_AT_ONCE", "StoreUnavailable", "Table"]

logger = logging.getLogger(__name__)

MOST_ITEMS_AT_ONCE = BATCH_READS
_ATTEMPTS_AT_A_BATCH = 3
# Methods of boto3's client, by the names that the service has for them.
_METHODS = {"GetItem": "get_item", "Query": "query", "BatchGetItem": "batch_get_item"}
# Other codes that mean throttling do not begin with Throttling ("Error handling with DynamoDB" in its developer guide).
_THROTTLING = {"ProvisionedThroughputExceededException", "RequestLimitExceeded"}


class Table:
    """One table, read consistently. Threads may share it; each has a connection of its own."""

    def __init__(
        self,
        name: str,
        environment: Mapping[str, str],
        patience: Patience | None = None,
        *,
        boto3_client: Callable[[], DynamoDBClient] | None = None,
    ) -> None:
        """Opens nothing. Lambda's environment variables, credentials among them, hold as long as its process."""
        self._name = name
        self._patience = patience or Patience()
        endpoint = dynamodb_endpoint(environment)
        self._signer = signer_for(endpoint, "dynamodb", environment)
        self._service = Service("DynamoDB", endpoint, _is_throttling) if endpoint else None
        self._make_client = boto3_client or _boto3_client
        self._client: DynamoDBClient | None = None

    def connect(self) -> None:
        """Opens the connection ahead, in Lambda's init phase."""
        if self._service:
            self._service.connect(self._patience.for_dynamodb())

    def get_item(self, key: Mapping[str, str], attributes: str = "") -> Item | None:
        """The item with this key (attribute names to strings), None if there is none. `attributes` are the names of
        those to read, separated by spaces; empty for all.

        Raises StoreUnavailable.
        """
        request = {"TableName": self._name, "Key": typed(key), "ConsistentRead": True, **_projection(attributes)}
        answer = self._asked("GetItem", request)
        return answer.get("Item")

    def query(  # noqa: PLR0913 - as many as a Query takes
        self,
        partition: str,
        *,
        attributes: str,
        limit: int,
        lowest: str = "",
        highest: str = "\U0010ffff",
        after: str = "",
        newest_first: bool = False,
        having: tuple[tuple[str, ...], ...] = (),
    ) -> tuple[list[Item], str]:
        """The items of a partition, in the order of their sort keys or against it. Of each group of facets in `having`,
        they have at least one. Their sort keys are from `lowest` to `highest`, both included, and come behind `after`,
        which need not exist. `limit` counts the items that DynamoDB reads, with any facets.

        Returns them, and the last sort key that was read if there may be more items. Raises StoreUnavailable.
        """
        values = {":pk": partition, ":lowest": lowest or "\x00", ":highest": highest}
        values |= {f":has{group}_{at}": each for group, facets in enumerate(having) for at, each in enumerate(facets)}
        request: dict[str, Any] = {
            "TableName": self._name,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :lowest AND :highest",
            "ExpressionAttributeValues": typed(values),
            "ScanIndexForward": not newest_first,
            "Limit": limit,
            "ConsistentRead": True,
            **_projection(attributes),
        }
        if after:
            request["ExclusiveStartKey"] = typed({"pk": partition, "sk": after})
        if having:
            request["FilterExpression"] = " AND ".join(
                f"({' OR '.join([f'contains(facets, :has{group}_{at})' for at in range(len(facets))])})"
                for group, facets in enumerate(having)
            )
        answer = self._asked("Query", request)
        return answer["Items"], answer.get("LastEvaluatedKey", {}).get("sk", {}).get("S", "")

    def get_items(self, keys: list[dict[str, str]], attributes: str) -> list[Item]:
        """The items that exist under these keys, in no order. Takes at most MOST_ITEMS_AT_ONCE keys. Raises
        StoreUnavailable.
        """
        found: list[Item] = []
        left: dict[str, Any] = {
            self._name: {"Keys": [typed(key) for key in keys], "ConsistentRead": True, **_projection(attributes)}
        }
        for _ in range(_ATTEMPTS_AT_A_BATCH):
            answer = self._asked("BatchGetItem", {"RequestItems": left})
            found += answer["Responses"].get(self._name, [])
            left = answer.get("UnprocessedKeys") or {}
            if not left:
                return found
        raise StoreUnavailable("DynamoDB BatchGetItem: keys left unprocessed")

    def _asked(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """The answer, with binary attributes as bytes. It comes from our own connection, or from boto3 if that cannot
        be used.
        """
        try:
            return self._ask(operation, request)
        except Refused as refused:
            raise StoreUnavailable(f"DynamoDB {operation}: {_code(refused) or refused}") from refused
        except Unusual as error:
            logger.warning("asking DynamoDB through boto3: %s", error)
            return self._ask_boto3(_METHODS[operation], request)

    def _ask(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        signer, service = self._signer, self._service
        if signer is None or service is None:
            raise Unusual("endpoint or credentials")
        message = json.dumps(request).encode()
        return service.ask(
            lambda at: signer.request(operation, message, at=at),
            lambda body, headers: _decoded_answer(operation, _parsed(body, headers)),
            self._patience.for_dynamodb(),
        )

    def _ask_boto3(self, method: str, request: dict[str, Any]) -> dict[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - 269 ms, only when it must be

        try:
            if self._client is None:
                self._client = self._make_client()
            answer = getattr(self._client, method)(**request)
        except ClientError as error:
            raise StoreUnavailable(f"DynamoDB {method}: {error.response.get('Error', {}).get('Code')}") from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"DynamoDB {method}: {type(error).__name__}") from error
        # boto3 takes any 200 for an answer: that of another server would read as "no item". DynamoDB's has a checksum.
        if "x-amz-crc32" not in answer["ResponseMetadata"]["HTTPHeaders"]:
            raise StoreUnavailable(f"DynamoDB {method}: an answer of another server")
        return answer


def _parsed(body: bytes, headers: Mapping[bytes, bytes]) -> dict[str, Any]:
    checksum = headers.get(b"x-amz-crc32")
    if checksum is not None and checksum != b"%d" % zlib.crc32(body):
        raise Garbled("checksum")
    try:
        answer: Any = json.loads(body)
    except ValueError as error:
        raise Garbled("no JSON") from error
    if not isinstance(answer, dict):
        raise Garbled("no JSON object")
    return answer  # pyright: ignore[reportUnknownVariableType] - typing.cast would cost its import


def _code(refused: Refused) -> str:
    """DynamoDB's code of the error, such as `ThrottlingException`; empty if the answer has none."""
    try:
        return str(json.loads(refused.body)["__type"]).rpartition("#")[2]
    except (ValueError, TypeError, KeyError):
        return ""


def _is_throttling(refused: Refused) -> bool:
    code = _code(refused)
    return code.startswith("Throttling") or code in _THROTTLING


def _boto3_client() -> DynamoDBClient:
    from content_api.aws import clients  # noqa: PLC0415 - as above

    return clients.dynamodb(a_reader_waits=True)


def _projection(attributes: str) -> dict[str, Any]:
    """Asks for these attributes alone. It uses placeholders, since many names are reserved words (DynamoDB's developer
    guide, "Reserved words").
    """
    if not attributes:
        return {}
    names = attributes.split(" ")
    return {
        "ProjectionExpression": ",".join([f"#{name}" for name in names]),
        "ExpressionAttributeNames": {f"#{name}": name for name in names},
    }


def _decoded_answer(operation: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with binary attributes as bytes. Raises Garbled if it does not have the shape of the operation's
    answers.
    """
    try:
        if operation == "GetItem":
            if "Item" in answer:
                answer["Item"] = _decoded(answer["Item"])
        elif operation == "Query":
            answer["Items"] = [_decoded(item) for item in answer["Items"]]
        else:
            answer["Responses"] = {
                name: [_decoded(item) for item in items] for name, items in answer["Responses"].items()
            }
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Garbled("no items") from error
    return answer


def _decoded(item: Item) -> Item:
    """Turns binary attributes from base64 (RFC 4648, section 4) into bytes, as boto3's client does. Most attributes are
    binary or text, so these two types are checked first.
    """
    for name, value in item.items():
        if "B" in value:
            value["B"] = a2b_base64(value["B"], strict_mode=True)
        elif "S" not in value:
            item[name] = _decoded_value(value)
    return item


def _decoded_value(value: dict[str, Any]) -> dict[str, Any]:
    ((kind, content),) = value.items()
    if kind in {"S", "N"}:
        return value
    if kind == "B":
        return {"B": a2b_base64(content, strict_mode=True)}
    if kind == "BS":
        return {"BS": [a2b_base64(each, strict_mode=True) for each in content]}
    if kind == "L":
        return {"L": [_decoded_value(each) for each in content]}
    if kind == "M":
        return {"M": _decoded(content)}
    return value
