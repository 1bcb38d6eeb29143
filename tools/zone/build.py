"""`python -m zone.build`: builds the zone database from the pinned packages. The same packages always give the same
bytes.

A network is in the zone if a source places it in a jurisdiction of the law's file. Its value is the name of the
jurisdiction. If the sources differ, the value has both names, separated by a space.
"""

import argparse
import datetime as dt
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmdb_writer import MMDBWriter
from netaddr import IPNetwork, IPSet

import networks
from content_api.law.jurisdiction import ELSEWHERE, UNKNOWN
from content_api.law.law_file import load_law, places_told
from content_api.law.places import jurisdiction_of_place
from zone.databases import records
from zone.packages import Package, PackageRefused, fetched, packages

DATABASE = Path(networks.__path__[0]) / "notice_zone.mmdb"
MANIFEST = DATABASE.with_suffix(".json")
CACHE = Path(__file__).parents[2] / ".zone"


def main(stated: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m zone.build", description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where the packages are kept")
    arguments = parser.parse_args(stated)
    used = packages("built_from")
    try:
        files = {name: path for package in used for name, path in fetched(package, arguments.cache).items()}
    except PackageRefused as error:
        sys.exit(str(error))
    zones = {version: zone_of(version, files) for version in (4, 6)}
    built = max(dt.date.fromisoformat(package.date) for package in used)
    write(zones, DATABASE, built)
    MANIFEST.write_text(json.dumps(manifest(zones, used, built), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"{DATABASE.name}: {DATABASE.stat().st_size:,} bytes. Now: python -m zone.measure")


type Zone = dict[str, IPSet]


def zone_of(version: int, files: dict[str, Path]) -> Zone:
    """The networks of one version of IP, by value."""
    inside: dict[str, list[str]] = {}
    for name, path in sorted(files.items()):
        if f"ipv{version}" not in name:
            continue
        for network, record in records(path):
            found = jurisdiction_of_place(record.get("country_code"), record.get("state1"), in_zone="")
            if found not in {ELSEWHERE, UNKNOWN}:
                inside.setdefault(found, []).append(network)
    return apart({name: _collapsed(networks, version) for name, networks in sorted(inside.items())})


def apart(by_jurisdiction: dict[str, IPSet]) -> Zone:
    """Sets without common addresses: what several jurisdictions have gets the names of all of them."""
    found: Zone = {}
    for name, held in by_jurisdiction.items():
        rest = held
        for names, other in tuple(found.items()):
            both = other & rest
            if both:
                found |= {names: other - both, f"{names} {name}": both}
                rest = rest - both
        found[name] = rest
    return {names: networks for names, networks in found.items() if networks}


def _collapsed(networks: list[str], version: int) -> IPSet:
    # The IPv6 trees contain networks of IPv4 too. The files for IPv4 are better for those.
    return IPSet(each for each in map(IPNetwork, networks) if each.version == version)


def write(zones: dict[int, Zone], path: Path, built: dt.date) -> None:
    writer = MMDBWriter(
        ip_version=6, ipv4_compatible=True, database_type="content-api-notice-zone", description="Networks in the zone"
    )
    for zone in zones.values():
        for value, inside in sorted(zone.items()):
            writer.insert_network(inside, value)
    writer.to_db_file(str(path))
    set_build_date(path, built)


def set_build_date(path: Path, built: dt.date) -> None:
    """Replaces the date of the writer's clock by the date of the sources: build_epoch, an unsigned 64-bit integer
    (MaxMind DB File Format Specification, version 2.0), which takes as few bytes as it needs.
    """
    content = path.read_bytes()
    at = content.rindex(b"build_epoch") + len(b"build_epoch")
    # The control byte of an extended type has the size. The next byte has the type minus seven. uint64 is type 9.
    size, kind = content[at] & 0x1F, content[at + 1] + 7
    if kind != 9:  # noqa: PLR2004 - uint64
        raise ValueError("build_epoch is no uint64: mmdb-writer writes it another way now")
    epoch = int(dt.datetime.combine(built, dt.time(), dt.UTC).timestamp())
    path.write_bytes(content[: at + 2] + epoch.to_bytes(size) + content[at + 2 + size :])


def manifest(zones: dict[int, Zone], used: list[Package], built: dt.date) -> dict[str, Any]:
    content = DATABASE.read_bytes()
    return {
        "database": {
            "file": DATABASE.name,
            "built": built.isoformat(),
            "jurisdictions": places_told(load_law()),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "networks": {
                f"ipv{version} {value}": sum(1 for _ in networks.iter_cidrs())
                for version, zone in zones.items()
                for value, networks in zone.items()
            },
            "ipv4_addresses": {value: networks.size for value, networks in zones[4].items()},
        },
        "sources": [package.about for package in used],
    }


if __name__ == "__main__":
    main()
