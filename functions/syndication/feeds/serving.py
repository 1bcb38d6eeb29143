"""Serves the feeds of a language and of its sections, as RSS, Atom and JSON Feed, for partners who pass them on.

There is no `Last-Modified`: notices change independently of the dates of articles, so a 304 by date could confirm a
copy from before a new notice. The entity tag depends on every byte.
"""

from __future__ import annotations

import json
from importlib import import_module

from content_api.http.problems import Problem
from content_api.http.response import ASKED_AGAIN, redirect
from content_api.names.cache_tags import TAG_HEADER, changes_tag, list_tag, subject_tag
from content_api.names.keys import ALL, BREAKING, SECTIONS, catalogue_key, facet, last_change_key
from content_api.names.quotas import SORT_KEY_BYTES
from content_api.reader_api.damage import Damaged
from content_api.reader_api.pages import chosen
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
    from syndication.feeds.feed import Entry
    from syndication.feeds.topics import Topic

# The module of each format, by extension. It is imported when it is first used.
_FORMATS = {"rss": "syndication.feeds.rss", "atom": "syndication.feeds.atom", "json": "syndication.feeds.json_feed"}


def get_feed(exchange: Exchange) -> Response:
    wanted = topic(exchange)
    section = _section_named(exchange, wanted) if wanted.facet.startswith("section#") else ""
    subject = None
    if wanted.facet.startswith(("topic#", "author#")):
        from syndication.feeds.subjects import subject_of  # noqa: PLC0415 - most feeds are of neither

        subject = subject_of(exchange, wanted)
    tags = [changes_tag(wanted.language)]
    if subject:
        kind, _, named = wanted.facet.partition("#")
        tags += [subject_tag(kind, each) for each in dict.fromkeys((named, subject.id))]
        if subject.id != named:
            return _moved(exchange, wanted.of(subject.id), tags)
        wanted.lists = subject.lists
    notices = always(exchange, wanted.language)
    gone = withdrawals(exchange, wanted.language)
    found, following = entries(exchange, wanted, notices, {each.article_id for each in gone})
    name = section or (subject.name_in(wanted.language) if subject else _name(wanted, found))
    feed = Feed(wanted, name, found, gone, following=following, notices=notices, settings=exchange.settings)
    if not feed.entries and not gone and not section and not _is_known(exchange, wanted.language):
        raise Problem(
            "feed-not-found", f"Nothing is published in {wanted.language}: GET /v1/languages lists the languages."
        )
    form = import_module(_FORMATS[wanted.extension])
    headers = {
        "content-type": f"{form.MEDIA_TYPE}; charset=utf-8",
        "content-language": wanted.language,
        TAG_HEADER: ",".join([*(list_tag(wanted.language, each) for each in chosen([wanted.lists], 1)[0]), *tags]),
        "link": f'<{wanted.address}>; rel="self"' + (f', <{feed.hub}>; rel="hub"' if feed.hub else ""),
    }
    body = fitting(form.rendered, feed)
    if feed.next_page:
        headers["link"] += f', <{feed.next_page}>; rel="next"'
    return exchange.whole(body, headers, is_due=exchange.notices_due(wanted.language).due)


def _moved(exchange: Exchange, address: str, tags: list[str]) -> Response:
    """Redirects (308) to the feed of the topic or author that stands for the one asked for. Feed readers keep the new
    address.
    """
    path = address.removeprefix(exchange.settings.public_url)
    if "notice" in exchange.parameters:
        path += "&notice=always"
    return redirect(path, {"cache-control": ASKED_AGAIN, TAG_HEADER: ",".join(tags)})


def _section_named(exchange: Exchange, wanted: Topic) -> str:
    """The section in the spelling of the article that was written last. Raises Problem if no article was ever in it."""
    key = catalogue_key(SECTIONS, wanted.language, wanted.facet.partition("#")[2])
    named = exchange.table.get_item(key, "entry") if len(key["sk"].encode()) <= SORT_KEY_BYTES else None
    if named is None:
        raise Problem(
            "feed-not-found",
            f"No article was ever in that section in {wanted.language}: GET /v1/sections lists the sections.",
        )
    try:
        return json.loads(named["entry"]["S"])["name"]
    except (KeyError, TypeError, ValueError) as error:
        raise Damaged("a section") from error


def _name(wanted: Topic, found: list[Entry]) -> str:
    """What the feed is of, in the words of its language, and of a tag or an author in the spelling of the newest
    article.
    """
    kind, _, value = wanted.facet.partition("#")
    if wanted.facet == ALL:
        return languages().get(wanted.language, wanted.language)
    if wanted.facet == BREAKING:
        from content_api.content.words import Words  # noqa: PLC0415 - few ask for breaking news

        return Words(wanted.language).plain("breaking")
    named = [
        name
        for entry in found
        for name in ([each["name"] for each in entry.fields["byline"]] if kind == "author" else entry.fields["tags"])
    ]
    return next((each for each in named if facet(kind, each) == wanted.facet), value)


def _is_known(exchange: Exchange, language: str) -> bool:
    """Whether the publisher publishes in a language, or ever did. The number of its changes is kept for ever."""
    return language in languages() or exchange.table.get_item(last_change_key(language), "number") is not None


def fitting(rendered: Callable[[Feed], str], feed: Feed) -> str:
    """Renders the feed. Drops the oldest entries until it fits into an answer, since its size is known only after
    rendering.
    """
    body = rendered(feed)
    while room_in_answer(body) > MOST_BYTES and feed.entries:
        feed.shorten()
        body = rendered(feed)
    return body
