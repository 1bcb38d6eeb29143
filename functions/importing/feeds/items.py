"""Items of RSS and Atom. Each item that has its whole text is an article."""

import re
from collections.abc import Iterator
from typing import Any

from content_api.content.article import MAXIMUM_TAGS, Article
from importing.articles.making import make_article
from importing.feeds.pictures import picture_of
from importing.feeds.reading import (
    MEDIA_RSS,
    Node,
    address_of,
    all_text,
    children,
    local_name,
    markup_of,
    namespace_of,
    text_of,
)
from importing.html.authors import authors
from importing.html.blocks import blocks_of
from importing.html.cleaning import cleaned
from importing.html.lead_image import lead_image
from importing.html.parsing import parsed, text_of_markup
from importing.html.preparing import prepare
from importing.refused import FileRefused
from importing.words.instants import instant_of

_LONGEST_FIELD = 500  # characters
_LONGEST_TEXT = 10_000
_LONGEST_NAMES = 1000
_KIND = "/g/2005#kind"  # the scheme in which Blogger says what an entry is
_IN_BRACKETS = re.compile(r"\S{1,100}@\S{1,255}\s*\(([^()]{1,200})\)")


def article_of(entry: Node, *, language: str | None, base: str, left_out: list[str]) -> Article:
    """The article in an entry. `base` completes relative addresses. `left_out` is called as in `blocks_of`. Raises
    FileRefused.
    """
    markup = max(_contents(entry), key=len, default="")
    if not markup.strip():
        hint = "RSS has it in content:encoded, Atom in content."
        raise FileRefused("the item brings a summary only, not its text", hint=hint)
    fields = {"language": language, "status": "draft" if _is_draft(entry) else "published"}
    return article_from(entry, markup, fields, base=base, left_out=left_out)


def is_post(entry: Node) -> bool:
    """Whether an entry is a post. Blogger's export has the blog's settings, templates and comments as entries too."""
    kinds = [each.get("term") or "" for each in _kinds(entry)]
    return not kinds or any(each.endswith("#post") for each in kinds)


def article_from(entry: Node, markup: str, fields: dict[str, Any], *, base: str, left_out: list[str]) -> Article:
    """The article in an entry. A value in `fields` replaces that of the entry. Raises FileRefused."""
    headline = text_of_markup(_title(entry))[:_LONGEST_FIELD]
    if not headline:
        raise FileRefused("the item has no title", hint="Give it one.")
    address = address_of(entry, base)
    summary = _summary(entry)
    standfirst = text_of_markup(summary)[:_LONGEST_TEXT] if summary != markup else ""
    root = parsed(markup)
    prepare(root)
    blocks = blocks_of(root, base=address or base, left_out=left_out)
    body = cleaned(blocks, headline=headline, standfirst=standfirst or None)
    picture, body = lead_image(picture_of(entry, address or base), body)
    published = [*_all(entry, "pubDate", "published", "issued", "date", "created"), *_all(entry, "updated", "modified")]
    changed = _all(entry, "updated", "modified")
    stated = {
        "url": address or None,
        "headline": headline,
        "standfirst": standfirst or None,
        "byline": authors(_names(entry)),
        "tags": tags_in(_terms(entry)),
        "published_at": next(filter(None, map(instant_of, published)), None),
        "updated_at": next(filter(None, map(instant_of, changed)), None),
        "lead_image": picture,
    }
    return make_article(stated | fields, body)


def tags_in(terms: list[str]) -> tuple[str, ...]:
    plain = (text_of_markup(each[:_LONGEST_TEXT])[:_LONGEST_FIELD] for each in terms)
    return tuple(dict.fromkeys(each for each in plain if each))[:MAXIMUM_TAGS]


def _contents(entry: Node) -> list[str]:
    """The texts of `content:encoded`, of Atom's `content`, and of XHTML's `body`. The element `content` of Media RSS is
    not a text but a file.
    """
    found = [
        each
        for each in children(entry, "encoded", "content", "body", "fulltext", "full-text")
        if MEDIA_RSS not in namespace_of(each) and "excerpt" not in namespace_of(each)
    ]
    return [markup_of(each) for each in found]


def _title(entry: Node) -> str:
    own = [each for each in children(entry, "title") if MEDIA_RSS not in namespace_of(each)]
    return next((text for each in own if (text := all_text(each))), "")


def _summary(entry: Node) -> str:
    own = [each for each in children(entry, "description", "summary") if MEDIA_RSS not in namespace_of(each)]
    return next((text for each in own if (text := markup_of(each).strip())), "")


def _all(entry: Node, *names: str) -> list[str]:
    return [all_text(each) for name in names for each in children(entry, name) if MEDIA_RSS not in namespace_of(each)]


def _names(entry: Node) -> list[str]:
    found: list[str] = []
    for each in children(entry, "creator", "author", "contributor"):
        if local_name(each) == "contributor" and found:
            continue
        stated = text_of(each, "name") if len(each) else all_text(each)[:_LONGEST_NAMES]
        in_brackets = _IN_BRACKETS.search(stated)
        found.append(in_brackets[1] if in_brackets else stated)
    return found


def _terms(entry: Node) -> list[str]:
    kinds = list(_kinds(entry))
    named = (each for each in children(entry, "category", "subject") if each not in kinds)
    return [each.get("label") or each.get("term") or all_text(each) for each in named]


def _kinds(entry: Node) -> Iterator[Node]:
    return (each for each in children(entry, "category") if (each.get("scheme") or "").endswith(_KIND))


def _is_draft(entry: Node) -> bool:
    """Whether the entry is a draft (RFC 5023, section 13.1.1)."""
    return any(text_of(each, "draft").lower() == "yes" for each in children(entry, "control"))
