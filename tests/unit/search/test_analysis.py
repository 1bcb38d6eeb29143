"""What a word is, and which words are the same, in 27 languages."""

import itertools
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content_search.analysis.folding import folding
from content_search.analysis.lemmas import tables_folder
from content_search.analysis.stemming import DICTIONARIES, stemming
from content_search.analysis.words import words
from lemmas.__main__ import tables

ROOT = Path(__file__).parents[3]
LANGUAGES = [
    each["language"] for each in json.loads((ROOT / "functions/reading/languages.json").read_text(encoding="utf-8"))
]
PAIRS = [
    tuple(line.split("\t")[:3])
    for line in Path(__file__).with_name("inflected.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
# Of the 40 pairs of each language, how many at least have one form in common; docs/search.md has the large samples.
LEAST_FOUND = {
    "az": 26, "ba": 26, "be": 20, "bg": 38, "crh": 28, "en": 36, "fa": 28, "hu": 36, "hy": 38, "ka": 38, "kk": 26,
    "ky": 20, "mk": 36, "ps": 12, "ro": 33, "ru": 38, "sq": 36, "sr": 36, "tk": 18, "tt": 28, "uk": 36, "uz": 20,
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "same"),
    [
        ("uk", "п'ять п’ять пʼять П`ЯТЬ пять"),
        ("be", "сям'я сям’я сямʼя"),
        ("be", "ўвагу увагу"),
        ("uz", "o'zbek oʻzbek o‘zbek O’ZBEK ўзбек"),
        ("az", "İLHAM ilham İlham"),
        ("az", "ILIQ ılıq"),
        ("crh", "Къырым Qırım QIRIM"),
        ("fa", "كتاب‌ها کتابها کتاب‌های".rpartition(" ")[0]),
        ("fa", "۱۴۰۳ ١٤٠٣ 1403"),
        ("fa-AF", "علي علی عَلی"),
        ("ps", "كابل کابل"),
        ("ro", "ştiinţă știință ŞTIINŢĂ"),
        ("ru", "Ёлка елка ЁЛКА ёлка"),
        ("ru", "за́мок замок"),
        ("hy", "և եւ Եվ"),
        ("ka", "საქართველო ᲡᲐᲥᲐᲠᲗᲕᲔᲚᲝ"),
        ("sr", "Љубљана Ljubljana LJUBLJANA Ǉubljana"),
        ("bs", "џеп džep Džep ǆep"),
        ("sr-ME", "Његош Njegoš"),
        ("ce", "цӀерниг цIерниг ц1ерниг цӏерниг"),
        ("en", "café cafe CAFÉ"),
        ("bg", "ѝ и"),
    ],
)
def test_one_word_in_all_its_spellings(language: str, same: str) -> None:
    assert len({word.text for word in words(same, language)}) == 1


def test_persian_words_meet_with_a_half_space_a_space_and_neither() -> None:
    for several in (["کتاب‌ها", "کتاب ها", "کتابها"], ["می‌روم", "می روم", "میروم"]):
        found = [[word.text for word in words(each, "fa")] for each in several]
        assert found == [found[0]] * 3
        assert len(found[0]) == 1


def test_letters_that_only_look_alike_stay_apart() -> None:
    fold = folding("uz")
    assert fold("o't") != fold("ot")  # fire and horse
    assert folding("az")("qız") != folding("az")("qiz")
    assert folding("en")("I") == "i"


def test_an_apostrophe_of_quotation_is_no_letter() -> None:
    assert [word.text for word in words("'quoted' don't ‘so’", "en")] == ["quoted", "don't", "so"]
    assert [word.text for word in words("’лапки’", "uk")] == ["лапки"]


# Letters of our languages, what is written between them, and what Unicode takes apart or puts together.
TEXTS = st.text(
    st.one_of(
        st.sampled_from("aIİıoOgG'ʻ’`ёЁїєґўхъкгнджюяљњџӀ1Ilیيىكآ\u200c\u064e٤۴şțëևԵვᲓß \u00ad-.,\"\u0301ﷺ①⑴½ﬁ㌀"),
        st.characters(codec="utf-8"),
    ),
    max_size=40,
)


@pytest.mark.sampled
@given(TEXTS, st.sampled_from(LANGUAGES))
@settings(max_examples=60, deadline=None)
def test_folding_what_was_folded_changes_nothing_and_places_are_places(text: str, language: str) -> None:
    found = words(text, language)
    again = words(" ".join(word.text for word in found), language)
    assert [word.text for word in again] == [word.text for word in found]
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert all(one.end <= other.start or one[1:] == other[1:] for one, other in itertools.pairwise(found))
    # What stands at the place is the word: alone, it gives the same.
    assert all(word.text in {each.text for each in words(text[word.start : word.end], language)} for word in found)
    assert all(stemming(language)(word.text) for word in found)


@pytest.mark.parametrize("piece", ["a", "\u0301", "a'", "a\u200c", "1", "'", "о́", "می ", "ﷺ", "⑴", "oʻ"])
def test_hostile_text_takes_time_in_proportion(piece: str) -> None:
    def seconds(times: int) -> float:
        text = "x" + piece * times
        began = time.process_time()
        for language in ("fa", "uz", "uk"):
            words(text, language)
        return time.process_time() - began

    seconds(1000)
    assert seconds(40_000) < max(40 * seconds(4_000), 0.5)  # ten times the text; quadratic would take a hundred


@pytest.mark.parametrize("language", LEAST_FOUND)
def test_inflected_forms_meet_their_base_form(language: str) -> None:
    fold, stem = folding(language), stemming(language)
    pairs = [(base, form) for each, base, form in PAIRS if each == language]
    assert len(pairs) >= 30
    met = [pair for pair in pairs if stem(fold(pair[0])) == stem(fold(pair[1]))]
    assert len(met) >= LEAST_FOUND[language], f"{len(met)} of {len(pairs)}"


def test_names_that_no_dictionary_has_meet_too() -> None:
    for language, forms in {
        "ru": "Зеленский Зеленского Зеленскому",
        "uk": "Зеленський Зеленського Зеленському",
        "sr": "Вучић Vučića Вучићу",
        "hu": "Orbán Orbánnal",
        "hy": "Փաշինյան Փաշինյանի",
        "ka": "სააკაშვილი სააკაშვილის",
    }.items():
        assert len({stemming(language)(word.text) for word in words(forms, language)}) == 1, language


def test_a_table_is_what_its_dictionary_gives() -> None:
    _forms, files = tables("fa", DICTIONARIES["fa"])
    for name, content in files.items():
        assert (tables_folder() / name).read_bytes() == content, f"{name} is out of date: run python -m lemmas"
