"""Siblings: the translations of an article, whichever of them names the other.

What an article names is its own version's, and is never changed here. Who names whom makes groups: two published
articles are siblings if one names the other, or both are siblings of a third. An article's item has the ids of its
siblings, so that a reader's request takes none more. They are put there after each write, from the queue of copies:
whoever links reads again after each write of its own, until nothing is left to write. So the last writer leaves what is
right, whoever wrote beside it.

    NAMED#<id>   NAMED   the ids of those that name an article, which need not be there yet
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import Item, typed
from content_api.names.keys import article_key, named_key
from content_api.names.quotas import BATCH_READS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

# An article names 30 at most. So many languages no publisher has, and each is in one.
MOST_SIBLINGS = 60
# A group has one of each language. One that is larger is somebody's mistake, and no walk ends where it does.
_LARGEST_GROUP = 200
# Each turn but the last writes: whoever needs more has others beside it who write, and whose turns end it.
_MOST_TURNS = 20


@dataclass(frozen=True, slots=True)
class Node:
    """What the table says of an article that names others, or is named. `position` is that on its lists, by the time
    of its publication; `names` are those of a draft, too, and `shown` what its item has as siblings.
    """

    is_there: bool = False
    is_published: bool = False
    language: str = ""
    position: str = ""
    version_key: str = ""
    names: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    named_by: frozenset[str] = frozenset()

    @property
    def links(self) -> tuple[str, ...]:
        """Whom it makes its siblings. What nobody can read links nobody."""
        return self.names if self.is_published else ()


@dataclass(slots=True)
class Difference:
    """What items should say of siblings and do not: `shown` by article, and those that name an article, or do not."""

    shown: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    unnoted: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    outdated: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def __bool__(self) -> bool:
        return bool(self.shown or self.unnoted or self.outdated)

    def complaints(self, article_id: str) -> list[str]:
        """Those of one article, for whoever holds the table against what it should be."""
        found = [
            f"it names {named} as a translation, which does not know of it"
            for name, named in sorted(self.unnoted)
            if name == article_id
        ]
        found += [
            f"{name} does not name it as a translation, and is said to"
            for name, named in sorted(self.outdated)
            if named == article_id
        ]
        if article_id in self.shown:
            found.append(f"its siblings should be {', '.join(self.shown[article_id]) or 'none'}")
        return found


def carried(names: Iterable[str], shown: Iterable[str]) -> tuple[str, ...]:
    """What a new version's item has until its siblings are looked for: those that it names, and those that the version
    before it had. What is none any more stands there for a few seconds.
    """
    return tuple(dict.fromkeys((*names, *shown)))[:MOST_SIBLINGS]


def siblings_of(article_id: str, nodes: Mapping[str, Node]) -> tuple[str, ...]:
    """Those that the article names, in its order, then the others by language: of two in one language, the one
    published last. What is named and not published stands there as well, so that it is seen when it is. Readers see one
    of each language, the first, and none in the language of the article itself.
    """
    own = nodes[article_id]
    others = [each for each in _group(article_id, nodes) if nodes[each].is_published]
    newest: dict[str, str] = {}
    for each in sorted(others, key=lambda each: nodes[each].position):
        newest[nodes[each].language] = each
    taken = {own.language, *(nodes[each].language for each in own.links if each in others)}
    rest = [each for language, each in sorted(newest.items()) if language not in taken]
    return carried(own.names, rest)


def difference(nodes: Mapping[str, Node]) -> Difference:
    found = Difference()
    for article_id, node in nodes.items():
        found.unnoted |= {
            (article_id, named) for named in node.names if named in nodes and article_id not in nodes[named].named_by
        }
        found.outdated |= {
            (name, article_id) for name in node.named_by if name in nodes and article_id not in nodes[name].names
        }
        if node.is_published and (should := siblings_of(article_id, nodes)) != node.shown:
            found.shown[article_id] = should
    return found


def _group(article_id: str, nodes: Mapping[str, Node]) -> list[str]:
    """Whoever is linked with the article, in either direction and by any number of others; it is not in it itself."""
    linked: dict[str, set[str]] = {each: set() for each in nodes}
    for each, node in nodes.items():
        for named in node.links:
            if named in linked:
                linked[each].add(named)
                linked[named].add(each)
    found, waiting = {article_id}, [article_id]
    while waiting:
        new = linked[waiting.pop()] - found
        found |= new
        waiting += new
    return sorted(found - {article_id})


class Siblings:
    def __init__(self, dynamodb: "DynamoDBClient", *, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def link(self, article_id: str) -> None:
        """After any write of the article: it and all that it is linked with, or was, show each other. Raises what
        DynamoDB raises; then it is to be asked for again.
        """
        for _ in range(_MOST_TURNS):
            wrong = difference(self.around(article_id))
            if not wrong:
                return
            self._write(wrong)

    def around(self, article_id: str) -> dict[str, Node]:
        """The article, and whoever is linked with it by what one of them names or shows."""
        found: dict[str, Node] = {}
        waiting = [article_id]
        while waiting and len(found) < _LARGEST_GROUP:
            read = self._read(waiting[: BATCH_READS // 2])
            found |= read
            ahead = waiting[BATCH_READS // 2 :]
            for node in read.values():
                ahead += [*node.names, *sorted(node.named_by), *node.shown]
            waiting = [each for each in dict.fromkeys(ahead) if each not in found]
        return found

    def _read(self, ids: list[str]) -> dict[str, Node]:
        keys: Any = [typed(make(each)) for each in ids for make in (article_key, named_key)]
        asked = {
            "Keys": keys,
            "ConsistentRead": True,
            "ProjectionExpression": "pk, #status, #language, #position, version_key, translations, siblings, named_by",
            "ExpressionAttributeNames": {"#status": "status", "#language": "language", "#position": "position"},
        }
        left: Any = {self._table: asked} if keys else {}
        items: dict[str, Item] = {}
        while left:
            answer: Any = self._dynamodb.batch_get_item(RequestItems=left)
            items |= {item["pk"]["S"]: item for item in answer["Responses"][self._table]}
            left = answer.get("UnprocessedKeys")
        return {each: _node(items.get(article_key(each)["pk"]), items.get(named_key(each)["pk"], {})) for each in ids}

    def _write(self, wrong: Difference) -> None:
        """Who names whom first: whoever walks after that finds it."""
        for act, pairs in (("ADD", wrong.unnoted), ("DELETE", wrong.outdated)):
            for name, named in sorted(pairs):
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key=typed(named_key(named)),
                    UpdateExpression=f"{act} named_by :name",
                    ExpressionAttributeValues={":name": {"SS": [name]}},
                )
        for article_id, shown in wrong.shown.items():
            self._show(article_id, shown)

    def _show(self, article_id: str, shown: tuple[str, ...]) -> None:
        """Nothing where the article is gone meanwhile."""
        change: Any = {"UpdateExpression": "REMOVE siblings"}
        if shown:
            change = {
                "UpdateExpression": "SET siblings = :siblings",
                "ExpressionAttributeValues": {":siblings": {"S": " ".join(shown)}},
            }
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=typed(article_key(article_id)),
                ConditionExpression="attribute_exists(pk)",
                **change,
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return


def _node(item: Item | None, named: Item) -> Node:
    """What is damaged links nobody: it is named where the article itself is looked at."""
    named_by = frozenset[str](named.get("named_by", {}).get("SS", ()))
    try:
        return Node(named_by=named_by) if item is None else _article_node(item, named_by)
    except (KeyError, TypeError):
        return Node(named_by=named_by)


def _article_node(item: Item, named_by: frozenset[str]) -> Node:
    return Node(
        is_there=True,
        is_published=item["status"]["S"] == "published",
        language=item["language"]["S"],
        position=item["position"]["S"] if "position" in item else "",
        version_key=item["version_key"]["S"],
        names=tuple(item["translations"]["S"].split(" ")) if "translations" in item else (),
        shown=tuple(item["siblings"]["S"].split(" ")) if "siblings" in item else (),
        named_by=named_by,
    )
