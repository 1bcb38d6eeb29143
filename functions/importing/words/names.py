"""Reads the authors from a byline: `By MAJA HOLT and SVEN ADE, Coast News Agency`."""

import re

_SEPARATORS = re.compile(
    r" ?(?:[;|•·\n،、]| [/&–—] |, (?:and|и|та|і) | (?:and|и|та|і|und|et|y|with|და|و) |,) ?", re.IGNORECASE
)
_JOINED = re.compile(r"(?<=[a-zа-яёіїєґ])/(?=[^\W\d_a-zа-яёіїєґ])")  # `Ana Ruiz/AFP`
_SAID = re.compile(
    r"(?:(?:story |text |report |written |posted |words |interview )?by|reported by|authors?|авторы?|автори?|"
    r"тексты?|від|von|par|por)\b ?:? ",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r" ?[(\[][^()\[\]]{0,200}[)\]] ?")
_ADDRESS = re.compile(r"\S{1,64}@\S{1,255}|https?://\S{1,2000}|(?<!\w)@\w{1,40}")
_HOUSES = re.compile(
    r"\b(?:agency|agence|agentur|news|press|times|post|herald|gazette|tribune|journal|magazine|media|desk|staff|service|"
    r"bureau|editors?|editorial|editor|newsroom|team|correspondents?|reporters?|writers?|columnist|contributor|producer|"
    r"photographer|radio|television|tv|network|reuters|afp|ap|upi|dpa|tass|interfax|unian|ukrinform|belta|bbc|cnn|npr|rfe/?rl|"
    r"rferl|voa|courier|chronicle|observer|telegraph|weekly|daily|вестник|газета|вісник|zeitung|university|institute|ministry|inc|ltd|llc|company|group|admin|administrator|redaktion|wire|wires|"
    r"агентство|редакция|редакція|служба|радио|радіо|свобода|новости|новини|корреспондент|кореспондент|журналист|журналіст|"
    r"тасс|интерфакс|уніан|укрінформ)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][\w.'’ʼ-]*(?:\s[^\W\d_][\w.'’ʼ-]*){0,5}")
_PARTICLES = frozenset("de da di do du del della der den van von la le al el bin ibn af av zu ter of mc".split())
_LONGEST = 100  # characters of a name
_LONGEST_LINE = 500


def names_in(stated: str) -> list[str]:
    """The people in a line, without agencies, offices and places. If no part of the line is the name of a person, the
    whole line, since a desk may sign too. Empty for an address or an empty line.
    """
    line = _ADDRESS.sub(" ", " ".join(stated.split())[:_LONGEST_LINE])
    line = _JOINED.sub(" / ", line)
    said = _SAID.match(line)
    line = line[said.end() :] if said else line
    line = " ".join(_BRACKETS.sub(" ", line).split()).strip(" ,;|/-–—•·.")
    parts = [each.strip(" .,;:|-–—") for each in _SEPARATORS.split(line)]
    people = [each for each in parts if _is_person(each)]
    full = [each for each in people if " " in each]
    if not full and len(people) == 2 and line == ", ".join(people):  # noqa: PLR2004 - as libraries write: `Holt, Maja`
        full = [" ".join(reversed(people))]
    found = full or people
    if not found and line and len(line) <= _LONGEST:
        found = [line]
    return list(dict.fromkeys(found))


def says_who(line: str) -> bool:
    """Whether a line says who wrote the text, and nothing else: `By Maja Holt and Sven Ade`."""
    return begins_as_byline(line) and is_byline(line)


def begins_as_byline(line: str) -> bool:
    return _SAID.match(line) is not None


def is_byline(stated: str) -> bool:
    """Whether a short text has names of people and nothing else."""
    found = names_in(stated)
    return bool(found) and all(_is_person(each) and " " in each for each in found)


def _is_person(part: str) -> bool:
    if not 1 < len(part) <= _LONGEST or _HOUSES.search(part) or _NAME.fullmatch(part) is None:
        return False
    return all(word[0].isupper() or word.lower() in _PARTICLES or _has_no_case(word) for word in part.split())


def _has_no_case(word: str) -> bool:
    return word.upper() == word.lower()
