import base64
import datetime as dt
import hashlib
import io
import ipaddress
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from netaddr import IPNetwork

from content_api.law.law_file import load_law, places_told
from simulated_edge.engine import edge_function
from zone import keyvalues
from zone.build import DATABASE
from zone.keyvalues import LENGTHS, MAXIMUM_BYTES, Empty, NotTold, TooLarge, TooOld, brought_up_to_date, keys, wanted
from zone.measure import networks_of
from zone.packages import Package, PackageRefused, fetched, packages

networks = st.one_of(
    st.tuples(st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address), st.integers(12, 32)),
    st.tuples(st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address), st.integers(28, 128)),
).map(lambda pair: IPNetwork(f"{pair[0]}/{pair[1]}"))


FEW = {"ru": [IPNetwork("5.59.0.0/16")]}


@given(st.lists(networks, min_size=1, max_size=8))
def test_the_edge_finds_every_address_of_every_network(chosen: list[IPNetwork]) -> None:
    made = keys({"ru": chosen})
    for network in chosen:
        for number in (network.first, network.last, (network.first + network.last) // 2):
            assert any(_key(number, network.version, length) in made for length in LENGTHS[network.version])


def _key(number: int, version: int, length: int) -> str:
    bits = 32 if version == 4 else 128
    masked = number >> (bits - length) << (bits - length)
    return f"{masked:0{bits // 4}x}"[: 8 if version == 4 else 12] + f"/{length}"


def test_keys_are_sorted_and_the_same_each_time() -> None:
    chosen = [IPNetwork("5.59.32.0/19"), IPNetwork("2a00:fe02::/31")]
    made = keys({"ru": chosen})
    assert list(made.items()) == list(keys({"ru": chosen[::-1]}).items())
    assert made == dict.fromkeys(("053b2000/20", "053b3000/20", "2a00fe020000/32", "2a00fe030000/32"), "ua-occupied")
    assert list(made) == sorted(made)


def test_more_than_the_store_should_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyvalues, "MAXIMUM_BYTES", 100)
    with pytest.raises(TooLarge, match="above 100"):
        keys({"ru": [IPNetwork("5.59.0.0/12")]})


def test_no_network_at_all_is_refused() -> None:
    with pytest.raises(Empty, match="holds no network"):
        keys({})


def test_the_shipped_database_fits_the_store_and_the_edge_finds_it(edge_engine: str) -> None:
    networks = networks_of(DATABASE)
    everywhere = [network for some in networks.values() for network in some]
    made = keys(networks)
    assert sum(len(key) + len(value) for key, value in made.items()) < MAXIMUM_BYTES
    with edge_function(engine=edge_engine) as edge:
        edge.load_store(made)
        # Whoever else places these readers in Ukraine, and in whatever region of it.
        for region in (None, "30"):
            inside = [("UA", region, str(network.network)) for network in everywhere]
            assert set(edge.jurisdictions(inside)) == {"ua-occupied"}
        assert edge.jurisdictions([("UA", None, "91.198.36.14"), ("UA", "46", "91.198.36.14")]) == ["elsewhere"] * 2


class Store:
    """A KeyValueStore as the service keeps one: every change needs the ETag of the state it changes."""

    def __init__(self, held: Mapping[str, str]) -> None:
        self.held = dict(held)
        self.version = 0
        self.smallest = len(self.held)

    def describe_key_value_store(self, **_: Any) -> dict[str, Any]:
        return {"ETag": str(self.version)}

    def get_paginator(self, _name: str) -> Any:
        return self

    def paginate(self, *, PaginationConfig: dict[str, int], **_: Any) -> list[dict[str, Any]]:  # noqa: N803 - boto3's
        assert PaginationConfig["PageSize"] == 50  # the most: ten by default, and five times the calls
        held = sorted(self.held)
        pages = [held[at : at + 7] for at in range(0, len(held), 7)]
        return [{"Items": [{"Key": key, "Value": self.held[key]} for key in page]} for page in pages] + [{}]

    def update_keys(self, **change: Any) -> dict[str, Any]:
        assert change["IfMatch"] == str(self.version)
        assert len(change.get("Puts", [])) + len(change.get("Deletes", [])) <= 50
        self.held |= {each["Key"]: each["Value"] for each in change.get("Puts", [])}
        for each in change.get("Deletes", []):
            del self.held[each["Key"]]
        self.version += 1
        return {"ETag": str(self.version)}


held = st.dictionaries(st.integers(0, 300).map(str), st.sampled_from(["1", "2026-06-17"]))


@given(held, held)
def test_a_store_is_brought_up_to_date(before: dict[str, str], after: dict[str, str]) -> None:
    store: Any = Store(before)
    changed = {key for key, value in after.items() if before.get(key) != value}
    assert brought_up_to_date(store, "arn", after) == (len(changed), len(before.keys() - after.keys()))
    assert store.held == after


@pytest.mark.parametrize("before", [{}, {keyvalues.LOADED: "2025-06-17", "zz1": "1", "gone": "1"}])
def test_a_store_says_that_it_is_loaded_and_of_which_day_only_when_all_is_there(before: dict[str, str]) -> None:
    store: Any = Store(before)
    seen: list[str | None] = []
    update = store.update_keys

    def watched(**change: Any) -> dict[str, Any]:
        answer = update(**change)
        seen.append(store.held.get(keyvalues.LOADED))
        return answer

    store.update_keys = watched
    networks = {f"zz{number}": "1" for number in range(120)}
    brought_up_to_date(store, "arn", {keyvalues.LOADED: "2026-06-17", **networks})
    assert seen == [before.get(keyvalues.LOADED)] * 2 + ["2026-06-17"] * (len(seen) - 2)
    assert set(networks) < store.held.keys()


def test_the_store_is_told_the_day_of_the_networks() -> None:
    day = dt.date(2026, 6, 17)
    told = places_told(load_law())
    assert wanted({"ru": [IPNetwork("5.59.0.0/16")]}, {"16509"}, day, dt.date(2026, 11, 25), told=told) == {
        "053b0000/16": "ua-occupied",
        "as16509": "1",
        keyvalues.LOADED: f"2026-06-17 {' '.join(told)}",
    }


def test_networks_that_the_edge_would_not_believe_are_not_loaded() -> None:
    with pytest.raises(TooOld, match=r"is of 2026-06-17: .* build it anew"):
        wanted(FEW, (), dt.date(2026, 6, 17), dt.date(2027, 6, 18), told=places_told(load_law()))


@pytest.mark.parametrize("told", [[], ["ru:00000000", "ua-occupied:00000000"], places_told(load_law())[:1]])
def test_networks_of_another_law_are_not_loaded(told: list[str]) -> None:
    with pytest.raises(NotTold, match=r"cannot tell .*ua-occupied: build it"):
        wanted(FEW, (), dt.date(2026, 6, 17), dt.date(2026, 6, 18), told=told)


def test_the_store_is_reached_by_a_profile_without_a_region() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    made = subprocess.run(
        [sys.executable, "-c", "from zone.keyvalues import client; client()"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.stderr == ""


def test_a_package_that_is_not_the_pinned_one_is_refused(tmp_path: Path) -> None:
    pinned = Package("@a/b", "1.0", "2026-06-17", "sha512-AAAA", ("a.mmdb",), {})
    (tmp_path / "a-b-1.0.tgz").write_bytes(b"something else")
    with pytest.raises(PackageRefused, match=r"is not the pinned @a/b 1\.0"):
        fetched(pinned, tmp_path)


def test_what_an_interrupted_run_left_is_not_taken_for_the_whole(tmp_path: Path) -> None:
    archive = tmp_path / "a-b-1.0.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        member = tarfile.TarInfo("package/a.mmdb")
        member.size = 1000
        packed.addfile(member, io.BytesIO(b"x" * 1000))
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    pinned = Package("@a/b", "1.0", "2026-06-17", f"sha512-{digest}", ("a.mmdb",), {})
    path = fetched(pinned, tmp_path)["a.mmdb"]
    path.write_bytes(b"x" * 10)
    assert fetched(pinned, tmp_path)["a.mmdb"].read_bytes() == b"x" * 1000


def test_every_source_is_pinned_by_version_and_digest() -> None:
    for package in packages("built_from") + packages("measured_against"):
        assert package.integrity.startswith("sha512-")
        assert package.version.startswith("2.")
    manifest = json.loads(DATABASE.with_suffix(".json").read_text(encoding="utf-8"))
    assert [source["integrity"] for source in manifest["sources"]] == [
        each.integrity for each in packages("built_from")
    ]
