import datetime as dt
import ipaddress
import json
from collections import Counter
from itertools import pairwise

import maxminddb
import pytest
from netaddr import IPNetwork

from content_api.law.law_file import load_law, places_told
from content_api.law.zone import OWN
from zone.keyvalues import keys
from zone.measure import networks_of

MANIFEST = json.loads(OWN.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def networks() -> dict[str, list[IPNetwork]]:
    return networks_of(OWN)


def test_the_manifest_counts_what_the_database_holds(networks: dict[str, list[IPNetwork]]) -> None:
    counted = Counter(f"ipv{each.version} {value}" for value, some in networks.items() for each in some)
    assert counted == MANIFEST["database"]["networks"]
    addresses = {value: sum(each.size for each in some if each.version == 4) for value, some in networks.items()}
    assert addresses == MANIFEST["database"]["ipv4_addresses"]


def test_the_database_was_built_for_this_law() -> None:
    assert MANIFEST["database"]["jurisdictions"] == places_told(load_law()), "make law"


def test_the_database_is_dated_by_its_newest_source() -> None:
    with maxminddb.open_database(OWN) as database:  # pyright: ignore[reportUnknownMemberType] - partly typed
        built = dt.datetime.fromtimestamp(database.metadata().build_epoch, dt.UTC).date().isoformat()
    assert built == MANIFEST["database"]["built"] == max(source["date"] for source in MANIFEST["sources"])


def test_no_network_is_held_twice(networks: dict[str, list[IPNetwork]]) -> None:
    for version in (4, 6):
        ranges = sorted(
            (each.first, each.last) for some in networks.values() for each in some if each.version == version
        )
        assert all(last < first for (_, last), (first, _) in pairwise(ranges))


def test_keys_widen_the_occupied_networks_by_little(networks: dict[str, list[IPNetwork]]) -> None:
    """A network longer than /24 is widened to it; no more than one address in fifty is added so."""
    occupied = {names: some for names, some in networks.items() if "ua-occupied" in names.split()}
    prefixes = (key.split("/") for key in keys(occupied) if key.index("/") == 8)
    wide = {ipaddress.IPv4Network((int(digits, 16), int(length))) for digits, length in prefixes}
    covered = sum(each.num_addresses for each in ipaddress.collapse_addresses(wide))
    held = sum(MANIFEST["database"]["ipv4_addresses"][names] for names in occupied)
    assert held <= covered < held * 1.02
