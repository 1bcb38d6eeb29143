"""Which autonomous systems hide their readers: networks of hosting, VPN and Tor, whose addresses say where a machine
stands and not where its reader is.

`hiding_systems.txt` holds their numbers, a line each; `python -m zone.hiding` makes it, and says of each system why.
The edge asks its store for them. Only a developer's machine reads the file.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

SYSTEMS = Path(__file__).with_name("hiding_systems.txt")


@cache
def hiding_systems() -> frozenset[str]:
    return frozenset(SYSTEMS.read_text(encoding="ascii").split())
