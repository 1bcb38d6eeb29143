"""Markup inside a line. The model's sanitiser decides which of it is kept."""

import re
from collections.abc import Iterator
from html import escape

from importing.html.addresses import completed_link
from importing.html.elements import DROPPED, INLINE
from importing.html.parsing import Element, name_of

_PLAIN = frozenset("font tt wbr big".split())  # elements without a meaning
_SAME = {"strike": "s", "acronym": "abbr"}
_BREAKS = re.compile(r"<br>(?: ?<br>)+")
_TAG = re.compile(r"<[^<>]*>")


def inline(element: Element, base: str) -> str:
    """The element as markup, without the text after it."""
    name = name_of(element)
    if name in DROPPED or not name:
        return " "
    if name == "br":
        return "<br>"
    inside = inside_of(element, base)
    if name == "a":
        address = completed_link(element.get("href"), base)
        return f'<a href="{escape(address)}">{inside}</a>' if address and inside.strip() else inside
    if name not in INLINE:
        return f" {inside} "
    if name in _PLAIN or not inside.strip():
        return inside
    return f"<{_SAME.get(name, name)}>{inside}</{_SAME.get(name, name)}>"


def inside_of(element: Element, base: str) -> str:
    """The content of the element as markup."""
    return escape(element.text or "", quote=False) + "".join(
        inline(child, base) + escape(child.tail or "", quote=False) for child in element
    )


def paragraphs_of(markup: str) -> Iterator[str]:
    """Splits markup into paragraphs. Two `<br>` end a paragraph; a single one is part of it."""
    for part in _BREAKS.split(" ".join(markup.split())):
        text = part.strip()
        while text.startswith("<br>") or text.endswith("<br>"):
            text = text.removeprefix("<br>").removesuffix("<br>").strip()
        if _TAG.sub("", text).strip():
            yield text
