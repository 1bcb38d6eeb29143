"""`python -m zone.measure_hiding SERVERS ACCESS`: measures how many servers of VPN providers are recognised, and how
many addresses of access networks are wrongly recognised as such. Writes both into the manifest of
`reader_networks.mmdb`.

SERVERS is a CSV of provider and IPv4 address. ACCESS is a CSV of as_number, name and ipv4_addresses. Neither is in the
project.
"""

import argparse
import csv
import ipaddress
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from content_api.law.hiding import hiding_systems
from content_api.law.zone import ReaderNetworks
from zone.build import CACHE
from zone.databases import IPV4, records
from zone.hiding import DATABASE, MANIFEST, Announced, announcements
from zone.intervals import Intervals
from zone.packages import PackageRefused, fetched, packages


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m zone.measure_hiding", description=__doc__)
    parser.add_argument("servers", type=Path)
    parser.add_argument("access", type=Path)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where the packages are kept")
    arguments = parser.parse_args()
    (package,) = (each for each in packages("measured_against") if each.name == "@ip-location-db/asn")
    try:
        announced = list(announcements(fetched(package, arguments.cache)["asn-ipv4.csv"]))
    except PackageRefused as error:
        sys.exit(str(error))
    figures = {
        "servers": recall(list(rows(arguments.servers)), announced),
        "access_networks": touched({row["as_number"] for row in rows(arguments.access)}, announced),
    }
    about = json.loads(MANIFEST.read_text(encoding="utf-8")) | {"measured": figures}
    MANIFEST.write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def recall(servers: list[dict[str, str]], announced: list[Announced]) -> dict[str, Any]:
    """The share of servers whose place is unknown: by the database, as `connection` looks it up, and by the number of
    the system, as the edge does. A server whose system is not known has no number at the edge.
    """
    readers = ReaderNetworks()
    hiding = hiding_systems()
    known = Intervals(each.addresses for each in announced if each.number not in hiding)
    asked: Counter[str] = Counter()
    by_database: Counter[str] = Counter()
    by_system: Counter[str] = Counter()
    for server in servers:
        provider, address = server["provider"], server["address"]
        asked[provider] += 1
        by_database[provider] += not readers.holds(address)
        by_system[provider] += int(ipaddress.ip_address(address)) not in known
    return {
        "servers": asked.total(),
        "by_database": round(by_database.total() / asked.total(), 4),
        "by_system": round(by_system.total() / asked.total(), 4),
        "by_database_and_provider": {
            name: round(by_database[name] / number, 3) for name, number in sorted(asked.items())
        },
    }


def touched(numbers: set[str], announced: list[Announced]) -> dict[str, Any]:
    """The share of the addresses of access networks that the database does not have."""
    held = Intervals(
        (int(network.network_address), int(network.broadcast_address))
        for network in (ipaddress.ip_network(name) for name, _ in records(DATABASE))
        if network.version == IPV4
    )
    access = Intervals(each.addresses for each in announced if each.number in numbers)
    lost = access.without(held).size
    return {
        "systems": len(numbers),
        "addresses": access.size,
        "unknown": round(lost / access.size, 6),
        "hiding": sorted(numbers & hiding_systems()),
    }


if __name__ == "__main__":
    main()
