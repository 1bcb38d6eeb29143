"""What Lambda starts for the queue of the mirror, and every hour."""

import datetime as dt
import os
from typing import Any

from content_api.aws import clients
from content_api.aws.dynamodb import Table
from content_api.aws.failures import failing_plainly, log_failure
from content_api.aws.objects import Bucket
from content_api.aws.patience import Patience
from content_api.aws.queues import hand_on
from mirroring.bundling import Bundles
from mirroring.committing import MirrorWriter
from mirroring.making import Maker
from mirroring.notices import MirrorNotices
from mirroring.refreshing import is_of_other_notices, refresh, remaking, remaking_shelf
from mirroring.settings import MirroringSettings
from mirroring.signing import Signer
from mirroring.tree import Tree
from mirroring.work import Work

_LONG = Patience(10)  # seconds for each read; no reader waits for it

_settings = MirroringSettings.read(os.environ)
_table = Table(_settings.table, os.environ, _LONG)
_bucket = Bucket(_settings.bucket, os.environ, _LONG)
_sqs = clients.client("sqs")
_secrets = clients.client("secretsmanager")
_signer = Signer(_secrets.get_secret_value(SecretId=_settings.secret)["SecretString"])
_writer = MirrorWriter(clients.s3(), bucket=_settings.bucket, signer=_signer)


@failing_plainly
def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Writes what a batch of messages names in one commit. An event without messages is the hour's: the mirror says
    anew until when it may be trusted. If a commit fails, all messages of the batch come again. Those of an article that
    cannot be read come again alone.
    """
    if "Records" not in event:
        _commit(Work(), is_hourly=True)
        return {"batchItemFailures": []}
    work = Work()
    failed: list[str] = []
    for record in event["Records"]:
        try:
            work.add(record["body"], record["messageId"])
        except (ValueError, KeyError, TypeError) as error:
            log_failure(error, record["messageId"])
            failed.append(record["messageId"])
    try:
        unreadable = _commit(work)
    except Exception as error:  # noqa: BLE001 - all messages come again
        log_failure(error, f"the mirror's {', '.join(work.languages())}")
        failed = [record["messageId"] for record in event["Records"]]
    else:
        failed += [each for article_id in unreadable for each in work.messages[article_id]]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _commit(work: Work, *, is_hourly: bool = False) -> set[str]:
    """The ids of the articles that cannot be read."""
    now = dt.datetime.now(dt.UTC)
    notices = MirrorNotices(now.date().isoformat())
    maker = Maker(_table, _bucket, notices)

    withdrawn: dict[str, list[str]] = {}

    def change(tree: Tree) -> None:
        if is_of_other_notices(tree, notices):
            hand_on(_sqs, _settings.queue, remaking(tree))
        for shelf in sorted(work.remade):
            hand_on(_sqs, _settings.queue, remaking_shelf(tree, maker, shelf))
        if is_hourly:
            work.fronts.update(tree.languages())
            hand_on(_sqs, _settings.queue, ({"bundle": each} for each in tree.languages()))
        maker.make(tree, work)
        refresh(tree, notices, now=now, key=_signer.public_key, next_mirrors=_settings.next_mirrors)

        withdrawn.update({each: sorted(tree.part(each).withdrawn) for each in tree.languages()})

    _writer.commit(change)
    bundles = Bundles(clients.s3(), bucket=_settings.bucket, signer=_signer, maker=maker)
    for language in sorted(work.bundles | maker.withdrawn_in):
        bundles.keep(language, withdrawn.get(language, []), at=now)
    return maker.failed
