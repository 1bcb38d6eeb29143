"""What there is: languages, sections, newsletters."""

from __future__ import annotations

import os.path

from content_api.law.legal_notices import FALLBACK_LANGUAGE
from content_api.names.cache_tags import NEWSLETTERS_TAG, SECTIONS_TAG
from content_api.names.keys import NEWSLETTERS, SECTIONS, catalogue_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange

_MOST = 1000


def get_languages(exchange: Exchange) -> Response:
    """Made from CLDR when the contract is, since Babel is slow to start."""
    languages = contents("languages.json").strip()
    return exchange.answer(_language(exchange), f'"languages":{languages}')


def get_sections(exchange: Exchange) -> Response:
    """Every section that an article ever named, by language."""
    return exchange.answer(_language(exchange), f'"sections":[{_entries(exchange, SECTIONS)}]', cache_tags=SECTIONS_TAG)


def get_newsletters(exchange: Exchange) -> Response:
    """Every newsletter that an article offered, in the words it was last offered in."""
    return exchange.answer(
        _language(exchange), f'"newsletters":[{_entries(exchange, NEWSLETTERS)}]', cache_tags=NEWSLETTERS_TAG
    )


def contents(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as file:  # noqa: PTH118, PTH120, PTH123 - pathlib costs start-up
        return file.read()


def _entries(exchange: Exchange, partition: str) -> str:
    lowest, highest = catalogue_span(exchange.parameters.get("language"))
    found, _ = exchange.table.query(
        partition,
        attributes="entry",
        limit=_MOST,
        lowest=lowest,
        highest=highest,
    )
    return ",".join([each["entry"]["S"] for each in found])


def _language(exchange: Exchange) -> str:
    return exchange.parameters.get("language", FALLBACK_LANGUAGE)
