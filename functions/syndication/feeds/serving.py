"""Feeds of a language and of its sections, for partners who pass them on: RSS, Atom and JSON Feed.

No `Last-Modified`: notices change with neither articles nor their dates, so that a 304 by date could confirm a copy
that was made before a newer notice. The entity tag is over every byte.
"""

from __future__ import annotations

import json
from importlib import import_module

from content_api.http.problems import Problem
from content_api.names.cache_tags import changes_tag, list_tag
from content_api.names.keys import ALL, SECTIONS, catalogue_key, last_change_key
from content_api.names.quotas import SORT_KEY_BYTES
from syndication.feeds.entries import MOST_BYTES, entries, room_in_answer, withdrawals
from syndication.feeds.feed import Feed
from syndication.feeds.topics import topic
from syndication.languages import languages
from syndication.notices import always

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange
    from syndication.feeds.topics import Topic

# By extension: each format is loaded when it is first asked for.
_FORMATS = {"rss": "syndication.feeds.rss", "atom": "syndication.feeds.atom", "json": "syndication.feeds.json_feed"}


def get_feed(exchange: Exchange) -> Response:
    wanted = topic(exchange)
    section = _section_named(exchange, wanted) if wanted.facet != ALL else ""
    settings = exchange.settings
    notices = always(exchange, wanted.language)
    gone = withdrawals(exchange, wanted.language)
    feed = Feed(
        wanted,
        section,
        entries(exchange, wanted, notices, {each.article_id for each in gone}),
        gone,
        notices=notices,
        publisher=settings.publisher_name,
        public_url=settings.public_url,
        hub=settings.websub_hub,
    )
    if not feed.entries and not gone and not section and not _is_known(exchange, wanted.language):
        raise Problem(
            "feed-not-found", f"Nothing is published in {wanted.language}: GET /v1/languages lists the languages."
        )
    form = import_module(_FORMATS[wanted.extension])
    headers = {
        "content-type": f"{form.MEDIA_TYPE}; charset=utf-8",
        "content-language": wanted.language,
        "x-cache-tags": f"{list_tag(wanted.language, wanted.facet)},{changes_tag(wanted.language)}",
        "link": f'<{wanted.address}>; rel="self"' + (f', <{feed.hub}>; rel="hub"' if feed.hub else ""),
    }
    return exchange.whole(_fitting(form.rendered, feed), headers, is_due=exchange.notices_due(wanted.language).due)


def _section_named(exchange: Exchange, wanted: Topic) -> str:
    """As articles last spelled it. Raises Problem for a section that no article was ever in."""
    key = catalogue_key(SECTIONS, wanted.language, wanted.facet.partition("#")[2])
    named = exchange.table.get_item(key, "entry") if len(key["sk"].encode()) <= SORT_KEY_BYTES else None
    if named is None:
        raise Problem(
            "feed-not-found",
            f"No article was ever in that section in {wanted.language}: GET /v1/sections lists the sections.",
        )
    return json.loads(named["entry"]["S"])["name"]


def _is_known(exchange: Exchange, language: str) -> bool:
    """Whether the publisher publishes in a language, or ever did: the number of changes is kept for ever."""
    return language in languages() or exchange.table.get_item(last_change_key(language), "number") is not None


def _fitting(rendered: Callable[[Feed], str], feed: Feed) -> str:
    """Renders the feed, and drops the oldest entries until it fits into an answer. Its size is known only once it is
    rendered.
    """
    body = rendered(feed)
    while room_in_answer(body) > MOST_BYTES and feed.entries:
        feed.entries.pop()
        body = rendered(feed)
    return body
