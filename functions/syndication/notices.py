"""The notices that pages and feeds of partners have."""

from __future__ import annotations

from content_api.reader_api.page_notices import beside_each_other

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.reader_api.exchange import Exchange
    from content_api.reader_api.page_notices import Notice


def due(exchange: Exchange, language: str) -> list[Notice]:
    """The notices that the reader who asks must see."""
    return beside_each_other(exchange.legal_notices, exchange.notices_due, language)


def always(exchange: Exchange, language: str) -> list[Notice]:
    """All notices in effect: a partner's server passes the answer on to readers in places that nobody here knows."""
    notices = exchange.legal_notices
    return beside_each_other(notices, lambda each: notices.always(each, on=exchange.today), language)


def as_text(notices: list[Notice]) -> str:
    """The notices as text, separated by empty lines. Each ends in the address that its link leads to."""
    return "\n\n".join(f"{each['text']}\n{each['more_information_url']}" for each in notices)
