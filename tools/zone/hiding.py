"""`python -m zone.hiding`: which networks hide their readers, from the pinned packages.

An address in a hosting, VPN or Tor network says where a machine is, and not where the reader is. So the place of such a
reader is unknown. An autonomous system hides readers if a share of its addresses is on a list of networks of VPN
providers and data centres, or if its name has one of certain words. `sources.json`, "hiding", has the share, the words,
and the systems that pass on the reader's own country. The figures by which they were chosen are in the manifest
(`zone.measure_hiding`).

Writes four files:

    tools/zone/hiding_systems.csv               the systems, with their names and the reason, for people
    content_api/law/hiding_systems.txt          their numbers, for the edge's store and a developer's machine
    layers/places/networks/reader_networks.mmdb the networks of all other systems, less those on the list
    layers/places/networks/reader_networks.json the manifest: sources, their dates and limits, figures

The database lists the networks that connect readers. Any other network is unknown, so a network that no system
announces is unknown, and one that a damaged file lost.

The list is a package of PyPI, so: uv run --group zone python -m zone.hiding
"""

import argparse
import csv
import datetime as dt
import hashlib
import importlib.metadata
import importlib.resources
import ipaddress
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmdb_writer import MMDBWriter
from netaddr import IPSet, iprange_to_cidrs

import networks
from content_api.law.hiding import SYSTEMS as NUMBERS
from zone.build import CACHE, set_build_date
from zone.intervals import Intervals, Range
from zone.packages import PackageRefused, fetched, packages, sources

SYSTEMS = Path(__file__).with_name("hiding_systems.csv")
DATABASE = Path(networks.__path__[0]) / "reader_networks.mmdb"
MANIFEST = DATABASE.with_suffix(".json")
_GLOBAL_UNICAST: Range = (
    0x2000 << 112,
    (0x4000 << 112) - 1,
)  # all addresses that IANA gives out (RFC 4291, section 2.4)
_LISTS = "data/misp-warninglists/lists"  # in pymispwarninglists


class SourceTooOld(Exception):
    """A source is older than its age limit."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A range of addresses that a system announces, of one version of IP."""

    number: str
    name: str
    addresses: Range


@dataclass(frozen=True, slots=True)
class System:
    """A system that hides readers, and why: the share of its addresses that is listed, or the word in its name."""

    number: str
    name: str
    reason: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="uv run --group zone python -m zone.hiding", description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where the packages are kept")
    arguments = parser.parse_args()
    rules = sources()["hiding"]
    try:
        check_ages(rules["sources"], dt.datetime.now(dt.UTC).date())
        listed = {version: listed_networks(rules, version) for version in (4, 6)}
        (package,) = (each for each in packages("measured_against") if each.name == "@ip-location-db/asn")
        files = fetched(package, arguments.cache)
    except (PackageRefused, SourceTooOld) as error:
        sys.exit(str(error))
    announced = {version: list(announcements(files[f"asn-ipv{version}.csv"])) for version in (4, 6)}
    systems = hiding_systems(announced, listed, rules)
    write_systems(systems)
    open_networks = {
        version: networks_of_readers(announced[version], listed[version], systems, rules) for version in (4, 6)
    }
    write_database(open_networks, dt.date.fromisoformat(package.date))
    about = manifest(systems, open_networks, rules)
    # Figures that come from other files. `python -m zone.measure_hiding` makes new ones.
    if MANIFEST.exists():
        about["measured"] = json.loads(MANIFEST.read_text(encoding="utf-8")).get("measured", {})
    MANIFEST.write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"{len(systems):,} systems hide readers; {DATABASE.name}: {DATABASE.stat().st_size:,} bytes.")


def check_ages(used: Iterable[dict[str, Any]], today: dt.date) -> None:
    """Raises SourceTooOld. The age of a source counts from the source's own date, and not from that of a build."""
    for source in used:
        if today > believed_until(source):
            raise SourceTooOld(
                f"{source['name']} is of {source['date']}, more than {source['believed_days']} days old: pin a newer "
                "one in tools/zone/sources.json, or leave it out there with a reason."
            )


def believed_until(source: dict[str, Any]) -> dt.date:
    return dt.date.fromisoformat(source["date"]) + dt.timedelta(days=source["believed_days"])


def listed_networks(rules: dict[str, Any], version: int) -> Intervals:
    """The networks on the list. Raises PackageRefused if the installed package is not the pinned one."""
    package = rules["list"]
    try:
        installed = importlib.metadata.version(package["name"])
    except importlib.metadata.PackageNotFoundError:
        installed = "none"
    if installed != package["version"]:
        raise PackageRefused(
            f"{package['name']} {package['version']} is wanted, {installed} is installed: run this by "
            "`uv run --group zone python -m zone.hiding`."
        )
    content = (importlib.resources.files(package["name"]) / _LISTS / f"vpn-ipv{version}" / "list.json").read_bytes()
    if hashlib.sha256(content).hexdigest() != package["sha256"][f"vpn-ipv{version}"]:
        raise PackageRefused(f"vpn-ipv{version} of {package['name']} is not the pinned list.")
    return Intervals(
        (int(each.network_address), int(each.broadcast_address))
        for each in map(ipaddress.ip_network, json.loads(content)["list"])
    )


def announcements(path: Path) -> Iterator[Announced]:
    """Reads lines with the first address, the last address, the number and the name of a system."""
    with path.open(encoding="utf-8", newline="") as file:
        for first, last, number, name in csv.reader(file):
            yield Announced(number, name, (int(ipaddress.ip_address(first)), int(ipaddress.ip_address(last))))


def hiding_systems(
    announced: dict[int, list[Announced]], listed: dict[int, Intervals], rules: dict[str, Any]
) -> dict[str, System]:
    """The systems that hide readers, by number. The share of a system is that of its IPv4 addresses on the list. IPv6
    counts only for systems without IPv4: some providers announce so few IPv6 addresses that a few listed networks are a
    large share, for instance Magyar Telekom.
    """
    names: dict[str, str] = {}
    parts: dict[str, float] = {}
    for version, some in sorted(announced.items()):
        held: Counter[str] = Counter()  # addresses
        covered: Counter[str] = Counter()
        for each in some:
            names.setdefault(each.number, each.name)
            held[each.number] += each.addresses[1] - each.addresses[0] + 1
            covered[each.number] += listed[version].covered(each.addresses)
        for number, count in covered.items():
            parts.setdefault(number, count / held[number])
    words = re.compile("|".join(rules["words"]), re.IGNORECASE)
    systems: dict[str, System] = {}
    for number, name in names.items():
        if number in rules["relays"]:
            continue
        word = words.search(name)
        if parts[number] >= rules["listed_part"]:
            systems[number] = System(number, name, f"{parts[number]:.0%} listed")
        elif word:
            systems[number] = System(number, name, f"name: {word[0].lower()}")
    return systems


def networks_of_readers(
    announced: list[Announced], listed: Intervals, systems: dict[str, System], rules: dict[str, Any]
) -> Intervals:
    """The networks of systems that do not hide readers, without those on the list, and all networks of relays. IPv6
    addresses that nobody announces are included: no reader connects from there, and each gap would add a network to the
    database.
    """
    relays = Intervals(each.addresses for each in announced if each.number in rules["relays"])
    hiding = Intervals([*(each.addresses for each in announced if each.number in systems), *listed.ranges])
    is_ipv4 = announced[0].addresses[1] < 1 << 32
    held = Intervals(each.addresses for each in announced) if is_ipv4 else Intervals([_GLOBAL_UNICAST])
    return Intervals([*held.without(hiding).ranges, *relays.ranges])


def write_systems(systems: dict[str, System]) -> None:
    with SYSTEMS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("as_number", "name", "reason"))
        ordered = sorted(systems.values(), key=lambda one: int(one.number))
        writer.writerows((each.number, each.name, each.reason) for each in ordered)
    NUMBERS.write_text("".join(f"{each.number}\n" for each in ordered), encoding="ascii")


def write_database(open_networks: dict[int, Intervals], built: dt.date) -> None:
    writer = MMDBWriter(
        ip_version=6,
        ipv4_compatible=True,
        database_type="content-api-reader-networks",
        description="Networks that connect readers",
    )
    for version, held in open_networks.items():
        for first, last in held.ranges:
            one = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address  # noqa: PLR2004 - the version
            writer.insert_network(IPSet(iprange_to_cidrs(str(one(first)), str(one(last)))), True)  # noqa: FBT003 - the value
    writer.to_db_file(str(DATABASE))
    set_build_date(DATABASE, built)


def manifest(systems: dict[str, System], open_networks: dict[int, Intervals], rules: dict[str, Any]) -> dict[str, Any]:
    content = DATABASE.read_bytes()
    used = rules["sources"]
    return {
        "database": {
            "file": DATABASE.name,
            "built": max(each["date"] for each in used),
            "believed_until": min(believed_until(each) for each in used).isoformat(),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "ranges": {f"ipv{version}": len(held.ranges) for version, held in open_networks.items()},
            "ipv4_addresses": open_networks[4].size,
        },
        "hiding_systems": {
            "listed": sum(1 for each in systems.values() if not each.reason.startswith("name")),
            "by_name": sum(1 for each in systems.values() if each.reason.startswith("name")),
        },
        "relays": rules["relays"],
        "sources": used,
    }


if __name__ == "__main__":
    main()
