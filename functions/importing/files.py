"""Reads the articles in a file of any kind, whether it was dropped in S3 or is read by a command."""

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

LARGEST_FILE = 10 * 1024 * 1024  # bytes; a hundred times the longest article of the archive
_TOO_DEEP = "An article has some ten levels."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A picture, recording or embed that is not in the article, although it is in the file."""

    article: str
    what: str


@dataclass
class Found:
    """The content of a file. Each of its articles is taken in or refused by itself."""

    articles: list[Article] = field(default_factory=list[Article])
    # Ids that are made from titles, since the file states neither an id nor an address.
    by_title: set[str] = field(default_factory=set[str])
    # What sanitising removed from the markup of our own JSON, by id, as `removals` returns it. From pages and feeds,
    # only texts and blocks are read in the first place.
    removed: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])
    refused: list[FileRefused] = field(default_factory=list[FileRefused])
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])
    # The same articles by id: a file can have tens of thousands.
    by_id: dict[str, Article] = field(default_factory=dict[str, Article])


def articles_in(content: bytes, *, language: str | None = None) -> Found:
    """The articles of a file. The kind of the file is recognised from its content. Without `language` (BCP 47), the
    language is recognised from the text. If there is no article, `refused` says why. Raises only MemoryError, which is
    no fault of the file.
    """
    found = Found()
    _add(found, "", lambda left_out: _read(content, language, found, left_out))
    return found


def check_size(size: int) -> None:
    """Raises FileRefused if the file is empty or too large."""
    if not size:
        raise FileRefused("the file is empty", hint="Hand it in again, with what should be in it.")
    if size > LARGEST_FILE:
        hint = "Split it, an article a file."
        raise FileRefused(f"{size:,} bytes are more than the {LARGEST_FILE:,} that are read", hint=hint)


def _add(found: Found, place: str, read: Callable[[list[str]], Article | None], stated: object = None) -> None:
    """Adds the article that `read` returns, or the reason why it is refused, so that the other articles of the file are
    not lost. `stated` is the article in our own JSON.
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
    """Refuses a second article with the same id in a file. It would replace the first without a word."""
    same = found.by_id.setdefault(article.id, article)
    if same is article:
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
        if items.is_post(entry):
            _add(
                found,
                f"item {at}",
                lambda left_out, entry=entry: items.article_of(
                    entry, language=language or feed.language, base=feed.base, left_out=left_out
                ),
            )
    if not found.articles and not found.refused:
        raise FileRefused("an export of a blog without posts", hint="Export its posts: settings are no articles.")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object. Refuses a name that occurs twice, since RFC 8259 does not say which value counts."""
    members = dict(pairs)
    if len(members) < len(pairs):
        last = {name: at for at, (name, _) in enumerate(pairs)}
        twice = next(name for at, (name, _) in enumerate(pairs) if last[name] != at)
        raise FileRefused(f"{twice[:100]!r} is given twice in one object", hint="Leave one of them out.")
    return members


def _read_json(text: str, language: str | None, found: Found) -> None:
    try:
        parsed = json.loads(text, object_pairs_hook=_members)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        if error.msg == "Extra data":
            detail = f"after the first JSON value, another begins at {where}"
            raise FileRefused(detail, hint="Hand in one value a file, or all of them in one list.") from error
        raise FileRefused(f"it begins as JSON and is not, at {where}", hint="Let a JSON validator read it.") from error
    except ValueError as error:  # Python reads no number of more than 4,300 digits
        raise FileRefused("a number in it has thousands of digits", hint="Correct it, or leave it out.") from error
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
