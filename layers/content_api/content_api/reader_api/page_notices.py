"""Notices for pages and feeds. Each is in the article's language, and in the second language that the law's file names
for it.
"""

from __future__ import annotations

from content_api.content.direction import direction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from content_api.law.legal_notices import Attachment, LegalNotices

    type Notice = dict[str, Any]

_LOOK = 'style="border:2px solid #d32f2f;padding:.5em 1em;margin:0 0 1em"'


def beside_each_other(legal_notices: LegalNotices, due: Callable[[str], Attachment], language: str) -> list[Notice]:
    """Each notice in both of its languages, before the next one. `due` gives the notices in a language."""
    found: list[Notice] = []
    first: list[Notice] = due(language).notices
    for notice in first:
        found.append(notice)
        second = legal_notices.second_language(notice["id"])
        if second:
            found += [each for each in due(second).notices if each["id"] == notice["id"] and each != notice]
    return found


def as_html(notices: list[Notice], look: str = _LOOK) -> str:
    """The notices as HTML, the article's language first. `look` is an attribute, for pages that have styles of their
    own. Empty if there are no notices.
    """
    return "".join(
        f'<div role="note" lang="{each["language"]}" dir="{direction(each["language"])}"'
        f' data-legal-notice="{each["id"]}" {look}>{each["html"]}</div>'
        for each in notices
    )
