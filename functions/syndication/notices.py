"""Notices for pages and feeds of partners: in the article's language, and in the second language that the law's file
names for each.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from content_api.law.legal_notices import Attachment
    from content_api.reader_api.exchange import Exchange

    type Notice = dict[str, Any]

_LOOK = 'style="border:2px solid #d32f2f;padding:.5em 1em;margin:0 0 1em"'


def due(exchange: Exchange, language: str) -> list[Notice]:
    """The notices that the reader who asks must see."""
    return _beside_each_other(exchange, exchange.notices_due, language)


def always(exchange: Exchange, language: str) -> list[Notice]:
    """All notices in effect: a partner's server passes the answer on to readers in places that nobody here knows."""
    return _beside_each_other(exchange, lambda each: exchange.legal_notices.always(each, on=exchange.today), language)


def as_html(notices: list[Notice], look: str = _LOOK) -> str:
    """Each notice in all its words, the article's language first; `look` is an attribute, for pages that have styles of
    their own. Empty for none.
    """
    return "".join(
        f'<div role="note" lang="{each["language"]}" dir="auto" data-legal-notice="{each["id"]}" {look}>'
        f"{each['html']}</div>"
        for each in notices
    )


def as_text(notices: list[Notice]) -> str:
    """Separated by empty lines; each with the address that its last words lead to."""
    return "\n\n".join(f"{each['text']}\n{each['more_information_url']}" for each in notices)


def _beside_each_other(exchange: Exchange, attached: Callable[[str], Attachment], language: str) -> list[Notice]:
    found: list[Notice] = list(attached(language).notices)
    for notice in tuple(found):
        second = exchange.legal_notices.second_language(notice["id"])
        if second:
            found += [each for each in attached(second).notices if each["id"] == notice["id"] and each not in found]
    return found
