"""GET /v1/suggest: words and headlines, while somebody types.

All of it is taken from articles as the table has them now, so no word of an article that was withdrawn or corrected is
suggested, however far the index is behind. What was typed is in no log line.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from content_api.names.cache_tags import article_tag, list_tag
from content_search.alike import query_begun
from content_search.analysis.words import words
from content_search.results import search
from searching.current import current, indexes_of

if TYPE_CHECKING:
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

DEFAULT_LIMIT = 8
_LOOKED_AT = 40  # of the newest articles with such a headline


def get_suggestions(exchange: Exchange) -> Response:
    """`words` that begin as the last one typed, the most frequent first, and `headlines` with all words typed, the
    newest first.
    """
    given = exchange.parameters
    language, limit = given["language"], given.get("limit", DEFAULT_LIMIT)
    indexes = indexes_of(exchange, language)
    query = query_begun(indexes, given["q"], language)
    cards = []
    if query is not None:
        found = search(indexes, query, first=_LOOKED_AT, newest_first=True, with_facets=False)
        cards = [card for _, card in current(exchange, [hit.id for hit in found.hits], language)]
    typed = [word.text for word in words(given["q"], language)]
    counted: Counter[str] = Counter()
    headlines: list[dict[str, str]] = []
    for card in cards:
        headline: str = card["headline"]
        said = words(headline, language)
        begun = {headline[word.start : word.end] for word in said if word.text.startswith(typed[-1])}
        if not begun or not {word.text for word in said}.issuperset(typed[:-1]):
            continue  # it was corrected since it was indexed
        counted.update({each.lower() for each in begun})
        headlines.append({"id": card["id"], "headline": headline})
    shown = headlines[:limit]
    members = {
        "words": [word for word, _ in sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:limit]],
        "headlines": shown,
    }
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))[1:-1]
    tags = ",".join(article_tag(card["id"]) for card in cards) or list_tag(language)
    return exchange.answer(language, text, cache_tags=tags)
