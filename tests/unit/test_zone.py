import datetime as dt
import ipaddress
import json
import logging
import random
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmdb_writer import MMDBWriter
from netaddr import IPNetwork, IPSet

from content_api.law.law_file import load_law, places_told
from content_api.law.public_address import public_address
from content_api.law.zone import OWN, Zone, connections

BUILT = dt.date(2026, 6, 17)
TODAY = dt.date(2026, 8, 1)


def written(folder: Path, networks: list[str], built: dt.date = BUILT) -> Path:
    """A small database with its manifest."""
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="test")
    writer.insert_network(IPSet(networks), "ru")
    path = folder / "zone.mmdb"
    writer.to_db_file(str(path))
    _describe(path, built)
    return path


def _describe(path: Path, built: dt.date) -> None:
    about = {
        "built": built.isoformat(),
        "sha256": sha256(path.read_bytes()).hexdigest(),
        "jurisdictions": places_told(load_law()),
    }
    path.with_suffix(".json").write_text(json.dumps({"database": about}), encoding="utf-8")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return written(tmp_path, ["5.59.32.0/20", "2a02:6b8::/32"])


@pytest.mark.parametrize(
    ("address", "held"),
    [
        ("5.59.32.0", True),
        ("5.59.47.255", True),
        ("5.59.48.0", False),
        ("::ffff:5.59.32.7", True),
        ("::ffff:8.8.8.8", False),
        ("64:ff9b::5.59.32.7", True),
        ("64:ff9b::8.8.8.8", False),
        ("2a02:6b8::1", True),
        ("2A02:06B8:0000::1", True),
        ("2a02:6b9::1", False),
    ],
)
def test_it_says_whether_a_public_address_is_in_the_zone(small: Path, address: str, *, held: bool) -> None:
    assert Zone(small, today=TODAY).holds(address) is held


@pytest.mark.parametrize(
    "address",
    ["", "x", "10.0.0.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "224.0.0.1", "255.255.255.255", "0.0.0.0"]  # noqa: S104 - an address that is nobody's
    + [
        "::1",
        "::5.59.32.7",
        "4000::1",
        "fec0::1",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
        "2a02:6b8::1%eth0",
        "::ffff:10.0.0.1",
        "5.59.32",
        "5.59.32.7:80",
    ],
)
def test_of_what_is_no_public_address_nobody_can_say(small: Path, address: str) -> None:
    assert Zone(small, today=TODAY).holds(address) is None


@given(st.text(max_size=50))
def test_any_text_is_answered(text: str) -> None:
    assert public_address(text) is None or ipaddress.ip_address(text)


def damaged(path: Path, kind: str) -> None:
    content = path.read_bytes()
    chance = random.Random(kind)
    match kind:
        case "missing":
            path.unlink()
        case "without manifest":
            path.with_suffix(".json").unlink()
        case "manifest of something else":
            path.with_suffix(".json").write_text('{"database": []}')
        case "manifest without end":
            path.with_suffix(".json").write_text("[" * 100_000)
        case "manifest that is none":
            path.with_suffix(".json").write_bytes(b"\xff{")
        case "empty":
            path.write_bytes(b"")
        case "noise":
            path.write_bytes(chance.randbytes(5_000))
        case _ if kind.startswith("truncated"):
            path.write_bytes(content[: chance.randrange(len(content))])
        case _:
            at = chance.randrange(len(content))
            path.write_bytes(content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :])


KINDS = ["missing", "without manifest", "manifest of something else", "manifest that is none", "manifest without end"]


@pytest.mark.parametrize(
    "kind", KINDS + ["empty", "noise"] + [f"truncated {n}" for n in range(20)] + [f"flipped {n}" for n in range(40)]
)
def test_a_file_that_cannot_be_trusted_answers_nothing_and_says_so_once(
    small: Path, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    damaged(small, kind)
    with caplog.at_level(logging.WARNING):
        zone = Zone(small, today=TODAY)
        assert [zone.holds(address) for address in ("5.59.32.7", "8.8.8.8", "2a02:6b9::1")] == [None] * 3
    assert len(caplog.records) == 1
    assert "5.59.32.7" not in caplog.text


@pytest.mark.parametrize("kind", ["noise", "empty", *(f"truncated {n}" for n in range(10))])
def test_a_damaged_file_with_a_manifest_of_its_own_answers_nothing(small: Path, kind: str) -> None:
    """Whoever builds such a file describes what they built."""
    damaged(small, kind)
    _describe(small, BUILT)
    assert Zone(small, today=TODAY).holds("8.8.8.8") is not False


# Its one value, a string of two characters, as what is no value at all, and as a map whose key is a list.
@pytest.mark.parametrize("value", [b"\xff\xff\xff", b"\xe1\x00\x04"])
def test_damage_that_shows_only_when_asked_answers_nothing_and_is_said_once_without_the_address(
    small: Path, caplog: pytest.LogCaptureFixture, value: bytes
) -> None:
    content = small.read_bytes()
    assert content.count(b"\x42ru") == 1
    small.write_bytes(content.replace(b"\x42ru", value))
    _describe(small, BUILT)
    zone = Zone(small, today=TODAY)
    with caplog.at_level(logging.WARNING):
        assert [zone.holds(address) for address in ("5.59.32.7", "8.8.8.8", "5.59.32.7")] == [None] * 3
    assert len(caplog.records) == 1
    assert "5.59.32.7" not in caplog.text


@given(st.binary(min_size=1, max_size=40), st.integers(0, 10_000))
def test_no_damage_that_a_manifest_describes_raises(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, position: int
) -> None:
    path = written(tmp_path_factory.mktemp("zone"), ["5.59.32.0/20", "2a02:6b8::/32"])
    content = path.read_bytes()
    at = position % len(content)
    path.write_bytes(content[:at] + noise + content[at + len(noise) :])
    _describe(path, BUILT)
    zone = Zone(path, today=TODAY)
    for address in ("5.59.32.7", "8.8.8.8", "2a02:6b8::1"):
        assert zone.holds(address) in {True, False, None}


@pytest.mark.parametrize(("days", "usable"), [(0, True), (365, True), (366, False), (4000, False), (-2, False)])
def test_a_file_too_far_from_today_answers_nothing(
    small: Path, caplog: pytest.LogCaptureFixture, days: int, *, usable: bool
) -> None:
    zone = Zone(small, today=BUILT + dt.timedelta(days=days))
    assert zone.holds("8.8.8.8") is (False if usable else None)
    assert len(caplog.records) == (0 if usable else 1)


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(8, 32)), min_size=1, max_size=20))
def test_it_agrees_with_the_networks_it_was_made_of(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[tuple[int, int]]
) -> None:
    networks = [f"{ipaddress.IPv4Address(number)}/{length}" for number, length in numbers]
    zone = Zone(written(tmp_path_factory.mktemp("zone"), networks), today=TODAY)
    expected = IPSet(IPNetwork(network) for network in networks)
    for number, _ in numbers:
        for near in {number, max(0, number - 1), min(2**32 - 1, number ^ 0x8000)}:
            address = ipaddress.IPv4Address(near)
            held = zone.holds(str(address))
            assert held is (str(address) in expected if public_address(str(address)) else None)


# ---------------------------------------------------------------------------------------- the one that is shipped


def test_the_shipped_database_is_the_one_that_its_manifest_describes() -> None:
    about = json.loads(OWN.with_suffix(".json").read_text(encoding="utf-8"))
    content = OWN.read_bytes()
    assert about["database"]["sha256"] == sha256(content).hexdigest()
    assert about["database"]["bytes"] == len(content) < 1_000_000
    assert len(about["sources"]) == 2
    assert all("attribution" in source for source in about["sources"])
    assert about["measured"]["recall"]["in_zone"] > 0.99
    assert about["measured"]["false_positives"]["of_the_zone_outside_russia_and_ukraine"] < 0.02


@pytest.mark.parametrize(
    ("address", "held"),
    [("77.88.8.8", True), ("2a02:6b8::feed:ff", True), ("8.8.8.8", False), ("2001:4860:4860::8888", False)],
)
def test_the_shipped_database_knows_public_resolvers_places(address: str, *, held: bool) -> None:
    built = dt.date.fromisoformat(json.loads(OWN.with_suffix(".json").read_text(encoding="utf-8"))["database"]["built"])
    assert Zone(today=built).holds(address) is held


def test_a_newer_file_may_be_named(small: Path) -> None:
    _describe(small, dt.datetime.now(dt.UTC).date())
    assert connections(str(small)).jurisdiction_of("5.59.32.7") == "ru"
