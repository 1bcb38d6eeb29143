"""What is wrong with one item of the table, as S3 and the rest of the table tell. It can be put right.

A write may come in while it looks. So it looks at each difference twice, and writes only if the article is still at the
version that it looked at.
"""

from typing import TYPE_CHECKING

from content_api.aws.attributes import Item, pair_of, typed, typed_key
from content_api.names import keys
from content_api.names.keys import article_key, last_change_key, list_partition
from content_api.names.object_keys import versions_prefix
from content_api.names.parsing import Key as Named
from content_api.names.parsing import key_of
from content_api.names.subjects import Kind, kind_in
from content_store.catalogue import emptying, facet_of_entry
from content_store.change_feed import change_findings, has_recent_change
from content_store.differences import Finding
from content_store.errors import SubjectNotFound
from content_store.examination import UNREADABLE, Examination
from content_store.front_choices import FrontChoices
from content_store.front_copies import FrontCopies
from content_store.items import Items
from content_store.mending import Mending, delete_of
from content_store.pictures import Pictures
from content_store.revisions import at_version
from content_store.siblings import Siblings, difference
from content_store.subjects import Subjects
from content_store.uses import GONE, use_gone

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

    from content_store.articles import ArticleStore
    from content_store.current import Current

type Key = tuple[str, str]
LOST = "the table has lost it, and S3 has its versions: rebuild puts it back"


class ItemChecks:
    def __init__(
        self, store: "ArticleStore", dynamodb: "DynamoDBClient", s3: "S3Client", *, table: str, bucket: str
    ) -> None:
        self._records = store.records
        self._fronts = FrontChoices(dynamodb, table=table)
        self._front_copies = FrontCopies(s3, bucket=bucket)
        self._s3 = s3
        self._bucket = bucket
        self._subjects = Subjects(dynamodb, table=table)
        self._items = Items(dynamodb, table=table)
        self._siblings = Siblings(dynamodb, table=table)
        self._examination = Examination(store.records, self._items, s3, bucket=bucket)
        self.pictures = Pictures(dynamodb, s3, table=table, bucket=bucket)
        self.mending = Mending(store, self._items, self._examination, s3, bucket=bucket)

    def findings(self, item: Item, *, repair: bool) -> list[Finding]:  # noqa: C901 - one for each kind
        """What does not agree about an item, of which the keys, `id` and `gone` are known."""
        pair = pair_of(item)
        named = key_of(*pair)
        found: list[Finding] = []
        match named.kind:
            case keys.ARTICLE:
                found = self._article(named.article_id, repair=repair)
                found += self._siblings_of(named.article_id, repair=repair)
            case keys.NAMED:
                found = self._siblings_of(named.article_id, repair=repair)
            case keys.URL:
                found = self._owned(pair, named, item.get("id", {}).get("S", ""), repair=repair)
            case keys.USED:
                found = self._use(pair, named, item, repair=repair)
            case keys.LIST | keys.DRAFTS | keys.EDITS:
                found = self._owned(pair, named, named.article_id, repair=repair)
            case keys.CHANGE if named.number is None:
                found = change_findings(self._records, self._items, named.language)
                found += self._front_copy(named.language, repair=repair)
            case keys.SECTIONS | keys.NEWSLETTERS:
                found = self._entry(pair, named.language, repair=repair)
            case keys.MEDIA:
                found = self.pictures.findings(named.media_id, repair=repair)
            case keys.FRONT:
                found = self._front(named.language)
            case _ if kind := kind_in(named.kind):
                found = self._subject(kind, named.subject_id)
            case "":
                found = [Finding(" ".join(pair), "no part of this API makes such an item: look who did, and delete it")]
            case _:
                pass
        return found

    def _article(self, article_id: str, *, repair: bool) -> list[Finding]:
        before = self._examination.of(article_id)
        if not before.complaints:
            return []
        # Only what is found twice is reported: a write may have come in between.
        examined = self._examination.of(article_id)
        complaints = [each for each in examined.complaints if each in before.complaints]
        is_repaired = bool(complaints) and repair and self.mending.mend(article_id, examined)
        return [Finding(article_id, each, is_repaired) for each in complaints]

    def _siblings_of(self, article_id: str, *, repair: bool) -> list[Finding]:
        """Checks that the article and its translations show each other. An article that was written in the last minute
        is left out: its translations are still being linked.
        """
        nodes = self._siblings.around(article_id)
        complaints = difference(nodes).complaints(article_id)
        if not complaints or any(self._examination.is_young(each.version_key) for each in nodes.values()):
            return []
        if repair:
            self._siblings.link(article_id)
        return [Finding(article_id, each, repair) for each in complaints]

    def _owned(self, pair: Key, named: Named, owner: str, *, repair: bool) -> list[Finding]:
        """Finds a card, an address or a draft's entry that its article does not have."""
        try:
            current = self._records.current(owner)
        except UNREADABLE:
            return []  # `_article` reports it
        if _is_owned(pair, named, current) or self._items.at(pair) is None:
            return []
        if not current.version and self._has_versions(owner):
            is_back = repair and self.mending.put_back(owner)
            return [Finding(owner, LOST, is_back)]
        if self._records.current(owner).version != current.version:
            return []  # somebody wrote in between
        is_repaired = repair and self._items.commit(delete_of(pair, owner, current.version))
        return [Finding(owner, f"{' '.join(pair)} should not be there", is_repaired)]

    def _use(self, pair: Key, named: Named, item: Item, *, repair: bool) -> list[Finding]:
        """Finds a picture that readers get with an article which does not show it."""
        if GONE in item:
            return []
        try:
            current = self._records.current(named.article_id)
        except UNREADABLE:
            return []  # `_article` reports it
        if named.media_id in current.media or not current.version:
            return []  # an article that the table has lost is found by its versions
        there = self._items.at(pair)
        if there is None or GONE in there:
            return []  # somebody wrote in between
        is_repaired = repair and self._items.commit(
            [
                ("ConditionCheck", {"Key": typed(article_key(named.article_id)), **at_version(current.version)}),
                ("Put", {"Item": use_gone(named.media_id, named.article_id)}),
            ]
        )
        return [Finding(named.article_id, f"{' '.join(pair)} says that it is shown, and it is not", is_repaired)]

    def _has_versions(self, article_id: str) -> bool:
        prefix = versions_prefix(article_id)
        return bool(self._s3.list_objects_v2(Bucket=self._bucket, Prefix=prefix, MaxKeys=1).get("KeyCount"))

    def _entry(self, pair: Key, language: str, *, repair: bool) -> list[Finding]:
        """Finds an entry of the catalogue whose list has no article. The entry is emptied only if the language has the
        same number of changes as before, so that no article came in meanwhile.
        """
        counted = (self._items.at(pair_of(typed(last_change_key(language)))) or {}).get("number", {}).get("N", "0")
        name = facet_of_entry(*pair)
        there = self._items.at(pair)
        if there is None or keys.EMPTY in there or self._items.newest(list_partition(language, name), 1):
            return []
        still = {"Key": typed(last_change_key(language)), **at_version(int(counted), attribute="number")}
        emptied = {"Key": typed_key(pair), **emptying(language, name)}
        is_repaired = repair and self._items.commit([("ConditionCheck", still), ("Update", emptied)])
        return [Finding(language, f"{' '.join(pair)} has no article", is_repaired)]

    def _subject(self, kind: Kind, subject_id: str) -> list[Finding]:
        """Finds a topic or an author that cannot be read, or that was merged into one that does not know of it. Nothing
        is written: what it is called, only editors know.
        """
        try:
            found = self._subjects.find(kind, subject_id)
            survivor = self._subjects.find(kind, found.merged_into) if found.merged_into else None
        except UNREADABLE:
            return [Finding(subject_id, f"this {kind.name} cannot be read: PUT it again")]
        except SubjectNotFound as error:
            return [Finding(subject_id, f"this {kind.name} was merged into one that is not there. {error}")]
        if survivor and subject_id not in survivor.replaces:
            detail = f"this {kind.name} was merged into {survivor.subject.id}, which does not stand for it"
            return [Finding(subject_id, detail)]
        return []

    def _front(self, language: str) -> list[Finding]:
        """Finds articles on a front that the table does not have. Nothing is written: the choice is the editors'. A
        withdrawn article is no finding, since every front leaves it out by itself.
        """
        try:
            _, front = self._fronts.chosen(language)
        except UNREADABLE:
            return [Finding(language, "what editors chose for the front cannot be read: save the front again")]
        named = [*front.top, *(each for section in front.sections for each in section.articles)] if front else []
        return [
            Finding(language, f"the front names {each}, which the table does not have: choose another, or rebuild")
            for each in self._records.unknown(named)
        ]

    def _front_copy(self, language: str, *, repair: bool) -> list[Finding]:
        """What readers get of the front in a fault. It is made anew by every write that may change the front."""
        shown = self._front_copies.shown(language)
        if shown is None:
            if not self._items.newest(list_partition(language, keys.ALL), 1) or has_recent_change(
                self._items, language
            ):
                return []
            detail = "the copy of the front is missing, or cannot be read: save the front, or an article, again"
            return [Finding(language, detail)]
        found: list[Finding] = []
        for article_id in sorted(shown):
            try:
                current = self._records.current(article_id)
            except UNREADABLE:
                continue  # found where the article itself is looked at
            if current.status == "published" or self._examination.is_young(current.version_key):
                continue
            if repair:
                self._front_copies.take_off(language, article_id)
            found.append(Finding(language, f"the copy of the front shows {article_id}, which is not public", repair))
        return found


def _is_owned(pair: Key, named: Named, current: "Current") -> bool:
    match named.kind:
        case keys.URL:
            return current.version > 0
        case keys.EDITS:
            # It outlives a withdrawal, and can be published once the article is reinstated.
            return current.version > 0 and current.language == named.language
        case keys.DRAFTS:
            return current.status == "draft" and current.language == named.language
        case _:
            return current.placement is not None and pair in set(current.placement.keys())
