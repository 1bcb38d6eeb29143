"""The edge function, run in a real JavaScript engine, says of every viewer what Python says."""

import ipaddress
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_api import law
from content_api.law.places import jurisdiction_of_place
from gateway import template
from simulated_edge.engine import FUNCTION, EdgeFunction, edge_function, event

RULES = json.loads(Path(law.__path__[0], "jurisdictions.json").read_text(encoding="utf-8"))
ISO = cast("Any", pycountry)  # without types
INSIDE, OUTSIDE = "5.59.32.7", "8.8.8.8"
KEYS = ["053b2000/20", "2a00fe020000/32"]


@pytest.fixture(scope="module")
def edge() -> Iterator[EdgeFunction]:
    with edge_function() as started:
        started.load_store(KEYS)
        yield started


def test_it_fits_where_it_must() -> None:
    assert len(FUNCTION.read_bytes()) < 10_240  # bytes; CloudFront Functions' quota


def test_the_templates_copy_is_the_function() -> None:
    inline = template.load()["Resources"]["ViewerRequestFunction"]["Properties"]["FunctionCode"]
    assert inline == FUNCTION.read_text(encoding="utf-8")


def test_its_tables_are_those_of_the_rules() -> None:
    source = FUNCTION.read_text(encoding="utf-8")
    assert f"'{RULES['countries']['assigned']}'" in source
    regions = RULES["jurisdictions"]["ua-occupied"]["regions"]
    assert regions.keys() == RULES["regions_elsewhere"].keys() == {"UA"}
    assert f"zone: '{' '.join(regions['UA'])}'" in source
    assert f"elsewhere: '{' '.join(RULES['regions_elsewhere']['UA'])}'" in source


def every_place() -> list[tuple[str | None, str | None]]:
    """Every country of ISO 3166-1, every region of ISO 3166-2, in the forms that location services send."""
    places: list[tuple[str | None, str | None]] = [(None, None), ("", ""), ("XX", None), ("T1", None), ("A1", "43")]
    for country in ISO.countries:
        code = country.alpha_2
        regions: list[str | None] = [None, "", "43", "99", "QQQ"]
        subdivisions = ISO.subdivisions.get(country_code=code)
        for subdivision in subdivisions or ():
            prefixed = str(subdivision.code)
            short = prefixed.partition("-")[2]
            regions += [short, prefixed, short.lstrip("0") or short]
        places += [(code, region) for region in regions]
    return places


@pytest.mark.parametrize(("address", "in_zone"), [(INSIDE, True), (OUTSIDE, False), ("not an address", None)])
def test_of_every_country_and_region_it_says_what_python_says(
    edge: EdgeFunction, address: str, *, in_zone: bool | None
) -> None:
    places = every_place()
    assert len(places) > 10_000
    said = edge.jurisdictions((country, region, address) for country, region in places)
    expected = [jurisdiction_of_place(country, region, in_zone=in_zone) for country, region in places]
    wrong = [(place, s, e) for place, s, e in zip(places, said, expected, strict=True) if s != e]
    assert not wrong
    assert {place[0] for place, s in zip(places, said, strict=True) if s == "ru"} == {"RU"}


@given(st.none() | st.text(max_size=8), st.none() | st.text(max_size=8))
def test_of_what_is_no_place_it_says_what_python_says(
    edge: EdgeFunction, country: str | None, region: str | None
) -> None:
    (said,) = edge.jurisdictions([(country, region, OUTSIDE)])
    assert said in {jurisdiction_of_place(country, region, in_zone=False), "unknown"}


@pytest.mark.parametrize("region", [None, "46", "99"])
def test_a_store_that_does_not_answer_leaves_the_place_unknown(region: str | None) -> None:
    with edge_function() as broken:
        broken.load_store([], is_broken=True)
        assert broken.jurisdictions([("UA", region, INSIDE), ("UA", "43", INSIDE), ("DE", region, INSIDE)]) == [
            "unknown",
            "ua-occupied",
            "elsewhere",
        ]


@pytest.mark.parametrize("region", [None, "46"])
def test_a_store_that_is_not_loaded_yet_leaves_a_ukrainian_place_unknown(region: str | None) -> None:
    with edge_function() as early:
        early.load_store([], is_loaded=False)
        viewers = [("UA", region, OUTSIDE), ("UA", "43", OUTSIDE), ("RU", None, OUTSIDE), ("DE", None, OUTSIDE)]
        assert early.jurisdictions(viewers) == ["unknown", "ua-occupied", "ru", "elsewhere"]
        early.load_store(KEYS, is_loaded=False)
        assert early.jurisdictions([("UA", region, INSIDE)]) == ["ua-occupied"]


def expected_keys(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[str]:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped
        if inner is None and address in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            address = inner
    lengths, digits = ((16, 20, 22, 24), 8) if address.version == 4 else ((32, 40, 48), 12)
    return [
        f"{ipaddress.ip_network((address, length), strict=False).network_address.packed.hex()[:digits]}/{length}"
        for length in lengths
    ]


@given(st.ip_addresses() | st.integers(0, 2**32 - 1).map(lambda n: ipaddress.IPv6Address((0xFFFF << 32) + n)))
def test_it_looks_addresses_up_by_fixed_prefixes(
    edge: EdgeFunction, address: ipaddress.IPv4Address | ipaddress.IPv6Address
) -> None:
    forms = {str(address), address.exploded, address.exploded.upper()}
    for form in forms:
        asked = edge.keys_asked(form)
        assert asked == expected_keys(address)[: len(asked)]
        assert len(asked) == len(expected_keys(address)) or asked[-1] in KEYS


@pytest.mark.parametrize("form", ["::ffff:5.59.32.7", "::FFFF:053b:2007", "64:ff9b::5.59.32.7", "64:ff9b::53b:2007"])
def test_an_ipv4_address_inside_an_ipv6_one_is_looked_up_as_itself(edge: EdgeFunction, form: str) -> None:
    assert edge.jurisdictions([("UA", None, form)]) == ["ua-occupied"]


@pytest.mark.parametrize(
    "address",
    ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "::1::2", "1:2:3:4:5:6:7", "g::1", ":::", "1.2.3.-4", "x", "1::%eth0"],
)
def test_what_is_no_address_leaves_a_ukrainian_place_unknown(edge: EdgeFunction, address: str) -> None:
    assert edge.jurisdictions([("UA", None, address)]) == ["unknown"]


@given(st.text(max_size=30), st.sampled_from(["RU", "US", "UA", None]))
def test_what_the_client_says_of_itself_is_overwritten(edge: EdgeFunction, claim: str, country: str | None) -> None:
    headers = {"X-Viewer-Jurisdiction": claim}
    asked = event("/v1/articles/a", {}, headers, country=country, region="46", ip=OUTSIDE)
    (request,) = edge.run([asked])
    expected = jurisdiction_of_place(country, "46", in_zone=False)
    assert request["headers"]["x-viewer-jurisdiction"] == {"value": expected}


def test_a_place_stated_twice_is_unknown(edge: EdgeFunction) -> None:
    asked = event("/", {}, {}, country="US", region=None, ip=OUTSIDE)
    asked["request"]["headers"]["cloudfront-viewer-country"]["multiValue"] = [{"value": "US"}, {"value": "RU"}]
    (request,) = edge.run([asked])
    assert request["headers"]["x-viewer-jurisdiction"] == {"value": "unknown"}


def test_the_query_is_sorted_and_what_only_tells_where_a_link_was_found_is_dropped(edge: EdgeFunction) -> None:
    query = {"to": ["2"], "utm_source": ["x"], "from": ["1"], "fbclid": ["y"], "tag": ["b", "a"], "UTM_Campaign": ["z"]}
    (request,) = edge.run([event("/", query, {}, country="US", region=None, ip=OUTSIDE)])
    assert list(request["querystring"]) == ["from", "tag", "to"]
    assert request["querystring"]["tag"]["multiValue"] == [{"value": "b"}, {"value": "a"}]
