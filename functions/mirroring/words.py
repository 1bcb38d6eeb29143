"""The words of the mirror's own pages. Where a language has none, they are English, and marked as such."""

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from content_api.content.direction import direction
from content_api.content.words import Words

_FALLBACK = "en"


class MirrorWords:
    def __init__(self, language: str) -> None:
        """`language` is a BCP 47 tag."""
        known = _contents()
        primary = language.partition("-")[0]
        spoken = next((tag for tag in (language, primary) if tag in known), _FALLBACK)
        self._words: dict[str, str] = known[spoken]["words"]
        is_own = spoken.partition("-")[0] == primary
        # In HTML, for an element that holds nothing but words of ours.
        self.mark = "" if is_own else f' lang="{spoken}" dir="{direction(spoken)}"'
        # The words that embeds have, too, and dates.
        self.common = Words(language)

    def __getitem__(self, name: str) -> str:
        return escape(self._words[name])

    def plain(self, name: str) -> str:
        """The words for what is not HTML."""
        return self._words[name]

    def said(self, name: str, **values: object) -> str:
        """Words as HTML, with values in them, which are markup."""
        return self[name].format(**values)

    def link(self, name: str, to: str) -> str:
        return f'<a href="{escape(to)}"{self.mark}>{self[name]}</a>'


@cache
def _contents() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))


def spoken_by_us() -> list[str]:
    """The languages that there are words for."""
    return [*_contents()]
