"""What every variant serves: one article of 6.5 KB, and the newest 20 cards of a language, with the legal notice due to
a reader in Russia. `reading` has the store's own items; peers have JSON texts in theirs.
"""

import base64
import datetime as dt
import json
import random
from dataclasses import dataclass
from functools import cache
from typing import Any

import newsroom
from content_api.content import cards
from content_api.content.article import Article
from content_api.content.document import public_document, public_fields
from content_api.law.law_file import load_entries
from content_api.law.legal_notices import LegalNotices
from content_api.names.keys import article_key, list_partition
from content_store.editions import edition_of_version
from content_store.versions import Version

PEERS_TABLE = "TableOfThePeer"
MORE_INFORMATION_URL = "https://content.example.org/legal-notices/{id}"
# The saved events that ask for them.
TASKS = {"article": "get_article_from_russia", "list of 20": "list_articles_from_russia"}

_PAGE = 20
_KILOBYTES_A_UNIT = 4
_READ = "status version language modified translations document document_key".split()
_LISTED = ["sk", "card"]

type Item = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Stored:
    """What a table holds for one task: the items that a request reads, and DynamoDB's answer to it."""

    items: tuple[Item, ...]
    answer: bytes

    @property
    def read_units(self) -> int:
        """Of a consistent read ("DynamoDB item sizes and formats" in the developer guide)."""
        return -(-sum(map(size, self.items)) // (_KILOBYTES_A_UNIT * 1024))


@cache
def stored(task: str, *, is_peers: bool) -> Stored:
    if task == "article":
        item = _peers_article() if is_peers else items_of(_article())[0]
        shown = item if is_peers else {name: item[name] for name in _READ if name in item}
        return Stored((item,), _as_answered({"Item": shown}))
    # One more than a page, by which reading knows whether there is another.
    articles = newsroom.articles(4 * (_PAGE + 1))[::4][: _PAGE if is_peers else _PAGE + 1]
    items = [_peers_card(each) if is_peers else _card(each) for each in articles]
    shown = items if is_peers else [{name: item[name] for name in _LISTED} for item in items]
    last = {name: items[-1][name] for name in ("pk", "sk")}
    answer = {"Items": shown, "Count": len(items), "ScannedCount": len(items), "LastEvaluatedKey": last}
    return Stored(tuple(items), _as_answered(answer))


@cache
def notices() -> str:
    """Those due in Russia, as JSON."""
    due = LegalNotices(load_entries(), MORE_INFORMATION_URL).due
    return due("ru", "en", on=dt.datetime.now(dt.UTC).date().isoformat()).json


def items_of(article: Article) -> list[Item]:
    """The article's items, by the store's own builder."""
    at = "2025-11-20T12:00:00+00:00"
    version = Version(article.id, 1, article.status, at, "", "save", None, None, article, None, None)
    return edition_of_version(version, article.language).items(f"articles/{article.id}/000001.json")


def size(item: Item) -> int:
    """Bytes, as DynamoDB counts them."""
    return sum(len(name.encode()) + _value_size(*value.popitem()) for name, value in _copied(item).items())


def _copied(item: Item) -> Item:
    return {name: dict(value) for name, value in item.items()}


def _value_size(kind: str, value: Any) -> int:
    if kind == "S":
        return len(value.encode())
    if kind == "B":
        return len(value)
    if kind == "N":
        return (len(value.strip("-.0")) + 1) // 2 + 1
    if kind == "SS":
        return sum(len(each.encode()) for each in value)
    raise ValueError(f"no size is known here of the type {kind}")


def _article() -> Article:
    words = random.Random(1).choices("the winter road along the coast was closed again after snow".split(), k=1050)
    body = [{"type": "paragraph", "html": " ".join(words[start : start + 75])} for start in range(0, 1050, 75)]
    return Article.model_validate(
        {
            "id": "en-2025-10-14-the-librarians-who-lend-seeds",
            "language": "en",
            "headline": "The Winter Road",
            "published_at": "2025-10-14T08:00:00Z",
            "body": body,
        }
    )


def _peers_article() -> Item:
    article = _article()
    document: dict[str, Any] = {"translations": [], **json.loads(public_document(public_fields(article, 1)))}
    key = article_key(article.id)
    return {name: {"S": value} for name, value in key.items()} | {"document": {"S": cards.as_json(document)}}


def _card(article: Article) -> Item:
    partition = list_partition(article.language)
    return next(item for item in items_of(article) if item["pk"]["S"] == partition)


def _peers_card(article: Article) -> Item:
    key = {name: _card(article)[name] for name in ("pk", "sk")}
    return key | {"card": {"S": cards.as_json(cards.card(public_fields(article, 1)))}}


def _as_answered(answer: dict[str, Any]) -> bytes:
    def encoded(value: object) -> str:
        if not isinstance(value, bytes):
            raise TypeError(f"DynamoDB answers with no {type(value).__name__}")
        return base64.b64encode(value).decode()

    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"), default=encoded).encode()
