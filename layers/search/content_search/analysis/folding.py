"""Folds a word: one spelling for all that readers take for the same letters. Folding twice is folding once."""

import json
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any
from unicodedata import combining, normalize

# Characters of a word, as it stands in the text. Longer ones are cut: no word of any language is so long, and Unicode's
# normalisation takes quadratic time on a long row of combining marks.
LONGEST_WORD = 64

_LETTERS: dict[str, Any] = json.loads(files(__package__ or "").joinpath("letters.json").read_text(encoding="utf-8"))
APOSTROPHES: str = _LETTERS["apostrophes"]
_ONE_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
# Arabic-Indic and Persian digits, and what is written but not read: the soft hyphen, joiners, marks of direction.
_EVERYWHERE = str.maketrans(
    {chr(first + digit): str(digit) for first in (0x0660, 0x06F0) for digit in range(10)}
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u061c\u2060\ufeff\ufe0e\ufe0f", "")
)
_DOTTED = str.maketrans({"İ": "i", "I": "ı"})
# The Chechen letter Ӏ, which most keyboards lack: readers and newspapers write 1, I or l for it.
_PALOCHKA = re.compile(r"(?<=[\u0400-\u04ff])[1Il]|^[1Il](?=[\u0400-\u04ff])", re.MULTILINE)
_UZBEK_LETTERS = re.compile(r"([og])'")


def language_of_letters(language: str) -> str:
    """The language whose letters a language has: its own, that of its base (`sr-Latn` has those of `sr`), or none."""
    known = _LETTERS["languages"]
    found = language if language in known else language.partition("-")[0]
    return known.get(found, {}).get("same_as", found)


@cache
def folding(language: str) -> Callable[[str], str]:
    """The function that folds a word of this language. Its answer may have spaces, where compatibility characters
    stand for several words, and may be empty.
    """
    fold = folding_lines(language)
    return lambda word: fold(word[:LONGEST_WORD]).strip("'")


def folding_lines(language: str) -> Callable[[str], str]:
    """The function that folds many words at once, one a line, which is faster than one by one."""
    rules: dict[str, Any] = _LETTERS["languages"].get(language_of_letters(language), {})
    letters: dict[str, str] = rules.get("letters", {})
    single = str.maketrans({each: letters[each] for each in letters if len(each) == 1})
    drops_marks, is_dotted = rules.get("marks") == "drop", rules.get("case") == "dotted"
    before, after = _substitutions(rules, letters)

    def fold(text: str) -> str:
        if text.isascii() and not is_dotted:
            text = text.casefold().replace("`", "'")
        else:
            text = _spelled(normalize("NFKC", text).translate(_ONE_APOSTROPHE), before)
            text = normalize("NFKC", (text.translate(_DOTTED) if is_dotted else text).casefold()).translate(_EVERYWHERE)
        text = _spelled(text, after).translate(single)
        if not text.isascii():
            text = normalize("NFC", _without_marks(normalize("NFD", text) if drops_marks else text))
        return text

    return fold


type _Substitution = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _substitutions(rules: dict[str, Any], letters: dict[str, str]) -> tuple[list[_Substitution], list[_Substitution]]:
    """What is replaced before case is folded, and what after it."""
    before: list[_Substitution] = [(_PALOCHKA, "ӏ")] if rules.get("palochka") else []
    after: list[_Substitution] = []
    if rules.get("apostrophe") == "uz":
        after.append((_UZBEK_LETTERS, r"\1ʻ"))
    if rules.get("apostrophe") != "keep":
        after.append((re.compile("'"), ""))
    if first := rules.get("first"):
        after.append((re.compile("^[" + "".join(first) + "]", re.MULTILINE), lambda found: first[found[0]]))
    if several := [each for each in letters if len(each) > 1]:
        after.append((re.compile("|".join(several)), lambda found: letters[found[0]]))
    return before, after


def _spelled(text: str, substitutions: list[_Substitution]) -> str:
    for pattern, replacement in substitutions:
        text = pattern.sub(replacement, text)
    return text


def _without_marks(text: str) -> str:
    """The text without marks that make no letter of their own: stress, vowel marks of Arabic, the dot that İ leaves."""
    marks = [character for character in set(text) if combining(character)]
    return text.translate(dict.fromkeys(map(ord, marks), "")) if marks else text
