"""Notices for pages and feeds of partners. Each is in the article's language, and in the second language that the law's
file names for it.
"""

from __future__ import annotations

from content_api.content.direction import direction

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
    """The notices as HTML, the article's language first. `look` is an attribute, for pages that have styles of their
    own. Empty if there are no notices.
    """
    return "".join(
        f'<div role="note" lang="{each["language"]}" dir="{direction(each["language"])}"'
        f' data-legal-notice="{each["id"]}" {look}>{each["html"]}</div>'
        for each in notices
    )


def as_text(notices: list[Notice]) -> str:
    """The notices as text, separated by empty lines. Each ends in the address that its link leads to."""
    return "\n\n".join(f"{each['text']}\n{each['more_information_url']}" for each in notices)


def _beside_each_other(exchange: Exchange, attached: Callable[[str], Attachment], language: str) -> list[Notice]:
    """Each notice in both of its languages, before the next one."""
    found: list[Notice] = []
    first: list[Notice] = attached(language).notices
    for notice in first:
        found.append(notice)
        second = exchange.legal_notices.second_language(notice["id"])
        if second:
            found += [each for each in attached(second).notices if each["id"] == notice["id"] and each != notice]
    return found
