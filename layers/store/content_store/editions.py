"""An edition is all that the table holds of an article at one version. It is made of the version alone, without I/O, so
that `verify` can compare the table with what should be in it.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from content_api.aws.attributes import Item, typed
from content_api.content import cards
from content_api.content.article import Article
from content_api.content.document import compact_json, compressed, digest, public_document, public_fields
from content_api.content.renditions import files_used
from content_api.names.instants import last_modified, parsed, printed
from content_api.names.keys import CHANGED, DESK, article_key, draft_key, list_partition, position, url_key
from content_api.names.object_keys import document_key
from content_store.catalogue import entries_of, offers_of
from content_store.current import NEVER_PUBLIC, WITHDRAWN
from content_store.desk_cards import DESK_CARD, desk_card
from content_store.placement import Placement, addresses, placement
from content_store.uses import Files, attribute_of, use_of
from content_store.versions import Version

# An item holds 400 KB at most (`quotas.ITEM_BYTES`). The rest is for the other attributes, of which the card may take
# 85 KB and the facets 31 KB.
_LARGEST_DOCUMENT_IN_ITEM = 280_000


@dataclass(frozen=True, slots=True)
class Edition:
    """`document` is the public JSON, or the tombstone. `packed` is the same, compressed. Readers find the article at
    `addresses`; a draft has none yet. `offers` has an entry for each newsletter of the article, by facet. `entries` are
    the items that the article writes to the catalogue. `kind` is what the feed of changes says of a public article.
    `files` are those of its uploaded pictures (`uses`).
    """

    article_id: str
    version: int
    status: str
    language: str
    document: bytes
    packed: bytes
    attributes: Item
    placement: Placement | None = None
    card: bytes = b""
    addresses: tuple[str, ...] = ()
    publish_at: dt.datetime | None = None
    headline: str = ""
    offers: dict[str, str] = field(default_factory=dict[str, str])
    entries: tuple[Item, ...] = ()
    kind: dict[str, Any] = field(default_factory=dict[str, Any])
    files: Files = field(default_factory=dict[str, list[str]])

    def own_item(self, version_key: str) -> Item:
        """The article's item. A document that is too large for an item is in `objects`, and the item has its key."""
        named = {"status": self.status, "language": self.language, "version_key": version_key}
        item = typed(article_key(self.article_id) | named) | self.attributes
        item["version"] = {"N": str(self.version)}
        if self.placement:
            item |= self.placement.attributes() | {"card": {"B": self.card}}
        if len(self.packed) <= _LARGEST_DOCUMENT_IN_ITEM:
            return item | {"document": {"B": self.packed}}
        return item | {"document_key": {"S": document_key(self.article_id, self.version, self.packed)}}

    def objects(self) -> dict[str, bytes]:
        """The objects of the edition in S3, by key: the document, where it is too large for an item."""
        if len(self.packed) <= _LARGEST_DOCUMENT_IN_ITEM:
            return {}
        return {document_key(self.article_id, self.version, self.packed): self.packed}

    def address_items(self) -> list[Item]:
        return [typed(url_key(each) | {"id": self.article_id, "address": each}) for each in self.addresses]

    def listed_items(self) -> list[Item]:
        """The cards of the article. A draft has an entry on the editors' list of its language instead."""
        if self.status == "draft":
            entry: dict[str, Any] = {"id": self.article_id, "version": self.version, "headline": self.headline}
            if self.publish_at:
                entry["publish_at"] = printed(self.publish_at)
            return [typed(draft_key(self.language, self.article_id) | {"entry": compact_json(entry).decode()})]
        if self.placement is None:
            return []
        facets = {name: value for name, value in self.placement.attributes().items() if name == "facets"}
        shown = {"card": {"B": self.card}, **facets}
        offered = {list_partition(self.language, each): typed({"entry": entry}) for each, entry in self.offers.items()}
        return [typed({"pk": pk, "sk": sk}) | offered.get(pk, shown) for pk, sk in sorted(self.placement.keys())]

    def use_items(self) -> list[Item]:
        """The items that say which uploaded pictures readers get with the article."""
        shown = self.files if self.placement else {}
        return [use_of(media_id, self.article_id, files) for media_id, files in sorted(shown.items())]

    def items(self, version_key: str) -> list[Item]:
        """Every item that the table should hold of the article. The article's own item is the first."""
        return [self.own_item(version_key), *self.address_items(), *self.listed_items(), *self.use_items()]


def edition_of(article: Article, version: int, at: dt.datetime, publish_at: dt.datetime | None = None) -> Edition:
    """The edition of an article that is not withdrawn. Raises ArticleTooLarge and NotAnAddress."""
    fields = public_fields(article, version)
    link = {name: fields[name] for name in ("language", "id", "url", "headline")}
    attributes = typed(
        {
            "digest": digest(article),
            "modified": last_modified(at),
            "link": cards.as_json(link),
            DESK: article.language,
            CHANGED: position(at, article.id),
            DESK_CARD: cards.as_json(desk_card(fields)),
        }
    )
    if publish_at:
        attributes |= typed({"publish_at": printed(publish_at)})
    if article.translations:
        attributes |= typed({"translations": " ".join(each.id for each in article.translations)})
    files = files_used(fields)
    attributes |= attribute_of(files)
    placed = placement(article)
    document = public_document(fields)
    return Edition(
        article.id,
        version,
        article.status,
        article.language,
        document,
        compressed(document),
        attributes,
        placed,
        cards.packed(cards.as_json(cards.card(fields))),
        tuple(addresses(article)) if placed else (),
        publish_at,
        article.headline,
        offers_of(article),
        tuple(entries_of(article)) if placed else (),
        {name: fields[name] for name in ("type", "section", "tags", "topics")} if placed else {},
        files,
    )


def tombstone_edition(
    article_id: str, version: int, language: str, tombstone: dict[str, Any], at: dt.datetime, *, was_public: bool
) -> Edition:
    """The edition of a withdrawn article. Readers learn that it is gone only if it `was_public`: they must not learn
    that a draft was ever there.
    """
    document = compact_json(tombstone)
    changed = position(at, article_id)
    attributes: Item = typed({"digest": "", DESK: language, CHANGED: changed})
    attributes |= {} if was_public else {NEVER_PUBLIC: {"BOOL": True}}
    return Edition(article_id, version, WITHDRAWN, language, document, compressed(document), attributes)


def edition_of_version(found: Version, language: str) -> Edition:
    """The edition of a version as S3 has it. `language` is the article's: a tombstone does not say it."""
    at = parsed(found.recorded_at)
    if found.article is None:
        tombstone = found.tombstone or {}
        return tombstone_edition(found.id, found.version, language, tombstone, at, was_public=found.was_public)
    return edition_of(found.article, found.version, at, found.publish_at)
