"""What the connection's own address says: whether it lies where a notice is due, and whether readers are connected by
its network at all. The databases know that, and nothing more of anybody.

    notice_zone.mmdb      networks in the places where a notice is due
    reader_networks.mmdb  networks that connect readers; all others hide them, or are announced by nobody

Both are of the layer `places`, and built by `tools/zone`; their manifests name sources, licences and figures. A file
that is missing or damaged answers None, so that the place stays unknown and the notice is due: it never removes one,
and never fails a request. Only deployments without an edge load this module.
"""

import datetime as dt
import io
import json
import logging
from hashlib import sha256
from pathlib import Path

import maxminddb

import networks
from content_api.law.jurisdiction import ELSEWHERE, UNKNOWN
from content_api.law.public_address import public_address

OWN = Path(networks.__path__[0]) / "notice_zone.mmdb"
READERS = Path(networks.__path__[0]) / "reader_networks.mmdb"
MAXIMUM_AGE = dt.timedelta(days=365)  # addresses change hands; a year on, too many have
# What reading a damaged database or manifest raises: maxminddb decodes whatever bytes it comes upon.
_DAMAGED = (LookupError, TypeError, ValueError, RecursionError, maxminddb.InvalidDatabaseError)

logger = logging.getLogger(__name__)


# The zone database does not tell which of its places a network is in; the notice is due in each.
_IN_ZONE = "ru"


class NetworkDatabase:
    """Opens the file once; a file that cannot be used is said in the log, once."""

    def __init__(self, path: Path, *, today: dt.date | None) -> None:
        """`today` is None for a file that no age makes useless."""
        self._reader = _read(path, today)

    def holds(self, address: str) -> bool | None:
        """Whether an address (as text, of either version) is in one of its networks; None where nobody can say: without
        a usable file, and for what is no public address.

        Damage may show only here, where a manifest describes a damaged file: from then on nobody can say.
        """
        public = public_address(address)
        if self._reader is None or public is None:
            return None
        try:
            return self._reader.get(public) is not None  # pyright: ignore[reportUnknownMemberType] - partly typed
        except _DAMAGED as error:
            self._reader = None
            # Without the message, which quotes the address.
            logger.warning("a database of networks is damaged, every place is unknown: %s", type(error).__name__)
            return None


class Zone(NetworkDatabase):
    def __init__(self, path: Path = OWN, *, today: dt.date) -> None:
        super().__init__(path, today=today)


class ReaderNetworks(NetworkDatabase):
    """No age makes it useless. A network that hid readers mostly still does; one that is new is in no old file, so its
    readers' place is unknown. Were the file not believed, every reader's would be, from one day to the next.
    """

    def __init__(self, path: Path = READERS) -> None:
        super().__init__(path, today=None)


class Connections:
    """The jurisdiction of a connection's own address."""

    def __init__(self, zone: Zone, readers: ReaderNetworks) -> None:
        self._zone = zone
        self._readers = readers

    def jurisdiction_of(self, address: str) -> str:
        """The zone's; ELSEWHERE for another address of a network that connects readers; UNKNOWN for any other."""
        held = self._zone.holds(address)
        if held:
            return _IN_ZONE
        return ELSEWHERE if held is False and self._readers.holds(address) else UNKNOWN


def connections(zone_file: str) -> Connections:
    """By the zone database at a path, or this package's own where the path is empty, as of today."""
    today = dt.datetime.now(dt.UTC).date()
    return Connections(Zone(Path(zone_file) if zone_file else OWN, today=today), ReaderNetworks())


def is_believed(built: dt.date, today: dt.date) -> bool:
    """Whether a database built on a day may still be used. A day ahead is accepted, since a clock may be wrong.

    The edge function has the same rule.
    """
    return dt.timedelta(days=-1) <= today - built <= MAXIMUM_AGE


def _read(path: Path, today: dt.date | None) -> maxminddb.Reader | None:
    """The file, if it is byte for byte the one that the manifest beside it describes: a flipped bit could answer that a
    network is not in the zone.
    """
    try:
        about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["database"]
        built = dt.date.fromisoformat(about["built"])
        content = path.read_bytes()
        is_the_described = sha256(content).hexdigest() == about["sha256"]
        # Not mapped into memory: a file that somebody shortens meanwhile would end the process.
        reader = maxminddb.open_database(io.BytesIO(content), maxminddb.MODE_FD)  # pyright: ignore[reportUnknownMemberType] - partly typed
    except (OSError, *_DAMAGED) as error:
        logger.warning("%s cannot be used, every place is unknown: %s", path.name, type(error).__name__)
        return None
    if not is_the_described:
        logger.warning("%s is not the file that its manifest describes: every place is unknown", path.name)
        return None
    if today and not is_believed(built, today):
        logger.warning("%s is of %s, too far from today: every place is unknown", path.name, built)
        return None
    return reader
