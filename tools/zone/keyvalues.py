"""`python -m zone.keyvalues`: the database's networks, and the systems that hide their readers (zone.hiding), as keys
for the edge's KeyValueStore.

The edge asks for readers whom CloudFront places in Ukraine. All networks are loaded, not those alone that a source of
the database places there: most providers of the occupied territories are in Russia by both sources and, for six in ten
of their addresses, in Ukraine by another database (`recall` in the manifest), as they may be by CloudFront's.

    python -m zone.keyvalues --store ARN             brings a store up to date, NoticeZoneStoreArn among the outputs
    python -m zone.keyvalues --output keys.json      an import file, as CreateKeyValueStore takes it from S3

The last key, `loaded`, says from which day the networks are. The edge function believes them for a year from it, as
the database is believed elsewhere (content_api.law.zone).

The edge looks an address up by a few fixed prefix lengths. A network between two of them is split into the longer; one
longer than the longest is widened to it, which can only add the notice.
"""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from netaddr import IPNetwork
from tqdm import tqdm

from content_api.aws import clients
from content_api.law.hiding import hiding_systems
from content_api.law.zone import is_believed
from zone.build import DATABASE, MANIFEST
from zone.hiding import MANIFEST as HIDING_MANIFEST
from zone.measure import networks_of

if TYPE_CHECKING:
    from mypy_boto3_cloudfront_keyvaluestore.client import CloudFrontKeyValueStoreClient

# As in functions/edge/viewer_request.js.
LENGTHS = {4: (16, 20, 22, 24), 6: (32, 40, 48)}
_DIGITS = {4: 8, 6: 12}  # of a key's address, in hexadecimal
LOADED = "loaded"  # says that the rest is there, and from which day: without it the edge takes no place for known
_VALUE = "1"  # of a network's key: it is there, and that is all
MAXIMUM_BYTES = 4_000_000  # of keys and values together; a store takes 5 MB
MOST_AT_ONCE = 50  # keys that UpdateKeys takes, and that ListKeys gives where it is asked to: by default it gives 10


class TooLarge(Exception):
    """More keys than the store should hold."""


class Empty(Exception):
    """No network at all: the edge would take every place in Ukraine for known."""


class TooOld(Exception):
    """Networks that the edge would not believe."""


def keys(networks: Iterable[IPNetwork]) -> list[str]:
    """The networks' keys, sorted. Raises Empty, and TooLarge above MAXIMUM_BYTES."""
    found = sorted({key for network in networks for key in _keys_of(network)})
    if not found:
        raise Empty("the database holds no network: build it anew (python -m zone.build)")
    size = sum(len(key) + len(_VALUE) for key in found)
    if size > MAXIMUM_BYTES:
        raise TooLarge(f"{len(found):,} keys take {size:,} bytes, above {MAXIMUM_BYTES:,}: choose shorter LENGTHS")
    return found


def _keys_of(network: IPNetwork) -> Iterator[str]:
    lengths = LENGTHS[network.version]
    length = next((each for each in lengths if each >= network.prefixlen), lengths[-1])
    wide = network if network.prefixlen <= length else network.supernet(length)[0]
    for part in wide.subnet(length):
        digits = f"{int(part.network):0{8 if part.version == 4 else 32}x}"[: _DIGITS[part.version]]  # noqa: PLR2004 - IPv4
        yield f"{digits}/{length}"


def wanted(networks: Iterable[IPNetwork], systems: Iterable[str], built: dt.date, today: dt.date) -> dict[str, str]:
    """What the store shall hold: keys and values. `systems` are numbers. Raises Empty, TooLarge and TooOld."""
    if not is_believed(built, today):
        raise TooOld(
            f"the database is of {built}: the edge believes none that old; build it anew (python -m zone.build)"
        )
    names = [*keys(networks), *(f"as{number}" for number in sorted(systems))]
    return dict.fromkeys(names, _VALUE) | {LOADED: built.isoformat()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m zone.keyvalues", description=__doc__)
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--output", type=Path, help="a file to write for an import")
    chosen.add_argument("--store", help="the ARN of a store to bring up to date")
    arguments = parser.parse_args()
    built = dt.date.fromisoformat(json.loads(MANIFEST.read_text(encoding="utf-8"))["database"]["built"])
    networks = (network for some in networks_of(DATABASE).values() for network in some)
    try:
        values = wanted(networks, hiding_systems(), built, dt.datetime.now(dt.UTC).date())
    except (Empty, TooLarge, TooOld) as error:
        sys.exit(str(error))
    if arguments.output:
        data = {"data": [{"key": key, "value": value} for key, value in values.items()]}
        arguments.output.write_text(json.dumps(data), encoding="utf-8")
    else:
        put, deleted = brought_up_to_date(client(), arguments.store, values)
        print(f"{put:,} keys written, {deleted:,} removed")
    size = sum(len(key) + len(value) for key, value in values.items())
    print(f"{len(values):,} keys, {size:,} bytes, of {built}")
    until = json.loads(HIDING_MANIFEST.read_text(encoding="utf-8"))["database"]["believed_until"]
    if until < dt.datetime.now(dt.UTC).date().isoformat():
        print(f"A source of the systems that hide readers was to be used until {until}: see docs/networks.md.")


def client() -> "CloudFrontKeyValueStoreClient":
    """CloudFront's stores are in no region, but boto3 wants one, and a profile need not have any."""
    retries: Any = {"mode": "standard", "total_max_attempts": 5}
    return clients.client("cloudfront-keyvaluestore", Config(region_name="us-east-1", retries=retries))


def brought_up_to_date(
    stores: "CloudFrontKeyValueStoreClient", store: str, values: Mapping[str, str]
) -> tuple[int, int]:
    """Writes what is missing or has another value, LOADED last, then removes what is not wanted, so that meanwhile no
    reader misses a notice. Returns how many of each.

    Each change names the store's ETag: where somebody else changes it meanwhile, the service refuses.
    """
    etag = stores.describe_key_value_store(KvsARN=store)["ETag"]
    present: dict[str, str] = {}
    for page in stores.get_paginator("list_keys").paginate(KvsARN=store, PaginationConfig={"PageSize": MOST_AT_ONCE}):
        present |= {item["Key"]: item["Value"] for item in page.get("Items", [])}
    missing = sorted(
        (key for key, value in values.items() if present.get(key) != value), key=lambda key: (key == LOADED, key)
    )
    unwanted = sorted(present.keys() - values.keys())
    changes: list[dict[str, Any]] = [
        {"Puts": [{"Key": key, "Value": values[key]} for key in some]}
        for some in batched(missing, MOST_AT_ONCE, strict=False)
    ]
    changes += [{"Deletes": [{"Key": key} for key in some]} for some in batched(unwanted, MOST_AT_ONCE, strict=False)]
    for change in tqdm(changes, unit=" changes", disable=None):
        etag = stores.update_keys(KvsARN=store, IfMatch=etag, **change)["ETag"]
    return len(missing), len(unwanted)


if __name__ == "__main__":
    main()
