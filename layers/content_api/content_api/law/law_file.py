"""Reads the law's file, `law.json`: its types, its checks, and what is made from it. docs/laws.md describes the file.

The reading functions import this when they start. So it imports nothing that the runtime or SigV4 has not imported.
"""

from __future__ import annotations

import json
import os.path
from hashlib import sha256

from content_api.law.checking import check_law

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, NotRequired, TypedDict

    class Jurisdiction(TypedDict):
        """`regions` has the names of each region, by its code, by country. `networks_of` names other jurisdictions: a
        network there counts as one here, if the request states the country of these regions.
        """

        title: dict[str, str]
        countries: NotRequired[list[str]]
        regions: NotRequired[dict[str, dict[str, list[str]]]]
        networks_of: NotRequired[list[str]]

    class Wording(TypedDict):
        """`paragraphs` are the text without the paragraph of the link. `text` and `html` are made from both."""

        reviewed: bool
        paragraphs: list[str]
        link: NotRequired[str]
        text: str
        html: str

    class Recognition(TypedDict):
        """Patterns by which `importing.words.warnings` recognises the notice in an imported text."""

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
        """`event` is in English, `translations` are by language."""

        date: str
        event: str
        translations: NotRequired[dict[str, str]]

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


def load_law(path: str = "") -> Law:
    """The law in a file, by default the shipped one. Raises ValueError if the file is not as docs/laws.md describes it,
    such as a notice for a jurisdiction that the file does not define, in which no reader could ever be.
    """
    with open(path or LAW, encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs start-up
        law: Law = json.load(file)
    check_law(law, path or LAW)
    return law


def load_entries(path: str = "") -> list[Entry]:
    """The notices of the law's file, each wording with its `text` and `html`. Raises ValueError."""
    return entries_of(load_law(path))


def entries_of(law: Law) -> list[Entry]:
    """The same as `load_entries`, for a law that was loaded already."""
    return [_with_markup(notice) for notice in law["notices"]]


def places_told(law: Law) -> list[str]:
    """The law's jurisdictions, each with a digest of its places: `ru:0123abcd`. Data that are made from the law carry
    these texts, so that data about other places are recognised.
    """
    return [f"{name}:{_digest(stated)}" for name, stated in law["jurisdictions"].items()]


def not_told(law: Law, told: Iterable[str]) -> list[str]:
    """The jurisdictions of notices that some data cannot tell apart from others. `told` are the texts of `places_told`
    that the data carry.
    """
    held = frozenset(told)
    known = {word.partition(":")[0] for word in places_told(law) if word in held}
    return sorted({name for notice in law["notices"] for name in notice["jurisdictions"]} - known)


def _digest(jurisdiction: Jurisdiction) -> str:
    places = [jurisdiction.get(name) for name in ("countries", "regions", "networks_of")]
    return sha256(json.dumps(places, sort_keys=True).encode()).hexdigest()[:8]


def _with_markup(notice: dict[str, Any]) -> Entry:
    texts = {language: _wording(stated) for language, stated in notice["texts"].items()}
    entry: Any = notice | {"texts": texts}
    return entry


def _wording(stated: dict[str, Any]) -> Wording:
    """The wording with `text` and `html`. In `link`, the linked words are in brackets: "To find out more, [click
    here].". It is the last paragraph.
    """
    link: str = stated.get("link", "")
    before, _, rest = link.partition("[")
    words, _, after = rest.partition("]")
    paragraphs = [*stated["paragraphs"], *([before + words + after] if link else [])]
    marked = [escaped(paragraph) for paragraph in stated["paragraphs"]]
    if link:
        to = f'<a href="{{more_information_url}}">{escaped(words)}</a>'
        marked.append(f"{escaped(before)}{to}{escaped(after)}")
    markup = "".join(f"<p>{paragraph}</p>" for paragraph in marked)
    made: Any = stated | {"text": "\n\n".join(paragraphs), "html": markup}
    return made


def escaped(text: str) -> str:
    """The text as HTML shows it between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
