"""What is wrong with the law's file. A member that nothing reads, or a value that changes nothing, would mean that
somebody believes in a rule that readers never see. So each is refused, with a sentence that says what to do.

The reading functions import this when they start. So it imports nothing that the runtime or SigV4 has not imported, and
compiles no regular expression, which takes a millisecond: `make law` checks those of `recognition`.
"""

from __future__ import annotations

from datetime import date

from content_api.law.jurisdiction import ELSEWHERE, UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

ENGLISH = "en"
_LONGEST_NAME = 63  # characters
# Members of the file, each with its kind. Those in brackets may be left out. Members of these names beside them are
# notes for people: `source`, and what ends in `_why`.
_NOTICE = {
    "id": str,
    "version": int,
    "title": dict,
    "effective_from": str,
    "(effective_until)": str,
    "(history)": list,
    "jurisdictions": list,
    "where_location_is_unknown": bool,
    "placement": str,
    "must_display": bool,
    "restricted_actions": list,
    "(second_language)": str,
    "texts": dict,
    "(explanation)": dict,
    "(recognition)": dict,
}
# `text` and `html` are made by `legal_notices.load_entries`.
_WORDING = {
    "reviewed": bool,
    "paragraphs": list,
    "(link)": str,
    "(text)": str,
    "(html)": str,
}
_EXPLANATION = {"reviewed": bool, "meaning": list, "at_risk": list, "rules": list}
_EVENT = {"date": str, "event": str, "(translations)": dict}
_RECOGNITION = {"subject": list, "threats": list, "openings": list, "links": list}
_JURISDICTION = {"title": dict, "(countries)": list, "(regions)": dict, "(networks_of)": list}


def check_law(law: Mapping[str, Any], path: str) -> None:
    """Raises ValueError, which names the file and everything that is wrong with its jurisdictions and notices."""
    _raise(f"{path}: ", _of_law(law))


def check_notice(entry: Mapping[str, Any]) -> None:
    """Raises ValueError, which names the notice and everything that is wrong with it."""
    _raise("", _of_notice(entry))


def _raise(begins: str, complaints: Iterator[str]) -> None:
    if found := list(complaints):
        raise ValueError(begins + "\n".join(found))


def _of_law(law: Mapping[str, Any]) -> Iterator[str]:
    jurisdictions = law["jurisdictions"]
    for name, places in jurisdictions.items():
        for said in _of_jurisdiction(name, places, jurisdictions):
            yield f"The jurisdiction {name} {said}"
    yield from _places_of_two(jurisdictions)
    ids = [notice.get("id") for notice in law["notices"]]
    for notice in law["notices"]:
        yield from _of_notice(notice)
        for said in _in_its_file(notice, jurisdictions):
            yield f"The notice {notice.get('id')} {said}"
        if ids.count(notice.get("id")) > 1:
            yield f"Two notices have the id {notice.get('id')}. Give each its own."


def _places_of_two(jurisdictions: Mapping[str, Any]) -> Iterator[str]:
    """Two jurisdictions never share a place: a reader is in one. `places.Rules` compares the names of regions."""
    whole: dict[str, str] = {}
    for name, places in jurisdictions.items():
        for country in places.get("countries", ()):
            if whole.setdefault(country, name) != name:
                yield f"The country {country} is in two jurisdictions, {whole[country]} and {name}. Name it in one."
    for name, places in jurisdictions.items():
        for country in places.get("regions", {}):
            if country in whole:
                yield (
                    f"The jurisdiction {name} has regions of {country}, and all of {country} is in {whole[country]}. "
                    "Name the country, or its regions."
                )


def _in_its_file(notice: Mapping[str, Any], jurisdictions: Iterable[str]) -> Iterator[str]:
    """What is wrong with a notice beside the others, before `load_entries` has made anything of it."""
    for name in notice.get("jurisdictions", ()):
        if name not in jurisdictions:
            yield f'is for {name}, which is none of the jurisdictions. Describe it under "jurisdictions".'
    texts = notice.get("texts", {})
    second = notice.get("second_language")
    if second is not None and second not in texts:
        yield f'has the second language {second}, and no texts in it. Write them under "texts".'
    for language, wording in texts.items():
        if made := sorted({"text", "html"} & {*wording}):
            yield f"has {' and '.join(made)} in {language}, made from the paragraphs and the link. Leave it out."


def _of_jurisdiction(name: str, places: Mapping[str, Any], all_of_them: Iterable[str]) -> Iterator[str]:
    if not _is_name(name) or name in {ELSEWHERE, UNKNOWN}:
        yield (
            "needs a name of letters, digits and hyphens, other than "
            f"{ELSEWHERE} and {UNKNOWN}, which have a meaning of their own."
        )
    yield from _members(places, _JURISDICTION)
    yield from _by_language("title", places.get("title", {}))
    if not places.get("countries") and not places.get("regions"):
        yield "has neither countries nor regions, so no reader could be in it."
    for country, regions in places.get("regions", {}).items():
        for code in regions:
            if not (_is_name(code, longest=3) and code.isalnum() and code == code.upper()):
                yield f"has the region {country}-{code}: write the second part of its code in ISO 3166-2, in capitals."
    networks_of = places.get("networks_of", ())
    if networks_of and not places.get("regions"):
        yield "has networks_of, which counts for jurisdictions with regions alone. Leave it out."
    if strangers := sorted({*networks_of} - {*all_of_them}):
        yield f"has networks_of {', '.join(strangers)}, which is none of the jurisdictions."


def _of_notice(entry: Mapping[str, Any]) -> Iterator[str]:
    named = f"The notice {entry.get('id', '(no id)')}"
    wrong = list(_members(entry, _NOTICE))
    for said in wrong or _values(entry):
        yield f"{named} {said}"


def _values(entry: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the values of a notice that has all members, each of its kind."""
    if not _is_name(entry["id"]):
        yield "needs an id of letters, digits and hyphens, since addresses hold it."
    if entry["placement"] != "before_content":
        yield (
            f'has the placement "{entry["placement"]}". Every page, feed and app shows a notice before the content, '
            'and nothing here shows one elsewhere. Write "before_content".'
        )
    if entry["must_display"] is not True:
        yield 'has "must_display": false. Every notice that is due is shown. Write true, or take the notice out.'
    yield from _days(entry)
    if not entry["jurisdictions"] and not entry["where_location_is_unknown"]:
        yield "is due nowhere: name jurisdictions."
    for action in entry["restricted_actions"]:
        if not (_is_name(str(action).replace("_", "-")) and action == action.lower()):
            yield f"restricts {action!r}: programs read it, so it is a word of small letters, digits and hyphens."
    yield from _by_language("title", entry["title"])
    yield from _texts(entry["texts"])
    for language, explained in entry.get("explanation", {}).items():
        for said in _members(explained, _EXPLANATION):
            yield f"has an explanation in {language} that {said}"
    for said in _members(entry.get("recognition", {}), _RECOGNITION) if "recognition" in entry else ():
        yield f"has a recognition that {said}"


def _days(entry: Mapping[str, Any]) -> Iterator[str]:
    begins, ends = entry["effective_from"], entry.get("effective_until")
    stated = [begins, *([] if ends is None else [ends])]
    for event in entry.get("history", ()):
        for said in _members(event, _EVENT):
            yield f"has an event that {said}"
        stated.append(event.get("date", begins))
    if wrong := [day for day in stated if not _is_day(day)]:
        yield f"has the date {wrong[0]}, which is no date of the form 2024-02-02."
    elif ends is not None and ends < begins:
        yield f"ends on {ends}, before it begins on {begins}."


def _texts(texts: Mapping[str, Any]) -> Iterator[str]:
    if ENGLISH not in texts:
        yield "has no texts in English (en), which readers of all other languages get."
    for language, wording in texts.items():
        if not _is_language(language):
            yield f'has texts in "{language}", which is no tag of a language, such as ru or fa-AF (BCP 47).'
        wrong = list(_members(wording, _WORDING))
        for said in wrong:
            yield f"has texts in {language} of which one {said}"
        if not wrong and not (wording["paragraphs"] and all(_is_text(each) for each in wording["paragraphs"])):
            yield f"has no words in a paragraph in {language}."
        if not wrong and (link := wording.get("link")) and not _leads_somewhere(link):
            yield f'has the link "{link}" in {language}: put the words that lead to its page in brackets, once.'


def _by_language(member: str, stated: Mapping[str, Any]) -> Iterator[str]:
    if not _is_text(stated.get(ENGLISH)):
        yield f"has no {member} in English (en), which pages show where they have none in their language."
    if empty := [language for language, text in stated.items() if not _is_text(text)]:
        yield f"has no words in its {member} in {', '.join(empty)}."


def _members(stated: Mapping[str, Any], kinds: Mapping[str, type]) -> Iterator[str]:
    """Members that are missing, of another kind, or not known."""
    known = {name.strip("()"): kind for name, kind in kinds.items()}
    for name, kind in known.items():
        if name not in stated:
            if name in kinds:
                yield f"lacks {name}."
        elif type(stated[name]) is not kind:
            yield f"has {name} of the wrong kind: docs/laws.md says what it takes."
    if strange := [name for name in stated if name not in known and name != "source" and not name.endswith("_why")]:
        yield f"has {', '.join(strange)}, which nothing reads. Is it misspelt? It may have {', '.join(known)}."


def _is_name(text: str, longest: int = _LONGEST_NAME) -> bool:
    """Whether it can stand in headers, addresses and enums: letters, digits and hyphens of ASCII."""
    is_whole = text.isascii() and text[:1].isalnum() and text.replace("-", "").isalnum()
    return is_whole and len(text) <= longest


def _is_language(tag: str) -> bool:
    """Whether it has the form of a BCP 47 tag."""
    primary, *rest = tag.split("-")
    is_primary = primary.isascii() and primary.isalpha() and primary == primary.lower() and len(primary) in {2, 3}
    return is_primary and all(_is_name(each, longest=8) for each in rest)


def _leads_somewhere(link: str) -> bool:
    """Whether some words are in brackets, once."""
    return link.count("[") == link.count("]") == 1 and link.index("[") + 1 < link.index("]")


def _is_day(day: str) -> bool:
    """Whether it is a date of the form 2024-02-02. Other forms of ISO 8601 cannot be compared as text."""
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return len(day) == len("2024-02-02") and day[4] == day[7] == "-"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
