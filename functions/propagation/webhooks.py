"""Tells partners which articles changed: an entry of the change feed for each, without the content.

Messages follow Standard Webhooks (standardwebhooks.com, version 1): `webhook-id`, `webhook-timestamp`, and a
`webhook-signature` with a part for each valid secret. So a secret can be replaced by adding the new one before removing
the old one.
"""

import base64
import binascii
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Annotated, Any, cast

from aws_lambda_powertools.utilities import parameters
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from content_api.aws import clients
from content_api.names.quotas import MESSAGE_BYTES
from content_api.reader_api.changes import described
from content_store.stream import Change
from propagation.posting import HTTPS_URL, DeliveryFailed, Poster, is_success, usable

_REMEMBERED = 60  # seconds until a change of the endpoints is noticed
_GONE = 410
_MOST_IN_A_MESSAGE = MESSAGE_BYTES // 2
_BESIDE_ENTRY = 3_000  # bytes at most, of what a message says of a change besides its entry
_LANGUAGE = "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
_SHORTEST_KEY, _LONGEST_KEY = 24, 64  # bytes (Standard Webhooks, "Signature scheme")

logger = logging.getLogger(__name__)


def _key(encoded: str) -> bytes:
    """The bytes of a secret in base64, with or without padding. Raises binascii.Error, and ValueError if it is not
    ASCII.
    """
    return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)


def _signing(secret: str) -> str:
    """The secret, if it can sign. Raises ValueError, whose message does not quote the secret."""
    prefix, _, encoded = secret.partition("_")
    try:
        key = _key(encoded)
    except binascii.Error:
        raise ValueError("is no base64 after whsec_") from None
    if prefix != "whsec" or not _SHORTEST_KEY <= len(key) <= _LONGEST_KEY:
        raise ValueError(f"needs whsec_ and {_SHORTEST_KEY} to {_LONGEST_KEY} bytes in base64")
    return secret


class Endpoint(BaseModel):
    """An endpoint of a partner. `secrets` are base64 after `whsec_`, 24 to 64 bytes each. Without `languages`, the
    partner is told of all languages.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]
    url: Annotated[str, StringConstraints(pattern=HTTPS_URL, max_length=2048), AfterValidator(usable)]
    secrets: Annotated[tuple[Annotated[str, AfterValidator(_signing)], ...], Field(min_length=1, max_length=3)]
    # As articles have them: no article is in EN, and nobody would be told.
    languages: frozenset[Annotated[str, StringConstraints(pattern=_LANGUAGE)]] = frozenset()


class Endpoints:
    """The endpoints of partners, from a secret in Secrets Manager: `{"endpoints": [{"id", "url", …}]}`."""

    def __init__(self, secret: str, provider: parameters.SecretsProvider | None = None) -> None:
        self._secret = secret
        self._provider = provider or parameters.SecretsProvider(boto3_client=clients.client("secretsmanager"))

    def listed(self) -> list[Endpoint]:
        """The valid endpoints. An invalid one is logged by its place in the list, without its content, and the others
        still work. Raises what Secrets Manager raises.
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
                endpoint = Endpoint.model_validate(each)
            except ValidationError as error:
                where = ", ".join(sorted({".".join(map(str, wrong["loc"])) for wrong in error.errors()}))
                logger.error("endpoint %d is not told: %s is not as it should be", at, where)  # noqa: TRY400 - the error names secrets
                continue
            if any(endpoint.id == other.id for other in found):
                logger.error("endpoint %d is not told: another has its id", at)
                continue
            found.append(endpoint)
        return found


def announcements(changes: Iterable[Change], endpoints: Iterable[Endpoint], public_url: str) -> list[dict[str, Any]]:
    """A message for each endpoint and language. The same changes always give the same id."""
    found: list[dict[str, Any]] = []
    by_language = [
        (language, sorted(each, key=lambda change: change.number))
        for language, each in groupby(sorted(changes, key=lambda change: change.language), lambda it: it.language)
    ]
    for endpoint in endpoints:
        for language, listed in by_language:
            if not endpoint.languages or language in endpoint.languages:
                found += [_announcement(endpoint, language, part, public_url) for part in _parts(listed)]
    return found


def _announcement(endpoint: Endpoint, language: str, changes: list[Change], public_url: str) -> dict[str, Any]:
    numbers = " ".join(str(change.number) for change in changes)
    mark = hashlib.sha256(f"{endpoint.id} {language} {numbers}".encode()).hexdigest()[:32]
    data = {"language": language, "changes": [described(change.entry, language, public_url) for change in changes]}
    body = {"type": "articles.changed", "timestamp": changes[-1].entry["at"], "data": data}
    return {"endpoint": endpoint.id, "id": f"msg_{mark}", "body": json.dumps(body)}


def _parts(changes: list[Change]) -> Iterator[list[Change]]:
    """Groups of changes, in their order, that each fit into a message of a queue: the message quotes its body, which
    makes escapes longer.
    """
    part: list[Change] = []
    room = 0
    for change in changes:
        needed = len(json.dumps(json.dumps(change.entry))) + _BESIDE_ENTRY
        if part and room + needed > _MOST_IN_A_MESSAGE:
            yield part
            part, room = [], 0
        part.append(change)
        room += needed
    if part:
        yield part


class Sender:
    def __init__(self, endpoints: Endpoints, poster: Poster, *, clock: Callable[[], float]) -> None:
        """`clock` gives seconds since 1970."""
        self._endpoints = endpoints
        self._poster = poster
        self._clock = clock

    def send(self, message: dict[str, str]) -> None:
        """Sends a message. If the endpoint is gone, or not listed any more, nothing is sent again. Raises
        DeliveryFailed.
        """
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
    """The headers that prove who sent a message. `at` is in seconds since 1970."""
    content = f"{message_id}.{at}.{body}".encode()
    marks = [hmac.digest(_key(secret.removeprefix("whsec_")), content, hashlib.sha256) for secret in secrets]
    signatures = " ".join(f"v1,{base64.b64encode(mark).decode()}" for mark in marks)
    return {"webhook-id": message_id, "webhook-timestamp": str(at), "webhook-signature": signatures}
