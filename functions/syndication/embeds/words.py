"""The few words of our own on a page, and its dates, in the language of the article as far as we have them."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path

from content_api.names.instants import uniform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FALLBACK = "en"
_HERE = Path(__file__).parent


class Words:
    """Those of words.json. Where a language has none they are English, and marked as such: a voice that reads Persian
    cannot read English.
    """

    def __init__(self, language: str) -> None:
        known = _contents("words.json")
        primary = language.partition("-")[0]
        self._language = primary if primary in known else _FALLBACK
        self._words: dict[str, str] = known[self._language]
        # In HTML, for an element that holds nothing but words of ours.
        self.mark = "" if self._language == primary else f' lang="{self._language}" dir="ltr"'

    def __getitem__(self, name: str) -> str:
        return escape(self._words[name])


def date(instant: str, language: str) -> str:
    """An instant of an article's JSON as an HTML time element: the day in UTC, as the language writes it (CLDR's long
    form, made by `python -m contract`), else in ISO 8601. Articles written before instants had one form may state
    another offset, whose day is another one.
    """
    at = uniform(instant)
    day = at[:10]
    known = _contents("dates.json")
    months = known.get(language) or known.get(language.partition("-")[0])
    shown = day
    if months:
        shown = months[int(day[5:7]) - 1].replace("{year}", str(int(day[:4]))).replace("{day}", str(int(day[8:])))
    return f'<time datetime="{at}">{escape(shown)}</time>'


@cache
def _contents(name: str) -> dict[str, Any]:
    return json.loads((_HERE / name).read_text(encoding="utf-8"))
