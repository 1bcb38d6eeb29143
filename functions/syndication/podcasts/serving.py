"""Serves the feed of a show, for podcast apps: `GET /feeds/{language}/shows/{id}.rss`. Its episodes are the articles in
that language that name the show and have a recording.
"""

from __future__ import annotations

import json
import re
from functools import partial

from content_api.http.problems import Problem
from content_api.http.response import ASKED_AGAIN, redirect
from content_api.names.cache_tags import TAG_HEADER, changes_tag, list_tag, subject_tag
from content_api.names.feed_addresses import FULL
from content_api.names.keys import facet
from content_api.names.subjects import ID_PATTERN, SHOW
from content_api.reader_api.damage import UNREADABLE, Damaged
from content_api.reader_api.pages import chosen
from content_api.reader_api.parameters import language
from content_api.reader_api.subjects import standing
from syndication.feeds.entries import entries, withdrawals
from syndication.feeds.feed import Feed
from syndication.feeds.serving import fitting
from syndication.feeds.topics import Topic
from syndication.notices import always
from syndication.podcasts.rss import MEDIA_TYPE, rendered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange
    from content_api.reader_api.subjects import Standing

MOST_EPISODES = 100  # of a page: most apps do not ask for the next one
_FILE = re.compile(rf"({ID_PATTERN})\.rss", re.ASCII)


class TopicOfShow(Topic):
    """The episodes of a show in a language."""

    __slots__ = ("_host", "show_id")

    def __init__(self, spoken: str, show_id: str, public_url: str, before: str) -> None:
        super().__init__(spoken, facet(SHOW.facet, show_id), "rss", FULL, public_url, before)
        self.show_id = show_id
        self._host = public_url

    def page(self, before: str) -> str:
        from urllib.parse import quote  # noqa: PLC0415 - most ask for the newest page

        query = f"?before={quote(before, safe='')}" if before else ""
        return f"{self._host}/feeds/{self.language}/shows/{self.show_id}.rss{query}"

    def of(self, subject_id: str) -> str:
        return TopicOfShow(self.language, subject_id, self._host, "").page(self.before)


def get_show_feed(exchange: Exchange) -> Response:
    wanted = _wanted(exchange)
    show = standing(exchange.table, SHOW, (wanted.show_id,)).get(wanted.show_id)
    if show is None:
        raise Problem("feed-not-found", "No show has this id: GET /v1/shows lists the shows.")
    tags = [changes_tag(wanted.language)]
    tags += [subject_tag(SHOW.name, each) for each in dict.fromkeys((wanted.show_id, show.id))]
    if show.id != wanted.show_id:
        path = wanted.of(show.id).removeprefix(exchange.settings.public_url)
        return redirect(path, {"cache-control": ASKED_AGAIN, TAG_HEADER: ",".join(tags)})
    wanted.lists = show.lists
    notices = always(exchange, wanted.language)
    gone = withdrawals(exchange, wanted.language)
    found, following = entries(exchange, wanted, notices, {each.article_id for each in gone}, most=MOST_EPISODES)
    described = _entry_of(show)
    spoken = {each["language"] for each in described["names"]}
    if not found and not wanted.before and wanted.language not in spoken:
        raise Problem("feed-not-found", f"This show has no name and no episode in {wanted.language}.")
    feed = Feed(
        wanted,
        show.name_in(wanted.language),
        [each for each in found if each.recording],
        gone,
        following=following,
        notices=notices,
        settings=exchange.settings,
    )
    lists = chosen([wanted.lists], 1)[0]
    headers = {
        "content-type": f"{MEDIA_TYPE}; charset=utf-8",
        "content-language": wanted.language,
        TAG_HEADER: ",".join([*(list_tag(wanted.language, each) for each in lists), *tags]),
        "link": f'<{wanted.address}>; rel="self"',
    }
    body = fitting(partial(rendered, show=described), feed)
    if feed.next_page:
        headers["link"] += f', <{feed.next_page}>; rel="next"'
    return exchange.whole(body, headers, is_due=exchange.notices_due(wanted.language).due)


def _wanted(exchange: Exchange) -> TopicOfShow:
    """Raises Problem (feed-not-found) if no feed can have this path."""
    named = exchange.request.path_parameters
    file = _FILE.fullmatch(named.get("file", ""))
    try:
        spoken = language(named.get("language", ""))
    except ValueError:
        spoken = ""
    if file is None or not spoken:
        raise Problem("feed-not-found", "No feed has this path, en/shows/the-noon-news.rss being such.")
    return TopicOfShow(spoken, file[1], exchange.settings.public_url, exchange.parameters.get("before", ""))


def _entry_of(show: Standing) -> dict[str, Any]:
    """What there is to say of the show. Raises Damaged."""
    try:
        found: dict[str, Any] = json.loads(show.entry)
        if not found["names"] or "podcast" not in found:
            raise Damaged("a show")
    except UNREADABLE as error:
        raise Damaged("a show") from error
    return found
