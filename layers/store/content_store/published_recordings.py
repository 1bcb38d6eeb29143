"""The recordings that S3 itself gives to readers, through the edge: copies under a prefix of their own, each there only
while a published article has the recording. A file of 500 MB does not fit through a function.

Messages come twice and in any order, so each one settles what the table says now.
"""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from content_api.aws.attributes import typed
from content_api.aws.clients import error_code
from content_api.aws.failures import Tellable
from content_api.names.keys import used_partition
from content_api.names.media import file_key
from content_api.names.object_keys import PUBLISHED
from content_store.article_copies import MISSING
from content_store.uses import is_played

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

_ATTEMPTS = 3


class NotSettled(Tellable):
    """Articles took the recording and dropped it meanwhile. The message comes again."""


class PublishedRecordings:
    def __init__(self, dynamodb: "DynamoDBClient", s3: "S3Client", *, table: str, bucket: str) -> None:
        self._dynamodb = dynamodb
        self._s3 = s3
        self._table = table
        self._bucket = bucket

    def settle(self, media_id: str, name: str) -> None:
        """Copies the file to where readers get it, if a published article has the recording, and deletes it there if
        none has. Raises NotSettled, and what AWS raises.
        """
        is_played_now = self._is_played(media_id, name)
        for _ in range(_ATTEMPTS):
            if is_played_now:
                self._copy(media_id, name)
            else:
                self._s3.delete_object(Bucket=self._bucket, Key=PUBLISHED + file_key(media_id, name))
            was_played, is_played_now = is_played_now, self._is_played(media_id, name)
            if is_played_now == was_played:
                return
        raise NotSettled(media_id)

    def withhold(self, media_id: str, name: str) -> None:
        """Deletes the file where readers get it, unless a published article has the recording. An article may take it
        at the same moment: `settle` it afterwards. Raises what AWS raises.
        """
        if not self._is_played(media_id, name):
            self._s3.delete_object(Bucket=self._bucket, Key=PUBLISHED + file_key(media_id, name))

    def is_settled(self, media_id: str, name: str) -> bool:
        """Whether the copy is there exactly if a published article has the recording. Raises what AWS raises."""
        return self._is_there(PUBLISHED + file_key(media_id, name)) == self._is_played(media_id, name)

    def _copy(self, media_id: str, name: str) -> None:
        key = file_key(media_id, name)
        if self._is_there(PUBLISHED + key):
            return
        try:
            self._s3.copy_object(
                Bucket=self._bucket,
                Key=PUBLISHED + key,
                CopySource={"Bucket": self._bucket, "Key": key},
                TaggingDirective="REPLACE",  # it has no tags, and copying them needs permissions of its own
            )
        except ClientError as error:
            # `content-api verify` says of a file that is lost.
            if error_code(error) not in MISSING:
                raise

    def _is_there(self, key: str) -> bool:
        try:
            self._s3.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error_code(error) not in MISSING:
                raise
            return False
        return True

    def _is_played(self, media_id: str, name: str) -> bool:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=typed({":pk": used_partition(media_id)}),
            ConsistentRead=True,
        )
        return any(is_played(each, name) for page in pages for each in page["Items"])
