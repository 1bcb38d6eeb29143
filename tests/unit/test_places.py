from copy import deepcopy
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_api.law.jurisdiction import ELSEWHERE, UNKNOWN
from content_api.law.law_file import load_law
from content_api.law.places import Rules, jurisdiction_of_place

DATA: Any = load_law()
OCCUPIED = DATA["jurisdictions"]["ua-occupied"]["regions"]["UA"]
ASSIGNED = DATA["countries"]["assigned"].split()


@given(st.none() | st.text(max_size=20))
def test_every_region_of_russia_is_in_russia(region: str | None) -> None:
    assert jurisdiction_of_place("RU", region, in_zone="") == "ru"


@pytest.mark.parametrize("code", ["43", "40", "14", "09", "23", "65", "9", "UA-43", "UA-09", "ua-65", " 43 "])
def test_codes_of_the_occupied_regions(code: str) -> None:
    assert jurisdiction_of_place("UA", code, in_zone="") == "ua-occupied"


@given(st.sampled_from([name for names in OCCUPIED.values() for name in names]), st.booleans(), st.booleans())
def test_names_of_the_occupied_regions_in_any_case_encoded_or_not(name: str, upper: bool, encoded: bool) -> None:  # noqa: FBT001
    written = name.upper() if upper else name.title()
    assert jurisdiction_of_place("UA", quote(written) if encoded else written, in_zone="") == "ua-occupied"


@pytest.mark.parametrize("code", ["05", "5", "07", "12", "18", "21", "26", "30", "32", "35", "46", "UA-46", "63", "77"])
def test_other_regions_of_ukraine_are_elsewhere(code: str) -> None:
    assert jurisdiction_of_place("UA", code, in_zone="") == ELSEWHERE


@pytest.mark.parametrize("region", [None, "", "  ", "99", "Kaluga", "luga", "4 3", "43,46", "46,43", "%", "4" * 10_000])
def test_an_ukrainian_region_that_is_missing_or_no_region_leaves_the_place_unknown(region: str | None) -> None:
    assert jurisdiction_of_place("UA", region, in_zone=None) == UNKNOWN
    assert jurisdiction_of_place("UA", region, in_zone="ua-occupied") == "ua-occupied"
    stated = bool((region or "").strip())
    assert jurisdiction_of_place("UA", region, in_zone="") == (UNKNOWN if stated else ELSEWHERE)


@pytest.mark.parametrize(
    "country", [None, "", "XX", "T1", "A1", "A2", "O1", "EU", "ZZ", "RUS", "R", "RU,US", "US,US", "*"]
)
def test_what_is_no_country_leaves_the_place_unknown(country: str | None) -> None:
    assert jurisdiction_of_place(country, "43", in_zone="") == UNKNOWN


@given(st.sampled_from(ASSIGNED), st.none() | st.text(max_size=10))
def test_a_region_counts_only_in_its_own_country(country: str, region: str | None) -> None:
    if country not in {"RU", "UA"}:
        assert jurisdiction_of_place(country, region, in_zone="") == ELSEWHERE


@given(st.none() | st.text(max_size=300), st.none() | st.text(max_size=300))
def test_only_a_listed_country_is_ever_elsewhere(country: str | None, region: str | None) -> None:
    if jurisdiction_of_place(country, region, in_zone="") == ELSEWHERE:
        assert (country or "").strip().upper() in ASSIGNED


def test_rules_that_name_an_unlisted_country_do_not_load() -> None:
    data = deepcopy(DATA)
    data["jurisdictions"]["ru"]["countries"] = ["RU", "XQ"]
    with pytest.raises(ValueError, match="XQ"):
        Rules(data)


def test_rules_that_give_one_region_to_two_jurisdictions_do_not_load() -> None:
    data = deepcopy(DATA)
    data["regions_elsewhere"]["UA"]["43"] = []
    with pytest.raises(ValueError, match="two jurisdictions"):
        Rules(data)
