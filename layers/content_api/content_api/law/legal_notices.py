"""Which legal notices a reader must see, by jurisdiction and date. Who sees which notice, and its wording, are data:
`law_file` reads them.

The reading functions import this when they start. So it imports nothing that the runtime or SigV4 has not imported.
"""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256

from content_api.law.checking import check_notice
from content_api.law.jurisdiction import ELSEWHERE
from content_api.law.law_file import escaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.law.law_file import Entry

FALLBACK_LANGUAGE = "en"
# Reasons that do not depend on the place of the reader.
REQUESTED = "requested"
ALWAYS = "always"


def page_of_notices(public_url: str) -> str:
    """The address of the API's own page about a notice. `{id}` stands for the id of the notice."""
    return f"{public_url}/legal-notices/{{id}}"


class LegalNotice:
    """One notice: who must see it, from when, what it restricts, and its wording by language. Dates are days in UTC in
    ISO 8601, and compare as text.
    """

    __slots__ = ("entry", "id", "jurisdictions")

    def __init__(self, entry: Entry) -> None:
        """Raises ValueError if the notice is not as docs/laws.md describes it, such as one without an English text."""
        check_notice(entry)
        self.id = entry["id"]
        self.jurisdictions = frozenset(entry["jurisdictions"])
        self.entry = entry

    def as_data(self) -> dict[str, object]:
        """The notice as anybody may read it, without the members that only our programs use."""
        said = ("reviewed", "text", "html")
        texts = {language: {name: wording[name] for name in said} for language, wording in self.entry["texts"].items()}
        return {name: value for name, value in self.entry.items() if name != "recognition"} | {"texts": texts}

    def is_effective(self, on: str) -> bool:
        return self.entry["effective_from"] <= on <= self.entry.get("effective_until", on)

    def reason_for(self, jurisdiction: str, *, is_known: bool, asked_for: str) -> str | None:
        """Why a reader in this jurisdiction must see the notice: `jurisdiction`, `unknown_location`, ALWAYS or
        REQUESTED. None if the reader need not see it. `asked_for` is ALWAYS, REQUESTED or empty.
        """
        if asked_for == ALWAYS:
            return ALWAYS
        if not self.jurisdictions.isdisjoint(jurisdiction.split()):
            return "jurisdiction"
        if not is_known and self.entry["where_location_is_unknown"]:
            return "unknown_location"
        return asked_for or None

    def as_shown(self, language: str, *, reason: str, more_information_url: str) -> dict[str, object]:
        """The notice as it is in an answer: in the given language, or in English if it has no wording in that
        language.
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
            "html": wording["html"].replace("{more_information_url}", escaped(url).replace('"', "&quot;")),
            "more_information_url": url,
            "placement": entry["placement"],
            "must_display": entry["must_display"],
            "restricted_actions": entry["restricted_actions"],
            "reason": reason,
        }


class Attachment:
    """The notices for an answer as JSON text, and a digest of it for the entity tag."""

    __slots__ = ("due", "json", "notices", "tag")

    def __init__(self, notices: list[dict[str, object]]) -> None:
        self.due = bool(notices)
        self.notices = notices
        self.json = json.dumps(notices, ensure_ascii=False, separators=(",", ":"))
        self.tag = sha256(self.json.encode()).hexdigest()[:12]


class LegalNotices:
    """All notices. Finds those that a reader must see."""

    def __init__(self, entries: list[Entry], more_information_url: str) -> None:
        """`more_information_url` is the address of "find out more". `{id}` in it stands for the id of the notice."""
        self._notices = [LegalNotice(entry) for entry in entries]
        self._known = frozenset({ELSEWHERE}.union(*(notice.jurisdictions for notice in self._notices)))
        self._more_information_url = more_information_url
        self._attached = lru_cache(maxsize=512)(self._attach)

    def notice(self, notice_id: str) -> LegalNotice | None:
        return next((notice for notice in self._notices if notice.id == notice_id), None)

    def more_information_url(self, notice: LegalNotice) -> str:
        return self._more_information_url.replace("{id}", notice.id)

    def second_language(self, notice_id: str) -> str:
        """The second language in which a notice is shown, besides that of the article. Most readers whom the notice
        concerns can read it. Empty if the law's file names none.
        """
        notice = self.notice(notice_id)
        return notice.entry.get("second_language", "") if notice else ""

    def addresses(self, on: str) -> list[str]:
        """The addresses of the pages that explain the notices in effect on a date."""
        return [self.more_information_url(notice) for notice in self._notices if notice.is_effective(on)]

    def always(self, language: str, *, on: str) -> Attachment:
        """All notices in effect on a date, for an answer that other people than the client will read."""
        return self._attached(None, language, on, ALWAYS)

    def due(self, jurisdiction: str, language: str, *, on: str, requested: bool = False) -> Attachment:
        """The notices in effect on a date (ISO 8601) that a reader in a jurisdiction must see. `requested`: the reader
        has asked for the notices. Several jurisdictions are separated by spaces, since the sources of the zone database
        may differ about a network. A jurisdiction that no notice names, other than `elsewhere`, counts as an unknown
        place.
        """
        names = jurisdiction.split()
        known = jurisdiction if names and self._known.issuperset(names) else None
        return self._attached(known, language, on, REQUESTED if requested else "")

    def _attach(self, jurisdiction: str | None, language: str, on: str, asked_for: str) -> Attachment:
        shown: list[dict[str, object]] = []
        for notice in self._notices:
            reason = notice.reason_for(jurisdiction or "", is_known=jurisdiction is not None, asked_for=asked_for)
            if reason and notice.is_effective(on):
                shown.append(notice.as_shown(language, reason=reason, more_information_url=self._more_information_url))
        return Attachment(shown)
