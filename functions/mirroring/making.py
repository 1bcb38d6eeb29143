"""Makes the files of the mirror from what the table says now."""

import datetime as dt
import json
import logging
import time
import zlib
from collections.abc import Iterator
from typing import Any

from content_api.aws.dynamodb import MOST_ITEMS_AT_ONCE, Table
from content_api.aws.failures import log_failure
from content_api.aws.objects import Bucket, ObjectAbsent
from content_api.names.instants import sortable
from content_api.names.keys import (
    ALL,
    EMPTY,
    SECTIONS,
    article_key,
    catalogue_span,
    facet,
    list_partition,
)
from content_api.names.mirror_paths import (
    archive_path,
    article_path,
    day_path,
    days_among,
    days_path,
    front_path,
    is_of_article,
    is_of_page,
    language_of,
    month_of,
    section_path,
    sections_path,
    shelf_of,
)
from content_api.reader_api.damage import UNREADABLE, cards_of
from content_api.reader_api.front import front_of
from content_store.current import NEVER_PUBLIC
from content_store.placement import placement_in
from mirroring.articles import article_files, pictures_of, withdrawn_files
from mirroring.files import Files
from mirroring.lists import (
    archive_files,
    day_files,
    days_files,
    front_files,
    newest_files,
    section_files,
    sections_files,
)
from mirroring.notices import MirrorNotices
from mirroring.tree import Tree
from mirroring.work import Work

type Item = dict[str, Any]
type Card = dict[str, Any]

_ATTRIBUTES = f"pk version status language position document document_key {NEVER_PUBLIC}"
_CARDS_AT_ONCE = 200
_NEWEST = 40  # articles on the page of a section
_LAST = "\U0010ffff"  # sorts after whatever follows in a key

logger = logging.getLogger(__name__)


class Maker:
    """Makes what one batch of messages asks for. `failed` has the articles that cannot be read: their files stay as
    they are.
    """

    def __init__(self, table: Table, bucket: Bucket, notices: MirrorNotices) -> None:
        self._table = table
        self._bucket = bucket
        self._notices = notices
        self.failed: set[str] = set()
        # Languages that articles of the batch were withdrawn in.
        self.withdrawn_in: set[str] = set()

    def make(self, tree: Tree, work: Work) -> None:
        """Raises StoreUnavailable."""
        self.failed = set()
        items = self._items({article_id for _, article_id in work.articles})
        for shelf, article_id in sorted(work.articles):
            try:
                self._article(tree, shelf, article_id, items.get(article_id))
            except UNREADABLE as error:
                log_failure(error, f"{article_id} in the mirror")
                self.failed.add(article_id)
        for shelf, day in sorted(work.days):
            self._day(tree, shelf, day)
        for shelf, section in sorted(work.sections):
            self._section(tree, shelf, section)
        for shelf in sorted({each for each, _ in work.days}):
            self._days(tree, shelf)
        languages = {language_of(shelf) for shelf, _ in work.days | work.sections}
        for language, section in sorted({(language_of(shelf), section) for shelf, section in work.sections}):
            self._newest(tree, language, section)
        for language in sorted(languages | work.fronts):
            self._language(tree, language)
        for language in sorted(languages | work.fronts):
            if language in work.fronts or front_path(language) not in tree.paths(language):
                self._front(tree, language)

    def sections_of(self, language: str) -> dict[str, str]:
        """The titles of a language's sections, by the values of their facets."""
        lowest, highest = catalogue_span(language)
        titles: dict[str, str] = {}
        after = "start"
        while after:
            found, after = self._table.query(
                SECTIONS, attributes=f"sk entry {EMPTY}", limit=1000, lowest=lowest, highest=highest,
                after="" if after == "start" else after,
            )  # fmt: skip
            for each in found:
                if EMPTY not in each:
                    titles[each["sk"]["S"].partition("#")[2]] = str(json.loads(each["entry"]["S"])["name"])
        return titles

    def articles_since(self, language: str, since: dt.datetime) -> Iterator[dict[str, Any]]:
        """The public JSON of the articles that were published since then, the newest first. Raises StoreUnavailable."""
        cards = self._cards(language, ALL, sortable(since), _LAST)
        items = self._items({card["id"] for card in cards})
        for card in cards:
            item = items.get(card["id"])
            if item and item["status"]["S"] == "published":
                yield self._document(item)

    def _items(self, ids: set[str]) -> dict[str, Item]:
        keys = [article_key(each) for each in sorted(ids)]
        found: dict[str, Item] = {}
        for at in range(0, len(keys), MOST_ITEMS_AT_ONCE):
            for item in self._table.get_items(keys[at : at + MOST_ITEMS_AT_ONCE], _ATTRIBUTES):
                found[item["pk"]["S"].partition("#")[2]] = item
        return found

    def _article(self, tree: Tree, shelf: str, article_id: str, item: Item | None) -> None:
        """The files of the article on the shelf: its pages, a page that says that it was withdrawn, or none."""
        files: Files = {}
        pictures: dict[str, str] = {}
        version = 0
        status = item["status"]["S"] if item and NEVER_PUBLIC not in item else ""
        if item and status == "published" and _shelf(item) == shelf:
            article = self._document(item)
            version = int(item["version"]["N"])
            files = article_files(shelf, article, self._notices)
            pictures = pictures_of(shelf, article)
        elif item and status == "withdrawn":
            version = int(item["version"]["N"])
            self.withdrawn_in.add(item["language"]["S"])
            files = withdrawn_files(shelf, article_id, item["language"]["S"], self._notices)
        there = {path for path, name in pictures.items() if self._copied(tree, path, name)}
        tree.replace(shelf, lambda path: is_of_article(path, shelf, article_id), files, version=version, kept=there)
        tree.mark_withdrawn(shelf, article_path(shelf, article_id), is_withdrawn=bool(files) and status == "withdrawn")

    def _document(self, item: Item) -> dict[str, Any]:
        packed = item["document"]["B"] if "document" in item else self._bucket.read(item["document_key"]["S"])
        return json.loads(zlib.decompress(packed))

    def _copied(self, tree: Tree, path: str, name: str) -> bool:
        """Whether the mirror has the picture, after the change. A page shows what a picture shows in words, too, so it
        may be missing.
        """
        if tree.has_copy(path, name):
            return True
        try:
            content = self._bucket.read(name.removeprefix("/"))
        except ObjectAbsent:
            logger.warning("the mirror lacks %s, which S3 does not have", name)
            return False
        tree.put(path, content, origin=name)
        return True

    def _day(self, tree: Tree, shelf: str, day: str) -> None:
        lowest = f"{month_of(shelf)}-{day}" if day else ""
        highest = f"{lowest}{_LAST}" if day else "#" + _LAST
        cards = self._cards(language_of(shelf), ALL, lowest, highest)
        self._list(tree, day_path(shelf, day), day_files(shelf, day, cards, self._notices) if cards else {})

    def _section(self, tree: Tree, shelf: str, section: str) -> None:
        month = month_of(shelf)
        highest = f"{month}{_LAST}" if month else "#" + _LAST
        cards = self._cards(language_of(shelf), facet("section", section), month, highest)
        files = section_files(shelf, section, cards[0]["section"], cards, self._notices) if cards else {}
        self._list(tree, section_path(shelf, section), files)

    def _days(self, tree: Tree, shelf: str) -> None:
        days = days_among(tree.paths(shelf))
        self._list(tree, days_path(shelf), days_files(shelf, days, self._notices) if days else {})

    def _newest(self, tree: Tree, language: str, section: str) -> None:
        path = section_path(language, section)
        shelves = tree.shelves(language, path.rpartition("/")[2])
        found, _ = self._table.query(
            list_partition(language, facet("section", section)), attributes="card", limit=_NEWEST, newest_first=True
        )
        cards = cards_of(found)
        files: Files = {}
        if cards and shelves:
            files = newest_files(language, section, cards[0]["section"], cards, shelves, self._notices)
        self._list(tree, path, files)

    def _language(self, tree: Tree, language: str) -> None:
        """The lists of a language's months and sections."""
        self._list(tree, archive_path(language), archive_files(language, tree.shelves(language), self._notices))
        there = tree.paths(language)
        titles = {
            section: title
            for section, title in self.sections_of(language).items()
            if section_path(language, section) in there
        }
        self._list(tree, sections_path(language), sections_files(language, titles, self._notices))

    def _front(self, tree: Tree, language: str) -> None:
        front = front_of(self._table, language, now=time.time(), own_alone=True)
        self._list(tree, front_path(language), front_files(front, self._notices))

    def _list(self, tree: Tree, first: str, files: Files) -> None:
        """`first` is the path of the first page."""
        tree.replace(first.rpartition("/")[0], lambda path: is_of_page(path, first), files)

    def _cards(self, language: str, facet_of_list: str, lowest: str, highest: str) -> list[Card]:
        """All cards of a list from one place to another, the newest first."""
        cards: list[Card] = []
        after = ""
        while True:
            found, after = self._table.query(
                list_partition(language, facet_of_list),
                attributes="card",
                limit=_CARDS_AT_ONCE,
                lowest=lowest,
                highest=highest,
                after=after,
                newest_first=True,
            )
            cards += cards_of(found)
            if not after:
                return cards


def _shelf(item: Item) -> str:
    placed = placement_in(item)
    return shelf_of(placed.language, placed.position) if placed else ""
