"""Reads all networks of a MaxMind database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import maxminddb
from tqdm import tqdm

IPV4 = 4


def records(path: Path) -> Iterator[tuple[str, Any]]:
    """Every network in CIDR notation, with its record. A progress bar shows how far it is."""
    # maxminddb's types lack its iterator.
    with cast("Any", maxminddb).open_database(path) as database:
        # A tree of n nodes has about as many leaves.
        total = database.metadata().node_count
        for network, record in tqdm(database, desc=path.name, total=total, unit=" networks", unit_scale=True):
            yield str(network), record
