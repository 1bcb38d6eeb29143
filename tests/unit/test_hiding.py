"""Networks that hide readers: their place is unknown, in both engines and by every way of trust."""

import csv
import datetime as dt
import itertools
import json
from hashlib import sha256
from typing import Any, cast

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_api.law.hiding import hiding_systems
from content_api.law.places import jurisdiction_of_place
from content_api.law.reader_location import jurisdiction_of_reader
from content_api.law.zone import Connections, ReaderNetworks, Zone
from simulated_edge.engine import edge_function, event
from zone.build import DATABASE as ZONE
from zone.hiding import (
    DATABASE,
    MANIFEST,
    SYSTEMS,
    Announced,
    SourceTooOld,
    check_ages,
    networks_of_readers,
)
from zone.hiding import (
    hiding_systems as chosen,
)
from zone.intervals import Intervals
from zone.packages import sources

ABOUT = json.loads(MANIFEST.read_text(encoding="utf-8"))
ZONE_BUILT = dt.date.fromisoformat(
    json.loads(ZONE.with_suffix(".json").read_text(encoding="utf-8"))["database"]["built"]
)
ACCESS, HOSTING, RELAY, ABSENT = "3320", "16509", "36183", None  # Deutsche Telekom, Amazon, iCloud Private Relay
OUTSIDE = "8.8.8.8"
RULES: dict[str, Any] = {"listed_part": 0.02, "words": sources()["hiding"]["words"], "relays": {"7": {}}}


def every_country() -> list[tuple[str | None, str | None]]:
    iso = cast("Any", pycountry)  # without types
    places: list[tuple[str | None, str | None]] = [(None, None), ("XX", None), ("T1", "43")]
    for country in iso.countries:
        regions = iso.subdivisions.get(country_code=country.alpha_2) or ()
        places += [(country.alpha_2, None), *((country.alpha_2, each.code.partition("-")[2]) for each in regions)]
    return places


@pytest.mark.parametrize("system", [ACCESS, HOSTING, RELAY, ABSENT, "", "0", "x", "-1", "16509 ", "1" * 400])
def test_of_every_place_and_network_the_edge_says_what_python_says(edge_engine: str, system: str | None) -> None:
    number = (system or "").strip()
    vouched = number.isdecimal() and number[0] != "0" and number not in hiding_systems()
    with edge_function(engine=edge_engine) as edge:
        edge.load_store([f"as{each}" for each in hiding_systems()])
        places = every_country()
        said = edge.jurisdictions(((country, region, OUTSIDE) for country, region in places), system=system)
    for (country, region), jurisdiction in zip(places, said, strict=True):
        place = jurisdiction_of_place(country, region, in_zone="")
        assert jurisdiction == ("unknown" if place == "elsewhere" and not vouched else place)


def test_a_network_never_takes_a_notice_away(edge_engine: str) -> None:
    viewers = [("RU", None, OUTSIDE), ("UA", "43", OUTSIDE), (None, None, OUTSIDE)]
    with edge_function(engine=edge_engine) as edge:
        edge.load_store(["as16509"])
        for system in (ACCESS, HOSTING, RELAY, ABSENT):
            assert edge.jurisdictions(viewers, system=system) == ["ru", "ua-occupied", "unknown"]


@pytest.mark.parametrize(
    ("system", "said"), [(ACCESS, "other"), (HOSTING, "hiding"), (RELAY, "other"), (ABSENT, "absent"), ("x", "absent")]
)
def test_at_the_notices_alone_it_passes_on_what_it_made_of_the_network(
    edge_engine: str, system: str | None, said: str
) -> None:
    claim = {"x-viewer-network": "other"}
    asked = [
        event(path, {}, claim, country="NL", region=None, ip=OUTSIDE, system=system)
        for path in ("/v1/legal-notices", "/v1/articles")
    ]
    with edge_function(engine=edge_engine) as edge:
        edge.load_store(["as16509"])
        at_the_notices, elsewhere = edge.run(asked)
    assert at_the_notices["headers"]["x-viewer-network"] == {"value": said}
    assert elsewhere["headers"]["x-viewer-network"] == {"value": "other"}  # which no policy of that path sends on


def test_a_store_that_does_not_answer_leaves_the_network_unknown(edge_engine: str) -> None:
    with edge_function(engine=edge_engine) as edge:
        edge.load_store([], is_broken=True)
        assert edge.jurisdictions([("DE", None, OUTSIDE)], system=ACCESS) == ["unknown"]


@pytest.mark.parametrize(
    ("system", "said"), [(ACCESS, "elsewhere"), (HOSTING, "unknown"), (RELAY, "elsewhere"), ("", "elsewhere")]
)
def test_a_developer_is_believed_about_the_network(system: str, said: str) -> None:
    """No number is stated on a developer's machine by anybody else, so that none stands for a network of readers."""
    headers = {"cloudfront-viewer-country": "NL", "cloudfront-viewer-asn": system}
    assert jurisdiction_of_reader("developer", headers, ()) == said
    assert jurisdiction_of_reader("developer", headers | {"cloudfront-viewer-country": "RU"}, ()) == "ru"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("91.0.0.1", "elsewhere"),  # Deutsche Telekom
        ("2003::1", "elsewhere"),
        ("77.88.8.8", "ru"),  # Yandex: what hides its readers in Russia is in Russia all the same
        ("3.80.0.1", "unknown"),  # Amazon
        ("2600:1f18::1", "unknown"),
        ("104.28.1.1", "unknown"),  # Cloudflare, WARP among it
        ("172.224.226.1", "elsewhere"),  # iCloud Private Relay, by Akamai
        ("192.88.99.1", "unknown"),
        ("10.0.0.1", "unknown"),
    ],
)
def test_a_connection_is_where_its_network_says_unless_it_hides_readers(address: str, said: str) -> None:
    by_connection = Connections(Zone(today=ZONE_BUILT), ReaderNetworks()).jurisdiction_of
    assert jurisdiction_of_reader("connection", {}, (), source_ip=address, of_address=by_connection) == said


def test_without_the_database_nobody_is_elsewhere(tmp_path: Any, caplog: pytest.LogCaptureFixture) -> None:
    readers = ReaderNetworks(tmp_path / "reader_networks.mmdb")
    by_connection = Connections(Zone(today=ZONE_BUILT), readers).jurisdiction_of
    assert by_connection("91.0.0.1") == "unknown"
    assert by_connection("77.88.8.8") == "ru"
    assert caplog.messages == ["reader_networks.mmdb cannot be used, every place is unknown: FileNotFoundError"]


# ------------------------------------------------------------------------------------------------ what is shipped


def test_the_shipped_files_are_those_that_the_manifest_describes() -> None:
    content = DATABASE.read_bytes()
    assert ABOUT["database"]["sha256"] == sha256(content).hexdigest()
    assert ABOUT["database"]["bytes"] == len(content) < 3_000_000
    with SYSTEMS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["as_number"] for row in rows} == hiding_systems()
    assert sum(ABOUT["hiding_systems"].values()) == len(rows) == len(hiding_systems())
    assert all(row["reason"] for row in rows)
    assert ABOUT["sources"] == sources()["hiding"]["sources"]


def test_the_figures_meet_the_targets() -> None:
    """Of servers of VPN providers at least 87 % are recognised; of access networks at most a thousandth is touched."""
    measured = ABOUT["measured"]
    assert measured["servers"]["by_database"] >= 0.87
    assert measured["servers"]["by_system"] >= 0.865
    assert measured["access_networks"]["hiding"] == []
    assert measured["access_networks"]["unknown"] <= 0.001


def test_what_passes_on_the_readers_country_is_believed_with_a_reason_and_a_source() -> None:
    for number, relay in sources()["hiding"]["relays"].items():
        assert number not in hiding_systems()
        assert relay["reason"]
        assert relay["source"].startswith("https://")


# ------------------------------------------------------------------------------------------------ how it is made


def announced(*systems: tuple[str, str, int, int]) -> dict[int, list[Announced]]:
    return {4: [Announced(number, name, (first, last)) for number, name, first, last in systems], 6: []}


def test_a_system_hides_by_its_part_on_the_list_or_by_its_name() -> None:
    systems = announced(
        ("1", "Some Telecom", 1000, 1999),
        ("2", "Another Telecom", 2000, 2999),
        ("3", "Example Hosting B.V.", 3000, 3999),
        ("4", "Ghost Telecom", 4000, 4999),
        ("5", "Data Centre of Utopia", 5000, 5999),
        ("7", "A relay in the cloud", 7000, 7999),
    )
    listed = {4: Intervals([(1000, 1018), (2000, 2019), (7000, 7999)]), 6: Intervals([])}
    assert {number: one.reason for number, one in chosen(systems, listed, RULES).items()} == {
        "2": "2% listed",
        "3": "name: host",
        "5": "name: data centre",
    }
    held = networks_of_readers(systems[4], listed[4], chosen(systems, listed, RULES), RULES)
    assert held.ranges == [(1019, 1999), (4000, 4999), (7000, 7999)]


@pytest.mark.parametrize("source", sources()["hiding"]["sources"], ids=lambda source: source["name"])
def test_a_source_is_believed_for_so_many_days_from_its_own_date(source: dict[str, Any]) -> None:
    last = dt.date.fromisoformat(source["date"]) + dt.timedelta(days=source["believed_days"])
    check_ages([source], last)
    with pytest.raises(SourceTooOld, match=r"days old: pin a newer one"):
        check_ages([source], last + dt.timedelta(days=1))
    assert ABOUT["database"]["believed_until"] <= last.isoformat()


ranges = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)).map(lambda pair: (pair[0], sum(pair))), max_size=12)


@given(ranges, ranges, st.tuples(st.integers(0, 70), st.integers(0, 70)).map(sorted))
def test_ranges_are_the_sets_of_their_addresses(
    left: list[tuple[int, int]], right: list[tuple[int, int]], wanted: list[int]
) -> None:
    def numbers(some: list[tuple[int, int]]) -> set[int]:
        return {number for first, last in some for number in range(first, last + 1)}

    one, other = Intervals(left), Intervals(right)
    window = set(range(wanted[0], wanted[1] + 1))
    assert numbers(one.ranges) == numbers(left)
    assert one.size == len(numbers(left))
    assert numbers(one.without(other).ranges) == numbers(left) - numbers(right)
    assert one.covered((wanted[0], wanted[1])) == len(numbers(left) & window)
    assert {number for number in range(80) if number in one} == numbers(left)
    assert all(last + 1 < first for (_, last), (first, _) in itertools.pairwise(one.ranges))
