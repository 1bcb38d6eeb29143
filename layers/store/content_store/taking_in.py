"""Decides what to do with an article from a file, given the version that is current. Pure.

The latest file wins, in whatever order files come. A file never changes a decision of editors: a draft stays a draft
and still waits for its time, and an article that editors have written stays as it is.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Literal

from content_api.content.article import Article
from content_api.content.document import digest
from content_api.content.rendering import body_text
from content_api.names.instants import lies_ahead
from content_store.current import Current
from content_store.errors import AnotherArticle, ArticleWithdrawn, EditedSince, LiesAhead
from content_store.versions import Source, Version

_HASHED = re.compile(r"(.{1,96})-[0-9a-f]{8}", re.ASCII)
_CUT = 96 - 9  # characters: the words of a longer id were cut to make room for the hash


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was done with an article from a file. `superseded`: a later file had it before."""

    version: int
    outcome: Literal["created", "replaced", "unchanged", "superseded"]
    article_id: str


@dataclass(frozen=True, slots=True)
class Decision:
    """`article` is to be written; None for nothing. `is_noted`: it says the same, so that only the order is noted."""

    outcome: Literal["created", "replaced", "unchanged", "superseded"]
    article: Article | None = None
    is_noted: bool = False


def check_date(article: Article, at: dt.datetime) -> None:
    """Raises LiesAhead for an article that is dated in the future: a file publishes nothing before its time."""
    if article.status == "published" and article.published_at and lies_ahead(article.published_at, at):
        raise LiesAhead(article.id, article.published_at)


def under_the_held_id(article: Article, holder: str) -> Article | None:
    """The article under the id that has its address already, if that id is its own without the hash. None for any other
    holder. Ids that are made of addresses end in a hash; earlier releases made them without it, and those stay.
    """
    hashed = _HASHED.fullmatch(article.id)
    is_earlier = hashed is not None and (holder == hashed[1] or (len(holder) > _CUT and holder.startswith(hashed[1])))
    return article.model_copy(update={"id": holder}) if is_earlier else None


def check_title(article: Article, source: Source, before: Article | None, came_from: str) -> None:
    """Raises AnotherArticle if the id is made of the title, and another article has it. It is the same article if it
    comes from the same file again, even corrected, or if a file of another name has the same words. `before` is the
    article as it is now. `came_from` is the file that it came in last, empty if it came in none.
    """
    if not source.by_title or before is None or source.file == came_from:
        return
    if _words(article) != _words(before):
        raise AnotherArticle(article.id, source.file, came_from)


def _words(article: Article) -> str:
    return "".join(each for each in body_text(article.model_dump(mode="json")["body"]).casefold() if each.isalnum())


def is_newer(source: Source, current: Current) -> bool:
    """Whether the file was handed in after every file that the article came in before."""
    return not current.version or source.order > current.taken_in


def decide(article: Article, source: Source, current: Current, before: Version | None, at: dt.datetime) -> Decision:
    """Decides what to write. `before` is the current version, None if there is none or if the file is not newer. A
    replacement always has `updated_at`: it is `at` if the file does not say it. Raises ArticleWithdrawn and
    EditedSince.
    """
    if not current.version:
        return Decision("created", article)
    if before is None:
        return Decision("unchanged" if source.order == current.taken_in else "superseded")
    if before.article is None:
        raise ArticleWithdrawn(article.id)
    decided: dict[str, Any] = {name: getattr(before.article, name) for name in ("status", "breaking_until")}
    decided["published_at"] = article.published_at or before.article.published_at
    decided["corrections"] = article.corrections or before.article.corrections
    changed = article.model_copy(update=decided)
    # Both digests are made here: earlier releases printed the same instants in another form.
    if digest(changed) == digest(before.article):
        return Decision("unchanged", is_noted=True)
    if current.is_edited:
        raise EditedSince(article.id)
    return Decision("replaced", changed if article.updated_at else changed.model_copy(update={"updated_at": at}))
