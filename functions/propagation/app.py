"""What Lambda starts for the table's stream. It puts each write into the queues of its effects.

An effect is a module with the name of a queue (`QUEUE`, a variable of the environment) and a function `messages`, which
turns records into messages. It may say by which member SQS groups them (`GROUPED_BY`). A new effect needs a line here,
a queue in template.yaml, and a function that empties the queue.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from content_api.aws import clients
from content_api.aws.failures import failing_plainly, log_failure
from content_api.aws.queues import NotHandedOn, hand_on
from content_store.stream import Record, named
from propagation.deployed import Deployed
from propagation.effects import copies, edge_purges, hub, index, log, mirror, partners, recordings
from propagation.settings import PropagationSettings
from propagation.webhooks import Endpoints

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


class Effect(Protocol):
    """What a module in `effects` has."""

    __name__: str

    @property
    def QUEUE(self) -> str: ...  # noqa: N802 - a module's constant

    @staticmethod
    def messages(records: Sequence[Record], deployed: Deployed, /) -> list[dict[str, Any]]: ...


EFFECTS: tuple[Effect, ...] = (copies, recordings, log, index, mirror, edge_purges, partners, hub)

_sqs: "SQSClient" = clients.client("sqs")
_settings = PropagationSettings.read(os.environ, [effect.QUEUE for effect in EFFECTS])
_deployed = Deployed(_settings.public_url, _settings.hub, Endpoints(_settings.webhooks_secret))


@failing_plainly
def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Hands records on to every effect. An effect that fails does not delay the others, and neither does a record that
    cannot be read. After an error, Lambda sends the batch again in halves, until the faulty record is alone. Then it is
    kept in S3 (template.yaml, PropagationSource).
    """
    failed = [effect.__name__ for effect in EFFECTS if not _is_handed_on(effect, event["Records"])]
    if failed:
        raise NotHandedOn(", ".join(failed))
    return {"batchItemFailures": []}


def _is_handed_on(effect: Effect, records: Sequence[Record]) -> bool:
    """Whether the effect got all records. The log names those that it did not get."""
    try:
        messages, is_all = _messages(effect, records)
        hand_on(_sqs, _settings.queues[effect.QUEUE], messages, grouped_by=getattr(effect, "GROUPED_BY", ""))
    except Exception as error:  # noqa: BLE001 - the other effects are not to wait for it
        log_failure(error, effect.__name__)
        return False
    return is_all


def _messages(effect: Effect, records: Sequence[Record]) -> tuple[list[dict[str, Any]], bool]:
    """The messages for all records that the effect can read, and whether it could read all. If the effect fails on the
    records together, it gets them one by one.
    """
    with suppress(Exception):  # the faulty records are named below
        return effect.messages(records, _deployed), True
    readable = [record for record in records if _is_readable(effect, record)]
    return effect.messages(readable, _deployed) if readable else [], False


def _is_readable(effect: Effect, record: Record) -> bool:
    try:
        effect.messages([record], _deployed)
    except Exception as error:  # noqa: BLE001 - one record is not to hold up the others
        log_failure(error, f"{effect.__name__} of {named(record)}")
        return False
    return True
