"""A revision is all that one change of an article writes, computed before anything is written.

These functions are pure: what the table and S3 say of the article is passed in. The writes are one list. Each has the
condition under which it may be made, and all go into one transaction (`transactions`).
"""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from content_api.aws.attributes import Item, pair_of, typed, typed_key
from content_api.content.article import Article
from content_api.content.document import ArticleTooLarge, compact_json
from content_api.names.instants import in_utc, printed
from content_api.names.keys import DAYS_OF_CHANGES, article_key, change_key, draft_key, last_change_key
from content_api.names.object_keys import version_key
from content_api.names.quotas import TRANSACTION_ACTIONS
from content_store.catalogue import emptying, entry_from, is_catalogued, key_of_entry
from content_store.current import WITHDRAWN, Current
from content_store.desk_cards import DESK_CARD
from content_store.editions import Edition, edition_of, tombstone_edition
from content_store.errors import ArticleWithdrawn, LanguageFixed
from content_store.placement import Placement
from content_store.siblings import carried
from content_store.uses import use_gone
from content_store.versions import EDITS, Attribution, Version, record

# A follower may use a cursor until the last of the days for which changes are kept. So changes expire a week later.
_CHANGES_EXPIRE_AFTER = dt.timedelta(days=DAYS_OF_CHANGES + 7)

# Of the actions that a transaction takes. The rest is for the change, addresses that move, and facets that are left.
_MOST_WRITES = TRANSACTION_ACTIONS - 16

# What a condition guards, and why it fails: the article is at another version, another article has the address, the
# holder of an address was written meanwhile, another writer has taken the number, or the pending edit was saved again.
type Guard = Literal["version", "address", "holder", "number", "edit"]


@dataclass(frozen=True, slots=True)
class Write:
    """One action of a transaction: a put of an item, or another action at a key. `condition` has the members of the
    action (DynamoDB's TransactWriteItems) that make it conditional. `guards` says what the condition guards.
    """

    action: Literal["Put", "Delete", "Update", "ConditionCheck"]
    what: Item
    condition: dict[str, Any] = field(default_factory=dict[str, Any])
    guards: Guard | None = None
    # The address that is guarded, in the form in which addresses are compared.
    address: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the feed of changes, for followers, which keep copies. It gets the next number of its language."""

    language: str
    entry: dict[str, Any]
    at: dt.datetime

    def writes(self, last: int) -> list[Write]:
        """The writes that take the number after `last`, and put the change under it."""
        return [
            Write("Put", number_item(self.language, last + 1), at_version(last, attribute="number"), "number"),
            Write("Put", self.item(last + 1)),
        ]

    def item(self, number: int) -> Item:
        return typed(change_key(self.language, number) | {"entry": compact_json(self.entry).decode()}) | {
            "at": {"N": str(int(self.at.timestamp()))},
            "expires": {"N": str(int((self.at + _CHANGES_EXPIRE_AFTER).timestamp()))},
        }


@dataclass(frozen=True, slots=True)
class Revision:
    """`objects` go to S3, by their keys, before the `writes` go to the table. `change` is None if readers saw nothing
    of the article before and see nothing of it now.
    """

    article_id: str
    expected_version: int
    edition: Edition
    objects: dict[str, bytes]
    writes: tuple[Write, ...]
    change: Change | None
    before: Placement | None = None
    # True if the change comes from a file, and not from an editor.
    is_of_a_file: bool = False

    @property
    def left(self) -> list[str]:
        """The facets of the catalogue that the article was in and is not any more."""
        has = self.edition.placement.facets if self.edition.placement else frozenset[str]()
        had = self.before.facets if self.before else frozenset[str]()
        return sorted(each for each in had - has if is_catalogued(each))

    def moving(self, address: str, holder: str, holder_version: int) -> "Revision":
        """The revision that takes an address from its holder. It is refused if the holder is not at `holder_version`
        any more, since the holder might keep the address now.
        """
        still: dict[str, Any] = {
            "ConditionExpression": "attribute_not_exists(pk) OR id IN (:id, :holder)",
            "ExpressionAttributeValues": {":id": {"S": self.article_id}, ":holder": {"S": holder}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        writes = [
            replace(each, condition=still) if each.guards == "address" and each.address == address else each
            for each in self.writes
        ]
        check = Write(
            "ConditionCheck", typed(article_key(holder)), at_version(holder_version), "holder", address=address
        )
        return replace(self, writes=(*writes, check))

    def also(self, write: Write) -> "Revision":
        """The revision with one more write."""
        return replace(self, writes=(*self.writes, write))

    def leaving(self, name: str, listed: list[Item]) -> Write:
        """The write for the catalogue's entry of a facet that the article leaves. `listed` are the newest items of the
        facet's list. If another article is among them, the entry takes its words; if none is, the entry becomes empty.
        """
        own = self.before.keys() if self.before else set[tuple[str, str]]()
        other = next((each for each in listed if pair_of(each) not in own), None)
        if other is None:
            return Write("Update", key_of_entry(self.edition.language, name), emptying(self.edition.language, name))
        return Write("Put", entry_from(other, self.edition.language, name))


def replacement(
    article: Article,
    current: Current,
    *,
    at: dt.datetime,
    attribution: Attribution,
    publish_at: dt.datetime | None = None,
) -> Revision:
    """The revision that puts the article in the place of what is current. Raises LanguageFixed, ArticleTooLarge and
    NotAnAddress.
    """
    if current.language and current.language != article.language:
        raise LanguageFixed(article.id, current.language)
    edition = edition_of(article, current.version + 1, at, publish_at)
    return _revision(edition, _version(edition, current, at, attribution, article=article), current, at)


def withdrawal(
    article_id: str,
    current: Current,
    *,
    at: dt.datetime,
    note: str | None,
    attribution: Attribution,
    was_public: bool,
) -> Revision:
    """The revision that puts a tombstone in the article's place. `note` is public if the article ever was. Raises
    ArticleWithdrawn.
    """
    if current.status == WITHDRAWN:
        raise ArticleWithdrawn(article_id)
    tombstone = {"id": article_id, "withdrawn_at": printed(at.replace(microsecond=0)), "note": note}
    edition = tombstone_edition(article_id, current.version + 1, current.language, tombstone, at, was_public=was_public)
    version = replace(_version(edition, current, at, attribution, tombstone=tombstone), was_public=was_public)
    return _revision(edition, version, current, at)


def rewriting(edition: Edition, version_key: str, marks: Item, before: Current, at: dt.datetime) -> Revision:
    """The revision that puts a version which S3 has in the place of what the table says (`before`). `marks` come from
    `restoring.handed_in`.
    """
    return _written(
        edition,
        edition.own_item(version_key) | marks | _siblings_of(edition, before) | _desk_card_of(edition, before),
        before,
        edition.objects(),
        at,
    )


def marks_of(current: Current, attribution: Attribution) -> Item:
    """The attributes of an article's item that say the order of the latest file it came in, and whether editors have
    changed what it says since.
    """
    marks: Item = {}
    if order := attribution.source.order if attribution.source else current.taken_in:
        marks["taken_in"] = {"S": order}
    if attribution.source is None and (current.is_edited or attribution.action in EDITS):
        marks["is_edited"] = {"BOOL": True}
    return marks


def at_version(expected: int, attribute: str = "version") -> dict[str, Any]:
    """The condition that the item is at this version. For 0, that there is no item."""
    if not expected:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "#expected = :expected",
        "ExpressionAttributeNames": {"#expected": attribute},
        "ExpressionAttributeValues": {":expected": {"N": str(expected)}},
    }


def unclaimed_by_others(article_id: str) -> dict[str, Any]:
    """The condition that an address is free, or leads to this article already."""
    return {
        "ConditionExpression": "attribute_not_exists(pk) OR id = :id",
        "ExpressionAttributeValues": {":id": {"S": article_id}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def number_item(language: str, number: int) -> Item:
    """The item that says how many changes of a language have been counted."""
    return typed(last_change_key(language)) | {"number": {"N": str(number)}}


def _version(
    edition: Edition,
    current: Current,
    at: dt.datetime,
    attribution: Attribution,
    *,
    article: Article | None = None,
    tombstone: dict[str, Any] | None = None,
) -> Version:
    return Version(
        id=edition.article_id,
        version=edition.version,
        status=edition.status,
        recorded_at=printed(at),
        by=attribution.by,
        action=attribution.action,
        reason=attribution.reason,
        publish_at=edition.publish_at,
        article=article,
        tombstone=tombstone,
        previous=current.version_key or None,
        source=attribution.source,
    )


def _revision(edition: Edition, version: Version, current: Current, at: dt.datetime) -> Revision:
    content = record(version)
    key = version_key(version.id, version.version, content)
    attribution = Attribution(version.by, version.action, version.reason, version.source)
    item = edition.own_item(key) | marks_of(current, attribution) | _siblings_of(edition, current)
    item |= typed({"by": version.by, "action": version.action}) | _desk_card_of(edition, current)
    written = _written(edition, item, current, {key: content} | edition.objects(), at)
    return replace(written, is_of_a_file=version.source is not None)


def _siblings_of(edition: Edition, current: Current) -> Item:
    """The siblings in the item of a new version, until they are linked again (`siblings`). A withdrawn article keeps
    its siblings here, since the linker finds their items by it.
    """
    stated: dict[str, str] = edition.attributes.get("translations", {})
    named = stated["S"].split(" ") if stated else list[str]()
    shown = carried(named, current.siblings)
    return typed({"siblings": " ".join(shown)}) if shown else {}


def _desk_card_of(edition: Edition, current: Current) -> Item:
    """What editors see of a withdrawn article in a list is what they saw before."""
    return typed({DESK_CARD: current.desk_card}) if edition.status == WITHDRAWN and current.desk_card else {}


def _written(edition: Edition, item: Item, current: Current, objects: dict[str, bytes], at: dt.datetime) -> Revision:
    """The revision with all its writes. Without uploaded pictures they are at most 97, with those of the change and of
    a pending edit, by the limits of `Article`. A transaction takes 100. Raises ArticleTooLarge for more pictures than
    there is room for.
    """
    article_id = edition.article_id
    writes = [Write("Put", item, at_version(current.version), "version")]
    writes += [
        Write("Put", each, unclaimed_by_others(article_id), "address", each["address"]["S"])
        for each in edition.address_items()
    ]
    listed = edition.listed_items()
    writes += [Write("Delete", typed_key(pair)) for pair in sorted(_listed_before(article_id, current, listed))]
    uses = edition.use_items()
    gone = sorted(current.media - (edition.files.keys() if edition.placement else set()))
    uses += [use_gone(media_id, article_id) for media_id in gone]
    writes += [Write("Put", each) for each in (*listed, *edition.entries, *uses)]
    if uses and len(writes) > _MOST_WRITES:
        raise ArticleTooLarge(
            f"{article_id} shows or drops {len(uses)} uploaded pictures, and with its lists and addresses one change "
            f"has room for {max(0, _MOST_WRITES - len(writes) + len(uses))}. Split it in parts."
        )
    change = change_of(edition, current, at)
    return Revision(article_id, current.version, edition, objects, tuple(writes), change, current.placement)


def _listed_before(article_id: str, current: Current, listed: list[Item]) -> set[tuple[str, str]]:
    """The keys of cards and entries that are on lists and are to be deleted."""
    before = current.placement.keys() if current.placement else set[tuple[str, str]]()
    if current.status == "draft":
        before.add(pair_of(typed(draft_key(current.language, article_id))))
    return before - {pair_of(each) for each in listed}


def change_of(edition: Edition, current: Current, at: dt.datetime) -> Change | None:
    """The change for followers. None if readers did not see the article before and do not see it now."""
    if edition.placement is None and current.placement is None:
        return None
    entry = {
        "change": "upsert" if edition.placement else "withdraw",
        "id": edition.article_id,
        "version": edition.version,
        "at": printed(in_utc(at).replace(microsecond=0)),
        **edition.kind,
    }
    return Change(edition.language, entry, at)
