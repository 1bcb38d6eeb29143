"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a request with the same key is carried out once, and
answered each time.
"""

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig, idempotent_function
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)

from content_api.http.problems import Problem

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_KEPT_SECONDS = 24 * 60 * 60
_LONGEST_KEY = 255


class Idempotency:
    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._layer = DynamoDBPersistenceLayer(table, boto3_client=dynamodb)
        self._config = IdempotencyConfig(
            event_key_jmespath="key",
            payload_validation_jmespath="request",
            raise_on_no_idempotency_key=True,
            expires_after_seconds=_KEPT_SECONDS,
            hash_function="sha256",
        )

    def once(
        self,
        answer: Callable[[dict[str, Any], Any], dict[str, Any]],
        event: dict[str, Any],
        context: Any,  # noqa: ANN401 - Lambda's own object
        *,
        principal: str,
    ) -> dict[str, Any]:
        """The answer, or the stored answer to an earlier request with the same key from the same editor (`principal`).
        If `answer` raises, nothing is stored, so a request that was refused or failed may be sent again. Raises
        Problem.
        """
        headers = {name.lower(): value for name, value in event["headers"].items()}
        key = headers["idempotency-key"]
        if len(key) > _LONGEST_KEY:
            raise Problem("invalid-article", f"Idempotency-Key takes at most {_LONGEST_KEY} characters.")
        body: str = event.get("body") or ""
        if event.get("isBase64Encoded"):
            body = base64.b64decode(body).decode(errors="replace")
        request = {
            "key": [principal, key],
            "request": [event["requestContext"]["http"]["method"], event["rawPath"], headers.get("if-match", ""), body],
        }
        self._config.register_lambda_context(context)

        @idempotent_function(data_keyword_argument="request", persistence_store=self._layer, config=self._config)
        def carried_out(*, request: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - Powertools reads it
            return answer(event, context)

        try:
            return carried_out(request=request)
        except IdempotencyAlreadyInProgressError:
            detail = "A request with this Idempotency-Key is being carried out. Ask again in a second."
            raise Problem("request-in-progress", detail, headers={"retry-after": "1"}) from None
        except IdempotencyValidationError:
            raise Problem("idempotency-key-reused", "This Idempotency-Key came with another request before.") from None
        except IdempotencyPersistenceLayerError:
            detail = "This could not be noted just now. Send it again, with the same Idempotency-Key."
            raise Problem("temporarily-unavailable", detail, headers={"retry-after": "1"}) from None
