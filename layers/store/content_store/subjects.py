"""Topics, authors and other subjects in the table. A subject is one item, which is always replaced whole.

Articles are not written when a subject is renamed or merged: they name its id, which stays. A subject that was merged
into another keeps its item, which says into which; and the other's item has the facets of both, by whose lists readers
get the articles of both. So a merge is one transaction of a few items, however many articles there are.

    TOPICS, AUTHORS, SHOWS   <id>   version, subject     as editors sent it
                             entry                as readers get it (JSON)
                             facets               `language#<tag>` of each name; none for one that was merged
                             lists                the facets whose lists make up its list, those taken over included
                             taken                those of them that it has taken over
                             replaces             the ids that were merged into it
                             merged_into          the id that it was merged into
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import Item, typed
from content_api.content.document import compact_json
from content_api.content.subject import Subject, public_subject
from content_api.names.keys import facet, subject_key
from content_api.names.quotas import BATCH_READS
from content_api.names.subjects import MOST_LISTS, Kind
from content_store.errors import (
    CannotMerge,
    SubjectIsMerged,
    SubjectNotFound,
    SubjectOnTooManyLists,
    VersionConflict,
)
from content_store.revisions import at_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb.client import DynamoDBClient

# Why DynamoDB cancels a transaction where somebody else has written, or is writing, one of its items.
_OTHERS_WRITE = {"ConditionalCheckFailed", "TransactionConflict"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A subject as the table has it. `replaces` are the ids that were merged into it, and `taken` the facets that it
    took over with them. `merged_into` is empty if it stands for itself.
    """

    version: int
    subject: Subject
    replaces: tuple[str, ...] = ()
    taken: frozenset[str] = frozenset()
    merged_into: str = ""

    def lists(self, kind: Kind) -> frozenset[str]:
        """The facets whose lists make up the list of the subject."""
        own = {facet(kind.facet, self.subject.id), *(facet(kind.alias_facet, each) for each in self.subject.aliases)}
        return frozenset(own | self.taken)

    def item(self, kind: Kind) -> Item:
        item: Item = typed(subject_key(kind, self.subject.id) | {"subject": self.subject.model_dump_json()})
        item["version"] = {"N": str(self.version)}
        item["lists"] = {"SS": sorted(self.lists(kind))}
        if self.taken:
            item["taken"] = {"SS": sorted(self.taken)}
        if self.replaces:
            item["replaces"] = {"L": [{"S": each} for each in self.replaces]}
        if self.merged_into:
            return item | typed({"merged_into": self.merged_into})
        entry = compact_json(public_subject(self.subject, self.replaces)).decode()
        languages = sorted(facet("language", each.language) for each in self.subject.names)
        return item | typed({"entry": entry}) | {"facets": {"SS": languages}}


class Subjects:
    def __init__(self, dynamodb: "DynamoDBClient", *, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def find(self, kind: Kind, subject_id: str) -> Kept:
        """Raises SubjectNotFound."""
        key = typed(subject_key(kind, subject_id))
        item: Any = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        if item is None:
            raise SubjectNotFound(kind.name, subject_id)
        return _kept_in(item)

    def version(self, kind: Kind, subject_id: str) -> int:
        """The version of a subject; 0 if there is none."""
        try:
            return self.find(kind, subject_id).version
        except SubjectNotFound:
            return 0

    def listed(self, kind: Kind, *, after: str, limit: int) -> list[Kept]:
        """The subjects of a kind behind an id, in the order of their ids. Those that were merged are among them."""
        answer: Any = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk > :after",
            ExpressionAttributeValues=typed({":pk": kind.partition, ":after": after or " "}),
            ConsistentRead=True,
            Limit=limit,
        )
        return [_kept_in(item) for item in answer["Items"]]

    def survivors(self, kind: Kind, ids: "Iterable[str]") -> dict[str, str]:
        """By each id, the id that stands for it now: itself, or that of the subject into which it was merged. An id
        that no subject has is left out.
        """
        wanted = list(dict.fromkeys(ids))
        found: dict[str, str] = {}
        for at in range(0, len(wanted), BATCH_READS):
            keys = [typed(subject_key(kind, each)) for each in wanted[at : at + BATCH_READS]]
            left: Any = {self._table: {"Keys": keys, "ConsistentRead": True, "ProjectionExpression": "sk, merged_into"}}
            while left:
                answer: Any = self._dynamodb.batch_get_item(RequestItems=left)
                for item in answer["Responses"][self._table]:
                    found[item["sk"]["S"]] = item.get("merged_into", item["sk"])["S"]
                left = answer.get("UnprocessedKeys")
        return found

    def save(self, kind: Kind, subject: Subject, *, expected_version: int, by: Item | None = None) -> int:
        """Replaces the subject if it is at the expected version, 0 for none yet. `by` says who did it, as `done_by` has
        it. Returns the new version. Raises VersionConflict, SubjectOnTooManyLists, and SubjectIsMerged for one that was
        merged into another.
        """
        before = self.find(kind, subject.id) if expected_version else None
        if before and before.merged_into:
            raise SubjectIsMerged(kind.name, subject.id, before.merged_into)
        replaces, taken = (before.replaces, before.taken) if before else ((), frozenset[str]())
        kept = _checked(kind, Kept(expected_version + 1, subject, replaces, taken))
        self._transact([self._put(kind, expected_version, kept, by)], subject.id, expected_version)
        return kept.version

    def merge(self, kind: Kind, subject_id: str, into: str, *, expected_version: int, by: Item | None = None) -> int:
        """Makes another subject stand for this one: for its id, its aliases, and all that were merged into it before.
        Returns the new version of this one. Raises VersionConflict, SubjectNotFound, SubjectIsMerged,
        CannotMerge, and SubjectOnTooManyLists for the other one.
        """
        merged, survivor = self.find(kind, subject_id), self.find(kind, into)
        if subject_id == into:
            raise CannotMerge(f"{subject_id} cannot be merged into itself: name another {kind.name}")
        for each in (merged, survivor):
            if each.merged_into:
                raise SubjectIsMerged(kind.name, each.subject.id, each.merged_into)
        replaces = tuple(dict.fromkeys((*survivor.replaces, subject_id, *merged.replaces)))
        taken = survivor.taken | merged.lists(kind)
        gone = Kept(expected_version + 1, merged.subject, merged_into=into)
        grown = _checked(kind, Kept(survivor.version + 1, survivor.subject, replaces, taken))
        led_on = [
            {
                "Update": {
                    "TableName": self._table,
                    "Key": typed(subject_key(kind, each)),
                    "UpdateExpression": "SET merged_into = :into",
                    "ConditionExpression": "merged_into = :before",
                    "ExpressionAttributeValues": typed({":into": into, ":before": subject_id}),
                }
            }
            for each in merged.replaces
        ]
        self._transact(
            [self._put(kind, expected_version, gone, by), self._put(kind, survivor.version, grown), *led_on],
            subject_id,
            expected_version,
        )
        return gone.version

    def _put(self, kind: Kind, expected_version: int, kept: Kept, by: Item | None = None) -> dict[str, Any]:
        item = kept.item(kind) | (by or {})
        return {"Put": {"TableName": self._table, "Item": item, **at_version(expected_version)}}

    def _transact(self, actions: list[dict[str, Any]], subject_id: str, expected_version: int) -> None:
        written: Any = actions
        try:
            self._dynamodb.transact_write_items(TransactItems=written)
        except self._dynamodb.exceptions.TransactionCanceledException as error:
            reasons: list[Any] = error.response.get("CancellationReasons", [])
            if not any(each.get("Code") in _OTHERS_WRITE for each in reasons):
                raise
            raise VersionConflict(subject_id, expected_version) from error


def _checked(kind: Kind, kept: Kept) -> Kept:
    """Raises SubjectOnTooManyLists."""
    if (count := len(kept.lists(kind))) > MOST_LISTS:
        raise SubjectOnTooManyLists(kind.name, kept.subject.id, count, MOST_LISTS)
    return kept


def _kept_in(item: Item) -> Kept:
    return Kept(
        int(item["version"]["N"]),
        Subject.model_validate_json(item["subject"]["S"]),
        tuple(each["S"] for each in item["replaces"]["L"]) if "replaces" in item else (),
        frozenset(item["taken"]["SS"]) if "taken" in item else frozenset(),
        item["merged_into"]["S"] if "merged_into" in item else "",
    )
