"""What the table says of articles now. Writers decide by it, so it is read consistently."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import Item, typed
from content_api.names.instants import parsed
from content_api.names.keys import article_key, drafts_partition
from content_store.desk_cards import DESK_CARD
from content_store.errors import ItemDamaged
from content_store.placement import Placement, placement_in
from content_store.uses import MEDIA, files_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb.client import DynamoDBClient

WITHDRAWN = "withdrawn"
# The attribute of a withdrawn article that was only ever a draft. Readers are not told that it existed.
NEVER_PUBLIC = "never_public"


@dataclass(frozen=True, slots=True)
class Current:
    """What the table says of an article: its version (0 if there is none), and the lists that it is on."""

    version: int = 0
    status: str = ""
    digest: str = ""
    version_key: str = ""
    language: str = ""
    placement: Placement | None = None
    publish_at: dt.datetime | None = None
    # `taken_in` is the order (`Source.order`) of the latest file that the article came in. `is_edited`: editors have
    # changed what the article says since.
    taken_in: str = ""
    is_edited: bool = False
    # The ids of its translations, as its item has them.
    siblings: tuple[str, ...] = ()
    # True if it was withdrawn before any reader could read it.
    never_public: bool = False
    # The ids of the uploaded pictures that readers get with it.
    media: frozenset[str] = frozenset()
    # What editors see of it in a list (JSON); empty for one that an earlier release wrote.
    desk_card: str = ""


class CurrentArticles:
    def __init__(self, dynamodb: "DynamoDBClient", *, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def of(self, article_id: str) -> Current:
        """Raises ItemDamaged."""
        answer = self._dynamodb.get_item(
            TableName=self._table,
            Key=typed(article_key(article_id)),
            ConsistentRead=True,
            ProjectionExpression=(
                "version, #status, digest, version_key, #language, #position, facets, breaking_position, "
                f"updated_position, publish_at, taken_in, is_edited, siblings, #media, {NEVER_PUBLIC}, {DESK_CARD}"
            ),
            ExpressionAttributeNames={
                "#status": "status",
                "#language": "language",
                "#position": "position",
                "#media": MEDIA,
            },
        )
        try:
            return _current_in(answer.get("Item"))
        except (KeyError, TypeError, ValueError) as error:
            raise ItemDamaged(article_id) from error

    def numbers(self, ids: "Iterable[str]") -> dict[str, int]:
        """The versions of at most 100 articles; 0 if the item is damaged. An id without an article is left out."""
        return {each: int(item.get("version", {}).get("N", "0")) for each, item in self._some(ids).items()}

    def languages(self, ids: "Iterable[str]") -> dict[str, str]:
        """The languages of at most 100 articles; empty if the item is damaged. An id without an article is left out."""
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
        """The drafts of a language, sorted by id: `id`, `headline`, `version`, and `publish_at` if the draft has a time
        of publication.
        """
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
        media=frozenset(files_in(item) if item["status"]["S"] == "published" else ()),
        desk_card=item[DESK_CARD]["S"] if DESK_CARD in item else "",
    )
