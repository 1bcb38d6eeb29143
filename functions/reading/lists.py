"""Lists of cards: of languages, sections, tags, authors and types, of articles by their ids, and breaking news."""

from __future__ import annotations

import json
from hashlib import sha256

from content_api.content.cards import unpacked
from content_api.law.legal_notices import FALLBACK_LANGUAGE
from content_api.names.cache_tags import article_tag, list_tag
from content_api.names.keys import BREAKING, UPDATED, article_key, facet, list_partition
from content_api.names.subjects import AUTHOR, KINDS
from content_api.reader_api.damage import UNREADABLE, readable
from content_api.reader_api.pages import MARKS, Stretch, chosen, turned
from reading import cursors
from reading.languages import ALL as ALL_LANGUAGES
from reading.languages import spoken
from reading.links import page_links
from reading.parameters import FACETS, MOST_SUBJECT_LISTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from content_api.aws.dynamodb import Item
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

_DEFAULT_LIMIT = 20
_POSITION = r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)?#[a-z0-9][a-z0-9-]{0,95}"
_PLACES = rf"[{MARKS}]?{_POSITION}"
_AFTER_ALL = "~"  # sorts after the position of every article with the same time


def get_articles(exchange: Exchange) -> Response:
    """A page of articles. Cursors name sort keys, so articles that appear or go in the meantime do not shift the next
    page.
    """
    given = exchange.parameters
    if "ids" in given:
        return _named(exchange, given["ids"])
    languages, order = spoken(given["language"]), given.get("order", "-published")
    is_by_update = order.endswith("updated")
    lowest, highest = given.get("updated_since" if is_by_update else "from", ""), given.get("to", "")
    facets = [tuple([facet(kind, each) for each in given[kind]]) for kind in FACETS if kind in given]
    query = "\n".join(
        [*sorted(given["language"]), *[" ".join(sorted(each)) for each in facets], lowest, highest, order]
    )
    if any(each.name in given for each in KINDS):
        facets = _of_subjects(exchange, facets)
    listed, having = ((UPDATED,), facets) if is_by_update else chosen(facets, len(languages))
    # Articles without a date sort before all dates, and are in no span of time.
    lowest_key, highest_key = lowest or ("0" if highest else ""), f"{highest}{_AFTER_ALL}"
    place = ""
    if cursor := given.get("cursor", ""):
        place = cursors.place_in_list(query, cursor, _PLACES, exchange.now, lowest=lowest_key, highest=highest_key)
    found, following, previous = turned(
        exchange.table,
        [list_partition(language, each) for language in languages for each in listed],
        Stretch(lowest_key, highest_key, newest_first=order.startswith("-"), having=tuple(having)),
        place,
        given.get("limit", _DEFAULT_LIMIT),
    )
    following = following and cursors.cursor_for(query, following, exchange.now)
    previous = previous and cursors.cursor_for(query, previous, exchange.now)
    return _answer(
        exchange,
        found,
        (following, previous),
        languages=languages,
        cache_tags=",".join([list_tag(language, each) for language in languages for each in listed]),
    )


def get_breaking(exchange: Exchange) -> Response:
    """The articles that are breaking news now, newest first."""
    from content_api.reader_api.front import breaking  # noqa: PLC0415 - lists do without it

    language = exchange.parameters["language"]
    shown: list[Any] = breaking(exchange.table, language, now=exchange.now)
    if "fields" in exchange.parameters:
        from reading.selection import selected  # noqa: PLC0415 - most ask for cards as they are

        shown = selected(shown, exchange.parameters["fields"])
    members = f'"articles":{json.dumps(shown, ensure_ascii=False, separators=(",", ":"))}'
    return exchange.answer(language, members, cache_tags=list_tag(language, BREAKING))


def _of_subjects(exchange: Exchange, facets: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The facets, with those of topics and authors replaced by the ones whose lists make up their lists. An author may
    be given by a name too, which is no id or is no author's. Raises BadParameters if they are more than a filter has
    room for.
    """
    from content_api.reader_api.parameters import bad_parameters  # noqa: PLC0415 - few ask for one
    from content_api.reader_api.subjects import is_id, lists_of, standing  # noqa: PLC0415 - few ask for one

    found: list[tuple[str, ...]] = []
    for group in facets:
        kind = next((each for each in KINDS if group[0].startswith(f"{each.name}#")), None)
        if kind is None:
            found.append(group)
            continue
        values = [each.partition("#")[2] for each in group]
        stands = standing(exchange.table, kind, tuple([each for each in values if is_id(each)]))
        lists: list[str] = []
        for each, value in zip(group, values, strict=True):
            if kind is AUTHOR:
                lists += [each, *(lists_of(kind, value, stands) if value in stands else ())]
            else:
                lists += lists_of(kind, value, stands)
        found.append(tuple(dict.fromkeys(lists)))
        if len(lists) > MOST_SUBJECT_LISTS:
            detail = f"{kind.name} names {kind.plural} of {len(lists)} lists in all, and may name {MOST_SUBJECT_LISTS}"
            raise bad_parameters((kind.name, f"{detail}: name fewer {kind.plural}"))
    return found


def _named(exchange: Exchange, ids: tuple[str, ...]) -> Response:
    """The articles with these ids, in their order. Those that readers cannot have are left out. The answer is purged
    when one of them changes.
    """
    languages = spoken(exchange.parameters["language"])
    items = exchange.table.get_items([article_key(each) for each in ids], "pk language card")
    # Only a published article has a card.
    shown = {
        item["pk"]["S"]: item for item in items if "card" in item and item.get("language", {}).get("S") in languages
    }
    found = [shown[key] for each in ids if (key := article_key(each)["pk"]) in shown]
    tags = ",".join(map(article_tag, ids))
    return _answer(exchange, found, ("", ""), languages=languages, cache_tags=tags)


def _answer(
    exchange: Exchange, found: list[Item], turns: tuple[str, str], *, languages: list[str], cache_tags: str
) -> Response:
    """`turns` are the cursors of the next page and of the previous one; empty where there is none."""
    following, previous = (f'"{each}"' if each else "null" for each in turns)
    try:
        cards, tag = _cards(exchange, found), _tag(exchange, found, turns)
    except UNREADABLE:
        found = readable(found)
        cards, tag = _cards(exchange, found), _tag(exchange, found, turns)
    response = exchange.answer(
        languages[0] if ALL_LANGUAGES not in exchange.parameters["language"] else FALLBACK_LANGUAGE,
        f'"articles":[{cards}],"next_cursor":{following},"prev_cursor":{previous}',
        cache_tags=cache_tags,
        entity_tag=tag,
        link=page_links(exchange, *turns),
    )
    if len(languages) > 1:
        response["headers"]["content-language"] = ", ".join(languages)
    return response


def _tag(exchange: Exchange, items: list[Item], turns: tuple[str, str]) -> str:
    """The entity tag of a page of whole cards. It is made from the packed cards, which are shorter and so faster to
    hash.
    """
    if "fields" in exchange.parameters:
        return ""
    return sha256(b"".join([" ".join(turns).encode(), *[item["card"]["B"] for item in items]])).hexdigest()[:32]


def _cards(exchange: Exchange, items: list[Item]) -> str:
    cards = unpacked([item["card"]["B"] for item in items])
    if "fields" not in exchange.parameters:
        return cards
    from reading.selection import selected  # noqa: PLC0415 - most ask for cards as they are

    chosen = selected(json.loads(f"[{cards}]"), exchange.parameters["fields"])
    return json.dumps(chosen, ensure_ascii=False, separators=(",", ":"))[1:-1]
