"""`python -m zone.measure`: measures the zone with sources from which the database is not built, and writes the figures
into its manifest.

Recall is the share of IPv4 addresses in the zone, of those that are announced by providers that serve only the occupied
territories (`sources.json`). There are two figures for false positives: the share of the zone's IPv4 addresses that
another database places in neither Russia nor Ukraine, and the share of the addresses it places outside both that are in
the zone.
"""

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from netaddr import IPNetwork, IPRange, IPSet

from zone.build import CACHE, DATABASE, MANIFEST
from zone.databases import IPV4, records
from zone.packages import PackageRefused, fetched, packages, sources


def main(stated: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m zone.measure", description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where the packages are kept")
    arguments = parser.parse_args(stated)
    used = packages("measured_against")
    try:
        files = {name: path for package in used for name, path in fetched(package, arguments.cache).items()}
    except PackageRefused as error:
        sys.exit(str(error))
    networks = [each for some in networks_of(DATABASE).values() for each in some]
    zone_addresses = IPSet(each for each in networks if each.version == IPV4)
    announced = announced_by(set(sources()["providers"]["numbers"]), files["asn-ipv4.csv"])
    russia, ukraine, elsewhere = by_country(files["geolite2-country-ipv4.mmdb"])
    figures: dict[str, Any] = {
        "against": [{key: package.about[key] for key in ("name", "version", "date")} for package in used],
        "recall": {
            "providers": len(sources()["providers"]["numbers"]),
            "addresses": announced.size,
            "in_zone": round((announced & zone_addresses).size / announced.size, 5),
            "by_the_other_database_in_russia": round((announced & russia).size / announced.size, 5),
        },
        "false_positives": {
            "of_the_zone_outside_russia_and_ukraine": round((zone_addresses & elsewhere).size / zone_addresses.size, 5),
            "of_what_is_outside_russia_and_ukraine_in_the_zone": round(
                (zone_addresses & elsewhere).size / elsewhere.size, 7
            ),
            "of_ukraine_in_the_zone": round((zone_addresses & ukraine).size / ukraine.size, 5),
        },
    }
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8")) | {"measured": figures}
    MANIFEST.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))


def networks_of(path: Path) -> dict[str, list[IPNetwork]]:
    """The networks of the database, by value. IPv4 networks are returned as IPv4."""
    found: dict[str, list[IPNetwork]] = {}
    for network, value in records(path):
        found.setdefault(value, []).append(IPNetwork(network))
    return found


def announced_by(numbers: set[str], path: Path) -> IPSet:
    """The IPv4 networks that autonomous systems announce. The file has lines with the first address, the last address,
    the number and the name of a system.
    """
    with path.open(encoding="utf-8", newline="") as file:
        ranges = [IPRange(first, last) for first, last, number, _ in csv.reader(file) if number in numbers]
    return IPSet(network for each in ranges for network in each.cidrs())


def by_country(path: Path) -> tuple[IPSet, IPSet, IPSet]:
    """The networks in Russia, in Ukraine, and in all other countries."""
    found: dict[str, list[IPNetwork]] = {"RU": [], "UA": [], "": []}
    for network, record in records(path):
        each = IPNetwork(network)
        if each.version == IPV4:
            country = record.get("country_code")
            found[country if country in {"RU", "UA"} else ""].append(each)
    return IPSet(found["RU"]), IPSet(found["UA"]), IPSet(found[""])


if __name__ == "__main__":
    main()
