"""Writes a revision: its version to S3 first, and then all of its items to the table in one transaction.

The key of a version contains a hash of its content. So a writer that loses, or that stops between S3 and the table,
leaves an object that nothing refers to, and never overwrites the version of the writer that won.
"""

import logging
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from content_api.aws.attributes import typed
from content_api.aws.failures import described
from content_api.names.keys import article_key
from content_store.address_holding import gives_up
from content_store.article_copies import Copies, Copy, CopyContended
from content_store.current import WITHDRAWN, Current
from content_store.errors import AddressTaken, StoreBusy, VersionConflict
from content_store.front_copies import FrontCopies
from content_store.transactions import Transactions
from content_store.versions import Source, Versions

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

    from content_store.records import ArticleRecords
    from content_store.revisions import Revision

# How many addresses one change can take from other articles. Each takes one action of the transaction.
_MOVES = 8

logger = logging.getLogger(__name__)


class Commits:
    def __init__(
        self, dynamodb: "DynamoDBClient", s3: "S3Client", records: "ArticleRecords", *, table: str, bucket: str
    ) -> None:
        """`records` say who holds an address that a revision needs."""
        self._dynamodb = dynamodb
        self._table = table
        self._records = records
        self._versions = Versions(s3, bucket=bucket)
        self._transactions = Transactions(dynamodb, table=table)
        self._copies = Copies(s3, bucket=bucket)
        self._front_copies = FrontCopies(s3, bucket=bucket)

    def commit(self, revision: "Revision") -> int:
        """Writes a revision, and returns the version that is now current. Raises VersionConflict, AddressTaken and
        StoreBusy.
        """
        self._versions.keep(revision.objects)
        for _ in range(_MOVES):
            try:
                self._transactions.commit(revision)
            except AddressTaken as error:
                revision = self._moving(revision, error)
            else:
                return revision.edition.version
        raise StoreBusy(revision.article_id)

    def raise_number(self, language: str, number: int) -> None:
        """Makes the changes of a language go on from above `number`. See `Transactions.raise_number`."""
        self._transactions.raise_number(language, number)

    def note_file(self, article_id: str, current: Current, source: Source) -> None:
        """Notes the order of a file that says the same as the article, so that an earlier file which comes later
        changes nothing. Raises VersionConflict.
        """
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=typed(article_key(article_id)),
                UpdateExpression="SET taken_in = :order",
                ConditionExpression="version = :version",
                ExpressionAttributeValues={":order": {"S": source.order}, ":version": {"N": str(current.version)}},
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            raise VersionConflict(article_id, current.version) from error

    def withdraw_copies(self, revision: "Revision") -> None:
        """Puts the tombstone in the place of the copies that readers get while DynamoDB does not answer. If that fails,
        propagation does it within seconds, so the failure is logged and not raised.
        """
        edition = revision.edition
        tombstone = Copy(edition.article_id, edition.version, WITHDRAWN, edition.language, "", edition.document, "")
        try:
            self._copies.keep(tombstone)
            self._front_copies.take_off(edition.language, edition.article_id)
        except (ClientError, BotoCoreError, CopyContended) as error:
            logger.warning("copies of a withdrawn article are left to propagation: %s", described(error))

    def _moving(self, revision: "Revision", taken: AddressTaken) -> "Revision":
        """The revision that also takes the address from the article that holds it. Raises AddressTaken if that article
        keeps it.
        """
        holder = self._records.current(taken.holder)
        article = self._records.recorded(holder.version_key).article if holder.version else None
        if not gives_up(holder, article, taken.address, to_a_file=revision.is_of_a_file):
            is_withdrawn = holder.status == WITHDRAWN
            raise AddressTaken(revision.article_id, taken.address, taken.holder, is_withdrawn=is_withdrawn) from taken
        return revision.moving(taken.address, taken.holder, holder.version)
