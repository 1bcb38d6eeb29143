"""The zone database: whether a network lies where a notice is due. It knows that, and nothing more of anybody.

`notice_zone.mmdb`, of the layer `places`, is built by `tools/zone`; its manifest, `notice_zone.json`, names sources,
licences and figures. A file that is missing, damaged or too old answers None, so that the place stays unknown and the
notice is due: it never removes one, and never fails a request. Only deployments without an edge load this module.
"""

import datetime as dt
import io
import json
import logging
from hashlib import sha256
from pathlib import Path

import maxminddb

import networks
from content_api.law.public_address import public_address

OWN = Path(networks.__path__[0]) / "notice_zone.mmdb"
MAXIMUM_AGE = dt.timedelta(days=365)  # addresses change hands; a year on, too many have
# What reading a damaged database or manifest raises: maxminddb decodes whatever bytes it comes upon.
_DAMAGED = (LookupError, TypeError, ValueError, RecursionError, maxminddb.InvalidDatabaseError)

logger = logging.getLogger(__name__)


class Zone:
    """Opens the file once; a file that cannot be used is said in the log, once."""

    def __init__(self, path: Path = OWN, *, today: dt.date) -> None:
        self._reader = _read(path, today)

    def holds(self, address: str) -> bool | None:
        """Whether an address (as text, of either version) is in the zone; None where nobody can say: without a usable
        file, and for what is no public address.

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
            logger.warning("the zone database is damaged, every place is unknown: %s", type(error).__name__)
            return None


def opened(path: str) -> Zone:
    """The database at a path, or this package's own where the path is empty, as of today."""
    return Zone(Path(path) if path else OWN, today=dt.datetime.now(dt.UTC).date())


def is_believed(built: dt.date, today: dt.date) -> bool:
    """Whether a database built on a day may still be used. A day ahead is accepted, since a clock may be wrong.

    The edge function has the same rule.
    """
    return dt.timedelta(days=-1) <= today - built <= MAXIMUM_AGE


def _read(path: Path, today: dt.date) -> maxminddb.Reader | None:
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
        logger.warning("the zone database cannot be used, every place is unknown: %s", type(error).__name__)
        return None
    if not is_the_described:
        logger.warning("the zone database is not the one that its manifest describes: every place is unknown")
        return None
    if not is_believed(built, today):
        logger.warning("the zone database is of %s, too far from today: every place is unknown", built)
        return None
    return reader
