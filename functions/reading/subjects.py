"""GET /v1/topics, /v1/authors, /v1/shows, and each by its id. Articles and cards name them by id, and an app asks
for their names once. So a new name is one write, and not one of each article.
"""

from __future__ import annotations

import json

from content_api.http.problems import Problem
from content_api.http.response import ASKED_AGAIN, redirect
from content_api.law.legal_notices import FALLBACK_LANGUAGE
from content_api.names.cache_tags import TAG_HEADER, subject_tag
from content_api.names.keys import facet
from content_api.names.subjects import AUTHOR, ID_PATTERN, SHOW, TOPIC
from content_api.reader_api.damage import left_out
from content_api.reader_api.subjects import is_id, standing
from reading import cursors
from reading.links import page_links

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.aws.dynamodb import Item
    from content_api.http.response import Response
    from content_api.names.subjects import Kind
    from content_api.reader_api.exchange import Exchange

PAGE = 100  # subjects


def get_topics(exchange: Exchange) -> Response:
    return _page(exchange, TOPIC)


def get_topic(exchange: Exchange) -> Response:
    return _one(exchange, TOPIC)


def get_authors(exchange: Exchange) -> Response:
    return _page(exchange, AUTHOR)


def get_author(exchange: Exchange) -> Response:
    return _one(exchange, AUTHOR)


def get_shows(exchange: Exchange) -> Response:
    return _page(exchange, SHOW)


def get_show(exchange: Exchange) -> Response:
    return _one(exchange, SHOW)


def _one(exchange: Exchange, kind: Kind) -> Response:
    """The subject with its names in all languages. Redirects (308) from one that was merged to the one that stands for
    it. Raises Problem (subject-not-found).
    """
    named = exchange.request.path_parameters.get("id", "")
    found = standing(exchange.table, kind, (named,)).get(named) if is_id(named) else None
    if found is None:
        raise Problem("subject-not-found", f"No {kind.name} has this id. GET /v1/{kind.plural} lists the ids.")
    tags = ",".join([subject_tag(kind.name, each) for each in dict.fromkeys((named, found.id))])
    if found.id != named:
        query = "&".join([f"{name}={value}" for name, value in exchange.parameters.items()])
        headers = {"cache-control": ASKED_AGAIN, TAG_HEADER: tags}
        return redirect(f"/v1/{kind.plural}/{found.id}{'?' if query else ''}{query}", headers)
    language = exchange.parameters.get("language", FALLBACK_LANGUAGE)
    return exchange.answer(language, found.entry[1:-1], cache_tags=tags)


def _page(exchange: Exchange, kind: Kind) -> Response:
    """A page of the subjects in the order of their ids: of all, or of those that have a name in a language. Those that
    were merged are left out, so a page may be short.
    """
    language = exchange.parameters.get("language", "")
    query = f"{kind.plural}\n{language}"
    after = ""
    if cursor := exchange.parameters.get("cursor", ""):
        after = cursors.place_in_list(query, cursor, ID_PATTERN, exchange.now, lowest="", highest="\U0010ffff")
    found, last = exchange.table.query(
        kind.partition,
        attributes="sk entry",
        limit=PAGE,
        after=after,
        having=((facet("language", language),),) if language else (),
    )
    following = cursors.cursor_for(query, last, exchange.now) if last else ""
    entries = ",".join([each["entry"]["S"] for each in found if "entry" in each and _is_entry(each)])
    return exchange.answer(
        language or FALLBACK_LANGUAGE,
        f'"{kind.plural}":[{entries}],"next_cursor":{f'"{following}"' if following else "null"}',
        cache_tags=kind.plural,
        link=page_links(exchange, following) if following else "",
    )


def _is_entry(item: Item) -> bool:
    """Whether the entry can be read. What is damaged is left out."""
    try:
        return isinstance(json.loads(item["entry"]["S"]), dict)
    except (KeyError, ValueError):
        left_out("a subject")
        return False
