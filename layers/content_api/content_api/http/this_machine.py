"""Decides who may ask a server on a developer's machine, where everybody who reaches it counts as an editor.

A page of any site, open in the developer's browser, can send requests there. The browser says so in `Origin`, and in
`Host` where the page's own name was made to lead to this machine (DNS rebinding).
"""

from __future__ import annotations

from urllib.parse import urlsplit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE = ("localhost", "127.0.0.1", "::1")


def refusal(headers: Mapping[str, str], *, may_change: bool) -> str:
    """Why a request is refused, as a sentence; empty where it is not. Header names are in lower case.

    `may_change`: it could change something, or show what is not public. Anybody may read the rest from any page.
    """
    host = headers.get("host", "localhost")
    if not _is_here(f"//{host}"):
        return f"This server is for its own machine: ask it as localhost or 127.0.0.1, not as {host}."
    origin = headers.get("origin", "")
    if may_change and origin and not _is_here(origin):
        return f"A page of {origin} asks this. Only pages of this machine, and programs, may edit here."
    return ""


def _is_here(address: str) -> bool:
    try:
        name = urlsplit(address).hostname or ""
    except ValueError:
        return False
    return name in _HERE or name.endswith(".localhost")
