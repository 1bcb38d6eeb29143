"""JSON Feed (jsonfeed.org, versions 1 and 1.1). Each item that has its whole text is an article."""

from html import escape
from typing import Any, cast

from content_api.content.article import Article
from importing.articles.making import make_article
from importing.feeds.items import tags_in
from importing.html.addresses import completed
from importing.html.authors import authors
from importing.html.blocks import blocks_of
from importing.html.cleaning import cleaned
from importing.html.json_ld import listed, object_of
from importing.html.lead_image import lead_image
from importing.html.parsing import parsed, text_of_markup
from importing.html.pictures import picture_at
from importing.html.preparing import prepare
from importing.refused import FileRefused
from importing.words.instants import instant_of
from importing.words.languages import stated_language

_VERSION = "jsonfeed.org/version/"
_LONGEST_FIELD = 500  # characters
_LONGEST_TEXT = 10_000
_MOST_ITEMS = 1000

type Json = dict[str, Any]


def is_json_feed(stated: object) -> bool:
    return _VERSION in str(object_of(stated).get("version") or "")


def items_of(feed: Json) -> list[Any]:
    """The items of the feed. Raises FileRefused."""
    items = feed.get("items")
    if not isinstance(items, list) or not items:
        raise FileRefused(
            "a JSON Feed without items", hint="Hand in the feed with its items, each with its whole text."
        )
    if len(cast("list[Any]", items)) > _MOST_ITEMS:
        raise FileRefused(f"more than the {_MOST_ITEMS:,} items that are read of one file", hint="Split it.")
    return cast("list[Any]", items)


def article_of(feed: Json, item: object, *, language: str | None, left_out: list[str]) -> Article:
    """The article in an item. `left_out` is called as in `blocks_of`. Raises FileRefused."""
    entry = object_of(item)
    markup = _text(entry.get("content_html"))
    plain = _text(entry.get("content_text"))
    if not markup.strip() and plain.strip():
        markup = "".join(f"<p>{escape(part, quote=False)}</p>" for part in plain.split("\n\n"))
    if not markup.strip():
        raise FileRefused("the item brings no text", hint="JSON Feed has it in content_html or content_text.")
    headline = text_of_markup(_text(entry.get("title")))[:_LONGEST_FIELD]
    if not headline:
        raise FileRefused("the item has no title", hint="Give it one.")
    home = completed(_text(feed.get("home_page_url")), "")
    address = completed(_text(entry.get("url")), home)
    standfirst = text_of_markup(_text(entry.get("summary")))[:_LONGEST_TEXT]
    root = parsed(markup)
    prepare(root)
    blocks = blocks_of(root, base=address or home, left_out=left_out)
    body = cleaned(blocks, headline=headline, standfirst=standfirst or None)
    image = completed(_text(entry.get("image")) or _text(entry.get("banner_image")), address or home)
    picture, body = lead_image(picture_at(image) if image else None, body)
    people = (
        listed(entry.get("authors")) or listed(entry.get("author")) or listed(feed.get("authors") or feed.get("author"))
    )
    stated = stated_language(_text(entry.get("language")) or _text(feed.get("language")))
    return make_article(
        {
            "language": language or stated,
            "url": address or None,
            "headline": headline,
            "standfirst": standfirst or None,
            "byline": authors([_text(object_of(each).get("name")) for each in people]),
            "tags": tags_in([each for each in listed(entry.get("tags")) if isinstance(each, str)]),
            "published_at": instant_of(entry.get("date_published")) or instant_of(entry.get("date_modified")),
            "updated_at": instant_of(entry.get("date_modified")),
            "lead_image": picture,
        },
        body,
    )


def _text(stated: object) -> str:
    return stated if isinstance(stated, str) else ""
