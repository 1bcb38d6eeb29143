"""What editors find: all articles, whatever their status, the newest change first; and what the newsroom did, by day.

Articles are read from the index NEWSROOM of the table, which follows within a second. Readers' functions may not read
it. The log is written by the table's stream (`propagation.effects.log`).
"""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import Item, typed
from content_api.names.instants import parsed, sortable
from content_api.names.keys import CHANGED, DESK, NEWSROOM, facet, log_partition
from content_api.names.parsing import key_of
from content_store.desk_cards import DESK_CARD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb.client import DynamoDBClient

type Entry = dict[str, Any]

SCHEDULED = "scheduled"
# Articles that one request looks at. An item has about 500 bytes there, so these are some 1,200 read units.
MOST_LOOKED_AT = 20_000
_AT_ONCE = 1000
_SHOWN = f"pk, #status, version, publish_at, #by, #action, {CHANGED}, {DESK}, {DESK_CARD}"
_NAMES = {"#status": "status", "#by": "by", "#action": "action"}
_KEPT = dt.timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles. A member that is empty excludes none. `words` must all begin words of the headline, of the
    standfirst, of a tag or of a name in the byline.
    """

    status: str = ""
    section: str = ""
    author: str = ""
    type: str = ""
    words: tuple[str, ...] = ()

    def has(self, entry: Entry) -> bool:
        names = [name for each in entry["byline"] for name in (each["name"], each["id"] or "")]
        return (
            self.status in {"", entry["status"], SCHEDULED if entry.get("publish_at") else entry["status"]}
            and (not self.section or _same(self.section, entry["section"] or ""))
            and (not self.author or any(_same(self.author, each) for each in names))
            and self.type in {"", entry["type"]}
            and (not self.words or self._says(entry))
        )

    def _says(self, entry: Entry) -> bool:
        texts = [entry["headline"], entry["standfirst"] or "", entry["section"] or "", entry["id"].replace("-", " ")]
        texts += [*entry["tags"], *(each["name"] for each in entry["byline"])]
        said = words_of(" ".join(texts))
        return all(any(word.startswith(each) for word in said) for each in self.words)


@dataclass(slots=True)
class _Language:
    """The articles of a language that were fetched and not looked at yet, the newest first."""

    desk: str
    after: str
    waiting: list[Item] = field(default_factory=list[Item])
    is_over: bool = False


class Newsroom:
    def __init__(self, dynamodb: "DynamoDBClient", *, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def articles(
        self, languages: "Iterable[str]", wanted: Wanted, *, after: str = "", limit: int = 50
    ) -> tuple[list[Entry], str]:
        """At most `limit` articles, the newest change first, and the position behind which the next page begins; empty
        at the end. A page may be short, since only so many articles are looked at.
        """
        found: list[Entry] = []
        looked_at = 0
        last = after
        rest = [_Language(each, after) for each in dict.fromkeys(languages)]
        while rest and len(found) < limit and looked_at < MOST_LOOKED_AT:
            for each in rest:
                if not each.waiting and not each.is_over:
                    self._fetch(each, limit if wanted == Wanted() else _AT_ONCE)
            rest = [each for each in rest if each.waiting]
            if not rest:
                break
            newest = max(rest, key=lambda each: each.waiting[0][CHANGED]["S"])
            item = newest.waiting.pop(0)
            last = item[CHANGED]["S"]
            looked_at += 1
            entry = _entry_in(item)
            if wanted.has(entry):
                found.append(entry)
        is_over = not any(each.waiting or not each.is_over for each in rest)
        return found, "" if is_over else last

    def _fetch(self, language: _Language, count: int) -> None:
        values = {":desk": {"S": language.desk}} | ({":after": {"S": language.after}} if language.after else {})
        answer: Any = self._dynamodb.query(
            TableName=self._table,
            IndexName=NEWSROOM,
            KeyConditionExpression=f"{DESK} = :desk" + (f" AND {CHANGED} < :after" if language.after else ""),
            ExpressionAttributeValues=values,
            ProjectionExpression=_SHOWN,
            ExpressionAttributeNames=_NAMES,
            ScanIndexForward=False,
            Limit=count,
        )
        language.waiting = answer["Items"]
        language.is_over = "LastEvaluatedKey" not in answer
        if language.waiting:
            language.after = language.waiting[-1][CHANGED]["S"]

    def note(self, done: Entry) -> None:
        """Writes what was done into the log of its day. May be repeated."""
        at: str = done["at"]
        expires = parsed(at) + _KEPT
        item: Item = typed({"pk": log_partition(at[:10]), "sk": f"{at}#{done['what']}#{done['id']}"})
        item |= typed({"entry": json.dumps(done, ensure_ascii=False, separators=(",", ":"))})
        self._dynamodb.put_item(TableName=self._table, Item=item | {"expires": {"N": str(int(expires.timestamp()))}})

    def log(self, day: str, *, after: str = "", limit: int = 100) -> tuple[list[Entry], str]:
        """What was done on a day (ISO 8601, in UTC), the newest first, and the position behind which the next page
        begins.
        """
        values = {":pk": {"S": log_partition(day)}} | ({":after": {"S": after}} if after else {})
        answer: Any = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk" + (" AND sk < :after" if after else ""),
            ExpressionAttributeValues=values,
            ScanIndexForward=False,
            Limit=limit,
        )
        items = answer["Items"]
        following = items[-1]["sk"]["S"] if "LastEvaluatedKey" in answer and items else ""
        return [json.loads(each["entry"]["S"]) for each in items], following


def done_by(by: str, action: str, at: dt.datetime) -> Item:
    """The attributes of an item that say who wrote it, how, and when. The log is made of them."""
    return typed({"by": by, "action": action, CHANGED: sortable(at)})


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared."""
    kept = "".join(each if each.isalnum() or each in "'’ʼ" else " " for each in facet("", text))
    return tuple(kept.split())


def _same(one: str, other: str) -> bool:
    return facet("", one) == facet("", other)


def _entry_in(item: Item) -> Entry:
    """What editors get of an article. Of one that an earlier release withdrew, only its id and its state are known."""
    card: Entry = {
        "headline": "", "standfirst": None, "section": None, "type": "article", "published_at": None,
        "updated_at": None, "tags": [], "byline": [],
    }  # fmt: skip
    card |= json.loads(item[DESK_CARD]["S"]) if DESK_CARD in item else {}
    changed, _, _ = item[CHANGED]["S"].partition("#")
    made = {
        "id": key_of(item["pk"]["S"], "ARTICLE").article_id,
        "language": item[DESK]["S"],
        "status": item["status"]["S"],
        "version": int(item["version"]["N"]),
        "changed_at": changed,
        "by": item.get("by", {}).get("S", ""),
        "action": item.get("action", {}).get("S", ""),
        **card,
    }
    return made | ({"publish_at": item["publish_at"]["S"]} if "publish_at" in item else {})
