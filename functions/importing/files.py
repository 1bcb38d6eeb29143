"""Reads articles from a file of any kind. Files dropped in S3 and files that a command reads both come through here."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from content_api.content.article import Article
from content_api.content.removals import removals
from importing import own_articles
from importing.encodings import text_of
from importing.feeds import items, json_feed
from importing.feeds.reading import feed_in
from importing.feeds.wordpress import Export
from importing.html.html_page import parse_html_page
from importing.html.json_ld import object_of
from importing.kinds import check_bytes, kind_of
from importing.refused import FileRefused
from importing.text.text_page import parse_text_page

LARGEST_FILE = 10 * 1024 * 1024  # bytes: a hundred times the longest article of the archive
_TOO_DEEP = "An article has some ten levels."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A picture, recording or embed that an article was taken in without."""

    article: str
    what: str


@dataclass
class Found:
    """What a file holds. Each article of a file is taken or refused by itself."""

    articles: list[Article] = field(default_factory=list[Article])
    # Ids that are made of titles: the file states neither an id nor an address.
    by_title: set[str] = field(default_factory=set[str])
    # What sanitising took out of the markup of our own JSON, by id, as `removals` has it. Of pages and feeds only what
    # is text or a block is taken in the first place.
    removed: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])
    refused: list[FileRefused] = field(default_factory=list[FileRefused])
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])


def articles_in(content: bytes, *, language: str | None = None) -> Found:
    """The articles of a file, whose kind is recognised by its content. Without `language` (BCP 47) it is recognised
    from the text. Where no article is found, `refused` says why. Raises MemoryError alone: it is no fault of the file.
    """
    found = Found()
    _add(found, "", lambda left_out: _read(content, language, found, left_out))
    return found


def check_size(size: int) -> None:
    """Raises FileRefused."""
    if not size:
        raise FileRefused("the file is empty", hint="Hand it in again, with what should be in it.")
    if size > LARGEST_FILE:
        hint = "Split it, an article a file."
        raise FileRefused(f"{size:,} bytes are more than the {LARGEST_FILE:,} that are read", hint=hint)


def _add(found: Found, place: str, read: Callable[[list[str]], Article | None], stated: object = None) -> None:
    """Adds the article that `read` returns, or the reason why it is refused. Others in the file are not lost. `stated`
    is what our own JSON says.
    """
    left_out: list[str] = []
    try:
        article = read(left_out)
    except MemoryError:
        raise
    except FileRefused as error:
        where = ": ".join(part for part in (place, error.place) if part)
        found.refused.append(FileRefused(error.reason, place=where, hint=error.hint))
    except RecursionError:
        found.refused.append(FileRefused("it is nested too deeply", place=place, hint=_TOO_DEEP))
    except Exception as error:
        logger.exception("a file could not be read")
        reason = f"reading it failed ({type(error).__name__}), which is a fault of the importer"
        hint = "Tell the developers, with the file."
        found.refused.append(FileRefused(reason, place=place, hint=hint))
    else:
        if article is not None:
            _add_unless_taken(found, place, article)
            found.left_out += [LeftOut(article.id, what) for what in left_out]
            if article.url is None and "id" not in object_of(stated):
                found.by_title.add(article.id)
            if gone := removals(stated, article.model_dump(mode="json")):
                found.removed[article.id] = gone


def _add_unless_taken(found: Found, place: str, article: Article) -> None:
    """Refuses a second article with the same id in one file: it would silently replace the first."""
    same = next((each for each in found.articles if each.id == article.id), None)
    if same is None:
        found.articles.append(article)
    elif same != article:
        reason = f'"{article.headline}" has the id {article.id}, which "{same.headline}" in this file has already'
        hint = "Give each its own address, or its own id."
        found.refused.append(FileRefused(reason, place=place, hint=hint))


def _read(content: bytes, language: str | None, found: Found, left_out: list[str]) -> Article | None:
    check_size(len(content))
    check_bytes(content)
    text = text_of(content)
    match kind_of(text):
        case "json":
            _read_json(text, language, found)
        case "feed":
            _read_feed(text, language, found)
        case "html":
            return parse_html_page(text, language=language, left_out=left_out)
        case "text":
            return parse_text_page(text, language=language).article
    return None


def _read_feed(text: str, language: str | None, found: Found) -> None:
    feed = feed_in(text)
    if feed.is_wordpress:
        export = Export(feed)
        for at, entry in export.posts():
            _add(
                found,
                f"item {at}",
                lambda left_out, entry=entry: export.article_of(entry, language=language, left_out=left_out),
            )
        if not found.articles and not found.refused:
            raise FileRefused(
                "a WordPress export without posts", hint="Export posts: pages and attachments are no articles."
            )
        return
    for at, entry in enumerate(feed.entries, start=1):
        _add(
            found,
            f"item {at}",
            lambda left_out, entry=entry: items.article_of(
                entry, language=language or feed.language, base=feed.base, left_out=left_out
            ),
        )


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuses a name that stands twice in one object: RFC 8259 does not say which of the two counts."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise FileRefused(f"{twice[:100]!r} is given twice in one object", hint="Leave one of them out.")
    return members


def _read_json(text: str, language: str | None, found: Found) -> None:
    try:
        parsed = json.loads(text, object_pairs_hook=_members)
    except ValueError as error:
        raise FileRefused(f"it begins as JSON and is not: {error}", hint="Let a JSON validator read it.") from error
    if json_feed.is_json_feed(parsed):
        for at, item in enumerate(json_feed.items_of(parsed), start=1):
            _add(
                found,
                f"item {at}",
                lambda left_out, item=item: json_feed.article_of(parsed, item, language=language, left_out=left_out),
            )
        return
    is_list = isinstance(parsed, list)
    entries = cast("list[Any]", parsed if is_list else [parsed])
    if not entries:
        raise FileRefused("an empty list", hint="Name an article in it.")
    for at, entry in enumerate(entries, start=1):
        own_articles.check_kind(entry)
        _add(
            found,
            f"article {at}" if is_list else "",
            lambda _, entry=entry: own_articles.article_of(entry, language=language),
            entry,
        )
