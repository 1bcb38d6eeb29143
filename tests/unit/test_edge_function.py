"""The edge function, run in a real JavaScript engine, says of every viewer what Python says."""

import datetime as dt
import functools
import ipaddress
import json
import re
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any, cast

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_api.law.law_file import load_law
from content_api.law.places import jurisdiction_of_place
from content_api.law.public_address import public_address
from content_api.law.reader_location import jurisdiction_of_reader
from content_api.law.zone import OWN, Connections, ReaderNetworks, Zone, is_believed
from gateway import template
from law.__main__ import ROOT, files
from simulated_edge.engine import FUNCTION, RESPONSE_FUNCTION, EdgeFunction, edge_function, event

ISO = cast("Any", pycountry)  # without types
INSIDE, OUTSIDE = "5.59.32.7", "8.8.8.8"
KEYS = ["053b2000/20", "2a00fe020000/32"]


ZONE_BUILT = dt.date.fromisoformat(
    json.loads(OWN.with_suffix(".json").read_text(encoding="utf-8"))["database"]["built"]
)
NOW = dt.datetime(2026, 11, 25, 12, 30, tzinfo=dt.UTC)


@functools.cache
def shipped_connections() -> Connections:
    return Connections(Zone(today=ZONE_BUILT), AnyPublic())


class AnyPublic(ReaderNetworks):
    """Here the addresses are the point, and not whose networks they are in."""

    def holds(self, address: str) -> bool | None:
        return None if public_address(address) is None else True


@pytest.fixture(scope="module")
def edge(edge_engine: str) -> Iterator[EdgeFunction]:
    with edge_function(engine=edge_engine) as started:
        started.load_store(KEYS)
        yield started


BOTH = {"ViewerRequestFunction": FUNCTION, "ViewerResponseFunction": RESPONSE_FUNCTION}


@pytest.mark.parametrize("name", BOTH)
def test_it_fits_where_it_must(name: str) -> None:
    assert len(BOTH[name].read_bytes()) < 10_240  # bytes; CloudFront Functions' quota


@pytest.mark.parametrize("name", BOTH)
def test_the_templates_copy_is_the_function(name: str) -> None:
    inline = template.load()["Resources"][name]["Properties"]["FunctionCode"]
    assert inline == BOTH[name].read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "text"), files(load_law()).items())
def test_what_make_law_writes_is_there(name: str, text: str) -> None:
    """And so are the contract, which test_contract holds, and the zone, which test_zone_data holds."""
    assert (ROOT / name).read_text(encoding="utf-8") == text, f"{name} is not of this law: make law"


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


def expected_of(country: str | None, region: str | None, address: str, *, in_zone: str | None) -> str:
    """What Python's rules make of a viewer. Where an address is that is not public, nobody can say: such a viewer is
    never elsewhere, as in a deployment that goes by the connection.
    """
    if public_address(address) is None:
        place = jurisdiction_of_place(country, region, in_zone=None)
        return "unknown" if place == "elsewhere" else place
    return jurisdiction_of_place(country, region, in_zone=in_zone)


@pytest.mark.parametrize(
    ("address", "in_zone"), [(INSIDE, "ua-occupied"), (OUTSIDE, ""), ("192.168.7.7", ""), ("not an address", None)]
)
def test_of_every_country_and_region_it_says_what_python_says(
    edge: EdgeFunction, address: str, *, in_zone: str | None
) -> None:
    places = every_place()
    assert len(places) > 10_000
    said = edge.jurisdictions((country, region, address) for country, region in places)
    expected = [expected_of(country, region, address, in_zone=in_zone) for country, region in places]
    wrong = [(place, s, e) for place, s, e in zip(places, said, expected, strict=True) if s != e]
    assert not wrong
    assert {place[0] for place, s in zip(places, said, strict=True) if s == "ru"} == {"RU"}


@given(st.none() | st.text(max_size=8), st.none() | st.text(max_size=8))
def test_of_what_is_no_place_it_says_what_python_says(
    edge: EdgeFunction, country: str | None, region: str | None
) -> None:
    (said,) = edge.jurisdictions([(country, region, OUTSIDE)])
    assert said in {jurisdiction_of_place(country, region, in_zone=""), "unknown"}


@pytest.mark.parametrize("region", [None, "46", "99"])
def test_a_store_that_does_not_answer_leaves_the_place_unknown(edge_engine: str, region: str | None) -> None:
    with edge_function(engine=edge_engine) as broken:
        broken.load_store([], is_broken=True)
        assert broken.jurisdictions([("UA", region, INSIDE), ("UA", "43", INSIDE), ("DE", region, INSIDE)]) == [
            "unknown",
            "ua-occupied",
            "unknown",
        ]


@pytest.mark.parametrize("region", [None, "46"])
def test_a_store_that_is_not_loaded_yet_leaves_a_ukrainian_place_unknown(edge_engine: str, region: str | None) -> None:
    with edge_function(engine=edge_engine) as early:
        early.load_store([], built=None)
        viewers = [("UA", region, OUTSIDE), ("UA", "43", OUTSIDE), ("RU", None, OUTSIDE), ("DE", None, OUTSIDE)]
        assert early.jurisdictions(viewers) == ["unknown", "ua-occupied", "ru", "elsewhere"]
        early.load_store(KEYS, built=None)
        assert early.jurisdictions([("UA", region, INSIDE)]) == ["ua-occupied"]


@pytest.mark.parametrize("days", [-400, -366, -365, -364, -1, 0, 1, 2, 400])
def test_a_store_is_believed_as_long_as_the_database_is(edge_engine: str, days: int) -> None:
    """To the day, at its first and last moment: one rule, in both languages."""
    built = NOW.date() + dt.timedelta(days=days)
    with edge_function(engine=edge_engine) as edge:
        edge.load_store(KEYS, built=built.isoformat())
        for moment in (dt.time(), dt.time(23, 59, 59)):
            edge.now = dt.datetime.combine(NOW, moment, dt.UTC).timestamp()
            said = edge.jurisdictions([("UA", "46", OUTSIDE), ("UA", "46", INSIDE), ("DE", None, OUTSIDE)])
            placed = "elsewhere" if is_believed(built, NOW.date()) else "unknown"
            assert said == [placed, "ua-occupied", "elsewhere"]


@pytest.mark.parametrize("built", ["1", "true", "yesterday", "17 June", "2026-13-01", "9" * 400])
def test_a_store_whose_day_is_no_day_is_not_believed(edge_engine: str, built: str) -> None:
    with edge_function(engine=edge_engine) as edge:
        edge.load_store(KEYS, built=built)
        assert edge.jurisdictions([("UA", "46", OUTSIDE)]) == ["unknown"]


def expected_keys(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[str]:
    if public_address(str(address)) is None:
        return []
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


ipv4_in_ipv6 = st.tuples(st.sampled_from([0xFFFF << 32, 0x64FF9B << 96]), st.integers(0, 2**32 - 1)).map(
    lambda parts: ipaddress.IPv6Address(sum(parts))
)
public_ipv6 = st.integers(0x2000 << 112, (0x4000 << 112) - 1).map(ipaddress.IPv6Address)


@given(st.ip_addresses() | ipv4_in_ipv6 | public_ipv6)
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


# By what a reader's address can be: public or not, and why.
ADDRESSES = {
    "8.8.8.8": True,
    "2a02:8070::1": True,
    "::ffff:8.8.8.8": True,
    "64:ff9b::8.8.8.8": True,
    "10.0.0.1": False,  # private: RFC 1918
    "172.16.0.1": False,
    "172.32.0.1": True,
    "192.168.1.1": False,
    "100.64.0.1": False,  # shared by the readers of one provider: RFC 6598
    "100.128.0.1": True,
    "169.254.1.1": False,  # link-local: RFC 3927
    "127.0.0.1": False,
    "0.0.0.0": False,  # noqa: S104 - nothing listens here
    "192.0.0.8": False,  # IANA's own: RFC 6890
    "192.0.0.9": True,  # of them, one that is public: RFC 7723
    "192.0.2.1": False,  # for documentation: RFC 5737
    "203.0.113.5": False,
    "198.18.0.1": False,  # for measurements: RFC 2544
    "224.0.0.1": False,  # multicast
    "239.1.2.3": False,
    "240.0.0.1": False,
    "255.255.255.255": False,
    "::": False,
    "::1": False,
    "::8.8.8.8": False,  # IPv4-compatible: RFC 4291, 2.5.5.1
    "::ffff:10.0.0.1": False,
    "64:ff9b::10.0.0.1": False,
    "64:ff9b:1::8.8.8.8": False,  # NAT64 within one network: RFC 8215
    "2002:808:808::1": False,  # 6to4: RFC 7526
    "2001:0:808:808::1": False,  # Teredo: RFC 4380
    "2001:1::1": True,
    "2001:1::3": False,
    "2001:20::1": True,
    "2001:db8::1": False,
    "3fff::1": False,  # for documentation: RFC 9637
    "3fff:1000::1": True,
    "fc00::1": False,  # unique local: RFC 4193
    "fd12:3456::1": False,
    "fe80::1": False,  # link-local
    "fe80::1%eth0": False,
    "fec0::1": False,  # site-local
    "ff02::1": False,  # multicast
    "5f00::1": False,  # segment routing: RFC 9602
    "100::1": False,  # discarded: RFC 6666
    "4000::1": False,  # handed out to nobody
    "not an address": False,
}


def test_an_address_that_is_not_public_is_never_elsewhere_in_either_engine(edge: EdgeFunction) -> None:
    for address, is_public in ADDRESSES.items():
        by_connection = jurisdiction_of_reader(
            "connection", {}, (), source_ip=address, of_address=shipped_connections().jurisdiction_of
        )
        assert by_connection == ("elsewhere" if is_public else "unknown"), address
    viewers = [("DE", None, each) for each in ADDRESSES] + [("UA", "46", each) for each in ADDRESSES]
    said = dict(zip(viewers, edge.jurisdictions(viewers), strict=True))
    for (country, region, address), jurisdiction in said.items():
        assert jurisdiction == ("elsewhere" if ADDRESSES[address] else "unknown"), (country, region, address)
    # What the country alone adds, it adds.
    for country, region, place in (("RU", None, "ru"), ("UA", "43", "ua-occupied"), ("XX", None, "unknown")):
        assert set(edge.jurisdictions((country, region, each) for each in ADDRESSES)) == {place}


def test_at_both_ends_of_every_special_network_both_engines_agree(edge: EdgeFunction) -> None:
    source = FUNCTION.read_text(encoding="utf-8")
    named = {key for line in re.findall(r"'((?:[0-9a-f]{2,32}/\d+ ?)+)'", source) for key in line.split()}
    assert len(named) > 20
    stdlib = [
        network
        for constants in (ipaddress.IPv4Address, ipaddress.IPv6Address)
        for network in cast("Any", constants)._constants._private_networks  # noqa: SLF001 - a second source
    ]
    addresses = {each for key in named for each in around(network_of(key))}
    addresses |= {each for network in stdlib for each in around(network)}
    assert_agree(edge, {str(each) for each in addresses})


def network_of(key: str) -> Any:
    digits, _, length = key.partition("/")
    version, whole = (ipaddress.IPv4Network, 8) if len(digits) == 8 and key in four() else (ipaddress.IPv6Network, 32)
    return version((int(digits.ljust(whole, "0"), 16), int(length)))


def four() -> set[str]:
    source = FUNCTION.read_text(encoding="utf-8")
    return {key for line in re.findall(r"_4 =\s+'(.*)'", source) for key in line.split()}


def around(network: Any) -> Iterator[Any]:
    first, last = network.network_address, network.broadcast_address
    yield from (first, last)
    if int(first):
        yield first - 1
    if int(last) != 2**first.max_prefixlen - 1:
        yield last + 1


def assert_agree(edge: EdgeFunction, addresses: Iterable[str]) -> None:
    asked = list(addresses)
    said = edge.jurisdictions(("DE", None, each) for each in asked)
    expected = ["unknown" if public_address(each) is None else "elsewhere" for each in asked]
    assert [each for each in zip(asked, said, expected, strict=True) if each[1] != each[2]] == []


special = st.sampled_from([*ADDRESSES, "2001:3::", "2001:4:112::", "2001:30::", "2001:1ff::", "2001:200::"])
near_a_special_one = st.tuples(
    special.filter(lambda text: "%" not in text and " " not in text), st.integers(0, 31)
).map(lambda pair: str(ipaddress.ip_address(int(ipaddress.ip_address(pair[0])) ^ (1 << pair[1]))))
what_may_look_like_one = st.from_regex(r"[0-9a-fA-F:.]{0,3}([0-9a-f]{0,4}[:.]){0,8}[0-9a-f.]{0,15}", fullmatch=True)


@given(st.lists(st.ip_addresses().map(str) | near_a_special_one | what_may_look_like_one, min_size=1, max_size=40))
def test_of_every_address_both_engines_say_the_same(edge: EdgeFunction, addresses: list[str]) -> None:
    assert_agree(edge, addresses)


@given(st.text(max_size=30), st.sampled_from(["RU", "US", "UA", None]))
def test_what_the_client_says_of_itself_is_overwritten(edge: EdgeFunction, claim: str, country: str | None) -> None:
    headers = {"X-Viewer-Jurisdiction": claim}
    asked = event("/v1/articles/a", {}, headers, country=country, region="46", ip=OUTSIDE)
    (request,) = edge.run([asked])
    expected = jurisdiction_of_place(country, "46", in_zone="")
    assert request["headers"]["x-viewer-jurisdiction"] == {"value": expected}


def test_a_place_stated_twice_is_unknown(edge: EdgeFunction) -> None:
    asked = event("/", {}, {}, country="US", region=None, ip=OUTSIDE)
    asked["request"]["headers"]["cloudfront-viewer-country"]["multiValue"] = [{"value": "US"}, {"value": "RU"}]
    (request,) = edge.run([asked])
    assert request["headers"]["x-viewer-jurisdiction"] == {"value": "unknown"}


# What a query is made of (RFC 3986, section 3.4), as a viewer writes it, but for what ends a parameter.
written = st.text("abzAZ09-._~!$'()*,;:@/?%+", max_size=6)
names = st.one_of(
    written.filter(bool), st.sampled_from(["__proto__", "constructor", "tag", "language", "10", "9", "a-"])
)
dropped = st.sampled_from(["utm_source", "UTM_Campaign", "fbclid", "gclid", "wt_mc"])
queries = st.dictionaries(names | dropped, st.lists(written | st.just("x=y"), min_size=1, max_size=3), max_size=6)


def query_made(edge: EdgeFunction, query: dict[str, list[str]]) -> str:
    (request,) = edge.run([event("/", query, {}, country="US", region=None, ip=OUTSIDE)])
    return request["querystring"]


@given(queries, st.randoms())
def test_the_query_is_one_sorted_string_without_what_only_tells_where_a_link_was_found(
    edge: EdgeFunction, query: dict[str, list[str]], random: Random
) -> None:
    made = query_made(edge, query)
    tracking = re.compile(r"(utm_.*|fbclid|gclid|wt_.*)", re.IGNORECASE)
    kept = [(name, value) for name in sorted(query) if not tracking.fullmatch(name) for value in query[name]]
    # Names sorted, a name's values as they came, both as the viewer wrote them.
    assert made == "&".join(f"{name}={value}" for name, value in kept)
    shuffled = list(query.items())
    random.shuffle(shuffled)
    assert query_made(edge, dict(shuffled)) == made
    # What it made, sent again, stays as it is: one key, however often.
    again: dict[str, list[str]] = {}
    for name, value in kept:
        again.setdefault(name, []).append(value)
    assert query_made(edge, again) == made


@pytest.mark.parametrize(
    ("query", "made"),
    [
        ({}, ""),
        ({"utm_source": ["x"]}, ""),
        ({"to": ["2"], "utm_source": ["x"], "from": ["1"], "fbclid": ["y"], "UTM_Campaign": ["z"]}, "from=1&to=2"),
        ({"tag": ["b", "a"], "a": [""]}, "a=&tag=b&tag=a"),
        ({"q": ["%D0%B0%26b%3D%2B+c"]}, "q=%D0%B0%26b%3D%2B+c"),
        ({"%D1%82": ["1"], "B": ["2"], "a": ["3"]}, "%D1%82=1&B=2&a=3"),
        # What no viewer can write, should an engine decode it.
        ({"a&b": ["c&d#e f"]}, "a%26b=c%26d%23e%20f"),
    ],
)
def test_a_query_as_it_is_sent_on(edge: EdgeFunction, query: dict[str, list[str]], made: str) -> None:
    assert query_made(edge, query) == made
