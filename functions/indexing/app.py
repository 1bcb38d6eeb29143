"""What Lambda starts for the queue of the search index. It writes what many messages name in one commit a shard."""

import json
import os
from collections import defaultdict
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from content_api.aws import clients
from content_api.aws.dynamodb import Table
from content_api.aws.failures import failing_plainly, log_failure
from content_api.aws.objects import Bucket
from content_api.aws.patience import Patience
from content_search.committing import ShardWriter
from content_store.settings import StoreSettings
from indexing.articles import indexed

_LONG = Patience(10)  # seconds for each read; no reader waits for it

_settings = StoreSettings.read(os.environ)
_table = Table(_settings.table, os.environ, _LONG)
_documents = Bucket(_settings.bucket, os.environ, _LONG)
_folder = Path(gettempdir()) / "indexing"


@failing_plainly
def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A message names an article and a shard (`language/shard`) where it stands or stood. What the shard gets is what
    the table says now, so messages may come twice and in any order. The messages of a shard that fails come again.
    """
    named: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    failed: list[str] = []
    for record in event["Records"]:
        try:
            message: dict[str, str] = json.loads(record["body"])
            named[message["shard"]].setdefault(message["article"], []).append(record["messageId"])
        except (ValueError, KeyError, TypeError) as error:
            log_failure(error, record["messageId"])
            failed.append(record["messageId"])
    for shard, articles in named.items():
        try:
            _commit(shard, list(articles))
        except Exception as error:  # noqa: BLE001 - the other shards are not to wait for it
            log_failure(error, f"the index {shard}")
            failed += [each for messages in articles.values() for each in messages]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _commit(named: str, articles: list[str]) -> None:
    language, shard = named.split("/")
    entries, gone = indexed(_table, _documents, language, shard, articles)
    writer = ShardWriter(clients.s3(), bucket=_settings.bucket, language=language, shard=shard, folder=_folder)
    writer.commit(entries, gone)
