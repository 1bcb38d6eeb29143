"""The legal notices of the mirror. Nobody knows who will read a copy of it, or where, so every notice stands on every
page and in every file of JSON.
"""

from functools import cache
from typing import Any

from content_api.content.direction import direction
from content_api.law.law_file import load_entries
from content_api.law.legal_notices import LegalNotice, LegalNotices
from content_api.names.mirror_paths import notice_path, upward

type Notice = dict[str, Any]

_UP = "{up}"


class MirrorNotices:
    """The notices in effect on a day, and those that will be: a copy is read later than it is made."""

    def __init__(self, on: str) -> None:
        """`on` is a day in UTC (ISO 8601)."""
        entries = load_entries()
        self._law = LegalNotices(entries, f"{_UP}{notice_path('{id}')}")
        coming = {entry["effective_from"] for entry in entries if entry["effective_from"] > on}
        self._days = [on, *sorted(coming)]
        self.entries = [each for each in map(LegalNotice, entries) if any(map(each.is_effective, self._days))]
        # Names the notices, so that a change of the law is noticed.
        self.names = sorted(f"{each.id}:{each.entry['version']}" for each in self.entries)
        self._shown = cache(self._both_languages)

    def of(self, language: str, path: str) -> list[Notice]:
        """The notices for a file at a path, as they are in JSON: each in the language, and then in the second language
        that the law's file names for it. Their addresses lead to the mirror's own pages.
        """
        up = upward(path)
        return [
            each
            | {
                "html": each["html"].replace(_UP, up),
                "more_information_url": each["more_information_url"].replace(_UP, up),
            }
            for each in self._shown(language)
        ]

    def as_html(self, language: str, path: str) -> str:
        return "".join(
            f'<div role="note" class="notice" lang="{each["language"]}" dir="{direction(each["language"])}"'
            f' data-legal-notice="{each["id"]}">{each["html"]}</div>'
            for each in self.of(language, path)
        )

    def _both_languages(self, language: str) -> list[Notice]:
        found: list[Notice] = []
        for first in self._in_language(language):
            found.append(first)
            second = self._law.second_language(first["id"])
            if second:
                found += [each for each in self._in_language(second) if each["id"] == first["id"] and each != first]
        return found

    def _in_language(self, language: str) -> list[Notice]:
        """Each notice once, though it may be in effect on several of the days."""
        by_id: dict[Any, Notice] = {}
        for day in self._days:
            by_id |= {each["id"]: each for each in self._law.always(language, on=day).notices}
        return [*by_id.values()]
