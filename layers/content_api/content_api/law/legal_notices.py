"""Which legal notices are due to a reader, by jurisdiction and date; who sees which, and in what words, is data
(`law.json`, of which docs/laws.md says what stands in it).

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
    from typing import Any, NotRequired, TypedDict

    class Jurisdiction(TypedDict):
        """`regions` are names by code by country. `networks_of` are other jurisdictions of which a network counts as
        of this one, where the country that has its regions is stated.
        """

        title: dict[str, str]
        countries: NotRequired[list[str]]
        regions: NotRequired[dict[str, dict[str, list[str]]]]
        networks_of: NotRequired[list[str]]

    class Wording(TypedDict):
        """`paragraphs` are the words without the link's. `text` and `html` are made of both."""

        reviewed: bool
        paragraphs: list[str]
        link: NotRequired[str]
        text: str
        html: str

    class Recognition(TypedDict):
        """Patterns by which an imported text shows that it is the notice: `importing.words.warnings`."""

        subject: list[str]
        threats: list[list[str]]
        openings: list[str]
        links: list[str]

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
        second_language: NotRequired[str]
        texts: dict[str, Wording]
        explanation: NotRequired[dict[str, Explanation]]
        recognition: NotRequired[Recognition]

    class Law(TypedDict):
        countries: dict[str, str]
        jurisdictions: dict[str, Jurisdiction]
        regions_elsewhere: dict[str, dict[str, list[str]]]
        notices: list[dict[str, Any]]


LAW = os.path.join(os.path.dirname(__file__), "law.json")  # noqa: PTH118, PTH120 - pathlib costs start-up
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

    def as_data(self) -> dict[str, object]:
        """As anybody may read it: without what programs of ours alone use."""
        said = ("reviewed", "text", "html")
        texts = {language: {name: wording[name] for name in said} for language, wording in self.entry["texts"].items()}
        return {name: value for name, value in self.entry.items() if name != "recognition"} | {"texts": texts}

    def is_effective(self, on: str) -> bool:
        return self.entry["effective_from"] <= on <= self.entry.get("effective_until", on)

    def reason_for(self, jurisdiction: str, *, is_known: bool, asked_for: str) -> str | None:
        """Why the notice is due to a reader in this jurisdiction: `jurisdiction`, `unknown_location`, ALWAYS or
        REQUESTED; None where it is not due. `asked_for` is ALWAYS, REQUESTED or empty.
        """
        if asked_for == ALWAYS:
            return ALWAYS
        if not self.jurisdictions.isdisjoint(jurisdiction.split()):
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

    def second_language(self, notice_id: str) -> str:
        """The language in which a notice is shown beside the article's, since most of the readers whom it concerns can
        read it; empty where the law's file names none.
        """
        notice = self.notice(notice_id)
        return notice.entry.get("second_language", "") if notice else ""

    def addresses(self, on: str) -> list[str]:
        """Where all notices that are in effect on a date are explained."""
        return [self.more_information_url(notice) for notice in self._notices if notice.is_effective(on)]

    def always(self, language: str, *, on: str) -> Attachment:
        """All notices in effect on a date, for answers that other people than the client will read."""
        return self._attached(None, language, on, ALWAYS)

    def due(self, jurisdiction: str, language: str, *, on: str, requested: bool = False) -> Attachment:
        """What is due on a date (ISO 8601) to a reader in a jurisdiction, who may have asked for it (`requested`).

        Several jurisdictions are separated by spaces: the sources of the zone database may differ about a network. A
        jurisdiction that no notice names and that is not `elsewhere` counts as an unknown place.
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


def _check_date(notice_id: str, day: str) -> None:
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise ValueError(f"legal notice {notice_id}: {day} is no date ({error})") from error
    if len(day) != len("2024-02-02"):  # other forms of ISO 8601 do not compare as text
        raise ValueError(f"legal notice {notice_id}: {day} is no date of the form 2024-02-02")


def load_law(path: str = "") -> Law:
    """The law's file at a path, by default the shipped one. Raises ValueError where a notice names a jurisdiction that
    the file does not define: nobody could ever be in it.
    """
    with open(path or LAW, encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs start-up
        law: Law = json.load(file)
    for notice in law["notices"]:
        for name in notice["jurisdictions"]:
            if name not in law["jurisdictions"]:
                raise ValueError(
                    f"{path or LAW}: the notice {notice['id']} is for {name}, which is none of the jurisdictions. "
                    'Describe it under "jurisdictions".'
                )
    return law


def load_entries(path: str = "") -> list[Entry]:
    """The notices of the law's file, each wording with its `text` and `html`. Raises ValueError."""
    return [_with_markup(notice) for notice in load_law(path)["notices"]]


def _with_markup(notice: dict[str, Any]) -> Entry:
    texts = {language: _wording(notice["id"], stated) for language, stated in notice["texts"].items()}
    entry: Any = notice | {"texts": texts}
    return entry


def _wording(notice_id: str, stated: dict[str, Any]) -> Wording:
    """The words of the link stand in brackets, as in "To find out more, [click here].", in a paragraph that is last."""
    link: str = stated.get("link", "")
    before, opening, rest = link.partition("[")
    words, closing, after = rest.partition("]")
    if link and not (opening and words and closing):
        raise ValueError(f'legal notice {notice_id}: no words in brackets lead anywhere in the link "{link}"')
    paragraphs = [*stated["paragraphs"], *([before + words + after] if link else [])]
    marked = [_escaped_text(paragraph) for paragraph in stated["paragraphs"]]
    if link:
        to = f'<a href="{{more_information_url}}">{_escaped_text(words)}</a>'
        marked.append(f"{_escaped_text(before)}{to}{_escaped_text(after)}")
    markup = "".join(f"<p>{paragraph}</p>" for paragraph in marked)
    made: Any = stated | {"text": "\n\n".join(paragraphs), "html": markup}
    return made


def _escaped_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escaped(url: str) -> str:
    return _escaped_text(url).replace('"', "&quot;")
