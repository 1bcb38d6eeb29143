"""GET /v1/changes: what has appeared, changed or gone since a cursor, for apps that keep articles.

It gives metadata only, so that no text lands on a device unasked. Changes are numbered without gaps and become visible
in that order (see `content_api.store`), so a client that goes on from the last number misses nothing.
"""

from __future__ import annotations

import json

from content_api.http.problems import Problem
from content_api.names.cache_tags import changes_tag
from content_api.names.keys import (
    DAYS_OF_CHANGES,
    HIGHEST_CHANGE,
    LAST_CHANGE,
    change_partition,
    change_position,
    last_change_key,
)
from content_api.reader_api.changes import with_href
from content_api.reader_api.parameters import bad_parameters
from reading import cursors
from reading.links import next_link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

PAGE = 100  # changes
_KEPT = DAYS_OF_CHANGES * 24 * 60 * 60  # seconds
NOW = "now"
_PLACES = "[0-9]{12}"


def get_changes(exchange: Exchange) -> Response:
    """A page of changes in their order. Its `next_cursor` is never null: at the end of the feed it is where the next
    change will be, and `is_complete` says that there is nothing behind it yet.
    """
    language = exchange.parameters["language"]
    partition = change_partition(language)
    query = f"changes\n{language}"
    cursor = exchange.parameters.get("cursor", "")
    if cursor == NOW:
        last = exchange.table.get_item(last_change_key(language), "number")
        number = int(last["number"]["N"]) if last else 0
        return _page(exchange, "", is_complete=True, cursor=cursors.made(query, change_position(number), exchange.now))
    after = _after(query, cursor, exchange.now) if cursor else ""
    found, _ = exchange.table.query(
        partition, attributes="sk entry at", limit=PAGE + 1, after=after, lowest="0", highest=HIGHEST_CHANGE
    )
    items, more = found[:PAGE], len(found) > PAGE
    place = items[-1]["sk"]["S"] if items else after or change_position(0)
    # Where all has been read, the cursor is as young as this answer; else as what was read last.
    given = int(items[-1]["at"]["N"]) if more else exchange.now
    entries = ",".join([_entry(item["entry"]["S"], exchange) for item in items])
    return _page(exchange, entries, is_complete=not more, cursor=cursors.made(query, place, given))


def _entry(entry: str, exchange: Exchange) -> str:
    shown = with_href(json.loads(entry), exchange.settings.public_url)
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def _page(exchange: Exchange, entries: str, *, is_complete: bool, cursor: str) -> Response:
    language = exchange.parameters["language"]
    complete = "true" if is_complete else "false"
    return exchange.answer(
        language,
        f'"changes":[{entries}],"is_complete":{complete},"next_cursor":"{cursor}"',
        cache_tags=changes_tag(language),
        link="" if is_complete else next_link(exchange, cursor),
    )


def _after(query: str, cursor: str, now: float) -> str:
    try:
        place, given = cursors.read(query, cursor, _PLACES, now)
    except cursors.NoCursor as error:
        raise bad_parameters(("cursor", f"cursor {error}")) from error
    if now - given > _KEPT:
        raise Problem(
            "cursor-expired",
            f"This cursor is more than {DAYS_OF_CHANGES} days old, and changes since may be gone. Take a new one with "
            "cursor=now, then ask for every article that you keep again, and drop those that are 404 or 410.",
        )
    return place


assert LAST_CHANGE > HIGHEST_CHANGE  # noqa: S101 - or the counter would be taken for a change
