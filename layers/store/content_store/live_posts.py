"""The posts of live blogs in the table. A post has a number, counted from 1, which it keeps; twenty make a page, which
never changes once it is full, unless one of its posts is corrected or withdrawn.

    POSTS#<article>   <number>   version, post (as readers get it), edited (as editors sent it);
                                 the last two only if it was not withdrawn
                      LAST       number: how many there are; version: how often the blog was written;
                                 entry: which are pinned, and the key events

Every version of a post is also in S3, for ever. All writes of a blog are conditional on the version of LAST, so two
editors never get the same number.
"""

import datetime as dt
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from content_api.aws.attributes import Item, typed
from content_api.content.document import compact_json
from content_api.content.post import Post, public_post
from content_api.content.values import AS_KEPT
from content_api.names.instants import printed
from content_api.names.keys import LAST_POST, article_key, last_post_key, post_key, posts_partition
from content_api.names.object_keys import POSTS
from content_store.current import WITHDRAWN
from content_store.errors import ArticleWithdrawn, PostNotFound, StoreBusy, VersionConflict
from content_store.newsroom import done_by
from content_store.revisions import at_version

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

_ATTEMPTS = 8
MOST_PINNED = 5
MOST_KEY_EVENTS = 100
MOST_POSTS = 999_999


class _Overtaken(Exception):
    """Somebody else has written the blog meanwhile."""


class TooManyMarked(Exception):
    """More posts would be pinned, or key events, than readers are shown. The message says what to do."""


@dataclass(frozen=True, slots=True)
class KeptPost:
    """`post` is None for one that was withdrawn."""

    number: int
    version: int
    post: Post | None


@dataclass(frozen=True, slots=True)
class _Blog:
    """What LAST says."""

    number: int = 0
    version: int = 0
    pinned: tuple[int, ...] = ()
    key_events: tuple[dict[str, Any], ...] = ()

    def marked(self, number: int, post: Post | None) -> "_Blog":
        """With the marks of a post that is written. Raises TooManyMarked."""
        pinned = [each for each in self.pinned if each != number]
        events = [each for each in self.key_events if each["number"] != number]
        if post and post.is_pinned:
            pinned.append(number)
        if post and post.is_key_event and post.at:
            events.append({"number": number, "at": printed(post.at), "headline": post.headline})
        if len(pinned) > MOST_PINNED:
            raise TooManyMarked(f"{MOST_PINNED} posts are pinned already: unpin one of {pinned[:-1]}")
        if len(events) > MOST_KEY_EVENTS:
            raise TooManyMarked(f"there are {MOST_KEY_EVENTS} key events already: make one of them an ordinary post")
        events.sort(key=lambda each: each["number"])
        return _Blog(max(self.number, number), self.version + 1, tuple(pinned), tuple(events))

    def item(self, article_id: str) -> Item:
        entry = {"pinned": [*self.pinned], "key_events": [*self.key_events]}
        item: Item = typed(last_post_key(article_id) | {"entry": compact_json(entry).decode()})
        return item | {"number": {"N": str(self.number)}, "version": {"N": str(self.version)}}


class LivePosts:
    def __init__(self, dynamodb: "DynamoDBClient", s3: "S3Client", *, table: str, bucket: str) -> None:
        self._dynamodb = dynamodb
        self._s3 = s3
        self._table = table
        self._bucket = bucket

    def add(self, article_id: str, post: Post, *, by: str, at: dt.datetime) -> int:
        """Returns the number of the post. Raises ArticleWithdrawn, TooManyMarked and StoreBusy."""

        def once() -> int:
            blog = self._blog(article_id)
            number = blog.number + 1
            self._write(article_id, number, 1, post, blog, by=by, action="add", at=at)
            return number

        return self._again(once)

    def replace(
        self, article_id: str, number: int, post: Post | None, *, expected_version: int, by: str, at: dt.datetime
    ) -> int:
        """Corrects a post, or withdraws it (None). Returns the new version. Raises PostNotFound, VersionConflict, and
        what `add` raises.
        """

        def once() -> int:
            if self.find(article_id, number).version != expected_version:
                raise VersionConflict(f"post {number} of {article_id}", expected_version)
            blog, action = self._blog(article_id), "correct" if post else "withdraw"
            self._write(article_id, number, expected_version + 1, post, blog, by=by, action=action, at=at)
            return expected_version + 1

        return self._again(once)

    def find(self, article_id: str, number: int) -> KeptPost:
        """Raises PostNotFound."""
        key = typed(post_key(article_id, number))
        item: Any = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        if item is None:
            raise PostNotFound(article_id, number)
        return _kept_in(item)

    def listed(self, article_id: str, *, before: int = MOST_POSTS + 1, limit: int = 20) -> list[KeptPost]:
        """The posts with numbers below `before`, the newest first."""
        values = typed({":pk": posts_partition(article_id), ":before": post_key(article_id, before)["sk"]})
        answer: Any = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk < :before",
            ExpressionAttributeValues=values,
            ConsistentRead=True,
            ScanIndexForward=False,
            Limit=limit,
        )
        return [_kept_in(item) for item in answer["Items"] if item["sk"]["S"] != LAST_POST]

    def _blog(self, article_id: str) -> _Blog:
        key = typed(last_post_key(article_id))
        item: Any = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        if item is None:
            return _Blog()
        entry = json.loads(item["entry"]["S"])
        return _Blog(
            int(item["number"]["N"]), int(item["version"]["N"]), tuple(entry["pinned"]), tuple(entry["key_events"])
        )

    def _write(  # noqa: PLR0913 - by name, what a version is made of
        self,
        article_id: str,
        number: int,
        version: int,
        post: Post | None,
        blog: _Blog,
        *,
        by: str,
        action: str,
        at: dt.datetime,
    ) -> None:
        marked = blog.marked(number, post)
        content = compact_json(
            {
                "id": article_id,
                "number": number,
                "version": version,
                "recorded_at": printed(at),
                "by": by,
                "action": action,
                "post": post.model_dump(mode="json") if post else None,
            }
        )
        digest = sha256(content).hexdigest()[:16]
        key = f"{POSTS}{article_id}/{number:06d}/{version:06d}-{digest}.json"
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)
        item: Item = typed(post_key(article_id, number) | {"object": key}) | done_by(by, action, at)
        item["version"] = {"N": str(version)}
        if post:
            shown = compact_json(public_post(post, number, version)).decode()
            item |= typed({"post": shown, "edited": post.model_dump_json()})
        still = {
            "TableName": self._table,
            "Key": typed(article_key(article_id)),
            "ConditionExpression": "attribute_exists(pk) AND #status <> :withdrawn",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": typed({":withdrawn": WITHDRAWN}),
        }
        actions: list[Any] = [
            {"ConditionCheck": still},
            {"Put": {"TableName": self._table, "Item": marked.item(article_id), **at_version(blog.version)}},
            {"Put": {"TableName": self._table, "Item": item, **at_version(version - 1)}},
        ]
        try:
            self._dynamodb.transact_write_items(TransactItems=actions)
        except self._dynamodb.exceptions.TransactionCanceledException as error:
            reasons: list[Any] = error.response.get("CancellationReasons", [])
            codes = [each.get("Code") for each in reasons]
            if codes and codes[0] == "ConditionalCheckFailed":
                raise ArticleWithdrawn(article_id) from error
            if {"ConditionalCheckFailed", "TransactionConflict"} & {*codes}:
                raise _Overtaken from error
            raise

    def _again[Result](self, once: Any) -> Any:  # noqa: ANN401 - what `once` returns
        again = Retrying(retry=retry_if_exception_type(_Overtaken), stop=stop_after_attempt(_ATTEMPTS), reraise=True)
        try:
            return again(once)
        except _Overtaken as error:
            raise StoreBusy("too many write this live blog at once") from error


def _kept_in(item: Item) -> KeptPost:
    post = Post.model_validate_json(item["edited"]["S"], context=AS_KEPT) if "edited" in item else None
    return KeptPost(int(item["sk"]["S"]), int(item["version"]["N"]), post)
