"""What the databases say of a connection's address: the jurisdictions of the law's file that it is in, and whether its
network connects readers at all.

    notice_zone.mmdb      networks in the law's jurisdictions; the values are the names of these
    reader_networks.mmdb  networks that connect readers; all others hide them, or are announced by nobody

Both are in the layer `places`, and `tools/zone` builds them. Their manifests have sources, licences and figures. If a
file is missing or damaged, the answer is None, so the place is unknown and the notice is due: a fault never removes a
notice, and never fails a request. Only deployments without an edge import this module.
"""

import datetime as dt
import io
import json
import logging
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import maxminddb

import networks
from content_api.law.jurisdiction import ELSEWHERE, UNKNOWN
from content_api.law.public_address import public_address

OWN = Path(networks.__path__[0]) / "notice_zone.mmdb"
READERS = Path(networks.__path__[0]) / "reader_networks.mmdb"
MAXIMUM_AGE = dt.timedelta(days=365)  # after a year, too many networks have moved to other places
# Errors from reading a damaged database or manifest: maxminddb decodes any bytes.
_DAMAGED = (LookupError, TypeError, ValueError, RecursionError, maxminddb.InvalidDatabaseError)

logger = logging.getLogger(__name__)


class NetworkDatabase:
    """Opens the file once. If it cannot be used, one line is logged."""

    def __init__(self, path: Path, *, today: dt.date | None) -> None:
        """`today` is None for a file that never becomes too old. The member `told` says which jurisdictions the file
        can tell apart, by its manifest, as texts of `law_file.places_told`. It is None if the file cannot be used.
        """
        self._reader, self.told = _read(path, today)

    def holds(self, address: str) -> bool | None:
        """Whether an address (text, IPv4 or IPv6) is in one of the networks. None if that is not known: the file cannot
        be used, or the address is not public.
        """
        found = self.value(address)
        return None if found is None else bool(found)

    def value(self, address: str) -> str | None:
        """The value of the network of an address. Empty if no network has the address, None if that is not known.
        Damage may be found only here, if the manifest describes a damaged file. From then on, every answer is None.
        """
        public = public_address(address)
        if self._reader is None or public is None:
            return None
        try:
            found = cast("Any", self._reader.get(public))  # pyright: ignore[reportUnknownMemberType] - partly typed
            return "" if found is None else str(found)
        except _DAMAGED as error:
            self._reader = None
            # Without the message, which quotes the address.
            logger.warning("a database of networks is damaged, every place is unknown: %s", type(error).__name__)
            return None


class Zone(NetworkDatabase):
    def __init__(self, path: Path = OWN, *, today: dt.date) -> None:
        super().__init__(path, today=today)


class ReaderNetworks(NetworkDatabase):
    """The database of networks that connect readers. It never becomes too old. Most networks that hid readers still do.
    A new network is not in an old file, so the place of its readers is unknown. If an old file were refused, the place
    of every reader would become unknown from one day to the next.
    """

    def __init__(self, path: Path = READERS) -> None:
        super().__init__(path, today=None)


class Connections:
    """Finds the jurisdiction of a connection's address."""

    def __init__(self, zone: Zone, readers: ReaderNetworks) -> None:
        self._zone = zone
        self._readers = readers
        self.told = zone.told
        self._jurisdictions = {word.partition(":")[0] for word in zone.told or ()}

    def jurisdiction_of(self, address: str) -> str:
        """The jurisdiction in the zone; several if its sources differ. ELSEWHERE for any other address in a network
        that connects readers. UNKNOWN for all others, and if the zone was built for other places.
        """
        found = self._zone.value(address)
        if found:
            return found if self._jurisdictions.issuperset(found.split()) else UNKNOWN
        return ELSEWHERE if found is not None and self._readers.holds(address) else UNKNOWN


def connections(zone_file: str) -> Connections:
    """Uses the zone database in a file, or the one in the layer if the path is empty, as of today."""
    today = dt.datetime.now(dt.UTC).date()
    return Connections(Zone(Path(zone_file) if zone_file else OWN, today=today), ReaderNetworks())


def is_believed(built: dt.date, today: dt.date) -> bool:
    """Whether a database that was built on a day may still be used. A day in the future is accepted, since a clock may
    be wrong. The edge function has the same rule.
    """
    return dt.timedelta(days=-1) <= today - built <= MAXIMUM_AGE


def _read(path: Path, today: dt.date | None) -> tuple[maxminddb.Reader | None, frozenset[str] | None]:
    """The file, and the jurisdictions that it can tell apart. Both are None unless the file has exactly the bytes that
    its manifest describes: a single wrong bit could say that a network is not in the zone.
    """
    try:
        about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["database"]
        built = dt.date.fromisoformat(about["built"])
        told = frozenset(map(str, about.get("jurisdictions", ())))
        content = path.read_bytes()
        is_the_described = sha256(content).hexdigest() == about["sha256"]
        # The file is read into memory. If it were mapped, the process would end if somebody shortened the file.
        reader = maxminddb.open_database(io.BytesIO(content), maxminddb.MODE_FD)  # pyright: ignore[reportUnknownMemberType] - partly typed
    except (OSError, *_DAMAGED) as error:
        logger.warning("%s cannot be used, every place is unknown: %s", path.name, type(error).__name__)
        return None, None
    if not is_the_described:
        logger.warning("%s is not the file that its manifest describes: every place is unknown", path.name)
        return None, None
    if today and not is_believed(built, today):
        logger.warning("%s is of %s, too far from today: every place is unknown", path.name, built)
        return None, None
    return reader, told
