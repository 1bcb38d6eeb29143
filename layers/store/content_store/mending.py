"""Makes the table and the copy for readers agree with the versions of an article in S3, unless somebody writes
meanwhile.
"""

import datetime as dt
import zlib
from typing import TYPE_CHECKING, Any

from content_api.aws.attributes import Item, pair_of, typed, typed_key
from content_api.names.keys import article_key
from content_store.address_holding import gives_up
from content_store.article_copies import Copies, Copy, nothing_for_readers
from content_store.current import Current
from content_store.differences import KEPT, entry_difference
from content_store.editions import edition_of_version
from content_store.errors import StoreError
from content_store.examination import UNREADABLE, Examination, Examined
from content_store.revisions import at_version
from content_store.succession import language_of, newest_current
from content_store.versions import Version, Versions

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from content_store.articles import ArticleStore
    from content_store.items import Items

type Action = tuple[str, dict[str, Any]]


class Mending:
    def __init__(
        self, store: "ArticleStore", items: "Items", examination: Examination, s3: "S3Client", *, bucket: str
    ) -> None:
        self._store = store
        self._items = items
        self._examination = examination
        self._versions = Versions(s3, bucket=bucket)
        self._copies = Copies(s3, bucket=bucket)

    def mend(self, article_id: str, examined: Examined) -> bool:
        """Puts an article right. True if everything agrees afterwards; False if a person must decide, or if somebody
        wrote meanwhile.
        """
        if examined.is_left:
            return False
        if examined.overtaken_by and not self._bring_up(examined):
            return False
        examined = self._examination.of(article_id)
        if examined.complaints and not self._make_agree(article_id, examined):
            return False
        return not self._examination.of(article_id).complaints

    def is_lost(self, article_id: str) -> bool:
        """Whether S3 has a version of an article that was current, as S3 itself shows."""
        try:
            versions = self._store.records.recorded_since(article_id)
        except UNREADABLE:
            return True  # somebody must look at it
        return newest_current(versions, self._examination.copied(article_id), is_lost=False) is not None

    def put_back(self, article_id: str) -> bool:
        """Puts back an article that the table has lost. False if S3 does not show which version was current."""
        try:
            versions = self._store.records.recorded_since(article_id)
        except UNREADABLE:
            return False
        chosen = newest_current(versions, self._examination.copied(article_id), is_lost=True)
        if chosen is None:
            return False
        key, found = chosen
        try:
            self._store.put_back(found, key, language_of(found, versions), at=dt.datetime.now(dt.UTC))
        except StoreError:
            return False
        return not self._examination.of(article_id).complaints

    def _bring_up(self, examined: Examined) -> bool:
        """Brings the table to the version that was current after the table's own, and tells followers by a change."""
        if examined.overtaken_by is None:
            return False
        key, found = examined.overtaken_by
        current = examined.current
        try:
            self._store.put_back(found, key, current.language, at=dt.datetime.now(dt.UTC), over=current)
        except StoreError:
            return False
        return True

    def _make_agree(self, article_id: str, examined: Examined) -> bool:
        current, found = examined.current, examined.found
        if found is None or examined.is_left or examined.overtaken_by:
            return False
        edition = edition_of_version(found, current.language)
        self._versions.keep(edition.objects())
        own = edition.own_item(current.version_key)
        there = self._items.at(pair_of(own)) or {}
        own |= {name: there[name] for name in KEPT if name in there}
        puts: list[Action] = [("Put", {"Item": own, **at_version(current.version)})]
        for each in edition.address_items():
            puts += self._address_writes(article_id, each)
        puts += [("Put", {"Item": each}) for each in (*edition.listed_items(), *edition.use_items())]
        entries = [each for each in edition.entries if entry_difference(each, self._items.at(pair_of(each)))]
        puts += [("Put", {"Item": each}) for each in entries]
        if not self._items.commit(puts):
            return False
        self._keep_copy(found, current, own)
        return True

    def _address_writes(self, article_id: str, address: Item) -> list[Action]:
        """The writes that give an address to the article. There are none if another article keeps the address."""
        ids = {":id": {"S": article_id}}
        holder = (self._items.at(pair_of(address)) or {}).get("id", {}).get("S", article_id)
        if holder == article_id:
            free = "attribute_not_exists(pk) OR id = :id"
            return [("Put", {"Item": address, "ConditionExpression": free, "ExpressionAttributeValues": ids})]
        try:
            holding = self._store.records.current(holder)
            says = self._store.records.recorded(holding.version_key).article if holding.version else None
        except UNREADABLE:
            return []
        if not gives_up(holding, says, address["address"]["S"], to_a_file=False):
            return []
        ids[":holder"] = {"S": holder}
        given_up = "attribute_not_exists(pk) OR id IN (:id, :holder)"
        still = {"Key": typed(article_key(holder)), **at_version(holding.version)}
        return [
            ("Put", {"Item": address, "ConditionExpression": given_up, "ExpressionAttributeValues": ids}),
            ("ConditionCheck", still),
        ]

    def _keep_copy(self, found: Version, current: Current, own: Item) -> None:
        """Replaces the copy for readers. The examination has shown that it is older, or of no version that S3 has."""
        if current.status == "draft" or current.never_public:
            if self._copies.state(found.id)[0]:
                self._copies.keep(nothing_for_readers(found.id, current.version, current.language), is_mending=True)
            return
        document = zlib.decompress(own["document"]["B"]) if "document" in own else None
        key = own["document_key"]["S"] if "document_key" in own else ""
        modified = own["modified"]["S"] if "modified" in own else ""
        copy = Copy(found.id, current.version, current.status, current.language, modified, document, key)
        self._copies.keep(copy, is_mending=True)


def delete_of(pair: tuple[str, str], owner: str, version: int) -> list[Action]:
    """Deletes an item that an article does not own, if the article is still at `version`; 0 if there is no article."""
    return [
        ("ConditionCheck", {"Key": typed(article_key(owner)), **at_version(version)}),
        ("Delete", {"Key": typed_key(pair)}),
    ]
