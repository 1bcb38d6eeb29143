"""Instants as keys have them: UTC in RFC 3339 with microseconds, so that they sort as text. None sorts before all."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime as dt


def instant(at: dt.datetime | None) -> str:
    """An aware datetime as keys have it; empty for none."""
    if at is None:
        return ""
    utc = at - (at.utcoffset() or at - at)
    return f"{utc.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def now_as_instant(seconds: float) -> str:
    """Seconds since 1970 as an instant of keys, to the second."""
    from time import gmtime, strftime  # noqa: PLC0415 - few ask for the time

    return strftime("%Y-%m-%dT%H:%M:%S.000000Z", gmtime(seconds))
