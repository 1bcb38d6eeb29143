"""`python -m zone.keyvalues`: the database's networks, and the systems that hide their readers (zone.hiding), as keys
for the edge's KeyValueStore.

The edge asks for readers whom CloudFront places in a country of which some regions are in a jurisdiction. The value of
a key names the jurisdictions that its network counts as there, by `networks_of` in the law's file. For the occupied
regions of Ukraine these are Russia's networks too: most providers there are in Russia by both sources and, for six in
ten of their addresses, in Ukraine by another database (`recall` in the manifest), as they may be by CloudFront's.

    python -m zone.keyvalues --store ARN             updates a store; the stack's output NoticeZoneStoreArn has the ARN
    python -m zone.keyvalues --output keys.json      writes a file that CreateKeyValueStore imports from S3

The last key, `loaded`, has the date of the networks and their jurisdictions. The edge function uses them for a year
from that date, like the database elsewhere (content_api.law.zone).

The edge looks an address up by a few fixed prefix lengths. A network between two lengths is split into networks of the
longer one. A network beyond the longest length is widened to it, which can only add the notice.
"""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from netaddr import IPNetwork
from tqdm import tqdm

from content_api.aws import clients
from content_api.law.hiding import hiding_systems
from content_api.law.law_file import load_law, not_told
from content_api.law.places import rules
from content_api.law.zone import is_believed
from content_api.names.quotas import STORE_KEYS_AT_ONCE
from zone.build import DATABASE, MANIFEST
from zone.hiding import MANIFEST as HIDING_MANIFEST
from zone.measure import networks_of

if TYPE_CHECKING:
    from mypy_boto3_cloudfront_keyvaluestore.client import CloudFrontKeyValueStoreClient

# As in functions/edge/viewer_request.js.
LENGTHS = {4: (16, 20, 22, 24), 6: (32, 40, 48)}
_DIGITS = {4: 8, 6: 12}  # of a key's address, in hexadecimal
LOADED = "loaded"  # written last, with the date; without it, every place is unknown to the edge
_VALUE = "1"  # of a system's key; only the key matters
MAXIMUM_BYTES = 4_000_000  # of keys and values together; a store takes 5 MB (`quotas.STORE_BYTES`)


class TooLarge(Exception):
    """There are more keys than the store should have."""


class Empty(Exception):
    """The database has no network. The edge would take every place in Ukraine for known."""


class NotTold(Exception):
    """The networks are those of another law. The edge could not recognise readers in a jurisdiction that a notice is
    for.
    """


class TooOld(Exception):
    """The networks are so old that the edge would not use them."""


def keys(networks: Mapping[str, Iterable[IPNetwork]]) -> dict[str, str]:
    """The keys of the networks, sorted, each with the jurisdictions that it counts as. `networks` are by the
    jurisdictions in the database. Raises Empty, and TooLarge above MAXIMUM_BYTES.
    """
    counted: dict[str, set[str]] = {}
    for names, some in networks.items():
        counts_as = rules().counted_as(names.split()).split()
        for network in some if counts_as else ():
            for key in _keys_of(network):
                counted.setdefault(key, set()).update(counts_as)
    found = {key: " ".join(sorted(names)) for key, names in sorted(counted.items())}
    if not found and rules().inside:
        raise Empty("the database holds no network: build it anew (python -m zone.build)")
    size = sum(len(key) + len(value) for key, value in found.items())
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


def wanted(
    networks: Mapping[str, Iterable[IPNetwork]],
    systems: Iterable[str],
    built: dt.date,
    today: dt.date,
    *,
    told: Collection[str],
) -> dict[str, str]:
    """The keys and values that the store should have. `systems` are numbers. `told` says which jurisdictions the
    database can tell apart (law_file.places_told). Raises Empty, NotTold, TooLarge and TooOld.
    """
    if missing := not_told(load_law(), told):
        raise NotTold(f"the database cannot tell {', '.join(missing)}: build it for this law (python -m zone.build)")
    if not is_believed(built, today):
        raise TooOld(
            f"the database is of {built}: the edge believes none that old; build it anew (python -m zone.build)"
        )
    hiding = dict.fromkeys((f"as{number}" for number in sorted(systems)), _VALUE)
    return keys(networks) | hiding | {LOADED: " ".join([built.isoformat(), *sorted(told)])}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m zone.keyvalues", description=__doc__)
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--output", type=Path, help="a file to write for an import")
    chosen.add_argument("--store", help="the ARN of a store to bring up to date")
    arguments = parser.parse_args()
    about = json.loads(MANIFEST.read_text(encoding="utf-8"))["database"]
    built, told = dt.date.fromisoformat(about["built"]), about.get("jurisdictions", [])
    today = dt.datetime.now(dt.UTC).date()
    try:
        values = wanted(networks_of(DATABASE), hiding_systems(), built, today, told=told)
    except (Empty, NotTold, TooLarge, TooOld) as error:
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
    """A client for CloudFront's stores. They are in no region, but boto3 needs one, and a profile may have none."""
    retries: Any = {"mode": "standard", "total_max_attempts": 5}
    return clients.client("cloudfront-keyvaluestore", Config(region_name="us-east-1", retries=retries))


def brought_up_to_date(
    stores: "CloudFrontKeyValueStoreClient", store: str, values: Mapping[str, str]
) -> tuple[int, int]:
    """Writes keys that are missing or have another value, LOADED last, and then removes keys that are not wanted. So no
    reader misses a notice meanwhile. Returns how many were written and removed. Each change names the ETag of the
    store; if somebody else changes the store meanwhile, the service refuses.
    """
    etag = stores.describe_key_value_store(KvsARN=store)["ETag"]
    present: dict[str, str] = {}
    for page in stores.get_paginator("list_keys").paginate(
        KvsARN=store, PaginationConfig={"PageSize": STORE_KEYS_AT_ONCE}
    ):
        present |= {item["Key"]: item["Value"] for item in page.get("Items", [])}
    missing = sorted(
        (key for key, value in values.items() if present.get(key) != value), key=lambda key: (key == LOADED, key)
    )
    unwanted = sorted(present.keys() - values.keys())
    changes: list[dict[str, Any]] = [
        {"Puts": [{"Key": key, "Value": values[key]} for key in some]}
        for some in batched(missing, STORE_KEYS_AT_ONCE, strict=False)
    ]
    changes += [
        {"Deletes": [{"Key": key} for key in some]} for some in batched(unwanted, STORE_KEYS_AT_ONCE, strict=False)
    ]
    for change in tqdm(changes, unit=" changes", disable=None):
        etag = stores.update_keys(KvsARN=store, IfMatch=etag, **change)["ETag"]
    return len(missing), len(unwanted)


if __name__ == "__main__":
    main()
