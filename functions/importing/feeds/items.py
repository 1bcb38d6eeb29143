"""RSS and Atom as feedparser reads them: every item that brings its whole text is an article."""

import calendar
import datetime as dt
import io
from typing import TYPE_CHECKING, Any, cast

import feedparser  # pyright: ignore[reportMissingTypeStubs] - it has none

from content_api.content.article import MAXIMUM_BYLINES, MAXIMUM_TAGS, Article, Author, Picture, Rendition
from importing.html.cleaning import cleaned
from importing.html.html_page import made
from importing.html.markup import blocks_of, kind_of, parsed
from importing.refused import FileRefused
from importing.words.languages import stated_language

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_FIELD = 500  # characters
_MOST_ITEMS = 1000

type Entry = dict[str, Any]


def entries_of(text: str) -> tuple[str | None, list[Entry]]:
    """The feed's language, where it states one, and its items. Raises FileRefused."""
    parse = cast("Callable[..., dict[str, Any]]", feedparser.parse)  # pyright: ignore[reportUnknownMemberType] - it is untyped
    read = parse(io.BytesIO(text.encode()), response_headers={"content-type": "application/xml; charset=utf-8"})
    entries = cast("list[Entry]", read["entries"])
    if not read.get("version"):
        raise FileRefused("this is XML, and no feed", hint="Feeds are RSS or Atom.")
    if not entries:
        raise FileRefused("a feed without items")
    if len(entries) > _MOST_ITEMS:
        raise FileRefused(f"{len(entries):,} items are more than the {_MOST_ITEMS:,} that are read", hint="Split it.")
    return stated_language(str(cast("Entry", read["feed"]).get("language") or "")), entries


def article_of(entry: Entry, *, language: str | None) -> Article:
    """Raises FileRefused."""
    contents = cast("list[dict[str, str]]", entry.get("content") or [])
    markup = max((each.get("value", "") for each in contents), key=len, default="")
    if not markup.strip():
        hint = "RSS has it in content:encoded, Atom in content."
        raise FileRefused("the item brings a summary only, not its text", hint=hint)
    headline = _plain(entry.get("title"))
    if not headline:
        raise FileRefused("the item has no title")
    link = str(entry.get("link") or "")
    standfirst = _plain(entry.get("summary")) if entry.get("summary") != markup else ""
    body = cleaned(blocks_of(parsed(markup), base=link), headline=headline, standfirst=standfirst)
    terms = [_plain(each.get("term")) for each in cast("list[Entry]", entry.get("tags") or [])]
    names = [_plain(each.get("name")) for each in cast("list[Entry]", entry.get("authors") or [])]
    return made(
        {
            "language": language,
            "url": link if link.startswith(("https://", "http://")) else None,
            "headline": headline[:_LONGEST_FIELD],
            "standfirst": standfirst[: 20 * _LONGEST_FIELD] or None,
            "byline": tuple(Author(name=name) for name in dict.fromkeys(names) if name)[:MAXIMUM_BYLINES],
            "tags": tuple(dict.fromkeys(term for term in terms if term))[:MAXIMUM_TAGS],
            "published_at": _instant(entry.get("published_parsed")),
            "updated_at": _instant(entry["updated_parsed"]) if "updated_parsed" in entry else None,
            "lead_image": _picture(entry),
            "body": body,
        }
    )


def _plain(markup: object) -> str:
    """Titles and the like are text in one feed and markup in another."""
    if not isinstance(markup, str) or not markup.strip():
        return ""
    return " ".join(str(parsed(f"<p>{markup}</p>").text_content()).split())[: 20 * _LONGEST_FIELD]


def _instant(parsed_time: Any) -> dt.datetime | None:  # noqa: ANN401 - a struct_time of UTC, or none
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(parsed_time), dt.UTC) if parsed_time else None
    except (OverflowError, ValueError):
        return None


def _picture(entry: Entry) -> Picture | None:
    """An enclosure, or Media RSS."""
    listed = [
        *cast("list[Entry]", entry.get("media_content") or []),
        *cast("list[Entry]", entry.get("enclosures") or []),
    ]
    for each in listed:
        address, kind = str(each.get("url") or each.get("href") or ""), str(each.get("type") or "")
        kind = kind or kind_of(address)
        if address.startswith(("https://", "http://")) and kind.startswith("image/"):
            return Picture(renditions=(Rendition(url=address, media_type=kind),))
    return None
