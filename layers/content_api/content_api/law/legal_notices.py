"""Which legal notices are due to a reader, by jurisdiction and date; who sees which, and in what words, is data
(`legal_notices.json`).

Stands on the reading path's start-up: it imports nothing there that the runtime or SigV4 has not imported already.
"""

from __future__ import annotations

import json
import os.path
from datetime import date
from functools import lru_cache
from hashlib import sha256

from content_api.law.jurisdiction import ELSEWHERE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NotRequired, TypedDict

    class Wording(TypedDict):
        reviewed: bool
        text: str
        html: str

    class Explanation(TypedDict):
        reviewed: bool
        meaning: list[str]
        at_risk: list[str]
        rules: list[str]

    class Event(TypedDict):
        date: str
        event: str

    class Entry(TypedDict):
        id: str
        version: int
        title: dict[str, str]
        effective_from: str
        effective_until: NotRequired[str]
        history: NotRequired[list[Event]]
        jurisdictions: list[str]
        where_location_is_unknown: bool
        placement: str
        must_display: bool
        restricted_actions: list[str]
        texts: dict[str, Wording]
        explanation: NotRequired[dict[str, Explanation]]


FALLBACK_LANGUAGE = "en"
# Reasons beside those that lie in the reader's place.
REQUESTED = "requested"
ALWAYS = "always"


def page_of_notices(public_url: str) -> str:
    """Where the API explains its notices itself; `{id}` stands for the notice's id."""
    return f"{public_url}/legal-notices/{{id}}"


class LegalNotice:
    """One notice: who must see it, from when, what it restricts, and its wording by language.

    Dates are ISO 8601 calendar dates in UTC, which compare as text.
    """

    __slots__ = ("entry", "id", "jurisdictions")

    def __init__(self, entry: Entry) -> None:
        """Raises ValueError where the notice could not be shown: no English wording, a date that is none."""
        try:
            self.id = entry["id"]
            self.jurisdictions = frozenset(entry["jurisdictions"])
            for day in (entry["effective_from"], entry.get("effective_until", entry["effective_from"])):
                _check_date(self.id, day)
            self.entry = entry
            self.as_shown(FALLBACK_LANGUAGE, reason="", more_information_url="")
        except KeyError as error:
            raise ValueError(f"legal notice {entry.get('id', '(no id)')} lacks {error}") from error

    def is_effective(self, on: str) -> bool:
        return self.entry["effective_from"] <= on <= self.entry.get("effective_until", on)

    def reason_for(self, jurisdiction: str, *, is_known: bool, asked_for: str) -> str | None:
        """Why the notice is due to a reader in this jurisdiction: `jurisdiction`, `unknown_location`, ALWAYS or
        REQUESTED; None where it is not due. `asked_for` is ALWAYS, REQUESTED or empty.
        """
        if asked_for == ALWAYS:
            return ALWAYS
        if jurisdiction in self.jurisdictions:
            return "jurisdiction"
        if not is_known and self.entry["where_location_is_unknown"]:
            return "unknown_location"
        return asked_for or None

    def as_shown(self, language: str, *, reason: str, more_information_url: str) -> dict[str, object]:
        """The notice as it stands in an answer: in the given language, or in English where the notice has no words in
        that language.
        """
        entry = self.entry
        primary = language.partition("-")[0]
        spoken = next((tag for tag in (language, primary) if tag in entry["texts"]), FALLBACK_LANGUAGE)
        wording = entry["texts"][spoken]
        url = more_information_url.replace("{id}", self.id)
        return {
            "id": self.id,
            "version": entry["version"],
            "language": spoken,
            "text": wording["text"],
            "html": wording["html"].replace("{more_information_url}", _escaped(url)),
            "more_information_url": url,
            "placement": entry["placement"],
            "must_display": entry["must_display"],
            "restricted_actions": entry["restricted_actions"],
            "reason": reason,
        }


class Attachment:
    """The notices due, as JSON text to splice into an answer, with a digest of it for the ETag."""

    __slots__ = ("due", "json", "notices", "tag")

    def __init__(self, notices: list[dict[str, object]]) -> None:
        self.due = bool(notices)
        self.notices = notices
        self.json = json.dumps(notices, ensure_ascii=False, separators=(",", ":"))
        self.tag = sha256(self.json.encode()).hexdigest()[:12]


class LegalNotices:
    """All notices, asked for those due to one reader."""

    def __init__(self, entries: list[Entry], more_information_url: str) -> None:
        """`more_information_url` is where "find out more" leads; `{id}` in it stands for the notice's id."""
        self._notices = [LegalNotice(entry) for entry in entries]
        self._known = frozenset({ELSEWHERE}.union(*(notice.jurisdictions for notice in self._notices)))
        self._more_information_url = more_information_url
        self._attached = lru_cache(maxsize=512)(self._attach)

    def notice(self, notice_id: str) -> LegalNotice | None:
        return next((notice for notice in self._notices if notice.id == notice_id), None)

    def more_information_url(self, notice: LegalNotice) -> str:
        return self._more_information_url.replace("{id}", notice.id)

    def addresses(self, on: str) -> list[str]:
        """Where all notices that are in effect on a date are explained."""
        return [self.more_information_url(notice) for notice in self._notices if notice.is_effective(on)]

    def always(self, language: str, *, on: str) -> Attachment:
        """All notices in effect on a date, for answers that other people than the client will read."""
        return self._attached(None, language, on, ALWAYS)

    def due(self, jurisdiction: str, language: str, *, on: str, requested: bool = False) -> Attachment:
        """What is due on a date (ISO 8601) to a reader in a jurisdiction, who may have asked for it (`requested`).

        A jurisdiction that no notice names and that is not `elsewhere` counts as an unknown place.
        """
        known = jurisdiction if jurisdiction in self._known else None
        return self._attached(known, language, on, REQUESTED if requested else "")

    def _attach(self, jurisdiction: str | None, language: str, on: str, asked_for: str) -> Attachment:
        shown: list[dict[str, object]] = []
        for notice in self._notices:
            reason = notice.reason_for(jurisdiction or "", is_known=jurisdiction is not None, asked_for=asked_for)
            if reason and notice.is_effective(on):
                shown.append(notice.as_shown(language, reason=reason, more_information_url=self._more_information_url))
        return Attachment(shown)


def _check_date(notice_id: str, day: str) -> None:
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise ValueError(f"legal notice {notice_id}: {day} is no date ({error})") from error
    if len(day) != len("2024-02-02"):  # other forms of ISO 8601 do not compare as text
        raise ValueError(f"legal notice {notice_id}: {day} is no date of the form 2024-02-02")


def load_entries(path: str = "") -> list[Entry]:
    beside = os.path.join(os.path.dirname(__file__), "legal_notices.json")  # noqa: PTH118, PTH120 - pathlib costs start-up
    with open(path or beside, encoding="utf-8") as file:  # noqa: PTH123 - as above
        return json.load(file)["notices"]


def _escaped(url: str) -> str:
    return url.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
