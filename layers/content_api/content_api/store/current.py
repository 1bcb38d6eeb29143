"""What the table says of articles now, read consistently: writers decide by it."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import Item, typed
from content_api.names.instants import parsed
from content_api.names.keys import article_key, drafts_partition
from content_api.store.placement import Placement, placement_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb.client import DynamoDBClient

WITHDRAWN = "withdrawn"
# The attribute of an item whose article was withdrawn as a draft: readers are not told that it was there.
NEVER_PUBLIC = "never_public"


@dataclass(frozen=True, slots=True)
class Current:
    """What the table says of an article: its version, 0 where there is none, and the lists it is on."""

    version: int = 0
    status: str = ""
    digest: str = ""
    version_key: str = ""
    language: str = ""
    placement: Placement | None = None
    publish_at: dt.datetime | None = None
    # The order of the latest file that it came in, and whether editors have changed what it says since.
    taken_in: str = ""
    is_edited: bool = False
    # Ids of its siblings, as its item has them.
    siblings: tuple[str, ...] = ()
    # Whether it was withdrawn before any reader could have it.
    never_public: bool = False


class CurrentArticles:
    def __init__(self, dynamodb: "DynamoDBClient", *, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def of(self, article_id: str) -> Current:
        answer = self._dynamodb.get_item(
            TableName=self._table,
            Key=typed(article_key(article_id)),
            ConsistentRead=True,
            ProjectionExpression=(
                "version, #status, digest, version_key, #language, #position, facets, breaking_position, publish_at, "
                f"taken_in, is_edited, siblings, {NEVER_PUBLIC}"
            ),
            ExpressionAttributeNames={"#status": "status", "#language": "language", "#position": "position"},
        )
        return _current_in(answer.get("Item"))

    def numbers(self, ids: "Iterable[str]") -> dict[str, int]:
        """The versions that articles are at, of at most 100; 0 where that cannot be read. What is none is not there."""
        return {each: int(item.get("version", {}).get("N", "0")) for each, item in self._some(ids).items()}

    def languages(self, ids: "Iterable[str]") -> dict[str, str]:
        """The languages of articles, of at most 100; empty where that cannot be read. What is none is not there."""
        return {each: item.get("language", {}).get("S", "") for each, item in self._some(ids).items()}

    def _some(self, ids: "Iterable[str]") -> dict[str, Item]:
        named = {article_key(each)["pk"]: each for each in ids}
        keys: Any = [typed(article_key(each)) for each in named.values()]
        asked = {
            "Keys": keys,
            "ConsistentRead": True,
            "ProjectionExpression": "pk, version, #language",
            "ExpressionAttributeNames": {"#language": "language"},
        }
        left: Any = {self._table: asked} if keys else {}
        found: dict[str, Item] = {}
        while left:
            answer: Any = self._dynamodb.batch_get_item(RequestItems=left)
            found |= {named[item["pk"]["S"]]: item for item in answer["Responses"][self._table]}
            left = answer.get("UnprocessedKeys")
        return found

    def drafts(self, language: str, *, after: str = "", limit: int = 50) -> list[dict[str, Any]]:
        """The drafts of a language by id: `id`, `headline`, `version`, and `publish_at` where one waits for it."""
        answer = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk > :after",
            ExpressionAttributeValues={":pk": {"S": drafts_partition(language)}, ":after": {"S": after or " "}},
            ConsistentRead=True,
            Limit=limit,
        )
        found: Any = answer["Items"]
        return [json.loads(item["entry"]["S"]) for item in found]


def _current_in(item: Item | None) -> Current:
    if item is None:
        return Current()
    return Current(
        version=int(item["version"]["N"]),
        status=item["status"]["S"],
        digest=item["digest"]["S"],
        version_key=item["version_key"]["S"],
        language=item["language"]["S"],
        placement=placement_in(item),
        publish_at=parsed(item["publish_at"]["S"]) if "publish_at" in item else None,
        taken_in=item["taken_in"]["S"] if "taken_in" in item else "",
        is_edited="is_edited" in item,
        siblings=tuple(item["siblings"]["S"].split(" ")) if "siblings" in item else (),
        never_public=NEVER_PUBLIC in item,
    )
