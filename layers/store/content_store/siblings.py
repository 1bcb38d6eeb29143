"""Siblings are the translations of an article, whichever of them names the other.

Two published articles are siblings if one names the other, or if both are siblings of a third. The names are a part of
an article's version, and are never changed here. An article's item has the ids of its siblings, so that a reader's
request needs no other read to find them. They are written after each write of an article, from the queue of copies. The
linker reads again after each of its own writes, until there is nothing left to write. So the last one leaves the right
ids, even if several link at once.

    NAMED#<id>   NAMED   the ids of the articles that name this one, which need not exist yet
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import Item, typed
from content_api.names.keys import article_key, named_key
from content_api.names.quotas import BATCH_READS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

# An article names 30 at most. A sibling is in a language of its own, and no publisher has more than 60.
MOST_SIBLINGS = 60
# A group has one article of each language. A larger one is a mistake; the walk ends here, so that it ends at all.
_LARGEST_GROUP = 200
# Each turn but the last writes. If these are too few, others write at the same time, and their turns finish it.
_MOST_TURNS = 20


@dataclass(frozen=True, slots=True)
class Node:
    """An article that names others, or is named, as the table has it. `position` is its place on lists, by the time of
    publication. `names` are the articles that it names, also as a draft. `shown` are the siblings in its item.
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
        """The articles that it makes its siblings. A draft makes none: readers cannot read it."""
        return self.names if self.is_published else ()


@dataclass(slots=True)
class Difference:
    """What items should say of siblings and do not. `shown` has the right siblings, by article. `unnoted` has pairs of
    an article and one that it names, whose NAMED item lacks it. `outdated` has pairs that a NAMED item has wrongly.
    """

    shown: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    unnoted: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    outdated: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def __bool__(self) -> bool:
        return bool(self.shown or self.unnoted or self.outdated)

    def complaints(self, article_id: str) -> list[str]:
        """What is wrong with one article, in words for the report of `verify`."""
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
    """The siblings in the item of a new version, until they are linked: those that it names, and those of the version
    before. A sibling that it has lost stays there for a few seconds.
    """
    return tuple(dict.fromkeys((*names, *shown)))[:MOST_SIBLINGS]


def siblings_of(article_id: str, nodes: Mapping[str, Node]) -> tuple[str, ...]:
    """The articles that this one names, in its order, then the others by language. Of two others in one language, the
    one published last. Named articles that are not published are there too, so that readers see them once they are.
    Readers see the first of each language, and none in the language of the article itself.
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
    """All articles that are linked with this one: in either direction, directly or by others. This one is left out."""
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
        """Makes the article and all that it is, or was, linked with show each other. To be called after every write of
        the article. Raises what DynamoDB raises; the caller then calls again.
        """
        for _ in range(_MOST_TURNS):
            wrong = difference(self.around(article_id))
            if not wrong:
                return
            self._write(wrong)

    def around(self, article_id: str) -> dict[str, Node]:
        """The article, and all that are linked with it because one names or shows the other."""
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
        """Writes the NAMED items first, so that a walk that starts after that finds them."""
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
        """Writes the siblings into the article's item, unless the item has gone meanwhile."""
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
    """A damaged item links nobody. `verify` reports it when it looks at the article itself."""
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
