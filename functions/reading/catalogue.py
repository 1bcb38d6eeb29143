"""The languages, sections and newsletters of the publisher."""

from __future__ import annotations

import json
import os.path

from content_api.law.legal_notices import FALLBACK_LANGUAGE
from content_api.names.cache_tags import NEWSLETTERS_TAG, SECTIONS_TAG
from content_api.names.keys import EMPTY, NEWSLETTERS, SECTIONS, catalogue_span
from content_api.reader_api.damage import left_out
from reading import cursors
from reading.links import page_links

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.aws.dynamodb import Item
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

PAGE = 1000  # entries
_PLACES = "[^#\n]{1,20}#[^\n]{1,1000}"  # a language, and a name in the form in which names are compared


def get_languages(exchange: Exchange) -> Response:
    """The languages. The answer is made from CLDR together with the contract, since Babel takes long to import."""
    languages = contents("languages.json").strip()
    return exchange.answer(_language(exchange), f'"languages":{languages}')


def get_sections(exchange: Exchange) -> Response:
    """The sections of published articles, by language and name."""
    return _page(exchange, SECTIONS, "sections", SECTIONS_TAG)


def get_newsletters(exchange: Exchange) -> Response:
    """The newsletters that published articles offer, in the words of the article that was written last."""
    return _page(exchange, NEWSLETTERS, "newsletters", NEWSLETTERS_TAG)


def contents(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as file:  # noqa: PTH118, PTH120, PTH123 - pathlib costs start-up
        return file.read()


def _page(exchange: Exchange, partition: str, name: str, tag: str) -> Response:
    """A page of a partition's entries in the order of their keys: by language, then by name. A page is short if it has
    names that no article has any more.
    """
    lowest, highest = catalogue_span(exchange.parameters.get("language"))
    query = f"{name}\n{exchange.parameters.get('language', '')}"
    after = ""
    if cursor := exchange.parameters.get("cursor", ""):
        after = cursors.place_in_list(query, cursor, _PLACES, exchange.now, lowest=lowest, highest=highest)
    found, last = exchange.table.query(
        partition, attributes=f"sk entry {EMPTY}", limit=PAGE + 1, lowest=lowest, highest=highest, after=after
    )
    # A Query ends before the limit if its items have 1 MB.
    shown, place = found[:PAGE], found[PAGE - 1]["sk"]["S"] if len(found) > PAGE else last
    following = cursors.cursor_for(query, place, exchange.now) if place else ""
    entries = ",".join([each["entry"]["S"] for each in shown if EMPTY not in each and _is_entry(each)])
    return exchange.answer(
        _language(exchange),
        f'"{name}":[{entries}],"next_cursor":{f'"{following}"' if following else "null"}',
        cache_tags=tag,
        link=page_links(exchange, following) if following else "",
    )


def _is_entry(item: Item) -> bool:
    """Whether the item has an entry. What is damaged is left out."""
    try:
        return isinstance(json.loads(item["entry"]["S"]), dict)
    except (KeyError, ValueError):
        left_out("an entry of the catalogue")
        return False


def _language(exchange: Exchange) -> str:
    return exchange.parameters.get("language", FALLBACK_LANGUAGE)
