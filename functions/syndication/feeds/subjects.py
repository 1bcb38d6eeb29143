"""The feed of a topic or an author, by id: which lists it is made from, and what it is called."""

from __future__ import annotations

from content_api.http.problems import Problem
from content_api.names.subjects import AUTHOR, TOPIC
from content_api.reader_api.subjects import is_id, standing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.reader_api.exchange import Exchange
    from content_api.reader_api.subjects import Standing
    from syndication.feeds.topics import Topic


def subject_of(exchange: Exchange, wanted: Topic) -> Standing | None:
    """The topic or the author that the feed is of. None for any other feed, and for that of an author by a name in
    bylines. Raises Problem (feed-not-found) for an id that no topic has.
    """
    kind, _, value = wanted.facet.partition("#")
    if kind == AUTHOR.name and is_id(value):
        return standing(exchange.table, AUTHOR, (value,)).get(value)
    if kind != TOPIC.name:
        return None
    found = standing(exchange.table, TOPIC, (value,)).get(value)
    if found is None:
        raise Problem("feed-not-found", "No topic has this id: GET /v1/topics lists the topics.")
    return found
