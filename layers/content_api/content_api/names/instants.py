"""Instants: points in time. All are in UTC, and each has one printed form.

Printed: `2026-11-25T10:19:00Z` (RFC 3339), with microseconds only where they were given. It does not sort as text.
In keys: always with microseconds, so that keys sort as text. What has no instant sorts before all that have one.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime as dt


def in_utc(at: dt.datetime) -> dt.datetime:
    """The same instant in UTC. Raises ValueError for one without an offset, and for one that UTC would put before the
    year 1 or after 9999.
    """
    from datetime import UTC  # noqa: PLC0415 - whoever has an instant has loaded this; readers mostly have none

    if at.tzinfo is None:
        raise ValueError("says no offset from UTC: write 2026-11-25T10:19:00Z or 2026-11-25T11:19:00+01:00")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("is outside the years 1 to 9999 in UTC") from None


def lies_ahead(at: dt.datetime, now: dt.datetime) -> bool:
    """Whether an instant is more than five minutes ahead of now. Clocks do not differ by more, so that somebody meant
    the instant, and it is an embargo.
    """
    from datetime import timedelta  # noqa: PLC0415 - only for those who write

    return at > now + timedelta(minutes=5)


def printed(at: dt.datetime) -> str:
    """An instant in the one printed form. Raises as `in_utc` does."""
    return f"{in_utc(at).replace(tzinfo=None).isoformat()}Z"


def parsed(text: str) -> dt.datetime:
    """An instant in any form of ISO 8601 that has an offset, as earlier versions of this API printed them too. Raises
    ValueError.
    """
    from datetime import datetime  # noqa: PLC0415 - few readers ask by date

    return in_utc(datetime.fromisoformat(text))


def uniform(text: str) -> str:
    """An instant in the one printed form, whatever form an earlier version of this API printed it in. Raises as
    `parsed` does.
    """
    return printed(parsed(text))


def last_modified(at: dt.datetime) -> str:
    """An HTTP date (RFC 9110, section 5.6.7): the first whole second at or after an instant, so that what is written
    later within the same second has another one.
    """
    from datetime import UTC, timedelta  # noqa: PLC0415 - as above
    from email.utils import format_datetime  # noqa: PLC0415 - only for those who write

    second = at.astimezone(UTC).replace(microsecond=0)
    return format_datetime(second + timedelta(seconds=1) if at.microsecond else second, usegmt=True)


def sortable(at: dt.datetime | None) -> str:
    """An instant as sort keys have it; empty for None. Raises as `in_utc` does."""
    return f"{in_utc(at).replace(tzinfo=None).isoformat(timespec='microseconds')}Z" if at else ""


def sortable_seconds(seconds: float) -> str:
    """Seconds since 1970 as keys have them, to the second."""
    from time import gmtime, strftime  # noqa: PLC0415 - few ask for the time

    return strftime("%Y-%m-%dT%H:%M:%S.000000Z", gmtime(seconds))
