"""Partners are told which articles changed, never what they say: an entry of the change feed for each.

Messages are as Standard Webhooks has them (standardwebhooks.com, version 1): `webhook-id`, `webhook-timestamp` and a
`webhook-signature` for each secret that is valid, so that a secret is changed by adding the next before the last goes.
"""

import base64
import hashlib
import hmac
import json
import logging
import socket
from collections.abc import Callable, Collection, Iterable
from ipaddress import IPv6Network, ip_address
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any, cast
from urllib.parse import urlsplit

import urllib3
from aws_lambda_powertools.utilities import parameters
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from propagation.records import Change

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

_REMEMBERED = 60  # seconds that a change of the endpoints may take
_TIMEOUT = urllib3.Timeout(connect=5, read=10)
_GONE = 410
# IPv6 that stands for IPv4 (RFC 6052, RFC 3056), which may be a private one.
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("2002::/16"))

logger = logging.getLogger(__name__)

type Resolve = Callable[[str, int], Collection[str]]


class DeliveryFailed(Exception):
    """The message is to be sent again, later."""


class NotPublic(DeliveryFailed):
    """An endpoint that is none of the public internet: whoever may name endpoints must not reach our own network."""


class Endpoint(BaseModel):
    """`secrets` are in base64 after `whsec_`, 24 to 64 bytes each; without `languages`, all are told of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]
    url: Annotated[str, StringConstraints(pattern=r"^https://[^\s@/?#]+(?:[/?][^\s#]*)?$", max_length=2048)]
    secrets: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^whsec_[A-Za-z0-9+/]{32,88}={0,2}$")], ...],
        Field(min_length=1, max_length=3),
    ]
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


def announce(changes: Iterable[Change], endpoints: Iterable[Endpoint], sqs: "SQSClient", *, queue: str) -> None:
    """A message for each endpoint and language into the queue, the same id for the same changes."""
    by_language = [
        (language, sorted(each, key=lambda change: change.number))
        for language, each in groupby(sorted(changes, key=lambda change: change.language), lambda it: it.language)
    ]
    for endpoint in endpoints:
        for language, listed in by_language:
            if not endpoint.languages or language in endpoint.languages:
                numbers = " ".join(str(change.number) for change in listed)
                mark = hashlib.sha256(f"{endpoint.id} {language} {numbers}".encode()).hexdigest()[:32]
                data = {"language": language, "changes": [change.entry for change in listed]}
                body = {"type": "articles.changed", "timestamp": listed[-1].entry["at"], "data": data}
                message = {"endpoint": endpoint.id, "id": f"msg_{mark}", "body": json.dumps(body)}
                sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(message))


def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises NotPublic where one is not of the public internet, and OSError."""
    found = sorted({str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    for each in found:
        address = ip_address(each.partition("%")[0])
        mapped = address.ipv4_mapped if address.version == 6 else None  # noqa: PLR2004 - the protocol's number
        translated = address.version == 6 and any(address in network for network in _TRANSLATED)  # noqa: PLR2004 - as above
        if translated or not (mapped or address).is_global or (mapped or address).is_multicast:
            raise NotPublic(host)
    return found


class Sender:
    def __init__(
        self,
        endpoints: Endpoints,
        *,
        clock: Callable[[], float],
        resolve: Resolve = public_addresses,
        authorities: str | None = None,
    ) -> None:
        """`authorities` is a file of certificates (PEM) that are trusted, where it is not the machine's own."""
        self._endpoints = endpoints
        self._clock = clock
        self._resolve = resolve
        self._authorities = authorities

    def send(self, message: dict[str, str]) -> None:
        """Raises DeliveryFailed. To an endpoint that is gone, or that nobody lists any more, nothing is sent again."""
        endpoint = next((each for each in self._endpoints.listed() if each.id == message["endpoint"]), None)
        if endpoint is None:
            logger.warning("an endpoint that is not listed any more is not told")
            return
        headers = {"content-type": "application/json", "user-agent": "content-api-webhooks"}
        headers |= signed(message["id"], int(self._clock()), message["body"], endpoint.secrets)
        status = self._post(endpoint.url, message["body"].encode(), headers)
        if status == _GONE:
            logger.warning("endpoint %s is gone: take it off the list", endpoint.id)
        elif not 200 <= status < 300:  # noqa: PLR2004 - a success (RFC 9110, section 15.3); a redirect is none
            raise DeliveryFailed(f"{endpoint.id} answered {status}")

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """To the very address that was looked at: a name that is asked for twice may give another."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            address = next(iter(self._resolve(host, port)))
            with urllib3.HTTPSConnectionPool(
                address,
                port,
                timeout=_TIMEOUT,
                retries=False,
                server_hostname=host,
                assert_hostname=host,
                ca_certs=self._authorities,
            ) as pool:
                named = headers | {"host": parts.netloc}
                answer = pool.urlopen("POST", path, body, named, retries=False, redirect=False, preload_content=False)
                answer.close()
                return answer.status
        except (OSError, urllib3.exceptions.HTTPError, StopIteration) as error:
            raise DeliveryFailed(f"{host}: {type(error).__name__}") from error


def signed(message_id: str, at: int, body: str, secrets: Iterable[str]) -> dict[str, str]:
    """The headers that prove a message; `at` in seconds since 1970."""
    content = f"{message_id}.{at}.{body}".encode()
    marks = [
        hmac.digest(base64.b64decode(secret.removeprefix("whsec_") + "=="), content, hashlib.sha256)
        for secret in secrets
    ]
    signatures = " ".join(f"v1,{base64.b64encode(mark).decode()}" for mark in marks)
    return {"webhook-id": message_id, "webhook-timestamp": str(at), "webhook-signature": signatures}
