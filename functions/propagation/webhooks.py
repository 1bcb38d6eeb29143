"""Partners are told which articles changed, never what they say: an entry of the change feed for each.

Messages are as Standard Webhooks has them (standardwebhooks.com, version 1): `webhook-id`, `webhook-timestamp` and a
`webhook-signature` for each secret that is valid, so that a secret is changed by adding the next before the last goes.
"""

import base64
import binascii
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Annotated, Any, cast

from aws_lambda_powertools.utilities import parameters
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from content_api.reader_api.changes import with_href
from content_api.store.stream import Change
from propagation.posting import HTTPS_URL, DeliveryFailed, Poster, is_success, usable

_REMEMBERED = 60  # seconds that a change of the endpoints may take
_GONE = 410
_SHORTEST_KEY, _LONGEST_KEY = 24, 64  # bytes (Standard Webhooks, "Signature scheme")

logger = logging.getLogger(__name__)


def _key(encoded: str) -> bytes:
    """With or without padding, as some make it. Raises binascii.Error, and ValueError for what is not ASCII."""
    return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)


def _signing(secret: str) -> str:
    """The secret, if a signature can be made with it. Raises ValueError, which does not quote it."""
    prefix, _, encoded = secret.partition("_")
    try:
        key = _key(encoded)
    except binascii.Error:
        raise ValueError("is no base64 after whsec_") from None
    if prefix != "whsec" or not _SHORTEST_KEY <= len(key) <= _LONGEST_KEY:
        raise ValueError(f"needs whsec_ and {_SHORTEST_KEY} to {_LONGEST_KEY} bytes in base64")
    return secret


class Endpoint(BaseModel):
    """`secrets` are in base64 after `whsec_`, 24 to 64 bytes each; without `languages`, all are told of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]
    url: Annotated[str, StringConstraints(pattern=HTTPS_URL, max_length=2048), AfterValidator(usable)]
    secrets: Annotated[tuple[Annotated[str, AfterValidator(_signing)], ...], Field(min_length=1, max_length=3)]
    languages: frozenset[str] = frozenset()


class Endpoints:
    """The partners' endpoints, as a secret of Secrets Manager keeps them: `{"endpoints": [{"id", "url", …}]}`."""

    def __init__(self, secret: str, provider: parameters.SecretsProvider | None = None) -> None:
        self._secret = secret
        self._provider = provider or parameters.SecretsProvider()

    def listed(self) -> list[Endpoint]:
        """Those that are as they should be; what is not is logged by its place, without what it says, and holds up
        nothing else. Raises what Secrets Manager raises.
        """
        get = cast("Callable[..., dict[str, list[Any]]]", self._provider.get)  # pyright: ignore[reportUnknownMemberType] - loosely typed there
        found: list[Endpoint] = []
        try:
            stated = list(get(self._secret, max_age=_REMEMBERED, transform="json")["endpoints"])
        except (parameters.TransformParameterError, KeyError, TypeError):
            logger.error('nobody is told: the secret is not {"endpoints": [...]}')  # noqa: TRY400 - the error may hold secrets
            return found
        for at, each in enumerate(stated):
            try:
                found.append(Endpoint.model_validate(each))
            except ValidationError as error:
                where = ", ".join(sorted({".".join(map(str, wrong["loc"])) for wrong in error.errors()}))
                logger.error("endpoint %d is not told: %s is not as it should be", at, where)  # noqa: TRY400 - the error names secrets
        return found


def announcements(changes: Iterable[Change], endpoints: Iterable[Endpoint], public_url: str) -> list[dict[str, Any]]:
    """A message for each endpoint and language, the same id for the same changes."""
    found: list[dict[str, Any]] = []
    by_language = [
        (language, sorted(each, key=lambda change: change.number))
        for language, each in groupby(sorted(changes, key=lambda change: change.language), lambda it: it.language)
    ]
    for endpoint in endpoints:
        for language, listed in by_language:
            if not endpoint.languages or language in endpoint.languages:
                numbers = " ".join(str(change.number) for change in listed)
                mark = hashlib.sha256(f"{endpoint.id} {language} {numbers}".encode()).hexdigest()[:32]
                data = {"language": language, "changes": [with_href(change.entry, public_url) for change in listed]}
                body = {"type": "articles.changed", "timestamp": listed[-1].entry["at"], "data": data}
                found.append({"endpoint": endpoint.id, "id": f"msg_{mark}", "body": json.dumps(body)})
    return found


class Sender:
    def __init__(self, endpoints: Endpoints, poster: Poster, *, clock: Callable[[], float]) -> None:
        """`clock` gives seconds since 1970."""
        self._endpoints = endpoints
        self._poster = poster
        self._clock = clock

    def send(self, message: dict[str, str]) -> None:
        """Raises DeliveryFailed. To an endpoint that is gone, or that nobody lists any more, nothing is sent again."""
        endpoint = next((each for each in self._endpoints.listed() if each.id == message["endpoint"]), None)
        if endpoint is None:
            logger.warning("an endpoint that is not listed any more is not told")
            return
        headers = {"content-type": "application/json", "user-agent": "content-api-webhooks"}
        headers |= signed(message["id"], int(self._clock()), message["body"], endpoint.secrets)
        status = self._poster.post(endpoint.url, message["body"].encode(), headers)
        if status == _GONE:
            logger.warning("endpoint %s is gone: take it off the list", endpoint.id)
        elif not is_success(status):
            raise DeliveryFailed(f"{endpoint.id} answered {status}")


def signed(message_id: str, at: int, body: str, secrets: Iterable[str]) -> dict[str, str]:
    """The headers that prove a message; `at` in seconds since 1970."""
    content = f"{message_id}.{at}.{body}".encode()
    marks = [hmac.digest(_key(secret.removeprefix("whsec_")), content, hashlib.sha256) for secret in secrets]
    signatures = " ".join(f"v1,{base64.b64encode(mark).decode()}" for mark in marks)
    return {"webhook-id": message_id, "webhook-timestamp": str(at), "webhook-signature": signatures}
