"""The form that the inflected forms of a word share, which the index compares beside the exact word."""

from collections.abc import Callable
from functools import cache, lru_cache

from content_search.analysis.folding import language_of_letters

# simplemma's dictionaries, by our languages. Measured against Snowball, they find more and confuse less in all of
# these, names included (docs/search.md).
DICTIONARIES = {
    "bg": "bg", "fa": "fa", "hu": "hu", "hy": "hy", "ka": "ka", "mk": "mk",
    "ro": "ro", "ru": "ru", "sq": "sq", "sr": "hbs", "uk": "uk",
}  # fmt: skip
# Languages without a dictionary: words are cut to so many letters (Can et al., JASIST 2008, "Information retrieval on
# Turkish texts", where five did as well as a morphological analysis).
_LETTERS = {"ky": 4, "ps": 4}
_USUAL_LETTERS = 5
_MOST_REMEMBERED = 50_000  # words of each language


@cache
def stemming(language: str) -> Callable[[str], str]:
    """The function that gives the shared form of a folded word."""
    return lru_cache(maxsize=_MOST_REMEMBERED)(_stemming(language_of_letters(language)))


def is_cut(language: str) -> bool:
    """Whether words of this language are only cut, so that the shared form says less than the exact word."""
    return language_of_letters(language) not in {*DICTIONARIES, "en"}


def _stemming(language: str) -> Callable[[str], str]:
    if language == "en":
        return _english()
    if language in DICTIONARIES:
        from content_search.analysis.lemmas import Lemmas, tables_folder  # noqa: PLC0415 - English does without it

        return Lemmas(tables_folder(), language).of
    letters = _LETTERS.get(language, _USUAL_LETTERS)
    return lambda word: word[:letters]


def _english() -> Callable[[str], str]:
    import Stemmer  # noqa: PLC0415 - the other languages do without it

    # It has no types.
    return Stemmer.Stemmer("english").stemWord  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
