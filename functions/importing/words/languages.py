"""Recognises the archive's languages by their letters and most common words. None if it is not sure."""

import re

from content_api.content.language import normalised_language

_SCRIPT = 4  # letters of a tag's script (RFC 5646, section 2.2.3)
_ENGLISH = frozenset("the of and to in a is for that on with was he his has at as by from said".split())
_RUSSIAN_LETTERS = re.compile("[ыэъё]")
_UKRAINIAN_LETTERS = re.compile("[іїєґ]")
# Letters of other languages in Cyrillic script: Belarusian, Serbian, Macedonian, Kazakh, Kyrgyz, Tatar, Tajik and more.
_OTHER_LETTERS = re.compile("[ўјљњђћџѓќѕәғқңөұүһҳҷӣӯӑӗҫҡҙӈӏ]")
_MOST_FOREIGN = 0.004  # share of all letters; a text may have a name or a quoted word in another language
_LEAST_ASCII = 0.9  # share of all letters in an English text; names may have accents
_LEAST_ENGLISH = 0.08  # share of all words; English news has some 0.3, other languages in Latin script less than 0.05


def language_of(text: str) -> str | None:
    """`en`, `ru`, `uk`, or None."""
    letters = [letter for letter in text.casefold() if letter.isalpha()]
    if not letters:
        return None
    lower = "".join(letters)
    if 2 * sum("а" <= letter <= "ӿ" for letter in letters) > len(letters):
        return _cyrillic_language(lower)
    words = re.findall(r"[a-z']+", text.casefold())
    common = sum(word in _ENGLISH for word in words)
    is_latin = sum(letter.isascii() for letter in letters) > _LEAST_ASCII * len(letters)
    return "en" if is_latin and common >= max(2, _LEAST_ENGLISH * len(words)) else None


def _cyrillic_language(letters: str) -> str | None:
    limit = _MOST_FOREIGN * len(letters)
    if len(_OTHER_LETTERS.findall(letters)) > limit:
        return None
    russian, ukrainian = len(_RUSSIAN_LETTERS.findall(letters)), len(_UKRAINIAN_LETTERS.findall(letters))
    if russian > ukrainian and ukrainian <= limit * 2 + 1:
        return "ru"
    return "uk" if ukrainian > russian else None


def stated_language(tag: str) -> str | None:
    """The language in a tag of a page or feed, such as `en_GB` or `sr-Latn-RS`, without its region. None if it is no
    tag.
    """
    parts = tag.strip().replace("_", "-").split("-")
    try:
        return normalised_language("-".join([parts[0], *(each for each in parts[1:2] if len(each) == _SCRIPT)]))
    except ValueError:
        return None
