"""A change as whoever keeps copies is told of it, in the change feed and by a webhook."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def told(entry: dict[str, Any], public_url: str) -> dict[str, Any]:
    """The entry, and where what has changed is read: under its version, which no cache can have an older text for.
    What was withdrawn is not read again, and leads nowhere.
    """
    address = f"{public_url}/v1/articles/{entry['id']}?version={entry['version']}"
    return entry | {"href": None if entry["change"] == "withdraw" else address}
