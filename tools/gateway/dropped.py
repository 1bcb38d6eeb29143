"""What was put into the bucket, handed to a function as S3's events do through EventBridge and SQS."""

import json
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from gateway.server import LambdaContext

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

type Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

_MOST_RECEIVED = 5  # as in the template's queue of files


class Dropped:
    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        # How often each version of an object was handed over.
        self._received: Counter[str] = Counter()
        # When each object was last written, as listed.
        self._written: dict[str, Any] = {}
        # Keys and versions of objects that were handled.
        self._handled: set[tuple[str, str]] = set()

    def hand_over(self, prefix: str, handler: Handler, *, is_taken_away: bool) -> None:
        """Hands over each version of each object under the prefix, until it is handled, at most five times.

        To list the versions under a prefix, moto copies every version in the bucket with its content, and keeps the
        copies. So versions are listed only if an object waits there. With `is_taken_away`, the handler removes what it
        has handled, so any object waits. Otherwise an object waits if its key is new, since such a key is a hash of the
        content, or if its object was written again.
        """
        listed = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=prefix).get("Contents", [])
        written = {each.get("Key", ""): each.get("LastModified") for each in listed}
        known: set[str] = set() if is_taken_away else {key for key, _ in self._handled}
        if all(key in known and self._written.get(key) == at for key, at in written.items()):
            return
        self._written |= written
        for each in self._versions(prefix):
            key, version = each.get("Key", ""), each.get("VersionId", "")
            if (key, version) in self._handled or self._received[version] >= _MOST_RECEIVED:
                continue
            self._received[version] += 1
            stated = {"key": key, "version-id": version, "sequencer": f"{len(self._received):016X}"}
            record: dict[str, Any] = {"messageId": version, "body": json.dumps({"detail": {"object": stated}})}
            record["attributes"] = {"ApproximateReceiveCount": str(self._received[version])}
            if not handler({"Records": [record | {"eventSource": "aws:sqs"}]}, LambdaContext())["batchItemFailures"]:
                self._handled.add((key, version))

    def _versions(self, prefix: str) -> list[dict[str, Any]]:
        """As S3 lists versions. moto fails at that where a key has a control character, which XML has no place for:
        then the newest version of each key comes first, and an older one when that is taken in.
        """
        try:
            listed: Any = self._s3.list_object_versions(Bucket=self._bucket, Prefix=prefix).get("Versions", [])
        except ClientError:
            there: Any = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=prefix).get("Contents", [])
            return [
                each | {"VersionId": self._s3.head_object(Bucket=self._bucket, Key=each["Key"]).get("VersionId", "")}
                for each in there
            ]
        return listed
