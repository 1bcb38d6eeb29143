"""What Lambda starts for the queue of copies. It keeps the copies in S3, which readers get while the table does not
answer, and the recordings that S3 itself gives to them. It also links articles that
are translations of each other, and keeps the newsroom's log.
"""

import json
import os
import time
from functools import partial
from typing import Any

from content_api.aws import clients
from content_api.aws.batches import QUEUE, each_of
from content_api.aws.dynamodb import Table
from content_api.aws.failures import failing_plainly
from content_api.aws.patience import Patience
from content_api.names.keys import article_key
from content_api.reader_api.front import front_of
from content_store.article_copies import Copies, nothing_for_readers
from content_store.front_copies import FrontCopies
from content_store.newsroom import Newsroom
from content_store.published_recordings import PublishedRecordings
from content_store.settings import StoreSettings
from content_store.siblings import Siblings
from content_store.stream import copy_of

_LONG = Patience(10)  # seconds for each read; no reader waits for it
_COPIED = "version status language modified document document_key never_public"

_settings = StoreSettings.read(os.environ)
_table = Table(_settings.table, os.environ, _LONG)
_copies = Copies(clients.s3(), bucket=_settings.bucket)
_fronts = FrontCopies(clients.s3(), bucket=_settings.bucket)
_recordings = PublishedRecordings(clients.dynamodb(), clients.s3(), table=_settings.table, bucket=_settings.bucket)
_newsroom = Newsroom(clients.dynamodb(), table=_settings.table)
_siblings = Siblings(clients.dynamodb(), table=_settings.table)


@failing_plainly
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """A message names the article or front that has changed. The copy is made from what the table says now, so the
    order of messages does not matter. A message that fails comes again.
    """
    return each_of(event, context, QUEUE, _keep_copy, named=_name)


def _name(record: Any) -> str:  # noqa: ANN401 - Powertools' SQSRecord
    ((kind, named),) = json.loads(record.body).items()
    return f"{kind} {named['id'] if kind == 'done' else named}"


def _keep_copy(record: Any) -> None:  # noqa: ANN401 - Powertools' SQSRecord
    message: dict[str, Any] = json.loads(record.body)
    if "done" in message:
        _newsroom.note(message["done"])
    elif "front" in message:
        _fronts.keep(message["front"], partial(_front, message["front"]))
    elif "recording" in message:
        media_id, _, name = message["recording"].partition("/")
        _recordings.settle(media_id, name)
    else:
        _copy(message["article"])
        _siblings.link(message["article"])


def _copy(article_id: str) -> None:
    """Copies an article. A draft has no copy. If it was withdrawn before, an empty copy replaces the tombstone."""
    item = _table.get_item(article_key(article_id), _COPIED)
    if item is None:
        return
    copy = copy_of(article_id, item)
    if copy is None and _copies.state(article_id)[0]:
        copy = nothing_for_readers(article_id, int(item["version"]["N"]), item["language"]["S"])
    if copy is not None:
        _copies.keep(copy)


def _front(language: str) -> dict[str, Any]:
    """The front for the copy. It has only articles in its own language. Every change in that language makes the copy
    anew; an article in another language would stay on it after its withdrawal.
    """
    return front_of(_table, language, now=time.time(), own_alone=True)
