"""How a change is described to those who keep copies: the same in the change feed and in a webhook."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def described(entry: dict[str, Any], language: str, public_url: str) -> dict[str, Any]:
    """The entry with its language and with `href`, the address of the changed article. The address names the version,
    so no cache can answer it with an older text. After a withdrawal there is nothing to read, so `href` is None.
    """
    address = f"{public_url}/v1/articles/{entry['id']}?version={entry['version']}"
    return entry | {"language": language, "href": None if entry["change"] == "withdraw" else address}
