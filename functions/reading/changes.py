"""GET /v1/changes: what has appeared, changed or gone since a cursor, for apps that keep copies of articles.

It has no content, so no text lands on a device that did not ask for it. The changes of a language are numbered without
gaps, and become visible in that order (`store.transactions`). So a client that goes on from the last number misses
nothing. A cursor for several languages has the last number of each. Their changes come by time, as far as the clocks of
their writers agree, and those of one language always in their order.
"""

from __future__ import annotations

import json
from operator import itemgetter

from content_api.http.problems import Problem
from content_api.law.legal_notices import FALLBACK_LANGUAGE
from content_api.names.cache_tags import changes_tag
from content_api.names.keys import (
    DAYS_OF_CHANGES,
    HIGHEST_CHANGE,
    LAST_CHANGE,
    change_partition,
    change_position,
    last_change_key,
)
from content_api.reader_api.changes import described
from content_api.reader_api.damage import Damaged
from content_api.reader_api.parameters import bad_parameters
from reading import cursors
from reading.languages import ALL, spoken
from reading.links import page_links

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from content_api.aws.dynamodb import Item
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

    # Of each language, the number (as a sort key has it) of the last change that the client has.
    type Places = dict[str, str]

PAGE = 100  # changes
_KEPT = DAYS_OF_CHANGES * 24 * 60 * 60  # seconds
NOW = "now"
_MORE_QUERIES = 3  # than one for each language
_BEGINNING = change_position(0)
_NUMBER = "[0-9]{12}"
_PLACES = f"{_NUMBER}|[A-Za-z0-9-]{{2,14}}={_NUMBER}( [A-Za-z0-9-]{{2,14}}={_NUMBER}){{0,50}}"


def get_changes(exchange: Exchange) -> Response:
    """A page of changes in their order. `next_cursor` is never null: at the end of the feed it is the place of the next
    change, and `is_complete` says that there is none yet.
    """
    asked = exchange.parameters["language"]
    languages = spoken(asked)
    query = f"changes\n{','.join(sorted(asked))}"
    cursor = exchange.parameters.get("cursor", "")
    if cursor == NOW:
        return _page(exchange, languages, query, "", _last_places(exchange, languages), exchange.now)
    places = _after(query, cursor, exchange.now, languages) if cursor else {}
    entries: list[str] = []
    read_at, is_complete = 0, True
    try:
        for at, language, item in _merged(exchange, languages, places):
            if item is None or len(entries) == PAGE:
                is_complete = False
                break
            places[language] = item["sk"]["S"]
            entries.append(_entry(item["entry"]["S"], language, exchange))
            read_at = at
    except (KeyError, TypeError, ValueError) as error:
        # Whoever went on without this change would never learn of it.
        raise Damaged("a change") from error
    # At the end of the feed, the cursor is as new as this answer; otherwise, as new as the last change in it. The clock
    # of whoever wrote the change may be ahead of ours, and a cursor of the future would be refused.
    given = exchange.now if is_complete else min(read_at, exchange.now)
    return _page(exchange, languages, query, ",".join(entries), places, given, is_complete=is_complete)


def _merged(exchange: Exchange, languages: list[str], places: Places) -> Iterator[tuple[int, str, Item | None]]:
    left = [_MORE_QUERIES]
    walks = [_walk(exchange, each, places.get(each, ""), left, len(languages)) for each in languages]
    if len(walks) == 1:
        return walks[0]
    from heapq import merge  # noqa: PLC0415 - most ask for one language

    return merge(*walks, key=itemgetter(0))


def _walk(
    exchange: Exchange, language: str, after: str, left: list[int], languages: int
) -> Iterator[tuple[int, str, Item | None]]:
    """The changes of a language with their times, behind a number. `left` is the number of queries that all languages
    have together, besides the first of each. Where they end before the changes do, None comes with the time of the last
    change that was read.
    """
    while True:
        items, after = exchange.table.query(
            change_partition(language),
            attributes="sk entry at",
            limit=PAGE + 1 if languages == 1 else PAGE // 2 + 1,
            after=after,
            lowest="0",
            highest=HIGHEST_CHANGE,
        )
        for item in items:
            yield int(item["at"]["N"]), language, item
        if not after:
            return
        if not left[0]:
            yield int(items[-1]["at"]["N"]), language, None
            return
        left[0] -= 1


def _last_places(exchange: Exchange, languages: list[str]) -> Places:
    """The last change of each language."""
    found = exchange.table.get_items([last_change_key(each) for each in languages], "pk number")
    try:
        numbers = {item["pk"]["S"]: int(item["number"]["N"]) for item in found}
    except (KeyError, ValueError) as error:
        raise Damaged("the number of changes") from error
    return {each: change_position(numbers.get(change_partition(each), 0)) for each in languages}


def _entry(entry: str, language: str, exchange: Exchange) -> str:
    shown = described(json.loads(entry), language, exchange.settings.public_url)
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def _page(  # noqa: PLR0913 - what a page says
    exchange: Exchange,
    languages: list[str],
    query: str,
    entries: str,
    places: Places,
    given: float,
    *,
    is_complete: bool = True,
) -> Response:
    """`given` is the time of the cursor, in seconds since 1970."""
    stated = [(each, places.get(each, _BEGINNING)) for each in languages]
    place = stated[0][1] if len(stated) == 1 else " ".join([f"{each}={number}" for each, number in stated])
    cursor = cursors.cursor_for(query, place, given)
    response = exchange.answer(
        languages[0] if ALL not in exchange.parameters["language"] else FALLBACK_LANGUAGE,
        f'"changes":[{entries}],"is_complete":{"true" if is_complete else "false"},"next_cursor":"{cursor}"',
        cache_tags=",".join(map(changes_tag, languages)),
        link="" if is_complete else page_links(exchange, cursor),
    )
    if len(languages) > 1:
        response["headers"]["content-language"] = ", ".join(languages)
    return response


def _after(query: str, cursor: str, now: float, languages: list[str]) -> Places:
    """The places in a cursor. A language that the publisher has added since begins at its beginning."""
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
    if "=" not in place:
        return {languages[0]: place}
    return dict(each.split("=") for each in place.split(" "))


assert LAST_CHANGE > HIGHEST_CHANGE  # noqa: S101 - or the counter would be taken for a change
